"""Conditions in SQL's logic, put together from what is known of null."""

from __future__ import annotations

from collections.abc import Sequence

from querykit import types as t
from querykit.functions.catalog import CATALOG
from querykit.plan.nodes import FALSE, TRUE, Bound, Column, Constant, Op, Slot
from querykit.rewrite.polarity import Want

__all__ = [
    "NEGATING",
    "OPPOSITE",
    "boolean",
    "both",
    "connect",
    "constant",
    "either",
    "inside",
    "is_not_null",
    "is_nothing",
    "is_null",
    "is_strict",
    "null_tests",
    "outside",
    "total",
    "total_negated",
]

OPPOSITE = {"eq": "ne", "ne": "eq", "lt": "ge", "le": "gt", "gt": "le", "ge": "lt"}
NEGATING = (Want.FALSE, Want.NOT_TRUE)

#: Operations that lowering brings in (`plan.nodes.Op`), which take null as it is.
_LOWERED = frozenset(
    {
        "null.is_not",
        "null.same",
        "null.same_columns",
        "null.differs",
        "bool.is_true",
        "bool.is_not_true",
        "cmp.not_in",
    }
)


#: So many parts of a run are compared with each other.
_FEW = 8


def connect(fn: str, operands: Sequence[Bound]) -> Bound:
    """`and` / `or` without what is known: true in a conjunction, false in a disjunction."""
    neutral, absorbing = (TRUE, FALSE) if fn == "bool.and" else (FALSE, TRUE)
    parts: list[Bound] = []
    for operand in operands:
        if operand == absorbing:
            return absorbing
        if operand == neutral:
            continue
        parts += operand.args if isinstance(operand, Op) and operand.fn == fn else [operand]
    parts = _unique(parts)
    if not parts:
        return neutral
    return parts[0] if len(parts) == 1 else Op(fn, tuple(parts), t.BOOL, any(part.nullable for part in parts))


def _unique(parts: list[Bound]) -> list[Bound]:
    """Each once. A few are compared with each other, which ends at the first difference; a hash takes a whole walk."""
    if len(parts) > _FEW:
        return list(dict.fromkeys(parts))
    unique: list[Bound] = []
    for part in parts:
        if part not in unique:
            unique.append(part)
    return unique


def either(*operands: Bound) -> Bound:
    return connect("bool.or", operands)


def both(*operands: Bound) -> Bound:
    return connect("bool.and", operands)


def _is(fn: str, value: Bound) -> Bound:
    return Op(fn, (value,), t.BOOL, False)


def is_null(value: Bound) -> Bound:
    return _is("null.is", value)


def is_not_null(value: Bound) -> Bound:
    return _is("null.is_not", value)


def null_tests(values: Sequence[Bound]) -> list[Bound]:
    return [is_null(value) for value in values if value.nullable]


def is_nothing(expr: Bound) -> bool:
    """Is it the constant null?"""
    return isinstance(expr, Constant) and expr.value is None


def is_strict(op: Op) -> bool:
    """Is the operation null if an argument is? What an overload becomes is, like the row it belongs to."""
    row = op.custom or CATALOG.get(op.fn)
    if row is None:
        return not op.fn.startswith("agg.") and op.fn not in _LOWERED
    return row.nulls == "strict"


def constant(value: bool | None, want: Want) -> Bound:
    answer = {
        Want.TRUE: value is True,
        Want.FALSE: value is False,
        Want.NOT_TRUE: value is not True,
        Want.NOT_FALSE: value is not False,
    }[want]
    return TRUE if answer else FALSE


def boolean(value: Bound, want: Want) -> Bound:
    """A value that happens to be Boolean."""
    if isinstance(value, Constant):
        return constant(value.value, want)
    negated = Op("bool.not", (value,), t.BOOL, value.nullable)
    if want is Want.TRUE or (want is Want.NOT_FALSE and not value.nullable):
        return value
    if want is Want.FALSE or not value.nullable:
        return negated
    if isinstance(value, (Column, Slot)):
        return either(negated if want is Want.NOT_TRUE else value, is_null(value))
    return _is("bool.is_not_true", value if want is Want.NOT_TRUE else negated)


def total(name: str, left: Bound, right: Bound, expr: Op) -> Bound:
    """True where OData's comparison is."""
    nullable = left.nullable and right.nullable
    test = Op(f"cmp.{name}", (left, right), t.BOOL, left.nullable or right.nullable, expr.span)
    if name == "eq":
        columns = isinstance(left, Column) and isinstance(right, Column)
        fn = "null.same_columns" if columns else "null.same"
        return Op(fn, (left, right), t.BOOL, False, expr.span) if nullable else test
    if name == "ne":
        if nullable:
            return Op("null.differs", (left, right), t.BOOL, False, expr.span)
        return either(test, *null_tests((left, right)))
    if name in ("le", "ge") and nullable:
        return either(test, both(is_null(left), is_null(right)))  # null ge null is true
    return test


def total_negated(name: str, left: Bound, right: Bound, expr: Op) -> Bound:
    """True where OData's comparison is false; it is never null."""
    if name in ("eq", "ne"):
        return total(OPPOSITE[name], left, right, expr)
    test = Op(f"cmp.{OPPOSITE[name]}", (left, right), t.BOOL, left.nullable or right.nullable, expr.span)
    if name in ("le", "ge") and left.nullable and right.nullable:
        one = either(both(is_null(left), is_not_null(right)), both(is_not_null(left), is_null(right)))
        return either(test, one)
    return either(test, *null_tests((left, right)))


def _in(fn: str, expr: Op, value: Bound, items: tuple[Bound, ...]) -> Bound:
    listed = Op("list", items, t.collection(value.type), False)
    return Op(fn, (value, listed), t.BOOL, value.nullable, expr.span)


def inside(
    expr: Op, value: Bound, items: tuple[Bound, ...], has_null: bool, is_total: bool, want: Want
) -> Bound:
    """Where membership is true (or, asked for NOT_FALSE, unknown)."""
    test = _in("cmp.in", expr, value, items) if items else FALSE
    if is_total:
        return either(test, is_null(value)) if has_null and value.nullable else test
    if want is Want.TRUE or not (items or has_null):
        return test
    return TRUE if has_null else either(test, *null_tests((value,)))


def outside(
    expr: Op, value: Bound, items: tuple[Bound, ...], has_null: bool, is_total: bool, want: Want
) -> Bound:
    """Where membership is false (or, asked for NOT_TRUE, unknown)."""
    test = _in("cmp.not_in", expr, value, items) if items else TRUE
    if is_total:
        if has_null:
            return test if items else (is_not_null(value) if value.nullable else TRUE)
        return either(test, *null_tests((value,)))
    if has_null:  # three-valued: never false, and true only of an item
        return FALSE if want is Want.FALSE else either(test, *null_tests((value,)))
    return either(test, *null_tests((value,))) if want is Want.NOT_TRUE else test
