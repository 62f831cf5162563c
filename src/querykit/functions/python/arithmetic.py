"""Arithmetic of numbers: operators, bits, rounding.

Promotion as OData 4.01 Part 2, 5.1.1.18: int < Decimal < float. A result that its type cannot hold (an
integer beyond 64 bits, a Decimal beyond 38 digits of exponent range, a float that overflows) is null: a
gateway must not lose a page of rows to one of them, and engines differ (SQLite changes the type,
PostgreSQL raises).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Any

__all__ = ["ARITHMETIC", "DECIMAL", "Number", "add", "divide", "fits", "integer_part", "number", "rounded"]

Number = int | Decimal | float

#: Only its flags ever change, and nobody reads them. No traps: what cannot be said is an infinity or NaN.
DECIMAL = Context(prec=38, rounding=ROUND_HALF_UP, Emin=-6143, Emax=6144, traps=[])


def number(value: Any) -> Number:
    """The value, if it is a number; bool counts as 0 or 1, as in databases without one."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | Decimal | float):
        return value
    raise TypeError(f"{type(value).__name__} is not a number")


def fits(result: Number, *operands: Number) -> Number | None:
    """The result, or null where its type cannot hold it; infinite operands calculate as IEEE 754 says."""
    if isinstance(result, int):
        return result if -(2**63) <= result < 2**63 else None
    if isinstance(result, Decimal):
        return result if result.is_finite() else None
    if math.isfinite(result) or any(isinstance(item, float) and not math.isfinite(item) for item in operands):
        return result
    return None


def integer_part(value: Number) -> int | None:
    """The value cut toward zero, or null where no 64-bit integer holds it."""
    if isinstance(value, Decimal | float) and not (math.isfinite(value) and -(2**64) < value < 2**64):
        return None  # before int(): a Decimal like 1E+6000 makes an integer of 6,000 digits
    return int(value) if -(2**63) <= int(value) < 2**63 else None


def _promoted(left: Any, right: Any) -> tuple[Any, Any]:
    left, right = number(left), number(right)
    if isinstance(left, float) or isinstance(right, float):
        return float(left), float(right)
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return Decimal(left), Decimal(right)
    return left, right


def _operator(
    exact: Callable[[Any, Any], Any], decimal: Callable[[Decimal, Decimal], Decimal]
) -> Callable[..., Number | None]:
    """A run of one left-associative operator: `exact` for int and float, `decimal` for Decimal."""

    def run(first: Any, *others: Any) -> Number | None:
        result: Number | None = number(first)
        for other in others:
            if result is None:
                return None
            left, right = _promoted(result, other)
            outcome: Any = (decimal if isinstance(left, Decimal) else exact)(left, right)
            result = None if outcome is None else fits(outcome, left, right)
        return result

    return run


# Division by zero. OData 4.01 Part 2, 5.1.1.2.4-6: `div` of a Double gives INF, -INF or NaN, any other `div`
# and every `mod` fails the request. Here all of them are null: SQLite gives NULL and cannot raise,
# PostgreSQL raises, MySQL gives NULL, and one row must not fail a page.


def _quotient(left: Any, right: Any) -> Any:
    if right == 0:
        return None
    return left / right if isinstance(left, float) else DECIMAL.divide(Decimal(left), Decimal(right))


def _truncated_quotient(left: int, right: int) -> int | None:
    """Toward zero (5.1.1.2.4), unlike Python's `//`."""
    if right == 0:
        return None
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _remainder(left: Any, right: Any) -> Any:
    """With the sign of the left operand (5.1.1.2.6), unlike Python's `%`."""
    if right == 0 or (isinstance(left, float) and math.isinf(left)):
        return None
    if isinstance(left, int):
        remainder = abs(left) % abs(right)
        return -remainder if left < 0 else remainder
    return math.fmod(left, right) if isinstance(left, float) else DECIMAL.remainder(left, right)


add = _operator(lambda left, right: left + right, DECIMAL.add)
divide = _operator(_quotient, _quotient)
_multiply = _operator(lambda left, right: left * right, DECIMAL.multiply)


def _negative(value: Any) -> Number | None:
    value = number(value)
    # Not `-value`: that would round a Decimal to the digits of the thread's context.
    return fits(value.copy_negate() if isinstance(value, Decimal) else -value, value)


def _magnitude(value: Any) -> Number | None:
    value = number(value)
    return fits(value.copy_abs() if isinstance(value, Decimal) else abs(value), value)


def _sign(value: Any) -> int | None:
    value = number(value)
    return None if math.isnan(value) else (value > 0) - (value < 0)


def rounded(value: Any, mode: str = ROUND_HALF_UP, digits: int = 0) -> Number | None:
    """To so many decimals, in the same type. `ROUND_HALF_UP` is half away from zero (5.1.1.9.1).

    A float is taken as it prints, so that 2.675 to two decimals is 2.68.
    """
    value = number(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return value
        return float(_rounded_decimal(Decimal(repr(value)), mode, digits)) + 0.0  # -0.0 becomes 0.0
    if isinstance(value, int) and digits >= 0:
        return value
    outcome = _rounded_decimal(Decimal(value), mode, digits)
    return fits(int(outcome)) if isinstance(value, int) else fits(outcome)


def _rounded_decimal(value: Decimal, mode: str, digits: int) -> Decimal:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent <= digits:
        return value
    context = Context(
        prec=max(38, len(value.as_tuple().digits) + 2), rounding=mode, Emin=-6143, Emax=6144, traps=[]
    )
    return context.add(value.quantize(Decimal(1).scaleb(-digits, context), context=context), Decimal(0))


def _round_to(value: Any, digits: int) -> Number | None:
    return rounded(value, ROUND_HALF_UP, max(-400, min(digits, 400)))


def _bits(combine: Callable[[int, int], int]) -> Callable[..., Number | None]:
    def run(first: int, *others: int) -> Number | None:
        for other in others:
            first = combine(first, other)
        return fits(int(first))

    return run


ARITHMETIC: dict[str, Callable[..., Any]] = {
    "math.add": add,
    "math.sub": _operator(lambda left, right: left - right, DECIMAL.subtract),
    "math.mul": _multiply,
    "math.bigmul": _multiply,
    "math.div": divide,
    "math.divby": divide,
    "math.idiv": _operator(_truncated_quotient, _quotient),
    "math.mod": _operator(_remainder, _remainder),
    "math.neg": _negative,
    "math.abs": _magnitude,
    "math.sign": _sign,
    "math.round": rounded,
    "math.round_to": _round_to,
    "math.floor": lambda value: rounded(value, ROUND_FLOOR),
    "math.ceiling": lambda value: rounded(value, ROUND_CEILING),
    "bit.and": _bits(lambda left, right: left & right),
    "bit.or": _bits(lambda left, right: left | right),
    "bit.xor": _bits(lambda left, right: left ^ right),
    "bit.not": lambda value: fits(~int(value)),
}
