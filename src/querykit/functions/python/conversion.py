"""Conversions: null where the value is none of the type (OData 4.01 Part 2, 5.1.1.10)."""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from querykit.errors import NotExpressible
from querykit.functions.python import literals
from querykit.functions.python.arithmetic import fits, integer_part, number, rounded
from querykit.functions.python.dates import day, decimal_of, midnight

__all__ = ["CONVERSION"]


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, str):
        return literals.read_decimal(value)
    exact = decimal_of(value)
    return exact if exact.is_finite() else None


def _float(value: Any) -> float | None:
    if isinstance(value, str):
        return literals.read_float(value)
    result = fits(float(number(value)), value)
    return result if isinstance(result, float) else None


def _int(value: Any) -> int | None:
    return literals.read_int(value) if isinstance(value, str) else integer_part(number(value))


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: str,
    int: str,
    float: lambda value: {"inf": "INF", "-inf": "-INF", "nan": "NaN"}.get(repr(value), repr(value)),
    # Plain digits, but not a million of them.
    Decimal: lambda value: format(value, "f") if abs(value.adjusted()) < 400 else str(value),
    dt.date: dt.date.isoformat,
    dt.datetime: dt.datetime.isoformat,
    dt.time: dt.time.isoformat,
    dt.timedelta: literals.write_duration,
    uuid.UUID: str,
    bytes: lambda value: base64.urlsafe_b64encode(value).decode("ascii"),
}


def _string(value: Any) -> str:
    writer = _WRITERS.get(type(value))
    if writer is None:
        raise TypeError(f"{type(value).__name__} has no text")
    return writer(value)


def _odata_string(value: Any) -> str | None:
    """As a URL literal: `true`, and a date-time with its offset."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _string(value) + ("Z" if isinstance(value, dt.datetime) else "")


def _ranged(bits: int, signed: bool = True) -> Callable[[Any], int | None]:
    """Rounded, and null if it does not fit (5.1.1.10.1: appropriate rounding)."""
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)

    def cast(value: Any) -> int | None:
        whole = (
            literals.read_int(value)
            if isinstance(value, str)
            else integer_part(rounded(value, ROUND_HALF_UP) or 0)
        )
        return whole if whole is not None and low <= whole <= high else None

    return cast


def _reader(
    kind: type, read: Callable[[str], Any], also: dict[type, Callable[[Any], Any]] | None = None
) -> Callable[[Any], Any]:
    """Values of the kind as they are, texts by their reader, some other types by a conversion, else null."""

    def cast(value: Any) -> Any:
        if type(value) is kind:
            return value
        if isinstance(value, str):
            return read(value)
        conversion = (also or {}).get(type(value))
        return None if conversion is None else conversion(value)

    return cast


_CASTS: dict[str, Callable[[Any], Any]] = {
    "Edm.String": _odata_string,
    "Edm.Boolean": _reader(bool, literals.read_bool),
    "Edm.SByte": _ranged(8),
    "Edm.Byte": _ranged(8, signed=False),
    "Edm.Int16": _ranged(16),
    "Edm.Int32": _ranged(32),
    "Edm.Int64": _ranged(64),
    "Edm.Decimal": _decimal,
    "Edm.Double": _float,
    "Edm.Single": _float,
    "Edm.Date": _reader(dt.date, literals.read_date, {dt.datetime: day}),
    "Edm.DateTimeOffset": _reader(dt.datetime, literals.read_datetime, {dt.date: midnight}),
    "Edm.TimeOfDay": _reader(dt.time, literals.read_time, {dt.datetime: dt.datetime.time}),
    "Edm.Duration": _reader(dt.timedelta, literals.read_duration),
    "Edm.Guid": _reader(uuid.UUID, literals.read_guid),
    "Edm.Binary": _reader(bytes, literals.read_binary),
}
_KINDS: dict[str, tuple[type, ...]] = {
    "Edm.String": (str,),
    "Edm.Boolean": (bool,),
    **dict.fromkeys(("Edm.SByte", "Edm.Byte", "Edm.Int16", "Edm.Int32", "Edm.Int64"), (int,)),
    "Edm.Decimal": (Decimal, int),
    "Edm.Double": (float,),
    "Edm.Single": (float,),
    "Edm.Date": (dt.date,),
    "Edm.DateTimeOffset": (dt.datetime,),
    "Edm.TimeOfDay": (dt.time,),
    "Edm.Duration": (dt.timedelta,),
    "Edm.Guid": (uuid.UUID,),
    "Edm.Binary": (bytes,),
}


def _known(table: dict[str, Any], name: str) -> Any:
    if name not in table:
        raise NotExpressible(f"there is no conversion to '{str(name)[:128]}'", code="unknown_type")
    return table[name]


def _cast(value: Any, name: str) -> Any:
    """A failed cast, also of a value that no conversion takes, is null."""
    cast = _known(_CASTS, name)
    try:
        return None if value is None else cast(value)
    except TypeError:
        return None


def _isof(value: Any, name: str) -> bool:
    kinds = _known(_KINDS, name)
    return type(value) in kinds and (int not in kinds or _CASTS[name](value) is not None)


CONVERSION: dict[str, Callable[..., Any]] = {
    "cast.decimal": _decimal,
    "cast.float": _float,
    "cast.int": _int,
    "cast.string": _string,
    "type.cast": _cast,
    "type.isof": _isof,
}
