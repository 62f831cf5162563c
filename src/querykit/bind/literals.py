"""A literal takes the type of what it meets."""

from __future__ import annotations

import datetime as dt
import math
import re
import uuid
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from querykit import types as t
from querykit.ast.nodes import Literal
from querykit.bind.watched import question
from querykit.errors import TypeMismatch, suggest
from querykit.types import Type

__all__ = [
    "INTEGERS",
    "Conversion",
    "as_it_is",
    "conversion",
    "convert",
    "is_in_range",
    "is_value_of",
    "natural_type",
]

#: What makes of a value one of another type. Raises ValueError or ArithmeticError where it is none.
Conversion: TypeAlias = Callable[[Any, Type], Any]

_INT64 = range(-(2**63), 2**63)
#: Can an integer column hold the number?
is_in_range = _INT64.__contains__
#: The kinds of literals that are integers.
INTEGERS = frozenset({"int", "byte", "int16", "int64", "uint32"})

_NATURAL: dict[str, Type] = {
    "null": t.NULL,
    "bool": t.BOOL,
    **dict.fromkeys(INTEGERS, t.INT),
    "decimal": t.DECIMAL,
    **dict.fromkeys(("double", "single"), t.FLOAT),
    **dict.fromkeys(("string", "char"), t.STRING),
    "date": t.DATE,
    "datetime": t.DATETIME,
    "time": t.TIME,
    "duration": t.DURATION,
    "guid": t.GUID,
    "binary": t.BINARY,
    "geo": t.GEO,
}


@question
def natural_type(literal: Literal) -> Type:
    """The type of a literal that meets nothing else: between literals Decimal unless there is an exponent."""
    if literal.kind == "enum":
        return t.enumeration(literal.name, ())
    natural = _NATURAL.get(literal.kind, t.ANY)
    if natural == t.INT and literal.value not in _INT64:
        return t.DECIMAL  # too large for any integer column
    return natural


def convert(literal: Literal, type: Type, *, lenient: bool) -> Any:
    """The Python value of a literal as a value of the type.

    Parameters
    ----------
    lenient: convert between texts and other types as SQL does for literals (criteria, VTQL). OData has no
        such conversion but for enumerations and durations (4.01 Part 2, 5.1.1.17.1 and 5.1.1.6.5).

    Raises
    ------
    TypeMismatch: the literal is no value of the type.
    """
    value = literal.value
    if isinstance(value, str) and literal.kind in ("date", "datetime", "time", "duration"):
        raise TypeMismatch(
            f"{literal.kind} '{value[:40]}' is outside the range that can be compared",
            span=literal.span,
            code="range",
        )
    natural = natural_type(literal)
    chosen = conversion(natural, type, lenient=lenient)
    if chosen is as_it_is:
        return value
    if chosen is not None:
        try:
            return chosen(value, type)
        except (ValueError, ArithmeticError, InvalidOperation):
            pass
    raise _mismatch(literal, natural, type, known=chosen is not None)


def conversion(natural: Type, type: Type, *, lenient: bool) -> Conversion | None:
    """What makes values of the one type values of the other; None where nothing does."""
    if type.kind == "any" or (type == natural and type.kind not in ("enum", "datetime", "time")):
        return as_it_is
    kinds = natural.kind, type.kind
    return _CONVERSIONS.get(kinds) or (_LENIENT.get(kinds) if lenient else None)


def as_it_is(value: Any, _: Type) -> Any:
    return value


@question
def is_value_of(literal: Literal, type: Type, lenient: bool) -> bool:
    """Can the literal be converted to the type?"""
    try:
        convert(literal, type, lenient=lenient)
    except TypeMismatch:
        return False
    return True


def _mismatch(literal: Literal, natural: Type, type: Type, *, known: bool) -> TypeMismatch:
    shown = str(literal.value)[:40]
    hint = None
    if type.kind == "enum":
        hint = suggest(shown, [name for name, _ in type.members]) or _members(type)
    elif literal.kind == "string" and not known and (natural.kind, type.kind) in _LENIENT:
        hint = "write it without the quotes"
    elif type.kind == "string" and not known:
        hint = f"write '{shown}' in quotes"
    what = "text" if natural.kind == "string" else natural.kind
    return TypeMismatch(f"{what} '{shown}' is not a {type} value", span=literal.span, hint=hint)


def _members(type: Type) -> str:
    return "one of " + ", ".join(name for name, _ in type.members[:12])


def _whole(value: Any, _: Type) -> int:
    """A number as an integer; one with a fraction is not."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError
    number = int(value)
    if number != value or number not in _INT64:
        raise ValueError
    return number


def _decimal(value: Any, _: Type) -> Decimal:
    if value.__class__ is int:
        return Decimal(value)
    # Through the shortest text, so that 1.1 stays 1.1 (a Decimal never goes through a binary fraction).
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise ValueError
    return number


def _float(value: Any, _: Type) -> float:
    return float(value)


def _utc(value: dt.datetime, _: Type) -> dt.datetime:
    """UTC without a zone: an offset is converted, a local literal is taken as UTC."""
    if value.tzinfo is None or value.tzinfo is dt.UTC:
        return value.replace(tzinfo=None)
    try:
        return value.astimezone(dt.UTC).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError from error


def _midnight(value: dt.date, _: Type) -> dt.datetime:
    return dt.datetime(value.year, value.month, value.day)


def _day(value: dt.datetime, type: Type) -> dt.date:
    """A date-time at midnight as a date; one with a time is no date."""
    moment = _utc(value, type)
    if moment.time() != dt.time():
        raise ValueError
    return moment.date()


def _text(value: Any, _: Type) -> str:
    return ("True" if value else "False") if isinstance(value, bool) else str(value)


def _local_time(value: dt.time, _: Type) -> dt.time:
    return value.replace(tzinfo=None)


def _bool_text(value: str, _: Type) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[value.strip().casefold()]


def _bool_number(value: Any, _: Type) -> bool:
    if value not in (0, 1):
        raise ValueError(value)
    return bool(value)


def _member(value: Any, type: Type) -> Any:
    """The stored value of one or more flags named in a text, or of a number."""
    if not type.members:
        return value
    stored = dict(type.members)
    if not isinstance(value, str):
        return _stored_number(int(value), stored)
    names = [name.strip() for name in value.split(",")]
    found = [stored[name] if name in stored else _stored_number(int(name), stored) for name in names]
    if len(found) == 1:
        return found[0]
    combined = 0
    for item in found:
        if not isinstance(item, int):
            raise ValueError("flags need numbers")
        combined |= item
    return combined


def _stored_number(number: int, stored: dict[str, str | int]) -> str | int:
    if all(isinstance(item, int) for item in stored.values()):
        return number
    raise ValueError("the enumeration is stored by name")


def _total(convert: Callable[[str], Any]) -> Callable[[Any, Type], Any]:
    """A conversion from text whose failure of any kind is a ValueError."""

    def converted(value: Any, _: Type) -> Any:
        try:
            return convert(value.strip())
        except (ValueError, KeyError, OverflowError, InvalidOperation) as error:
            raise ValueError from error

    return converted


_DURATION = re.compile(
    r"(?P<sign>[+-]?)P(?:(?P<days>\d{1,9})D)?(?:T(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?"
    r"(?:(?P<seconds>\d{1,9}(?:\.\d{1,12})?)S)?)?\Z",
    re.ASCII | re.IGNORECASE,
)


def _iso_duration(text: str) -> dt.timedelta:
    match = _DURATION.match(text)
    if match is None or text[-1] in "PpTt":
        raise ValueError(text)
    parts = {name: Decimal(part or 0) for name, part in match.groupdict().items() if name != "sign"}
    seconds = ((parts["days"] * 24 + parts["hours"]) * 60 + parts["minutes"]) * 60 + parts["seconds"]
    duration = dt.timedelta(microseconds=int(seconds * 1_000_000))
    return -duration if match["sign"] == "-" else duration


def _moment(text: str) -> dt.datetime:
    return _utc(dt.datetime.fromisoformat(text), t.DATETIME)


def _number_text(text: str) -> Decimal:
    if not re.fullmatch(r"[+-]?\d{1,100}(\.\d{1,100})?([eE][+-]?\d{1,3})?", text, re.ASCII):
        raise ValueError(text)
    return Decimal(text)


def _date_text(text: str) -> dt.date:
    return _day(_moment(text), t.DATE)


#: (type of the literal, type it meets) -> conversion: those every language has.
_CONVERSIONS: dict[tuple[str, str], Callable[[Any, Type], Any]] = {
    ("int", "int"): _whole,
    ("int", "decimal"): _decimal,
    ("int", "float"): _float,
    ("decimal", "int"): _whole,
    ("decimal", "decimal"): _decimal,
    ("decimal", "float"): _float,
    ("float", "int"): _whole,
    ("float", "decimal"): _decimal,
    ("date", "datetime"): _midnight,
    ("datetime", "datetime"): _utc,
    ("datetime", "date"): _day,
    ("time", "time"): _local_time,
    ("string", "enum"): _member,
    ("enum", "enum"): _member,
    ("int", "enum"): _member,
    ("string", "duration"): _total(_iso_duration),
    ("guid", "string"): _text,
}

#: Those that SQL has for literals, and so criteria and VTQL.
_LENIENT: dict[tuple[str, str], Callable[[Any, Type], Any]] = {
    ("string", "int"): lambda value, type: _whole(_number_text(value.strip()), type),
    ("string", "decimal"): _total(_number_text),
    ("string", "float"): _total(float),
    ("string", "bool"): _total(lambda text: _bool_text(text, t.BOOL)),
    ("string", "date"): _total(_date_text),
    ("string", "datetime"): _total(_moment),
    ("string", "time"): _total(dt.time.fromisoformat),
    ("string", "guid"): _total(uuid.UUID),
    ("int", "string"): _text,
    ("decimal", "string"): _text,
    ("float", "string"): _text,
    ("bool", "string"): _text,
    ("bool", "int"): lambda value, _: int(value),
    ("int", "bool"): _bool_number,
}
