"""What can be null: the facts that need no schema.

A field or parameter may be null, a literal is not; a function is null where the catalog says so. Where
nothing is known the answer is "may be", which costs a null test too many and never a wrong row.
"""

from __future__ import annotations

from querykit import types as t
from querykit.ast.nodes import Aggregate, Call, Expr, Literal, Named
from querykit.functions.catalog import CATALOG
from querykit.rewrite.constants import connect, constant

__all__ = ["beside_null", "is_condition", "is_null_literal", "null_test", "nullable"]

_NEVER_NULL_AGGREGATES = frozenset({"any", "all", "count"})


def is_null_literal(expr: Expr) -> bool:
    return isinstance(expr, Literal) and expr.kind == "null"


def is_condition(expr: Expr) -> bool:
    """Is it certain to be true, false or null? A field may be as well, but nobody knows."""
    if isinstance(expr, Aggregate):
        return expr.function in ("any", "all")
    row = CATALOG.get(expr.fn) if isinstance(expr, Call) else None
    return row is not None and bool(row.overloads) and all(each.result == t.BOOL for each in row.overloads)


def beside_null(call: Call) -> Expr | None:
    """The operand that a comparison holds against the literal null, or None where it has none.

    >>> beside_null(Call("cmp.eq", (Literal("null", None), Literal("int", 1))))
    Literal('int', 1, '')
    """
    left, right = call.args
    if is_null_literal(right):
        return left
    return right if is_null_literal(left) else None


def nullable(expr: Expr) -> bool:
    """May the value be null?

    >>> from querykit.ast.nodes import Path
    >>> nullable(Path(("a",))), nullable(Literal("int", 1)), nullable(Call("null.is", (Path(("a",)),)))
    (True, False, False)
    """
    if isinstance(expr, Literal):
        return expr.kind == "null"
    if isinstance(expr, Aggregate):
        return expr.function not in _NEVER_NULL_AGGREGATES
    if isinstance(expr, Named):
        return nullable(expr.value)
    if not isinstance(expr, Call):
        return True
    return _call_nullable(expr)


def _call_nullable(call: Call) -> bool:
    family = call.fn.partition(".")[0]
    if call.fn in ("cmp.eq", "cmp.ne") and beside_null(call) is not None:
        return False  # a null test, see `logic`
    if call.fn == "cmp.in" and call.args[1] == Call("list"):
        return False
    if call.fn == "list" or family in ("cmp", "bool"):
        return any(map(nullable, call.args))
    if call.fn == "logic.case":
        values = call.args[1::2] + (call.args[-1:] if len(call.args) % 2 else ())
        return len(call.args) % 2 == 0 or any(map(nullable, values))
    if call.fn == "null.coalesce":
        return all(map(nullable, call.args))
    row = CATALOG.get(call.fn)
    return row is None or row.nulls != "total"


def null_test(expr: Expr) -> Expr:
    """A condition that is true where the value is null and false elsewhere.

    >>> from querykit.ast.nodes import Path
    >>> null_test(Call("str.contains", (Path(("a",)), Literal("string", "x"))))
    Call('null.is', (Path(('a',), 0),))
    """
    if not nullable(expr):
        return constant(False, expr.span)
    if is_null_literal(expr):
        return constant(True, expr.span)
    if isinstance(expr, Call) and _null_with_an_argument(expr):
        return connect("bool.or", [null_test(part) for part in expr.args], expr.span)
    return Call("null.is", (expr,), expr.span)


def _null_with_an_argument(call: Call) -> bool:
    """Is it null just where an argument is? Strict conditions are; an arithmetic function may fail too.

    Not `between`: a value below the lower bound is outside whatever the upper one is.
    """
    if call.fn == "cmp.in":
        items = call.args[1]
        return isinstance(items, Call) and items.fn == "list" and not nullable(items)
    row = CATALOG.get(call.fn)
    return row is not None and row.nulls == "strict" and is_condition(call) and call.fn != "cmp.between"
