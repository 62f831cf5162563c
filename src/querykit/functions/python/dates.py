"""Moments and durations. Date-times are naive and UTC, so every part is taken in UTC (DESIGN: date-times).

A moment before year 1 or after year 9999, and a day that is not in the calendar, is null.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from querykit.functions.catalog import DAYTIMES, MONTHS
from querykit.functions.python.arithmetic import DECIMAL, integer_part, number
from querykit.functions.python.comparison import between

__all__ = ["DATES", "add_months", "day", "decimal_of", "midnight"]

_MICROSECOND = dt.timedelta(microseconds=1)
#: Ticks of a unit. A tick is 100 ns, below what Python (and most databases) keep.
_UNITS = {
    "day": 864_000_000_000,
    "hour": 36_000_000_000,
    "minute": 600_000_000,
    "second": 10_000_000,
    "millisecond": 10_000,
    "tick": 1,
}


def day(moment: dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def midnight(moment: dt.date) -> dt.datetime:
    return dt.datetime.combine(day(moment), dt.time())


def decimal_of(value: Any) -> Decimal:
    """The number as a Decimal; a float as it prints."""
    value = number(value)
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _instant(moment: dt.date) -> dt.datetime:
    return moment if isinstance(moment, dt.datetime) else midnight(moment)


def _like(moment: dt.date, result: dt.datetime) -> dt.date:
    """A day stays a day: the time of the result is dropped (OData 4.01 Part 2, 5.1.1.2)."""
    return result if isinstance(moment, dt.datetime) else result.date()


def add_months(moment: dt.date, months: int) -> dt.date:
    """The same day of another month, or its last day where it is shorter (31 January + 1 month = 28 February).

    >>> add_months(dt.date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise OverflowError("year out of range")
    return moment.replace(
        year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1])
    )


def _add_months(months: int) -> Callable[[dt.date, Any], dt.date | None]:
    def run(moment: dt.date, amount: Any) -> dt.date | None:
        whole = integer_part(number(amount))
        return None if whole is None else add_months(moment, whole * months)

    return run


def _add(unit: int) -> Callable[[dt.date, Any], dt.date | None]:
    def run(moment: dt.date, amount: Any) -> dt.date | None:
        ticks = integer_part(DECIMAL.multiply(decimal_of(amount), Decimal(unit)))
        if ticks is None:
            return None
        microseconds = abs(ticks) // 10 * (1 if ticks > 0 else -1)  # cut toward zero
        return _like(moment, _instant(moment) + microseconds * _MICROSECOND)

    return run


def _diff(unit: int) -> Callable[[dt.date, dt.date], int]:
    """Boundaries crossed, not whole units: 23:59 to 00:00 is one day (criteria.md, 4.2)."""

    def since_start(moment: dt.date) -> int:
        return (_instant(moment) - dt.datetime.min) // _MICROSECOND * 10 // unit

    return lambda start, end: since_start(end) - since_start(start)


def _shift(sign: int) -> Callable[..., dt.date]:
    def run(moment: dt.date, *durations: dt.timedelta) -> dt.date:
        for duration in durations:
            moment = _like(moment, _instant(moment) + sign * duration)
        return moment

    return run


def _difference(left: dt.date, right: dt.date) -> dt.timedelta:
    return _instant(left) - _instant(right)


def _sum_of_durations(sign: int) -> Callable[..., dt.timedelta]:
    def run(first: dt.timedelta, *others: dt.timedelta) -> dt.timedelta:
        for other in others:
            first += sign * other
        return first

    return run


def _scaled(
    operation: Callable[[Decimal, Decimal], Decimal],
) -> Callable[[dt.timedelta, Any], dt.timedelta | None]:
    def run(duration: dt.timedelta, factor: Any) -> dt.timedelta | None:
        exact = operation(Decimal(duration // _MICROSECOND), decimal_of(factor))
        if not exact.is_finite():  # divided by zero, or too long
            return None
        microseconds = integer_part(exact.to_integral_value(ROUND_HALF_UP))
        return None if microseconds is None else microseconds * _MICROSECOND

    return run


def _from_parts(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, millisecond: int = 0
) -> dt.datetime | None:
    try:
        return dt.datetime(year, month, day, hour, minute, second, millisecond * 1000)
    except ValueError:
        return None


def _date_from_parts(year: int, month: int, day: int) -> dt.date | None:
    moment = _from_parts(year, month, day)
    return None if moment is None else moment.date()


def _time_from_parts(hour: int, minute: int, second: int = 0, millisecond: int = 0) -> dt.time | None:
    moment = _from_parts(1, 1, 1, hour, minute, second, millisecond)
    return None if moment is None else moment.time()


def _daytime(begin: int, end: int) -> Callable[[dt.datetime | dt.time], bool]:
    """From an hour to another, over midnight where it is not a later one."""
    if begin < end:
        return lambda moment: begin <= moment.hour < end
    return lambda moment: not end <= moment.hour < begin


def _same_minute(left: dt.datetime | dt.time, right: dt.datetime | dt.time) -> bool:
    return (left.hour, left.minute) == (right.hour, right.minute)


def _time_of_day(moment: dt.datetime) -> int:
    return ((moment - midnight(moment)) // _MICROSECOND) * 10


def _seconds(microseconds: int) -> Decimal:
    return Decimal(microseconds).scaleb(-6, DECIMAL)


def _month(number: int) -> Callable[[dt.date], bool]:
    return lambda moment: moment.month == number


DATES: dict[str, Callable[..., Any]] = {
    "date.year": lambda moment: moment.year,
    "date.month": lambda moment: moment.month,
    "date.day": lambda moment: moment.day,
    "date.hour": lambda moment: moment.hour,
    "date.minute": lambda moment: moment.minute,
    "date.second": lambda moment: moment.second,
    "date.millisecond": lambda moment: moment.microsecond // 1000,
    "date.fraction": lambda moment: _seconds(moment.microsecond),
    "time.hour": lambda time: time.hour,
    "time.minute": lambda time: time.minute,
    "time.second": lambda time: time.second,
    "time.fraction": lambda time: _seconds(time.microsecond),
    "date.day_of_year": lambda moment: moment.timetuple().tm_yday,
    "date.day_of_week": lambda moment: moment.isoweekday() % 7,  # Sunday is 0, as in .NET
    "date.time_of_day": _time_of_day,
    "date.date": day,
    "date.time": lambda moment: moment.time(),
    "date.midnight": midnight,
    "date.offset_minutes": lambda moment: 0,  # every value has been converted to UTC
    "date.min": lambda: dt.datetime.min,
    "date.max": lambda: dt.datetime.max,
    "date.add_years": _add_months(12),
    "date.add_months": _add_months(1),
    **{f"date.add_{unit}s": _add(length) for unit, length in _UNITS.items()},
    "date.diff_years": lambda start, end: end.year - start.year,
    "date.diff_months": lambda start, end: (end.year - start.year) * 12 + end.month - start.month,
    **{f"date.diff_{unit}s": _diff(length) for unit, length in _UNITS.items()},
    "date.plus": _shift(1),
    "date.minus": _shift(-1),
    "date.plus_days": _shift(1),
    "date.minus_days": _shift(-1),
    "date.difference": _difference,
    "date.from_parts": _from_parts,
    "date.is_same_day": lambda left, right: day(left) == day(right),
    "date.in_range": lambda *moments: between(*(moment and day(moment) for moment in moments)),
    **{f"date.is_{name}": _daytime(*hours) for name, hours in DAYTIMES.items()},
    "date.is_same_hour": lambda left, right: left.hour == right.hour,
    "date.is_same_time": _same_minute,
    "date.date_from_parts": _date_from_parts,
    "date.time_from_parts": _time_from_parts,
    "date.to_local": lambda moment: moment,  # date-times are UTC, local ones too (DESIGN: date-times)
    "date.to_utc": lambda moment: moment,
    **{f"date.is_{name}": _month(number) for number, name in enumerate(MONTHS, start=1)},
    "duration.total_seconds": lambda duration: _seconds(duration // _MICROSECOND),
    "duration.add": _sum_of_durations(1),
    "duration.sub": _sum_of_durations(-1),
    "duration.neg": lambda duration: -duration,
    "duration.mul": _scaled(DECIMAL.multiply),
    "duration.div": _scaled(DECIMAL.divide),
}
