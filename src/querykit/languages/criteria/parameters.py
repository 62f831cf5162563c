"""`?` and `?name`: numbered in text order, and replaced by values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from querykit.ast.nodes import Expr, Parameter
from querykit.ast.values import literal
from querykit.ast.walk import walk
from querykit.errors import ParseError
from querykit.rewrite.parameters import replaced

__all__ = ["numbered", "supplied"]


def numbered(expr: Expr) -> Expr:
    """Each `?` named after its place among them: `0`, `1`, … in text order, which need not be tree order.

    It is where the tree has no places: see `calls.call`.
    """
    nameless = [node for node in walk(expr) if isinstance(node, Parameter) and not node.name]
    places = sorted(node.span for node in nameless if node.span)
    if not places:
        names = map(str, count())
        return replaced(expr, lambda node: node if node.name else Parameter(next(names)))
    numbers = {span: str(number) for number, span in enumerate(places)}
    return replaced(
        expr,
        lambda node: node if node.name or node.span is None else Parameter(numbers[node.span], node.span),
    )


def supplied(expr: Expr, params: Sequence[Any] | Mapping[str, Any]) -> Expr:
    """The values in place of the parameters. A named one without a value stays, and is null.

    Raises
    ------
    ParseError: values by position that are more or fewer than the `?`; a value that no constant can be.
    """
    if isinstance(params, Mapping):
        named = params
        return replaced(expr, lambda node: _value(node, named[node.name]) if node.name in named else node)
    positional = [node for node in walk(expr) if isinstance(node, Parameter) and node.name.isdigit()]
    if len(positional) != len(params):
        last = max((node.span for node in positional if node.span), default=None)
        raise ParseError(
            f"{len(params)} values were given for {len(positional)} parameters",
            code="parameter_count",
            span=last,
            hint="each ? takes one value, in text order; an item of a list has its own ?",
        )
    values = {str(number): value for number, value in enumerate(params)}
    return replaced(expr, lambda node: _value(node, values[node.name]) if node.name in values else node)


def _value(node: Parameter, value: Any) -> Expr:
    try:
        return literal(value, node.span)
    except TypeError:
        hint = (
            "give each item its own ?: In (?, ?)"
            if isinstance(value, (list, tuple, set, frozenset))
            else None
        )
        raise ParseError(
            f"a parameter cannot be a {type(value).__name__}",
            code="parameter_value",
            span=node.span,
            hint=hint,
        ) from None
