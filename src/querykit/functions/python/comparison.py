"""Equality and order of values, and the operators made of them.

Values of one kind have an order; a value of another kind, and NaN, is unequal to a value and neither less
nor greater (IEEE 754; OData 4.01 Part 2, 5.1.1.1.1: NaN is not equal to anything, even itself).
"""

from __future__ import annotations

import datetime as dt
import decimal
import math
import uuid
from collections.abc import Callable
from typing import Any

__all__ = ["COLLATED", "COMPARISON", "between", "equal", "equal_or_null", "fold", "less", "order_key"]

_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}

#: Operators whose texts compare by the collation of the column: their arguments are folded before.
COLLATED = frozenset(
    {
        *(
            f"{family}.{name}"
            for family in ("cmp", "total")
            for name in ("eq", "ne", "lt", "le", "gt", "ge", "in")
        ),
        "cmp.between",
        "cmp.not_in",
        "null.same",
        "null.same_columns",
        "null.differs",
        "str.like",
        "str.like_set",
    }
)


def fold(value: Any) -> Any:
    """What the collation "nocase" compares: ASCII letters in lower case, other letters as they are.

    >>> fold("ÀB"), fold(("A", 1))
    ('Àb', ('a', 1))
    """
    if isinstance(value, str):
        return value.translate(_ASCII_LOWER)
    return tuple(fold(item) for item in value) if isinstance(value, tuple) else value


def equal(left: Any, right: Any) -> bool:
    """Are two values, neither of them null, equal?"""
    left, right = _aligned(left, right)
    if _is_nan(left) or _is_nan(right) or _kind(left) != _kind(right):
        return False
    if isinstance(left, tuple):
        return len(left) == len(right) and all(map(equal_or_null, left, right))
    return bool(left == right)


def less(left: Any, right: Any) -> bool:
    """Does the first of two values, neither of them null, stand below the second?"""
    left, right = _aligned(left, right)
    if _is_nan(left) or _is_nan(right) or _kind(left) != _kind(right):
        return False
    return order_key(left) < order_key(right)


def order_key(value: Any) -> tuple[Any, ...]:
    """A key that puts null below NaN, NaN below every value, and values of one kind side by side."""
    if value is None:
        return (0,)
    if _is_nan(value):
        return (1,)
    kind = _kind(value)
    if kind == "list":
        return (2, kind, tuple(order_key(item) for item in value))
    if kind == "moment":
        return (2, kind, _moment(value))
    return (2, kind, value if kind in _ORDERED else repr(value))


_KINDS: dict[type, str] = {
    bool: "number",  # false before true (OData 4.01 Part 1, 11.2.6.2), and 0 and 1 where a database has no bool
    int: "number",
    float: "number",
    decimal.Decimal: "number",
    str: "text",
    bytes: "binary",
    dt.date: "moment",
    dt.datetime: "moment",
    dt.time: "time",
    dt.timedelta: "duration",
    uuid.UUID: "guid",
    tuple: "list",
}
_ORDERED = frozenset(_KINDS.values())


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), type(value).__name__)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float | decimal.Decimal) and math.isnan(value)


def _aligned(left: Any, right: Any) -> tuple[Any, Any]:
    """Both as one type: Decimal with Double is Double (5.1.1.18), a day is its midnight."""
    if isinstance(left, float) and isinstance(right, decimal.Decimal):
        return left, float(right)
    if isinstance(left, decimal.Decimal) and isinstance(right, float):
        return float(left), right
    if isinstance(left, dt.date) and isinstance(right, dt.date):
        return _moment(left), _moment(right)
    return left, right


def _moment(value: dt.date) -> dt.datetime:
    return value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())


def equal_or_null(left: Any, right: Any) -> bool:
    """OData's eq, to which null is a value (OData 4.01 Part 2, 5.1.1.1.1)."""
    if left is None or right is None:
        return left is right
    return equal(left, right)


def _greater(left: Any, right: Any) -> bool:
    return less(right, left)


def _le(left: Any, right: Any) -> bool:
    return less(left, right) or equal(left, right)


def _ge(left: Any, right: Any) -> bool:
    return less(right, left) or equal(left, right)


def between(value: Any, low: Any, high: Any) -> bool | None:
    """`low <= value and value <= high` with SQL's `and`: one bound alone can make it false."""
    above = None if value is None or low is None else _le(low, value)
    below = None if value is None or high is None else _le(value, high)
    if above is False or below is False:
        return False
    return None if above is None or below is None else True


def _in(value: Any, items: tuple[Any, ...] | None) -> bool | None:
    """SQL's IN: a null among the items hides whether the value is one of them; of no items it is false."""
    if items is None:
        return None
    if not items:
        return False
    if value is None:
        return None
    if any(item is not None and equal(value, item) for item in items):
        return True
    return None if any(item is None for item in items) else False


def _not_in(value: Any, items: tuple[Any, ...] | None) -> bool | None:
    found = _in(value, items)
    return None if found is None else not found


def _total_in(value: Any, items: tuple[Any, ...] | None) -> bool:
    """Membership by eq (OData 4.01 Part 2, 5.1.1.1.11); a null collection has no members."""
    return any(equal_or_null(value, item) for item in items or ())


def _if_both(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """False if an operand is null (OData 4.01 Part 2, 5.1.1.1.3 gt and 5.1.1.1.5 lt)."""
    return lambda left, right: left is not None and right is not None and test(left, right)


def _or_equal(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """True if the test or eq is (5.1.1.1.4 ge and 5.1.1.1.6 le), hence `null ge null`."""
    both = _if_both(test)
    return lambda left, right: both(left, right) or equal_or_null(left, right)


def _greatest(first: Any, second: Any) -> Any:
    return second if less(first, second) else first


def _least(first: Any, second: Any) -> Any:
    return second if less(second, first) else first


def _has(value: Any, flags: Any) -> bool:
    """All the flags are set (OData 4.01 Part 2, 5.1.1.1.10); flags kept as text are names with commas."""
    if isinstance(value, str) and isinstance(flags, str):
        names = {name.strip() for name in value.split(",")}
        return all(name.strip() in names for name in flags.split(","))
    return bool(value & flags == flags)


COMPARISON: dict[str, Callable[..., Any]] = {
    "cmp.eq": equal,
    "cmp.ne": lambda left, right: not equal(left, right),
    "cmp.lt": less,
    "cmp.le": _le,
    "cmp.gt": _greater,
    "cmp.ge": _ge,
    "cmp.between": between,
    "cmp.in": _in,
    "cmp.not_in": _not_in,
    "total.eq": equal_or_null,
    "total.ne": lambda left, right: not equal_or_null(left, right),
    "total.lt": _if_both(less),
    "total.le": _or_equal(less),
    "total.gt": _if_both(_greater),
    "total.ge": _or_equal(_greater),
    "total.in": _total_in,
    "enum.has": _has,
    "math.greatest": _greatest,
    "math.least": _least,
}
