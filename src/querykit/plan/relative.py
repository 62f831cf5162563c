"""Functions of dates that are short for others, spelled out.

Those that depend on the day of the request become comparisons with moments that are bound when it runs:
`IsThisMonth([d])` becomes ``d >= :this_month and d < :next_month``: an index can serve it, every engine can
say it, and the statement is the same tomorrow. Others become operations that every engine has: `IsMorning([d])` is
``hour(d) between 6 and 11``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from querykit import types as t
from querykit.functions.catalog import DAYTIMES
from querykit.plan.nodes import Bound, Op

__all__ = ["Late", "is_moment", "is_short", "spelled_out"]

#: Test -> the moment it begins with and the moment it ends before; None is open.
_PERIODS: dict[str, tuple[str | None, str | None]] = {
    "date.is_this_week": ("this_week", "next_week"),
    "date.is_this_month": ("this_month", "next_month"),
    "date.is_this_year": ("this_year", "next_year"),
    "date.is_last_month": ("last_month", "this_month"),
    "date.is_last_year": ("last_year", "this_year"),
    "date.is_next_month": ("next_month", "two_months_away"),
    "date.is_next_year": ("next_year", "two_years_away"),
    "date.is_year_to_date": ("this_year", "tomorrow"),
    "date.is_this_hour": ("this_hour", "next_hour"),
    "date.is_last_hour": ("last_hour", "this_hour"),
    "date.is_next_hour": ("next_hour", "two_hours_away"),
    # DevExpress FilterDateType
    "date.in_beyond_this_year": ("next_year", None),
    "date.in_later_this_year": ("next_month", "next_year"),
    "date.in_later_this_month": ("two_weeks_away", "next_month"),
    "date.in_next_week": ("next_week", "two_weeks_away"),
    "date.in_later_this_week": ("day_after_tomorrow", "next_week"),
    "date.in_tomorrow": ("tomorrow", "day_after_tomorrow"),
    "date.in_today": ("today", "tomorrow"),
    "date.in_yesterday": ("yesterday", "today"),
    "date.in_earlier_this_week": ("this_week", "yesterday"),
    "date.in_last_week": ("last_week", "this_week"),
    "date.in_earlier_this_month": ("this_month", "last_week"),
    "date.in_earlier_this_year": ("this_year", "this_month"),
    "date.in_prior_this_year": (None, "this_year"),
}

_MOMENTS = frozenset(
    {
        "date.now",
        "date.utcnow",
        "date.min",
        "date.max",
        "date.year_before_today",
        *(f"date.{name}" for bounds in _PERIODS.values() for name in bounds if name is not None),
    }
)


def is_moment(fn: str) -> bool:
    """Is it a function without arguments whose value the clock decides?"""
    return fn in _MOMENTS


class Late(Protocol):
    """Gives the slots of values that are no part of the text."""

    def moment(self, fn: str, type: t.Type) -> Bound:
        """The value of a function of the clock, as a date or date-time."""
        ...

    def number(self, value: int) -> Bound:
        """An integer."""
        ...


def is_short(fn: str) -> bool:
    """Can the operation be spelled out?"""
    return fn in _SPELLED_OUT


def spelled_out(op: Op, late: Late) -> Bound:
    """The same value in operations of which none can be spelled out."""
    return _SPELLED_OUT[op.fn](op, late)


def _period(begin: str | None, end: str | None, op: Op, late: Late) -> Bound:
    (value,) = op.args
    tests = []
    if begin is not None:
        tests.append(_test("cmp.ge", value, late.moment(f"date.{begin}", value.type)))
    if end is not None:
        tests.append(_test("cmp.lt", value, late.moment(f"date.{end}", value.type)))
    return _test("bool.and", *tests) if len(tests) > 1 else tests[0]


def _daytime(begin: int, end: int, op: Op, late: Late) -> Bound:
    """Of a part of the day over midnight, all but what lies between."""
    hour = _part("hour", op.args[0])
    if begin < end:
        return _test("cmp.between", hour, late.number(begin), late.number(end - 1))
    return _test("bool.not", _test("cmp.between", hour, late.number(end), late.number(begin - 1)))


def _same(parts: tuple[str, ...], op: Op, late: Late) -> Bound:
    tests = [_test("cmp.eq", *(_part(name, arg) for arg in op.args)) for name in parts]
    return _test("bool.and", *tests) if len(tests) > 1 else tests[0]


def _date_from_parts(op: Op, late: Late) -> Bound:
    moment = Op("date.from_parts", op.args, t.DATETIME, True, op.span)
    return Op("date.date", (moment,), t.DATE, True, op.span)


def _time_from_parts(op: Op, late: Late) -> Bound:
    """The time of some day."""
    parts = (late.number(2000), late.number(1), late.number(1), *op.args)
    moment = Op("date.from_parts", parts, t.DATETIME, True, op.span)
    return Op("date.time", (moment,), t.TIME, True, op.span)


def _itself(op: Op, late: Late) -> Bound:
    return op.args[0]


def _test(fn: str, *args: Bound) -> Op:
    return Op(fn, args, t.BOOL, any(arg.nullable for arg in args))


def _part(name: str, moment: Bound) -> Op:
    family = "time" if moment.type == t.TIME else "date"
    return Op(f"{family}.{name}", (moment,), t.INT, moment.nullable)


_SPELLED_OUT: dict[str, Callable[[Op, Late], Bound]] = {
    **{fn: partial(_period, *bounds) for fn, bounds in _PERIODS.items()},
    **{f"date.is_{name}": partial(_daytime, *hours) for name, hours in DAYTIMES.items()},
    "date.is_same_hour": partial(_same, ("hour",)),
    "date.is_same_time": partial(_same, ("hour", "minute")),
    "date.date_from_parts": _date_from_parts,
    "date.time_from_parts": _time_from_parts,
    "date.to_local": _itself,
    "date.to_utc": _itself,
}
