"""The moment of a request, and the calendar that its weeks are counted in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

__all__ = ["Calendar", "Clock", "Reading", "read", "utc_now"]

#: Gives the moment of the request: UTC, or with a zone.
Clock: TypeAlias = Callable[[], dt.datetime]

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


class Reading(NamedTuple):
    """One reading of the clock, for all that a request asks of it.

    Parameters
    ----------
    moment: UTC, without a zone.
    first_day: of the week, Monday is 1. Sunday, as in .NET's invariant culture (criteria.md, 4.3).
    """

    moment: dt.datetime
    first_day: int = 7


class Calendar:
    """A clock whose weeks begin on a day of your choice: `IsThisWeek(x)`, `LocalDateTimeLastWeek()` …

    DevExpress takes that day from the culture of the thread. Plain clocks have weeks that begin on Sunday.

    Parameters
    ----------
    first_day: ``"monday"`` …, ``"sunday"``.
    now: gives the moment of a request (UTC, or with a zone).

    Raises
    ------
    ValueError: there is no such day.

    >>> Calendar("monday", now=lambda: dt.datetime(2024, 2, 29))().isoformat()
    '2024-02-29T00:00:00'
    """

    __slots__ = ("_now", "first_day")

    def __init__(self, first_day: str = "sunday", *, now: Clock = utc_now) -> None:
        if first_day.lower() not in _DAYS:
            raise ValueError(f"{first_day!r} is no day of the week: {', '.join(_DAYS)}")
        self.first_day = first_day.lower()
        self._now = now

    def __call__(self) -> dt.datetime:
        return self._now()

    def __repr__(self) -> str:
        return f"Calendar({self.first_day!r})"


def read(clock: Clock | None) -> Reading:
    """The clock read once; that of the machine where there is none."""
    moment = (clock or utc_now)()
    if moment.tzinfo is not None:
        moment = moment.astimezone(dt.UTC).replace(tzinfo=None)
    if isinstance(clock, Calendar):
        return Reading(moment, _DAYS.index(clock.first_day) + 1)
    return Reading(moment)
