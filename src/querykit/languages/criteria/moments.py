"""Dates, times and time spans between `#…#`, read and written."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from querykit.ast.nodes import Literal, Value
from querykit.errors import NotExpressible, ParseError

__all__ = ["WRITERS", "read_day_or_time", "read_moment"]

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,7}))?)?"
_DAY = r"(?P<year>\d{4})(?P<mark>[-/])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
_AMERICAN_DAY = r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})"
_TAIL = rf"(?:[T ]+{_CLOCK}(?:\s*(?P<half>[AP]M))?(?P<offset>Z|[+-]\d{{2}}:?\d{{2}})?)?"

_SPAN = re.compile(rf"(?P<sign>-)?(?:(?P<days>\d{{1,8}})\.)?{_CLOCK}", re.ASCII)
_MOMENTS = tuple(
    re.compile(day + _TAIL, re.ASCII | re.IGNORECASE) for day in (_DAY, _AMERICAN_DAY)
)  # the month first: .NET's invariant culture
_TIME = re.compile(_CLOCK, re.ASCII)
_ISO_SPAN = re.compile(
    r"(?P<sign>-)?P(?:(?P<days>\d{1,8})D)?(?:T(?:(?P<hours>\d{1,2})H)?(?:(?P<minutes>\d{1,2})M)?"
    r"(?:(?P<seconds>\d{1,2})(?:\.(?P<fraction>\d{1,7}))?S)?)?",
    re.ASCII,
)

_HINT = "a date is #2024-03-22# or #2024-03-22 18:30:00#, a time span #1.12:30:00#"
_ONLY_HINT = "a date without time is #!2024-03-22!#, a time without date #!18:30:00!#"

_TICKS = 7  # digits of a fraction of a second in .NET; Python has six


def read_moment(text: str) -> Literal:
    """`#…#`: a date with or without time, or a time span; the content tells which."""
    content = text[1:-1].strip()
    if match := _SPAN.fullmatch(content):
        return Literal("duration", _checked(_duration, match, text, _HINT))
    for pattern in _MOMENTS:
        if match := pattern.fullmatch(content):
            return Literal("datetime", _checked(_datetime, match, text, _HINT))
    raise _impossible(text, _HINT)


def read_day_or_time(text: str) -> Literal:
    """`#!…!#`: a date without time, or a time without date."""
    content = text[2:-2].strip()
    if match := _TIME.fullmatch(content):
        return Literal("time", _checked(_time, match, text, _ONLY_HINT))
    for pattern in _MOMENTS:
        match = pattern.fullmatch(content)
        if match and match["hour"] is None:
            return Literal("date", _checked(_date, match, text, _ONLY_HINT))
    raise _impossible(text, _ONLY_HINT)


def _checked(read: Callable[[re.Match[str]], Value], match: re.Match[str], text: str, hint: str) -> Value:
    try:
        return read(match)
    except (ValueError, OverflowError):
        raise _impossible(text, hint) from None


def _impossible(text: str, hint: str) -> ParseError:
    shown = text if len(text) <= 40 else f"{text[:39]}…"
    return ParseError(f"{shown} is no date, time or time span", code="literal", hint=hint)


def _date(match: re.Match[str]) -> dt.date:
    return dt.date(int(match["year"]), int(match["month"]), int(match["day"]))


def _time(match: re.Match[str], shift: int = 0) -> dt.time | str:
    """The clock part; text where it is finer than Python's microseconds."""
    hour, minute, second = int(match["hour"]) + shift, int(match["minute"]), int(match["second"] or 0)
    ticks = (match["fraction"] or "").ljust(_TICKS, "0")
    time = dt.time(hour, minute, second, int(ticks[:6]))
    return time if ticks[6:] == "0" else f"{time:%H:%M:%S}.{ticks}"


def _datetime(match: re.Match[str]) -> dt.datetime | str:
    date = _date(match)
    if match["hour"] is None:
        return dt.datetime(date.year, date.month, date.day)
    time = _time(match, _half_day(match["hour"], match["half"]))
    offset = match["offset"] or ""
    if isinstance(time, str):
        return f"{date.isoformat()}T{time}{offset.upper()}"
    moment = dt.datetime.combine(date, time)
    return moment.replace(tzinfo=_zone(offset)) if offset else moment


def _half_day(hour: str, half: str | None) -> int:
    """What AM or PM adds to the hour: 12 AM is 0, 12 PM is 12."""
    if half is None:
        return 0
    if not 1 <= int(hour) <= 12:
        raise ValueError(hour)
    return (0 if half.upper() == "AM" else 12) - (12 if int(hour) == 12 else 0)


def _zone(offset: str) -> dt.timezone:
    if offset in "Zz":
        return dt.UTC
    sign = -1 if offset[0] == "-" else 1
    return dt.timezone(sign * dt.timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:])))


def _duration(match: re.Match[str]) -> dt.timedelta | str:
    """A span; where it is finer than Python's microseconds, ISO 8601 text as OData writes it."""
    days, ticks = int(match["days"] or 0), (match["fraction"] or "").ljust(_TICKS, "0")
    hours, minutes, seconds = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if hours > 23 or minutes > 59 or seconds > 59:
        raise ValueError(match.group())
    if ticks[6:] != "0":
        return f"{match['sign'] or ''}P{days}DT{hours}H{minutes}M{seconds}.{ticks}S"
    span = dt.timedelta(days, seconds, int(ticks[:6]), minutes=minutes, hours=hours)
    return -span if match["sign"] else span


# --- Writing -------------------------------------------------------------------------------------------


def _write_datetime(literal: Literal) -> str:
    value = literal.value
    if isinstance(value, str):
        return _foreign_moment(literal, value)
    assert isinstance(value, dt.datetime)
    if value.tzinfo is not None:  # a literal has no zone and is taken as UTC
        try:
            value = value.astimezone(dt.UTC).replace(tzinfo=None)
        except OverflowError:
            raise _unsayable(literal) from None
    if value.time() == dt.time():
        return f"#{value.date().isoformat()}#"
    return f"#{value.date().isoformat()} {_clock(value.time())}#"


def _foreign_moment(literal: Literal, value: str) -> str:
    """Text of a moment that Python cannot hold: finer than a microsecond, or outside the years 1 to 9999."""
    date, _, time = value.partition("T")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", date, re.ASCII) and _TIME.fullmatch(time):
        return f"#{date} {time}#"
    raise _unsayable(literal)


def _write_date(literal: Literal) -> str:
    if not isinstance(literal.value, dt.date):
        raise _unsayable(literal)
    return f"#!{literal.value.isoformat()}!#"


def _write_time(literal: Literal) -> str:
    value = literal.value
    if isinstance(value, dt.time):
        return f"#!{_clock(value.replace(tzinfo=None))}!#"
    if isinstance(value, str) and _TIME.fullmatch(value):
        return f"#!{value}!#"
    raise _unsayable(literal)


def _write_duration(literal: Literal) -> str:
    value = literal.value
    if isinstance(value, str):
        return _foreign_duration(literal, value)
    assert isinstance(value, dt.timedelta)
    sign, value = ("-", -value) if value < dt.timedelta() else ("", value)
    if value.days > 10675199:  # TimeSpan.MaxValue
        raise _unsayable(literal)
    clock = (dt.datetime.min + dt.timedelta(0, value.seconds, value.microseconds)).time()
    days = f"{value.days}." if value.days else ""
    return f"#{sign}{days}{_clock(clock)}#"


def _foreign_duration(literal: Literal, value: str) -> str:
    match = _ISO_SPAN.fullmatch(value)
    if match is None:
        raise _unsayable(literal)
    parts = [int(match[name] or 0) for name in ("days", "hours", "minutes", "seconds")]
    if parts[0] > 10675199 or parts[1] > 23 or max(parts[2:]) > 59:
        raise _unsayable(literal)
    fraction = f".{match['fraction']}" if match["fraction"] else ""
    days = f"{parts[0]}." if parts[0] else ""
    return f"#{match['sign'] or ''}{days}{parts[1]:02}:{parts[2]:02}:{parts[3]:02}{fraction}#"


def _clock(time: dt.time) -> str:
    seconds = f"{time.hour:02}:{time.minute:02}:{time.second:02}"
    return f"{seconds}.{time.microsecond:06}".rstrip("0") if time.microsecond else seconds


def _unsayable(literal: Literal) -> NotExpressible:
    return NotExpressible(
        f"criteria has no {literal.kind} {str(literal.value)[:40]}",
        span=literal.span,
        hint="its dates go from year 1 to 9999, its times down to 100 ns",
    )


#: Kind of literal -> its text.
WRITERS: dict[str, Callable[[Literal], str]] = {
    "datetime": _write_datetime,
    "date": _write_date,
    "time": _write_time,
    "duration": _write_duration,
}
