"""Constants other than dates, read and written."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from querykit.ast.fresh import literal, literals
from querykit.ast.nodes import Literal
from querykit.errors import NotExpressible, ParseError
from querykit.languages.criteria import moments
from querykit.source import Span

__all__ = ["negated", "read_char", "read_guid", "read_number", "read_string", "read_user_value", "write"]


class _Number(NamedTuple):
    """A number type: its kind of literal, its suffix as printed, and the largest value of an integer type."""

    kind: str
    suffix: str
    most: int | None = None
    signed: bool = True


_MOST_DIGITS = 38  # of a whole number without suffix: Decimal columns hold no more
_MOST_PLACES = 400  # of a number without exponent, on either side of the point: doubles end there

_NUMBERS = (
    _Number("byte", "b", 255, signed=False),
    _Number("int16", "s", 2**15 - 1),
    _Number("int64", "L", 2**63 - 1),
    _Number("uint32", "u", 2**32 - 1, signed=False),
    _Number("decimal", "m"),
    _Number("single", "f"),
)
_BY_SUFFIX = {row.suffix.casefold(): row for row in _NUMBERS}
_BY_KIND = {
    **{row.kind: row for row in _NUMBERS},
    "int": _Number("int", "", 10**_MOST_DIGITS - 1),
    "double": _Number("double", ""),
}

_NUMBER = re.compile(r"(?P<digits>[0-9]+(?P<point>\.[0-9]+)?)(?P<suffix>\w*)")
_GUID = re.compile(r"\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}", re.IGNORECASE)
_USER_VALUE = re.compile(r"##(?P<tag>\w+)#(?P<data>[^#]*)#")
_OBJECT = re.compile(r"(?P<type>[^()]+)\((?P<key>.*)\)", re.DOTALL)


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")


read_string = literals("string", _unquoted)


def read_char(text: str) -> Literal:
    value = text[1:-2].replace("''", "'")
    if len(value) != 1:
        raise _bad(f"{text[:40]} is not one character", "a text has no c behind it: 'abc'")
    return Literal("char", value)


def read_number(text: str) -> Literal:
    if len(text) <= _MOST_DIGITS and text.isascii():  # nearly all are of the plain kinds
        if text.isdigit():
            return literal("int", int(text))
        if text.replace(".", "", 1).isdigit():
            return literal("double", float(text))
    match = _NUMBER.fullmatch(text)
    assert match is not None  # the terminal has the same shape
    digits, suffix = match["digits"], match["suffix"]
    if not suffix:
        row = _BY_KIND["double" if match["point"] else "int"]
    elif suffix.casefold() in _BY_SUFFIX:
        row = _BY_SUFFIX[suffix.casefold()]
    else:
        raise _bad(
            f"there is no number suffix '{suffix[:40]}'",
            "s Int16, b Byte, L Int64, u UInt32, f Single, m Decimal; there are no exponents",
        )
    return Literal(row.kind, _value(row, digits))


def _value(row: _Number, digits: str) -> int | float | Decimal:
    if row.most is not None:
        if "." in digits:
            raise _bad(
                f"a number with suffix '{row.suffix}' has no fraction",
                "1.5m is a Decimal, 1.5 a Double",
            )
        value = int(digits) if len(digits.lstrip("0")) <= _MOST_DIGITS else row.most + 1
        if value > row.most:
            raise _bad(f"the number is too large for its type ({row.kind})", f"at most {row.most}")
        return value
    if row.kind == "decimal":
        return Decimal(digits)
    number = float(digits)
    if not math.isfinite(number):
        raise _bad(f"the number is too large for its type ({row.kind})", "a Decimal has the suffix m")
    return number


def negated(literal: Literal, span: Span | None) -> Literal | None:
    """The literal with a minus before it; None where its type has no sign."""
    row = _BY_KIND.get(literal.kind)
    if row is None or not row.signed:
        return None
    assert isinstance(literal.value, (int, float, Decimal))
    # not `-value`: that would round a Decimal to the precision of the thread
    value = literal.value.copy_negate() if isinstance(literal.value, Decimal) else -literal.value
    return Literal(literal.kind, value, span=span)


def read_guid(text: str) -> Literal:
    if not _GUID.fullmatch(text):
        raise _bad(f"{text[:40]} is no guid", "a guid is {0f8fad5b-d9cb-469f-a165-70867728950e}")
    return Literal("guid", uuid.UUID(text[1:-1]))


def read_user_value(text: str) -> Literal:
    """`##Enum#Ns.Type,Member#`, `##XpoObject#Ns.Type(key)#`, or `##Tag#data#` of an application's own."""
    match = _USER_VALUE.fullmatch(text)
    assert match is not None  # the terminal has the same shape
    tag, data = match["tag"], match["data"]
    if tag.casefold() == "enum":
        type, _, member = data.partition(",")
        if not type.strip() or not member.strip():
            raise _bad("an enum literal names its type and its member", "##Enum#Ns.Type,Member#")
        return Literal("enum", member.strip(), type.strip())
    if tag.casefold() == "xpoobject":
        found = _OBJECT.fullmatch(data)
        if found is None:
            raise _bad("an object literal names its type and its key", "##XpoObject#Ns.Type(key)#")
        return Literal("object", _key(found["key"]), found["type"].strip())
    return Literal("user", data, tag)


def _key(text: str) -> uuid.UUID | int | str:
    if _GUID.fullmatch(text):
        return uuid.UUID(text[1:-1])
    return int(text) if re.fullmatch(r"0|-?[1-9][0-9]{0,18}", text) else text


def _bad(message: str, hint: str) -> ParseError:
    return ParseError(message, code="literal", hint=hint)


# --- Writing -------------------------------------------------------------------------------------------


def write(literal: Literal) -> str:
    """The constant as DevExpress prints it.

    Raises
    ------
    NotExpressible: criteria has no constant of that kind or value.
    """
    writer = _WRITERS.get(literal.kind)
    if writer is None:
        raise NotExpressible(f"criteria has no {literal.kind} constant", span=literal.span)
    return writer(literal)


def _write_string(literal: Literal) -> str:
    return "'" + str(literal.value).replace("'", "''") + "'"


def _write_char(literal: Literal) -> str:
    return _write_string(literal) + "c"


def _write_bool(literal: Literal) -> str:
    return "True" if literal.value else "False"


def _write_null(_: Literal) -> str:
    return "null"


def _write_guid(literal: Literal) -> str:
    return "{" + str(literal.value) + "}"


def _write_number(literal: Literal) -> str:
    row, value = _BY_KIND[literal.kind], literal.value
    if isinstance(value, int):
        if abs(value) > (row.most or 10**_MOST_DIGITS):
            raise NotExpressible("criteria has no integers of that size", span=literal.span)
        return f"{value}{row.suffix}"
    # through the shortest text, so that the double 0.1 is printed 0.1
    number = Decimal(repr(value)) if isinstance(value, float) else value
    assert isinstance(number, Decimal)
    if not number.is_finite() or abs(number.adjusted()) > _MOST_PLACES:
        raise NotExpressible(f"criteria has no number {str(value)[:40]}", span=literal.span)
    text = format(number, "f")
    if isinstance(value, float) and "." not in text:
        text += ".0"
    return text + row.suffix


def _write_enum(literal: Literal) -> str:
    if not literal.name:  # OData 4.01 lets the type out: '…' is then the member's name
        return _write_string(literal)
    return _user_value(literal, "Enum", f"{literal.name},{literal.value!s}")


def _write_object(literal: Literal) -> str:
    key = _write_guid(literal) if isinstance(literal.value, uuid.UUID) else str(literal.value)
    return _user_value(literal, "XpoObject", f"{literal.name}({key})")


def _write_user(literal: Literal) -> str:
    return _user_value(literal, literal.name, str(literal.value))


def _user_value(literal: Literal, tag: str, data: str) -> str:
    text = f"##{tag}#{data}#"
    if not _USER_VALUE.fullmatch(text):
        raise NotExpressible("a literal of this kind cannot hold the character #", span=literal.span)
    return text


#: Kind of literal -> its text.
_WRITERS: dict[str, Callable[[Literal], str]] = {
    "string": _write_string,
    "char": _write_char,
    "bool": _write_bool,
    "null": _write_null,
    "guid": _write_guid,
    "enum": _write_enum,
    "object": _write_object,
    "user": _write_user,
    **dict.fromkeys(_BY_KIND, _write_number),
    **moments.WRITERS,
}
