"""Beside a test that a value is there, alternatives for the case that it is not are left out."""

from __future__ import annotations

from collections.abc import Set
from typing import TypeGuard

from querykit.ast.nodes import Aggregate, Call, Expr
from querykit.rewrite.constants import connect

__all__ = ["without_needless_nulls"]


def without_needless_nulls(condition: Expr) -> Expr:
    """The condition, true of the same rows: `(a = b or a is null and b is null) and a is not null` is `a = b and …`.

    That is what OData's way of saying `a = b`, `a eq b and a ne null`, comes to in three-valued logic. Null and
    false are not told apart, so this is for conditions of rows only, and stops at a negation; but `any`, which is
    never null, asks for rows again.

    >>> from querykit.ast.nodes import Path
    >>> a, b = Path(("a",)), Path(("b",))
    >>> neither = Call("bool.and", (Call("null.is", (a,)), Call("null.is", (b,))))
    >>> same = Call("bool.or", (Call("cmp.eq", (a, b)), neither))
    >>> there = Call("bool.not", (Call("null.is", (a,)),))
    >>> without_needless_nulls(Call("bool.and", (same, there))).args[0].fn
    'cmp.eq'
    """
    if isinstance(condition, Aggregate) and condition.function == "any" and condition.condition is not None:
        inner = without_needless_nulls(condition.condition)
        return condition if inner is condition.condition else condition.replace(condition=inner)
    if _is(condition, "bool.not") and isinstance(condition.args[0], Aggregate):
        inner = without_needless_nulls(condition.args[0])
        return condition if inner is condition.args[0] else condition.replace(args=(inner,))
    if not _is(condition, "bool.and") and not _is(condition, "bool.or"):
        return condition
    parts = [without_needless_nulls(part) for part in condition.args]
    if condition.fn == "bool.and":
        there = {
            test.args[0] for part in parts if _is(part, "bool.not") and _is(test := part.args[0], "null.is")
        }
        parts = [_possible(part, there) for part in parts]
    same = all(new is old for new, old in zip(parts, condition.args, strict=True))
    return condition if same else connect(condition.fn, parts, condition.span)


def _is(expr: Expr, fn: str) -> TypeGuard[Call]:
    return isinstance(expr, Call) and expr.fn == fn


def _possible(part: Expr, there: Set[Expr]) -> Expr:
    """An `or` without the alternatives that need one of the values to be null."""
    if not there or not _is(part, "bool.or"):
        return part
    kept = [each for each in part.args if not _needs_null(each, there)]
    return part if len(kept) == len(part.args) else connect("bool.or", kept, part.span)


def _needs_null(alternative: Expr, there: Set[Expr]) -> bool:
    tests = alternative.args if _is(alternative, "bool.and") else (alternative,)
    return any(_is(test, "null.is") and test.args[0] in there for test in tests)
