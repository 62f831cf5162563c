"""The types of arguments of operations, and whether an engine's answer is the expected value."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from querykit import types as t
from querykit.functions.sql import encode
from querykit.types import Type

_TYPES: dict[type, Type] = {
    bool: t.BOOL,
    int: t.INT,
    float: t.FLOAT,
    Decimal: t.DECIMAL,
    str: t.STRING,
    dt.date: t.DATE,
    dt.datetime: t.DATETIME,
    dt.time: t.TIME,
    dt.timedelta: t.DURATION,
    uuid.UUID: t.GUID,
    bytes: t.BINARY,
    type(None): t.ANY,
}
_SCALARS = frozenset(_TYPES) - {type(None)}


def null_types(fn: str, args: Sequence[Any], rows: Sequence[Any]) -> list[Type]:
    """The types that other rows of the function have where this one has null."""
    found: list[Type] = []
    for place, arg in enumerate(args):
        if arg is None:
            others = [row.args for row in rows if row.fn == fn and len(row.args) > place]
            others.sort(key=lambda other: type(other[0]) is not type(args[0]))
            known = (type_of(other[place]) for other in others if type(other[place]) in _SCALARS)
            found.append(next(known, t.ANY))
    return found


def type_of(value: Any) -> Type:
    return _TYPES[type(value)]


def agrees(answer: Any, expected: Any, dialect: str) -> bool:
    """Is it the expected value, as the engine gives such values back?"""
    if expected is None or answer is None:
        return answer is expected
    if isinstance(expected, bool):
        return isinstance(answer, int) and bool(answer) == expected
    if isinstance(expected, int | float | Decimal):
        return isinstance(answer, int | float | Decimal) and _close(answer, expected)
    return bool(answer == encode(expected, type_of(expected), dialect))


def _close(answer: float | Decimal, expected: float | Decimal) -> bool:
    if answer == expected or (answer != answer and expected != expected):  # NaN
        return True
    return math.isclose(float(answer), float(expected), rel_tol=1e-9, abs_tol=1e-9)
