"""Days and periods around the moment of the request, which is the first argument of every function here.

On which day a week begins is a matter of culture (criteria.md, 4.3), and so of the `Reading`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from querykit.clock import Reading
from querykit.functions.python.dates import add_months, midnight

__all__ = ["PERIODS"]

_Moment = Callable[[Reading], dt.datetime]


def _day(offset: int) -> _Moment:
    return lambda now: midnight(now.moment) + dt.timedelta(days=offset)


def _hour(offset: int) -> _Moment:
    return lambda now: now.moment.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=offset)


def _week(offset: int) -> _Moment:
    def start(now: Reading) -> dt.datetime:
        gone = (now.moment.isoweekday() - now.first_day) % 7
        return midnight(now.moment) + dt.timedelta(days=7 * offset - gone)

    return start


def _month(offset: int) -> _Moment:
    return lambda now: midnight(add_months(now.moment.replace(day=1), offset))


def _year(offset: int) -> _Moment:
    return lambda now: midnight(add_months(now.moment.replace(month=1, day=1), 12 * offset))


_STARTS: dict[str, _Moment] = {
    "this_hour": _hour(0),
    "last_hour": _hour(-1),
    "next_hour": _hour(1),
    "two_hours_away": _hour(2),
    "today": _day(0),
    "yesterday": _day(-1),
    "tomorrow": _day(1),
    "day_after_tomorrow": _day(2),
    "this_week": _week(0),
    "last_week": _week(-1),
    "next_week": _week(1),
    "two_weeks_away": _week(2),
    "this_month": _month(0),
    "last_month": _month(-1),
    "next_month": _month(1),
    "two_months_away": _month(2),
    "this_year": _year(0),
    "last_year": _year(-1),
    "next_year": _year(1),
    "two_years_away": _year(2),
    "year_before_today": lambda now: midnight(add_months(now.moment, -12)),
}

#: Test -> the start it is true from, and the start it is true before (criteria.md, 4.4).
_RANGES: dict[str, tuple[str | None, str | None]] = {
    "is_this_week": ("this_week", "next_week"),
    "is_this_month": ("this_month", "next_month"),
    "is_last_month": ("last_month", "this_month"),
    "is_next_month": ("next_month", "two_months_away"),
    "is_this_year": ("this_year", "next_year"),
    "is_last_year": ("last_year", "this_year"),
    "is_next_year": ("next_year", "two_years_away"),
    "is_year_to_date": ("this_year", "tomorrow"),
    "is_this_hour": ("this_hour", "next_hour"),
    "is_last_hour": ("last_hour", "this_hour"),
    "is_next_hour": ("next_hour", "two_hours_away"),
    "in_beyond_this_year": ("next_year", None),
    "in_later_this_year": ("next_month", "next_year"),
    "in_later_this_month": ("two_weeks_away", "next_month"),
    "in_next_week": ("next_week", "two_weeks_away"),
    "in_later_this_week": ("day_after_tomorrow", "next_week"),
    "in_tomorrow": ("tomorrow", "day_after_tomorrow"),
    "in_today": ("today", "tomorrow"),
    "in_yesterday": ("yesterday", "today"),
    "in_earlier_this_week": ("this_week", "yesterday"),
    "in_last_week": ("last_week", "this_week"),
    "in_earlier_this_month": ("this_month", "last_week"),
    "in_earlier_this_year": ("this_year", "this_month"),
    "in_prior_this_year": (None, "this_year"),
}


def _range(first: str | None, end: str | None) -> Callable[[Reading, dt.date], bool]:
    def test(now: Reading, moment: dt.date) -> bool:
        at = moment if isinstance(moment, dt.datetime) else midnight(moment)
        return (first is None or _STARTS[first](now) <= at) and (end is None or at < _STARTS[end](now))

    return test


PERIODS: dict[str, Callable[..., Any]] = {
    # One moment for the whole request (OData 4.01 Part 2, 5.1.1.8.8), so that rows are compared with the same.
    "date.now": lambda now: now.moment,
    "date.utcnow": lambda now: now.moment,
    **{f"date.{name}": start for name, start in _STARTS.items()},
    **{f"date.{name}": _range(*bounds) for name, bounds in _RANGES.items()},
}
