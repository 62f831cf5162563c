"""Values on their way to the driver: what a dialect stores, and what a shape asks for (its encodings)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from querykit.errors import LimitExceeded, NotExpressible, QueryError, TypeMismatch
from querykit.functions.sql.dialects import Dialect
from querykit.functions.sql.dialects import dialect as find_dialect
from querykit.functions.sql.patterns import PATTERNS
from querykit.functions.sql.shifts import FURTHEST
from querykit.schema.model import Property
from querykit.types import Type

__all__ = ["encode", "encoder"]

#: SQLite refuses longer patterns (SQLITE_MAX_LIKE_PATTERN_LENGTH), in bytes.
_PATTERN_BYTES = 50_000
_TEXT_WIDTH = 1_000_000
_INT64 = 2**63
_EPOCH = dt.datetime(1970, 1, 1)  # without zone: UTC
_MICROSECOND = dt.timedelta(microseconds=1)


def encode(value: Any, type: Type, dialect: str, encoding: str = "", like: Property | None = None) -> Any:
    """The object to hand to the driver.

    Parameters
    ----------
    value: a Python value of the type; None stays None, and so does what has been encoded already.
    type: of the slot.
    dialect: name or alias.
    encoding: what the shape asks for (`Shape.encodings`); empty: as values of the type are stored.
    like: the property that the value is compared with.

    Raises
    ------
    QueryError: the dialect cannot hold the value, or the shape cannot say it.

    >>> encode(dt.datetime(2024, 5, 1, 9, 30), Type("datetime"), "sqlite")
    '2024-05-01 09:30:00.000000'
    >>> encode("50%", Type("string"), "postgres", "like_prefix")
    '50\\\\%%'
    """
    if value is None or isinstance(value, _Encoded):
        return value
    row = find_dialect(dialect)
    target = type if like is None else like.type
    value = _stored_member(value, target if target.kind == "enum" else type)
    if encoding:
        return _marked(_text_that(row, _encoded(value, encoding, row)))
    if target.kind == "datetime" and value.__class__ is dt.date:
        value = dt.datetime.combine(value, dt.time())
    writer = _WRITERS.get(value.__class__)
    return _text_that(row, value if writer is None else writer(value, row))


@lru_cache(maxsize=1024)
def encoder(
    type: Type, dialect: str, encoding: str = "", like: Property | None = None
) -> Callable[[Any], Any]:
    """`encode` of many values; all but the value is looked up once."""
    target = type if like is None else like.type
    if encoding not in ("", *PATTERNS) or "enum" in (type.kind, target.kind):
        return lambda value: encode(value, type, dialect, encoding, like)
    row = find_dialect(dialect)
    if encoding:
        pattern = PATTERNS[encoding]

        def looked_for(value: Any) -> Any:
            if value.__class__ is not str:
                return encode(value, type, dialect, encoding, like)
            if value.isascii() and "\0" not in value and len(text := pattern(value)) <= _PATTERN_BYTES:
                return _EncodedText(text)
            return _EncodedText(_text_that(row, _pattern(value, pattern, row)))

        return looked_for

    def encoded(value: Any) -> Any:
        kind = value.__class__
        if kind is str:
            return value if value.isascii() and "\0" not in value else _text_that(row, value)
        if kind is int:
            return value if -_INT64 <= value < _INT64 else _int(value, row)
        if kind is dt.date or kind not in _WRITERS:
            return encode(value, type, dialect, encoding, like)
        return _WRITERS[kind](value, row)  # no text of a user

    return encoded


class _Encoded:
    """What a shape has asked for is not encoded twice: the same parameters may pass two targets."""


class _EncodedText(_Encoded, str):
    pass


class _EncodedNumber(_Encoded, int):
    pass


def _marked(value: Any) -> Any:
    kinds = {str: _EncodedText, int: _EncodedNumber}
    kind = kinds.get(value.__class__)
    return value if kind is None else kind(value)


def _utc(value: dt.datetime) -> dt.datetime:
    offset = value.utcoffset()
    if offset is None:
        return value
    try:
        return value.replace(tzinfo=None) - offset
    except OverflowError:
        raise TypeMismatch(
            "the date-time lies outside the years 1 to 9999 in UTC", code="value_range"
        ) from None


def _stored_member(value: Any, type: Type) -> Any:
    """Members are given by name or by what is stored for them."""
    if type.kind != "enum" or not isinstance(value, str):
        return value
    stored = dict(type.members)
    return value if value in stored.values() else stored.get(value, value)


def _text_that(row: Dialect, value: Any) -> Any:
    """A text that the driver can send."""
    if not isinstance(value, str):
        return value
    if "\0" in value and not row.nul:
        raise TypeMismatch(f"a text with the character NUL cannot be stored by {row.name}", code="value_text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise TypeMismatch("the text has half of a surrogate pair in it", code="value_text") from None
    return value


# How values are stored ----------------------------------------------------------------------------------


def _bool(value: bool, row: Dialect) -> bool | int:
    return value if row.booleans and row.storage == "native" else int(value)


def _int(value: int, row: Dialect) -> int | float | Decimal:
    """No driver takes more than 64 bits for an integer."""
    if -_INT64 <= value < _INT64:
        return value
    return _float(value) if row.storage == "sqlite" else Decimal(value)


def _float(value: int | Decimal) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _special(value: float, row: Dialect) -> float:
    """Infinities and NaN, where the database has them: a driver would refuse them, or make them null."""
    if math.isfinite(value) or row.specials == "all" or (row.specials == "inf" and not math.isnan(value)):
        return value
    raise TypeMismatch(f"{row.name} has no number {value}", code="value_range")


def _decimal(value: Decimal, row: Dialect) -> Decimal | int | float:
    """A number in SQLite, exact where it is a whole one."""
    if not value.is_finite():
        return _special(float(value), row)
    if row.storage == "native":
        return value
    if value.adjusted() < 18 and value == value.to_integral_value():
        return int(value)
    return _float(value)


def _datetime(value: dt.datetime, row: Dialect) -> dt.datetime | str:
    if value.tzinfo is not None:
        value = _utc(value)
    if row.storage == "native" and value.year >= row.first_year:
        return value
    return value.isoformat(" ", "microseconds")


def _date(value: dt.date, row: Dialect) -> dt.date | str:
    return value if row.storage == "native" and value.year >= row.first_year else value.isoformat()


def _time(value: dt.time, row: Dialect) -> dt.time | str:
    return value if row.storage == "native" else value.isoformat("microseconds")


def _duration(value: dt.timedelta, row: Dialect) -> dt.timedelta | dt.datetime | str:
    if row.durations:
        return value
    try:
        return _datetime(_EPOCH + value, row)
    except OverflowError:
        raise TypeMismatch(f"{row.name} has no duration of {value}", code="value_range") from None


_WRITERS: Mapping[type, Callable[[Any, Dialect], Any]] = MappingProxyType(
    {
        bool: _bool,
        int: _int,
        float: _special,
        Decimal: _decimal,
        dt.datetime: _datetime,
        dt.date: _date,
        dt.time: _time,
        dt.timedelta: _duration,
        UUID: lambda value, row: value.hex if row.hex_uuids else value,
    }
)

# What shapes ask for --------------------------------------------------------------------------------------


def _encoded(value: Any, encoding: str, row: Dialect) -> Any:
    if encoding == "member":
        return _member(value)
    pattern = PATTERNS.get(encoding)
    if encoding.startswith("regex_"):
        pattern = _regexes()[encoding]
    if pattern is not None:
        return _pattern(_expect(value, str), pattern, row)
    try:
        return _NUMBERS[encoding](value)
    except (ArithmeticError, ValueError, TypeError) as error:
        if isinstance(error, QueryError):
            raise
        raise TypeMismatch(f"the value cannot be used as '{encoding}'", code="value_range") from None


def _pattern(value: str, pattern: Callable[[str], str], row: Dialect) -> str:
    text = pattern(value)
    if row.name == "sqlite" and len(text.encode(errors="replace")) > _PATTERN_BYTES:
        raise LimitExceeded("the pattern is too long for sqlite", code="pattern_length")
    return text


def _regexes() -> Mapping[str, Callable[[str], str]]:
    """Not before one is needed: the reader of patterns comes with the whole evaluator."""
    from querykit.functions.sql.regexes import REGEXES

    return REGEXES


def _member(value: Any) -> Any:
    if isinstance(value, str) and "," in value:
        raise NotExpressible(
            "only one member can be looked for in a column of texts", hint="ask for each with and"
        )
    return value


def _expect(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise TypeMismatch(f"a {kind.__name__} is needed, not {value.__class__.__name__}")
    return value


def _position(value: int) -> int:
    """One-based; a place counted from the end has no common spelling."""
    if value < 0:
        raise NotExpressible(
            "a place counted from the end of a text cannot be said in this dialect",
            hint="use a place from 0 on",
        )
    return _bounded(value) + 1


def _position_or_end(value: int) -> int:
    """One-based, or negative from the end."""
    return value + 1 if (value := _bounded(value)) >= 0 else value


def _count(value: int) -> int | None:
    """A negative count makes the result null."""
    return _bounded(value) if value >= 0 else None


def _bounded(value: int) -> int:
    """No text is longer than this, and every engine takes it for a position."""
    return max(-_TEXT_WIDTH * 1000, min(int(value), _TEXT_WIDTH * 1000))


def _width(value: int) -> int:
    if value > _TEXT_WIDTH:
        raise LimitExceeded(f"a text of {value} characters is too wide", code="text_too_long")
    return max(int(value), 0)


def _character(value: int) -> str | None:
    return chr(value) if 0 <= value <= 0x10FFFF and not 0xD800 <= value <= 0xDFFF else None


def _positive(value: int) -> int:
    if value < 1:
        raise NotExpressible("this dialect cannot skip rows and then return none", hint="leave out the skip")
    return int(value)


def _whole(microseconds: Decimal, unit: int) -> int:
    """So many units, if nothing is left over."""
    count, rest = divmod(int(microseconds), unit)
    if rest:
        raise NotExpressible("this dialect cannot move a moment by so small a fraction")
    return count


def _seconds(value: dt.timedelta, sign: int = 1) -> int:
    return sign * _whole(Decimal(value // _MICROSECOND), 1_000_000)


def _modifier(value: dt.timedelta, sign: int = 1) -> str:
    return f"{_seconds(value, sign):+d} seconds"


def _amount(seconds: int) -> Callable[[Any], str]:
    """SQLite's modifier of so many units, which may have a fraction."""

    def modifier(value: Any) -> str:
        exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        microseconds = exact * seconds * 1_000_000
        return f"{_whole(microseconds, 1_000_000):+d} seconds"

    return modifier


def _amount_within(most: int, written: Callable[[Any], Any] = lambda value: value) -> Callable[[Any], Any]:
    """So many units at most; more lead beyond all years, which makes the moment null."""
    return lambda value: written(value) if abs(value) <= most else None


def _digits(value: int) -> int:
    if value < 0:
        raise NotExpressible("this dialect rounds to decimals only", hint="use a number of digits from 0 on")
    return _places(value)


def _places(value: int) -> int:
    """No number has more decimals, and some engines refuse to count so far."""
    return max(-40, min(int(value), 40))


def _integer(value: Any) -> int | None:
    if abs(value) >= _INT64:
        return None  # beyond all years
    if value != int(value):
        raise NotExpressible("this dialect moves moments by whole units only", hint="use a smaller unit")
    return int(value)


_NUMBERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "position": _position,
        "position_or_end": _position_or_end,
        "count": _count,
        "whole": _integer,
        "digits": _digits,
        "places": _places,
        "width": _width,
        "character": _character,
        "positive": _positive,
        "microseconds": lambda value: value // _MICROSECOND,
        "milliseconds": lambda value: _whole(Decimal(value // _MICROSECOND), 1_000),
        "seconds": _seconds,
        "move": _modifier,
        "move_back": lambda value: _modifier(value, -1),
        **{
            f"move_{unit}": _amount(seconds)
            for unit, seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
        },
        **{f"amount_{unit}": _amount_within(most) for unit, most in FURTHEST.items()},
        **{f"cut_{unit}": _amount_within(FURTHEST[unit], int) for unit in ("year", "month")},
    }
)
