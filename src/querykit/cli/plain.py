"""Values as JSON has them."""

from __future__ import annotations

import base64
import datetime as dt
import enum
import json
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

__all__ = ["plain", "to_json"]


def to_json(value: Any) -> str:
    """One JSON document."""
    return json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False)


def plain(value: Any) -> Any:
    """A value of a row or a tree, with nothing in it that JSON lacks.

    Dates are ISO 8601, binary values base64url, and a decimal is a number where a double holds all its
    digits, else a text (OData JSON Format 4.01, 7.1: `IEEE754Compatible`).

    >>> plain([Decimal("1.50"), Decimal("12345678901234567.89"), dt.date(2020, 2, 29)])
    [1.5, '12345678901234567.89', '2020-02-29']
    """
    match value:
        case None | bool() | int() | str():
            return value.value if isinstance(value, enum.Enum) else value
        case enum.Enum():
            return value.name
        case float():
            return value if math.isfinite(value) else _not_finite(value)
        case Decimal():
            return _decimal(value)
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case bytes():
            return base64.urlsafe_b64encode(value).decode("ascii")
        case Mapping():
            return {str(name): plain(item) for name, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return str(value)


def _decimal(value: Decimal) -> int | float | str:
    if not value.is_finite():
        return _not_finite(float(value))
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else str(value)


def _not_finite(value: float) -> str:
    return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
