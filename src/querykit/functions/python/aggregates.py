"""Aggregates of values. Nulls have been dropped; of nothing the count is 0 and all others are null."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from querykit.functions.python.arithmetic import add, divide, number
from querykit.functions.python.dates import DATES

__all__ = ["AGGREGATES"]


def _sum(values: Sequence[Any]) -> Any:
    if not values:
        return None
    return (DATES["duration.add"] if isinstance(values[0], dt.timedelta) else add)(*values)


def _average(values: Sequence[Any]) -> Any:
    """Of integers a Decimal: the average of 1 and 2 is no integer (Agg CS03, 3.1.3.4)."""
    if not values:
        return None
    if isinstance(values[0], dt.timedelta):
        return DATES["duration.div"](_sum(values), len(values))
    exact = [value if isinstance(value, float) else Decimal(number(value)) for value in values]
    return divide(add(*exact), len(values))


#: Function -> what computes it from the values and the key by which they are ordered.
AGGREGATES: dict[str, Callable[[Sequence[Any], Callable[[Any], Any]], Any]] = {
    "count": lambda values, key: len(values),
    "countdistinct": lambda values, key: len({key(value) for value in values}),
    "sum": lambda values, key: _sum(values),
    "avg": lambda values, key: _average(values),
    "min": lambda values, key: min(values, key=key, default=None),
    "max": lambda values, key: max(values, key=key, default=None),
}
