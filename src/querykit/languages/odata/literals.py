"""The values of literals: OData 4.01 ABNF, primitiveLiteral (section 7).

Each reader takes a token and gives a literal, or refuses a text that has the form of a literal but no
value: a 13th month, a base64 text that is cut off.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from querykit.ast.fresh import LiteralDraft, literal, literals
from querykit.ast.nodes import Literal, Value
from querykit.errors import LimitExceeded, ParseError
from querykit.lalr import place_of
from querykit.languages.odata.names import is_identifier
from querykit.languages.odata.partial import viable
from querykit.source import Span

if TYPE_CHECKING:  # they take longer to import than a filter to read
    import datetime as dt
    import decimal

__all__ = [
    "are_members",
    "binary",
    "date",
    "date_time",
    "date_time_value",
    "decimal_number",
    "decimal_value",
    "double",
    "duration",
    "enum",
    "geo",
    "guid",
    "integer",
    "integer_value",
    "json_text",
    "malformed",
    "string",
    "string_value",
    "time",
]

#: No type of OData or of a database has more; Python refuses to read integers of more than 4,300 digits.
_MOST_DIGITS = 1_000
# `re` compiles these when they are first needed, and keeps them.
_DATE_PARTS = r"(-?)([0-9]+)-([0-9]{2})-([0-9]{2})"
_TIME_PARTS = r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?"
#: ABNF durationValue; years, months and weeks have no fixed length and are not in it.
_DURATION = r"(?i:(-)?P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]+))?S)?)?)"
#: ABNF binaryValue: base64url, the padding may be missing, but the unused bits of the last character are 0.
_BASE64URL = r"(?a:(?:[\w-]{4})*(?:[\w-]{2}[AEIMQUYcgkosw048]=?|[\w-][AQgw](?:==)?)?)"
_MEMBERS = r"(?:[\w+-]|, ?)*"
_FLAG = r"[+-]?[0-9]{1,19}"


def _refused(what: str, text: str, hint: str | None = None) -> ParseError:
    """The refusal of a text; it points to the character that no literal has there."""
    shown = text if len(text) <= 60 else text[:60] + "…"
    return ParseError(f"{shown} is not {what}", code="literal", span=_from_fault(text), hint=hint)


def _from_fault(text: str) -> Span | None:
    """From the character that no literal has there; a prefix is not read letter by letter."""
    span = place_of(text)
    if span is None:
        return None
    is_prefixed = text[0].isalpha() and text[: text.find("'")].lower() not in ("duration", "binary")
    return span if is_prefixed else (span[0] + viable(text), span[1])


def _unquoted(text: str) -> str:
    return text[text.index("'") + 1 : -1]


def string_value(text: str) -> str:
    """A quote within is doubled (P2 5.1.1.14.1); there are no other escapes."""
    return text[1:-1].replace("''", "'")


def string(text: str) -> Literal:
    node = LiteralDraft()
    node.kind = "string"
    node.value = text[1:-1].replace("''", "'")
    node.name = ""
    node.span = None
    node.__class__ = Literal
    return node


def json_text(text: str) -> str:
    """The value of a JSON string, P2 5.1.1.14.1."""
    import json  # it is rare, and takes longer to import than a filter to read

    try:
        value: str = json.loads(text, strict=False)
        value.encode()
    except ValueError:  # UnicodeEncodeError is one: an escaped half of a surrogate pair
        raise _refused("a JSON string", text) from None
    if "\0" in value:
        raise _refused("a JSON string that can be stored", text, "a text cannot hold the character U+0000")
    return value


def _too_long(text: str) -> LimitExceeded:
    message = f"a number of more than {_MOST_DIGITS} digits"
    return LimitExceeded(message, code="number_length", span=place_of(text))


def integer_value(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise _too_long(text)
    return int(text)


def decimal_value(text: str) -> decimal.Decimal:
    if len(text) > _MOST_DIGITS:
        raise _too_long(text)
    return _decimal_type()(text)


@cache
def _decimal_type() -> type[decimal.Decimal]:
    from decimal import Decimal

    return Decimal


@cache
def _datetime_type() -> type[dt.datetime]:
    from datetime import datetime

    return datetime


def integer(text: str) -> Literal:
    if len(text) > _MOST_DIGITS:
        raise _too_long(text)
    node = LiteralDraft()
    node.kind = "int"
    node.value = int(text)
    node.name = ""
    node.span = None
    node.__class__ = Literal
    return node


decimal_number = literals("decimal", decimal_value)


def double(text: str) -> Literal:
    """A number with an exponent, INF, -INF or NaN."""
    value = float(text)
    if abs(value) == float("inf") and text[-1] != "F":
        raise ParseError("no double can hold this number", code="literal", span=place_of(text))
    return literal("double", value)


def guid(text: str) -> Literal:
    from uuid import UUID  # it asks what platform this is

    return literal("guid", UUID(text))


def _date_of(text: str) -> dt.date | None:
    """The date; None where it is one that Python does not know: before year 1, after 9999, a 30th of February.

    Raises ValueError if the grammar has no such date (ABNF year, month, day).
    """
    from datetime import date

    parts = re.match(_DATE_PARTS, text)
    assert parts is not None  # the lexer's pattern
    sign, year, month, day = parts.groups()
    if (len(year) > 4 and year[0] == "0") or not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        raise ValueError("no month, day or year has this number")
    if sign or len(year) > 4:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _time_of(text: str) -> dt.time | None:
    """The time of day; None for a leap second. Decimals beyond microseconds are cut, as by Python and drivers.

    Raises ValueError if there is no such time.
    """
    from datetime import time

    parts = re.match(_TIME_PARTS, text)
    assert parts is not None  # the lexer's pattern
    hour, minute, second, fraction = parts.groups(default="0")
    leap = second == "60"
    value = time(int(hour), int(minute), 59 if leap else int(second), int(fraction[:6].ljust(6, "0")))
    return None if leap else value


def date(text: str) -> Literal:
    import datetime as dt

    try:
        return literal("date", dt.date.fromisoformat(text))
    except ValueError:
        pass
    try:
        value: Value = _date_of(text)
    except ValueError:
        raise _refused("a day of the calendar", text) from None
    return literal("date", str(text) if value is None else value)


def time(text: str) -> Literal:
    try:
        value: Value = _time_of(text)
    except ValueError:
        raise _refused("a time of day", text) from None
    return literal("time", str(text) if value is None else value)


def date_time_value(text: str) -> dt.datetime | str:
    try:
        return _datetime_type().fromisoformat(text)
    except ValueError:  # no moment of Python's calendar, or written in small letters
        pass
    day_text, rest = text.upper().split("T")
    try:
        day, clock, zone = _date_of(day_text), _time_of(rest), _offset_of(rest)
    except ValueError:
        raise _refused("a moment of the calendar", text) from None
    if day is None or clock is None:
        return str(text)
    return _datetime_type().combine(day, clock, zone)


date_time = literals("datetime", date_time_value)


def _offset_of(text: str) -> dt.timezone:
    import datetime as dt

    if text.endswith("Z"):
        return dt.UTC
    offset = dt.time(int(text[-5:-3]), int(text[-2:]))  # ValueError above 23:59
    minutes = offset.hour * 60 + offset.minute
    return dt.timezone(dt.timedelta(minutes=-minutes if text[-6] == "-" else minutes)) if minutes else dt.UTC


def duration(text: str) -> Literal:
    from datetime import timedelta

    match = re.fullmatch(_DURATION, _unquoted(text))
    if match is None:
        raise _refused("a duration", text, "a duration is written like duration'P1DT2H30M', in days and less")
    sign, *parts = match.groups(default="0")
    if len("".join(parts)) > _MOST_DIGITS:
        raise _too_long(text)
    days, hours, minutes, seconds = map(int, parts[:4])
    try:
        value = timedelta(
            days=days,
            hours=hours,
            minutes=minutes,
            seconds=seconds,
            microseconds=int(parts[4][:6].ljust(6, "0")),
        )
        return literal("duration", -value if sign == "-" else value)
    except OverflowError:
        return literal("duration", _unquoted(text))


def binary(text: str) -> Literal:
    from base64 import urlsafe_b64decode

    content = _unquoted(text)
    if re.fullmatch(_BASE64URL, content) is None:
        raise _refused("a binary value", text, "binary'…' holds base64 with - and _ in place of + and /")
    content = content.rstrip("=")
    return literal("binary", urlsafe_b64decode(content + "=" * (-len(content) % 4)))


def enum(text: str) -> Literal:
    """Members by name or number, separated by commas; .NET writes a blank after them."""
    type_name = text[: text.index("'")]
    content = _unquoted(text)
    if not are_members(content):
        begun = re.compile(_MEMBERS).match(text, len(type_name) + 1)
        place = place_of(text)
        raise ParseError(
            f"{text[:60]} is not an enumeration value",
            code="literal",
            span=None if place is None else (place[0] + (begun.end() if begun else 0), place[1]),
            hint=f"write {type_name}'Member' or {type_name}'One,Other'",
        )
    return literal("enum", content.replace(", ", ","), type_name)


def are_members(text: str) -> bool:
    """Can it be the value of an enumeration?

    >>> are_members("Red, Blue"), are_members("3"), are_members("")
    (True, True, False)
    """
    return all(
        is_identifier(item) or re.fullmatch(_FLAG, item) for item in text.replace(", ", ",").split(",")
    )


def geo(text: str) -> Literal:
    content = _unquoted(text)
    if _geo_pattern().fullmatch(content) is None:
        raise _refused(
            "a geo value", text, "a geo value is written like geography'SRID=4326;Point(16.4 48.2)'"
        )
    return literal("geo", content, text[: text.index("'")].lower())


@cache
def _geo_pattern() -> re.Pattern[str]:
    """ABNF fullCollectionLiteral and its kind; a collection may hold collections, one level deep."""
    number = r"(?:[+-]?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?|NaN|-?INF)"
    position = rf"{number}(?: {number}){{1,3}}"
    positions = rf"\({position}(?:, ?{position})*\)"
    line = rf"\({position}(?:, ?{position})+\)"
    rings = rf"\({positions}(?:, ?{positions})*\)"
    simple = "|".join(
        (
            rf"Point\({position}\)",
            rf"LineString{line}",
            rf"Polygon{rings}",
            rf"MultiPoint\((?:\({position}\)(?:, ?\({position}\))*)?\)",
            rf"MultiLineString\((?:{line}(?:, ?{line})*)?\)",
            rf"MultiPolygon\((?:{rings}(?:, ?{rings})*)?\)",
        )
    )
    collection = rf"GeometryCollection\((?:{simple})(?:, ?(?:{simple}))*\)"
    nested = rf"GeometryCollection\((?:{simple}|{collection})(?:, ?(?:{simple}|{collection}))*\)"
    return re.compile(rf"SRID=[0-9]{{1,5}};(?:{simple}|{nested})", re.IGNORECASE)


#: What is wrong with a text that only looks like a literal: the first pattern that it has.
_MISTAKES = (
    (r"'.*", "the string is not closed", "a quote within a string is doubled: 'O''Neil'"),
    (r"guid'.*", "OData 4 writes a guid without a prefix and quotes", None),
    (
        r"(?:datetime|datetimeoffset|time)'.*",
        "OData 4 writes dates and times without a prefix and quotes",
        None,
    ),
    (
        r"\w+'.*",
        "there is no literal with this prefix",
        "an enumeration value needs the namespace: Ns.Color'Red'",
    ),
    (r"-?[0-9]+-[0-9]+-[0-9]+T[0-9:.]+", "the date-time has no offset", "add Z, or an offset like +01:00"),
    (r"[0-9]+[.0-9]*[a-z]", "OData 4 writes numbers without a suffix", None),
    (r"[0-9]*\.[0-9]*", "a number has digits on both sides of its point", None),
    (r"", "this is no literal of OData", None),
)


def malformed(text: str) -> ParseError:
    """The refusal of a text that the grammar knows as a failed literal."""
    for pattern, message, hint in _MISTAKES:  # pragma: no branch - the last one always fits
        if re.fullmatch(pattern, text, re.IGNORECASE | re.DOTALL) or not pattern:
            return ParseError(message, code="literal", span=_from_fault(text), hint=hint)
    raise AssertionError("unreachable")
