"""The moments at which a comparison of a part of a moment holds: `year(x) lt 2020` is a range of x.

A part cuts time into cells that follow one another: years, months, days. A comparison with a cell holds from the
first moment of some cell to the last one of another, to the microsecond, which is as exact as values are. A range
has both ends, whatever the comparison: so it can also be empty, or all of time, which no single end can.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from querykit.functions.python.literals import utc

__all__ = ["ends"]

_Ends = tuple[dt.datetime, dt.datetime]

_ALL: _Ends = (dt.datetime.min, dt.datetime.max)
#: No moment lies between these.
_NOTHING: _Ends = (dt.datetime.max, dt.datetime.min)
_YEARS = range(dt.MINYEAR, dt.MAXYEAR + 1)


class _Cells(NamedTuple):
    """A way to cut time.

    Parameters
    ----------
    numbers: of the cells.
    start: the first moment of a cell.
    place: the cell that values say, and whether they say just its beginning; None: there is no such cell.
    """

    numbers: range
    start: Callable[[int], dt.datetime]
    place: Callable[..., tuple[int, bool] | None]

    def first(self, cell: int) -> dt.datetime | None:
        """The first moment of the cell and all behind it."""
        return self.start(max(cell, self.numbers[0])) if cell <= self.numbers[-1] else None

    def last(self, cell: int) -> dt.datetime | None:
        """The last moment of the cell and all before it."""
        if cell < self.numbers[0]:
            return None
        return _ALL[1] if cell >= self.numbers[-1] else self.start(cell + 1) - dt.timedelta.resolution


def ends(part: str, comparison: str, values: Sequence[Any]) -> _Ends:
    """The first and the last moment at which the comparison holds; the last is before the first where none is.

    Parameters
    ----------
    part: ``year`` (a number), ``year_of`` (that of a moment), ``month`` (year and month), ``date`` (year, month
        and day), ``day`` (a date, or the day of a moment), ``midnight`` (a moment, with which the beginning of the
        day is compared).
    comparison: ``eq lt le gt ge``, or ``between`` (two values).

    Raises
    ------
    OverflowError: a moment lies outside the years 1 to 9999.

    >>> [str(end) for end in ends("year", "eq", [2020])]
    ['2020-01-01 00:00:00', '2020-12-31 23:59:59.999999']
    """
    if comparison == "between":
        low, high = values
        first, last = _one("ge", _CELLS[part], [low]), _one("le", _CELLS[part], [high])
        return max(first[0], last[0]), min(first[1], last[1])
    return _one(comparison, _CELLS[part], values)


def _one(comparison: str, cells: _Cells, values: Sequence[Any]) -> _Ends:
    place = cells.place(*values)
    if place is None:
        return _NOTHING
    cell, exact = place
    first: dt.datetime | None
    last: dt.datetime | None
    first, last = _ALL
    if comparison == "eq":
        first, last = (cells.first(cell), cells.last(cell)) if exact else (None, None)
    elif comparison in ("lt", "le"):
        last = cells.last(cell - 1 if comparison == "lt" and exact else cell)
    else:
        first = cells.first(cell if comparison == "ge" and exact else cell + 1)
    return _NOTHING if first is None or last is None else (first, last)


def _year(value: Any) -> tuple[int, bool]:
    if value not in _YEARS and not _YEARS[0] < value < _YEARS[-1]:  # never a long number made of 1e999999
        return (_YEARS[0] - 1 if value < _YEARS[0] else _YEARS[-1] + 1), True
    return int(value), value == int(value)


def _year_of(value: dt.date) -> tuple[int, bool]:
    return (utc(value) if isinstance(value, dt.datetime) else value).year, True


def _month(year: Any, month: Any) -> tuple[int, bool] | None:
    return (int(year) * 12 + int(month) - 1, True) if year in _YEARS and month in range(1, 13) else None


def _date(year: Any, month: Any, day: Any) -> tuple[int, bool] | None:
    if year not in _YEARS or month not in range(1, 13) or day not in range(1, 32):
        return None
    try:
        return dt.date(int(year), int(month), int(day)).toordinal(), True
    except ValueError:  # 30 February
        return None


def _day(value: dt.date) -> tuple[int, bool]:
    return (utc(value) if isinstance(value, dt.datetime) else value).toordinal(), True


def _midnight(value: dt.date) -> tuple[int, bool]:
    moment = utc(value) if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    return moment.toordinal(), moment.time() == dt.time()


_DAYS = range(1, dt.date.max.toordinal() + 1)
_MONTHS = range(_YEARS[0] * 12, _YEARS[-1] * 12 + 12)

_CELLS: Mapping[str, _Cells] = MappingProxyType(
    {
        "year": _Cells(_YEARS, lambda year: dt.datetime(year, 1, 1), _year),
        "year_of": _Cells(_YEARS, lambda year: dt.datetime(year, 1, 1), _year_of),
        "month": _Cells(_MONTHS, lambda cell: dt.datetime(cell // 12, cell % 12 + 1, 1), _month),
        "date": _Cells(_DAYS, dt.datetime.fromordinal, _date),
        "day": _Cells(_DAYS, dt.datetime.fromordinal, _day),
        "midnight": _Cells(_DAYS, dt.datetime.fromordinal, _midnight),
    }
)
