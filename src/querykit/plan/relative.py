"""Dates that depend on the day of the request, as comparisons with moments that are bound when it runs.

`IsThisMonth([d])` becomes ``d >= :this_month and d < :next_month``: an index can serve it, every engine can
say it, and the statement is the same tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable

from querykit import types as t
from querykit.plan.nodes import Bound, Op

__all__ = ["is_moment", "is_period", "period_test"]

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


def is_period(fn: str) -> bool:
    return fn in _PERIODS


def period_test(op: Op, moment: Callable[[str, t.Type], Bound]) -> Op:
    """The test as a conjunction of comparisons; `moment` gives the value of a function as a date or date-time."""
    begin, end = _PERIODS[op.fn]
    (value,) = op.args
    tests = []
    if begin is not None:
        tests.append(
            Op("cmp.ge", (value, moment(f"date.{begin}", value.type)), t.BOOL, value.nullable, op.span)
        )
    if end is not None:
        tests.append(
            Op("cmp.lt", (value, moment(f"date.{end}", value.type)), t.BOOL, value.nullable, op.span)
        )
    return tests[0] if len(tests) == 1 else Op("bool.and", tuple(tests), t.BOOL, value.nullable, op.span)
