"""Values of rows and slots as the evaluator knows them: one Python type for each type of the schema.

Rows may come from JSON, a driver or a program: an ISO text for a date, 0 and 1 for a Boolean, a float for a
decimal are all understood. Date-times become naive UTC.
"""

from __future__ import annotations

import datetime as dt
import enum
import math
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from querykit.errors import TypeMismatch
from querykit.functions.python import literals
from querykit.types import Type

__all__ = ["read"]


def read(value: Any, type: Type, name: str = "value") -> Any:
    """The value as one of the type; None stays None.

    Parameters
    ----------
    name: of the property, for the message.

    Raises
    ------
    TypeMismatch: it is none of the type.

    >>> from querykit.types import DATE, DECIMAL
    >>> read("2024-02-29", DATE), read(1.1, DECIMAL)
    (datetime.date(2024, 2, 29), Decimal('1.1'))
    """
    if isinstance(value, enum.Enum) and type.kind != "enum":
        value = value.value
    if value is None:
        return None
    try:
        result = _READERS.get(type.kind, _any)(value, type)
    except (ValueError, TypeError, ArithmeticError):
        result = None
    if result is None:
        raise TypeMismatch(
            f"'{name[:128]}' holds a {value.__class__.__name__} that is no {type} value", code="bad_row"
        )
    return result


def _any(value: Any, type: Type) -> Any:
    if isinstance(value, dt.datetime):
        return literals.utc(value)
    if isinstance(value, list | tuple):
        return tuple(read(item, type) for item in value)
    return bytes(value) if isinstance(value, bytearray | memoryview) else value


def _bool(value: Any, type: Type) -> bool | None:
    return bool(value) if isinstance(value, bool | int) and value in (0, 1) else None


def _int(value: Any, type: Type) -> Any:
    if isinstance(value, str):
        return literals.read_int(value)
    if isinstance(value, int):
        return int(value)
    # A number with a fraction keeps it: a column of integers can be compared with 5.5.
    return int(value) if -(2**63) <= value < 2**63 and value == int(value) else value


def _decimal(value: Any, type: Type) -> Any:
    if isinstance(value, str):
        return literals.read_decimal(value)
    if isinstance(value, float):  # as it prints; infinities and NaN have no Decimal
        return Decimal(repr(value)) if math.isfinite(value) else value
    return Decimal(value)


def _float(value: Any, type: Type) -> float | None:
    return literals.read_float(value) if isinstance(value, str) else float(value)


def _string(value: Any, type: Type) -> str | None:
    return value if isinstance(value, str) else None


def _date(value: Any, type: Type) -> dt.date | None:
    if isinstance(value, str):
        moment = literals.read_datetime(value)
        return None if moment is None else moment.date()
    if isinstance(value, dt.datetime):
        return literals.utc(value).date()
    return value if isinstance(value, dt.date) else None


def _datetime(value: Any, type: Type) -> dt.datetime | None:
    if isinstance(value, str):
        return literals.read_datetime(value)
    if isinstance(value, dt.datetime):
        return literals.utc(value)
    return dt.datetime.combine(value, dt.time()) if isinstance(value, dt.date) else None


def _time(value: Any, type: Type) -> dt.time | None:
    if isinstance(value, str):
        return literals.read_time(value)
    return value.replace(tzinfo=None) if isinstance(value, dt.time) else None


def _duration(value: Any, type: Type) -> dt.timedelta | None:
    if isinstance(value, str):
        return literals.read_duration(value)
    return value if isinstance(value, dt.timedelta) else None


def _guid(value: Any, type: Type) -> uuid.UUID | None:
    if isinstance(value, str):
        return literals.read_guid(value)
    return value if isinstance(value, uuid.UUID) else None


def _binary(value: Any, type: Type) -> bytes | None:
    if isinstance(value, str):
        return literals.read_binary(value)
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else None


def _enum(value: Any, type: Type) -> Any:
    """The stored value; a member, or its name where that is not itself what is stored, stands for it."""
    stored = dict(type.members)
    if isinstance(value, enum.Enum):
        return stored.get(value.name, value.value)
    return stored.get(value, value) if value not in stored.values() else value


def _list(value: Any, type: Type) -> tuple[Any, ...] | None:
    kind, name = type.element or ("any", "")
    element = Type(kind, name)
    return tuple(read(item, element) for item in value) if isinstance(value, list | tuple) else None


_READERS: dict[str, Callable[[Any, Type], Any]] = {
    "bool": _bool,
    "int": _int,
    "decimal": _decimal,
    "float": _float,
    "string": _string,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "duration": _duration,
    "guid": _guid,
    "binary": _binary,
    "enum": _enum,
    "list": _list,
}
