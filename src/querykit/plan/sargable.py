"""Comparisons of a part of a moment as ranges of the column, which an index can serve.

`year(d) eq 2020` is ``d BETWEEN :first AND :last``: the function on the column would hide it from the index, the
range does not. Its ends are values like all others: they are computed when the statement runs, so that statements
of one shape stay one text, and a year that has no moments makes an empty range, not another statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from querykit import types as t
from querykit.plan.late import Edge
from querykit.plan.nodes import Bound, Column, Op, Slot
from querykit.rewrite.polarity import Want
from querykit.types import Type

__all__ = [
    "MOST_RANGES",
    "Ends",
    "column_of",
    "compared",
    "compared_between",
    "dated",
    "is_dated",
    "is_part",
    "same_date",
]

#: Of a longer list, ranges cost the database more than a look at every row.
MOST_RANGES = 8

#: Functions that cut a moment into parts which follow one another in time.
_PARTS = {"date.year": "year", "date.date": "day", "date.midnight": "day"}
_TURNED = {"eq": "eq", "ne": "ne", "lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}
#: The ids of what `dated` makes, without their family, by the parts that are compared.
_DATED = {("year", "month"): "in_month", ("year", "month", "day"): "on_date"}
_MOMENTS = (t.DATE, t.DATETIME)


class Ends(Protocol):
    """Gives the slots of the ends of ranges."""

    def edge(self, value: Edge, like: Column) -> Slot:
        """An end as a value of the column."""
        ...


class _Comparison(NamedTuple):
    """A part of a column beside values."""

    column: Column
    part: str
    values: tuple[Slot, ...]


def is_part(expr: Bound) -> bool:
    """Is it a part of a column, whose comparisons are ranges?"""
    return column_of(expr) is not None


def column_of(expr: Bound) -> Column | None:
    """The column that an expression is such a part of: it is null just where the column is."""
    return _column(expr) if isinstance(expr, Op) and expr.fn in _PARTS else None


def compared(name: str, left: Bound, right: Bound, ends: Ends) -> tuple[Op, Column] | None:
    """A comparison as a range, and the column that is null where it is; None where it is of something else.

    Parameters
    ----------
    name: ``eq ne lt le gt ge``.
    """
    if is_part(right):
        left, right, name = right, left, _TURNED[name]
    found = _comparison(left, (right,))
    if found is None:
        return None
    test = _range(found, "eq" if name == "ne" else name, ends)
    return (test if name != "ne" else Op("bool.not", (test,), t.BOOL, test.nullable)), found.column


def compared_between(value: Bound, low: Bound, high: Bound, ends: Ends) -> tuple[Op, Column] | None:
    """The same for a value between two."""
    found = _comparison(value, (low, high))
    return None if found is None else (_range(found, "between", ends), found.column)


def dated(conjunction: Op) -> tuple[Bound, ...] | None:
    """Its operands with `month(d) eq m` and `year(d) eq y` as one test (and the day, if it is tested too).

    None where there are none. The test is `in_month` or `on_date`, of the family of the comparisons, with the column
    and the values from the year on.
    """
    tests: dict[tuple[str, Column], dict[str, tuple[Bound, Slot]]] = {}
    for operand in conjunction.args:
        found = _part_test(operand)
        if found is not None:
            family, name, column, value = found
            tests.setdefault((family, column), {}).setdefault(name, (operand, value))
    operands: tuple[Bound, ...] | None = None
    for (family, column), parts in tests.items():
        names = ("year", "month", "day") if len(parts) == 3 else ("year", "month")
        if not all(name in parts for name in names):
            continue
        taken = [parts[name][0] for name in names]
        args: tuple[Bound, ...] = (column, *[parts[name][1] for name in names])
        test = Op(f"{family}.{_DATED[names]}", args, t.BOOL, column.nullable)
        rest = tuple([operand for operand in operands or conjunction.args if operand not in taken])
        operands = (test, *rest)
    return operands


def is_dated(expr: Bound, want: Want) -> bool:
    """Is it a conjunction with such tests, whichever its answer that is wanted?"""
    return isinstance(expr, Op) and expr.fn == "bool.and" and dated(expr) is not None


def same_date(test: Op, ends: Ends) -> tuple[Op, Column]:
    """What `dated` has made, as a range."""
    column, *values = test.args
    assert isinstance(column, Column)
    slots = tuple(value for value in values if isinstance(value, Slot))
    return _range(_Comparison(column, "month" if len(slots) == 2 else "date", slots), "eq", ends), column


def _part_test(expr: Bound) -> tuple[str, str, Column, Slot] | None:
    """The family, part, column and value of `month(d) eq 2`."""
    if not isinstance(expr, Op) or expr.fn not in ("cmp.eq", "total.eq"):
        return None
    left, right = expr.args if isinstance(expr.args[0], Op) else expr.args[::-1]
    if not isinstance(left, Op) or not isinstance(right, Slot) or not _is_number(right.type):
        return None
    family, _, name = left.fn.partition(".")
    column = _column(left) if family == "date" and name in ("year", "month", "day") else None
    if column is None:
        return None
    return expr.fn.partition(".")[0], name, column, right


def _comparison(value: Bound, others: Sequence[Bound]) -> _Comparison | None:
    if not isinstance(value, Op) or value.fn not in _PARTS:
        return None
    column = _column(value)
    if column is None:
        return None
    part, slots = _PARTS[value.fn], others
    whole = [slot for slot in map(_day_of if part == "day" else _year_of, others) if slot is not None]
    if len(whole) == len(others):
        part, slots = ("day" if part == "day" else "year_of"), whole
    elif part == "day":
        part = "midnight"
    wanted = _is_number if part == "year" else _is_moment
    found = tuple(
        slot for slot in slots if isinstance(slot, Slot) and not slot.nullable and wanted(slot.type)
    )
    return _Comparison(column, part, found) if len(found) == len(others) else None


def _day_of(expr: Bound) -> Slot | None:
    """The slot that an expression is the day of."""
    if isinstance(expr, Op) and expr.fn in ("date.date", "date.midnight"):
        (expr,) = expr.args
        return expr if isinstance(expr, Slot) else None
    return expr if isinstance(expr, Slot) and expr.type == t.DATE else None


def _year_of(expr: Bound) -> Slot | None:
    """The slot that an expression is the year of."""
    if not isinstance(expr, Op) or expr.fn != "date.year":
        return None
    (moment,) = expr.args
    return moment if isinstance(moment, Slot) else None


def _column(part: Op) -> Column | None:
    """The column of moments that a part is of, or a part of the day of it."""
    (value,) = part.args
    while isinstance(value, Op) and value.fn in (
        "date.date",
        "date.midnight",
        "date.to_utc",
        "date.to_local",
    ):
        (value,) = value.args
    return value if isinstance(value, Column) and value.type in _MOMENTS else None


def _range(found: _Comparison, comparison: str, ends: Ends) -> Op:
    slots = tuple([value.index for value in found.values])
    first, last = (
        ends.edge(Edge(found.part, comparison, slots, is_last), found.column) for is_last in (False, True)
    )
    return Op("cmp.between", (found.column, first, last), t.BOOL, found.column.nullable)


def _is_number(type: Type) -> bool:
    """Floats are left out: infinity and NaN are no places in time."""
    return type in (t.INT, t.DECIMAL)


def _is_moment(type: Type) -> bool:
    return type in _MOMENTS
