"""Values written as text: what `cast`, and rows that came from JSON or SQLite, are read with.

Each reader gives null for a text that is no literal of its type, or one that Python cannot hold.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
import uuid
from decimal import Decimal

from querykit.functions.python.arithmetic import DECIMAL, fits

__all__ = [
    "read_binary",
    "read_bool",
    "read_date",
    "read_datetime",
    "read_decimal",
    "read_duration",
    "read_float",
    "read_guid",
    "read_int",
    "read_time",
    "utc",
    "write_duration",
]

_INT = re.compile(r"[+-]?[0-9]{1,40}", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,400}(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,9})?", re.ASCII)
_DATE = r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_TIME = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,12}))?)?"
_OFFSET = r"(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
_DATE_ONLY = re.compile(_DATE)
_TIME_ONLY = re.compile(_TIME)
_DATETIME = re.compile(f"{_DATE}(?:[Tt ]{_TIME}{_OFFSET})?")
_DURATION = re.compile(
    r"(?P<sign>[+-])?P(?:(?P<days>[0-9]{1,9})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,9})H)?(?:(?P<minutes>[0-9]{1,9})M)?"
    r"(?:(?P<seconds>[0-9]{1,12})(?:\.(?P<fraction>[0-9]{1,12}))?S)?)?"
)
_FLOATS = {"INF": float("inf"), "+INF": float("inf"), "-INF": float("-inf"), "NaN": float("nan")}
_MICROSECOND = dt.timedelta(microseconds=1)


def read_bool(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def read_int(text: str) -> int | None:
    value = fits(int(text)) if _INT.fullmatch(text) else None
    return value if isinstance(value, int) else None


def read_decimal(text: str) -> Decimal | None:
    if not _NUMBER.fullmatch(text):
        return None
    value = DECIMAL.create_decimal(text)
    return value if value.is_finite() else None


def read_float(text: str) -> float | None:
    if text in _FLOATS:
        return _FLOATS[text]
    value = fits(float(text)) if _NUMBER.fullmatch(text) else None
    return value if isinstance(value, float) else None


def read_date(text: str) -> dt.date | None:
    match = _DATE_ONLY.fullmatch(text)
    moment = read_datetime(text) if match else None
    return None if moment is None else moment.date()


def read_time(text: str) -> dt.time | None:
    match = _TIME_ONLY.fullmatch(text)
    try:
        return None if match is None else _time(match)
    except ValueError:
        return None


def read_datetime(text: str) -> dt.datetime | None:
    """A text without offset is UTC (OData 4.01 Part 2, 5.1.1.10.1)."""
    match = _DATETIME.fullmatch(text)
    if match is None:
        return None
    try:
        date = dt.date(int(match["year"]), int(match["month"]), int(match["day"]))
        moment = dt.datetime.combine(date, _time(match) if match["hour"] else dt.time())
        return moment - _offset(match["offset"])
    except (ValueError, OverflowError):
        return None


def read_duration(text: str) -> dt.timedelta | None:
    match = _DURATION.fullmatch(text)
    if match is None or text[-1] in "PT":
        return None
    try:
        value = dt.timedelta(
            **{unit: int(match[unit] or 0) for unit in ("days", "hours", "minutes", "seconds")},
            microseconds=_microseconds(match["fraction"]),
        )
    except OverflowError:
        return None
    return -value if match["sign"] == "-" else value


def read_guid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if len(text) in (32, 36) else None
    except ValueError:
        return None


def read_binary(text: str) -> bytes | None:
    """Base64url, or base64; padding may be missing (odata.md, 2)."""
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def utc(moment: dt.datetime) -> dt.datetime:
    """The moment in UTC, naive; without a zone it is UTC already (DESIGN: date-times).

    Raises
    ------
    OverflowError: in UTC it lies outside the years 1 to 9999.
    """
    offset = moment.utcoffset()
    return moment if offset is None else moment.replace(tzinfo=None) - offset


def write_duration(value: dt.timedelta) -> str:
    """ISO 8601 with days, as OData writes it.

    >>> write_duration(dt.timedelta(days=-1, seconds=-61.5))
    '-P1DT1M1.5S'
    """
    microseconds = abs(value // _MICROSECOND)
    seconds, fraction = divmod(microseconds, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    shown = f"{second}.{fraction:06}".rstrip("0") if fraction else str(second)
    clock = "".join(
        f"{part}{unit}" for part, unit in ((hour, "H"), (minute, "M"), (shown, "S")) if part not in (0, "0")
    )
    body = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if value < dt.timedelta() else "") + "P" + (body or "T0S")


def _time(match: re.Match[str]) -> dt.time:
    return dt.time(
        int(match["hour"]), int(match["minute"]), int(match["second"] or 0), _microseconds(match["fraction"])
    )


def _microseconds(digits: str | None) -> int:
    return int((digits or "")[:6].ljust(6, "0"))


def _offset(text: str | None) -> dt.timedelta:
    if text is None or text in "Zz":
        return dt.timedelta()
    offset = dt.timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return -offset if text[0] == "-" else offset
