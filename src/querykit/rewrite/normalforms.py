"""A condition as an `or` of `and`s, for languages without brackets."""

from __future__ import annotations

from itertools import chain, product
from math import prod

from querykit.ast.nodes import Call, Expr, Literal
from querykit.errors import NotExpressible

__all__ = ["disjunctive"]


def disjunctive(expr: Expr, limit: int = 64) -> list[list[Expr]]:
    """The terms of the disjunctive normal form, in the order of the text; constants are folded.

    Parameters
    ----------
    expr: a condition. What is no `and` or `or` is taken as it stands.
    limit: how many terms one `and` over `or`s may be multiplied out to.

    Returns
    -------
    A list of conjunctions: none if the condition is false, an empty one if it is true.

    Raises
    ------
    NotExpressible: it takes more terms than `limit`.

    >>> from querykit.ast.nodes import Path
    >>> a, b, c = (Path((name,)) for name in "abc")
    >>> len(disjunctive(Call("bool.and", (a, Call("bool.or", (b, c))))))
    2
    """
    if isinstance(expr, Literal) and expr.kind == "bool":
        return [[]] if expr.value is True else []
    if not isinstance(expr, Call) or expr.fn not in ("bool.and", "bool.or"):
        return [[expr]]
    parts = [disjunctive(part, limit) for part in expr.args]
    if expr.fn == "bool.or":
        return [[]] if [] in chain.from_iterable(parts) else list(chain.from_iterable(parts))
    if prod(map(len, parts)) > max(limit, *map(len, parts)):
        raise NotExpressible(
            f"without brackets the condition takes more than {limit} alternatives",
            span=expr.span,
            hint="bring it into the form 'a and b or c and d', or ask for less at once",
        )
    return [list(chain.from_iterable(choice)) for choice in product(*parts)]
