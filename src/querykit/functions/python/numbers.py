"""Functions of real numbers: powers, logarithms, angles. All give a float; outside their domain, null."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

from querykit.functions.python.arithmetic import fits, number

__all__ = ["NUMBERS"]


def _real(function: Callable[..., float]) -> Callable[..., Any]:
    """Null where the function has no value or too large a one: an engine gives an error, NULL or NaN."""

    def run(*args: Any) -> Any:
        try:
            operands = [float(number(arg)) for arg in args]
            return fits(function(*operands), *operands)
        except (ValueError, ArithmeticError):
            return None

    return run


NUMBERS: dict[str, Callable[..., Any]] = {
    "math.power": _real(
        math.pow
    ),  # in float, whatever the operands: 10 ** 10 ** 10 must not be computed exactly
    "math.sqrt": _real(math.sqrt),
    "math.exp": _real(math.exp),
    "math.log": _real(math.log),
    "math.log_base": _real(lambda value, base: math.log(value) / math.log(base)),
    "math.log10": _real(math.log10),
    "math.sin": _real(math.sin),
    "math.cos": _real(math.cos),
    "math.tan": _real(math.tan),
    "math.asin": _real(math.asin),
    "math.acos": _real(math.acos),
    "math.atan": _real(math.atan),
    "math.sinh": _real(math.sinh),
    "math.cosh": _real(math.cosh),
    "math.tanh": _real(math.tanh),
    "math.atan2": _real(math.atan2),
    "math.random": random.random,
}
