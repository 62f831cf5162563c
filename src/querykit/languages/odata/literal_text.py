"""Literals as OData writes them, so that they are read back as the same value and kind (4.01 ABNF, section 7)."""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import math
from collections.abc import Callable
from typing import Any

from querykit.ast.nodes import Literal
from querykit.errors import NotExpressible
from querykit.languages.odata.names import is_identifier, is_qualified

__all__ = ["literal_text", "quoted"]

_MOST_DIGITS = 1_000  # what `literals` reads


def literal_text(literal: Literal) -> str:
    """The text of a literal.

    Raises
    ------
    NotExpressible: OData has no literal of the kind, or none for the value.
    """
    value = literal.value
    if isinstance(value, str) and literal.kind in ("date", "time", "datetime"):
        return value  # beyond Python's range: kept as it was written
    writer = _WRITERS.get(literal.kind)
    text = writer(literal) if writer is not None else None
    if text is None:
        raise NotExpressible(f"OData has no literal for this {literal.kind}", span=literal.span)
    return text


def quoted(value: str) -> str:
    """A string literal: quotes are doubled (P2 5.1.1.14.1)."""
    return "'" + value.replace("'", "''") + "'"


def _string(literal: Literal) -> str:
    return quoted(str(literal.value))


def _bool(literal: Literal) -> str:
    return "true" if literal.value else "false"


def _int(literal: Literal) -> str | None:
    value: Any = literal.value
    return str(value) if abs(value) < 10**_MOST_DIGITS else None


def _decimal(literal: Literal) -> str | None:
    """With a point, so that it is not read as an integer, and never with an exponent: that is a double."""
    value = decimal.Decimal(literal.value)  # type: ignore[arg-type]  # the kind says so
    if not value.is_finite():
        return _double(Literal("double", float(value)))
    if abs(value.adjusted()) + len(value.as_tuple().digits) >= _MOST_DIGITS:
        return None
    text = f"{value:f}"
    return text if "." in text else text + ".0"


def _double(literal: Literal) -> str:
    """With an exponent, so that it is not read as a decimal."""
    value = float(literal.value)  # type: ignore[arg-type]  # the kind says so
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    text = repr(value).replace("e+", "e")
    return text if "e" in text else text.removesuffix(".0") + "e0"


def _date(literal: Literal) -> str | None:
    return literal.value.isoformat() if isinstance(literal.value, dt.date) else None


def _time(literal: Literal) -> str | None:
    return literal.value.isoformat() if isinstance(literal.value, dt.time) else None


def _datetime(literal: Literal) -> str | None:
    """OData has no local date-times; one without an offset is taken as UTC, as everywhere in this library."""
    value = literal.value
    if not isinstance(value, dt.datetime):
        return None
    offset = value.utcoffset() or dt.timedelta()
    if offset.seconds % 60 or offset.microseconds:
        return None
    text = value.replace(tzinfo=None).isoformat()
    if not offset:
        return text + "Z"
    minutes = abs(offset) // dt.timedelta(minutes=1)
    return f"{text}{'-' if offset < dt.timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"


def _duration(literal: Literal) -> str:
    value = literal.value
    if not isinstance(value, dt.timedelta):
        return f"duration'{value!s}'"
    size = abs(value)
    seconds, micros = size.seconds, size.microseconds
    clock = "".join(
        f"{part}{unit}" for part, unit in ((seconds // 3600, "H"), (seconds // 60 % 60, "M")) if part
    )
    if seconds % 60 or micros:
        clock += f"{seconds % 60}" + (f".{micros:06}".rstrip("0") if micros else "") + "S"
    days = f"{size.days}D" if size.days else ""
    rest = f"T{clock}" if clock else "" if days else "T0S"
    return f"duration'{'-' if value < dt.timedelta() else ''}P{days}{rest}'"


def _guid(literal: Literal) -> str:
    return str(literal.value)


def _binary(literal: Literal) -> str | None:
    if not isinstance(literal.value, bytes):
        return None
    return f"binary'{base64.urlsafe_b64encode(literal.value).decode()}'"


def _enum(literal: Literal) -> str | None:
    if not literal.name:
        return quoted(str(literal.value))
    return f"{literal.name}{quoted(str(literal.value))}" if is_qualified(literal.name) else None


def _geo(literal: Literal) -> str:
    return f"{literal.name}{quoted(str(literal.value))}"


def _type(literal: Literal) -> str | None:
    name = str(literal.value)
    element = name.removeprefix("Collection(").removesuffix(")") if name.endswith(")") else name
    return name if is_identifier(element) or is_qualified(element) else None


#: Kind -> writer; one that gives None has no text for the value.
_WRITERS: dict[str, Callable[[Literal], str | None]] = {
    "null": lambda _: "null",
    "bool": _bool,
    "string": _string,
    "char": _string,
    "decimal": _decimal,
    "double": _double,
    "single": _double,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
    "duration": _duration,
    "guid": _guid,
    "binary": _binary,
    "enum": _enum,
    "geo": _geo,
    "type": _type,
    **dict.fromkeys(("int", "byte", "int16", "int64", "uint32"), _int),
}
