"""Can the result of an operation be null?"""

from __future__ import annotations

from collections.abc import Sequence

from querykit.plan.nodes import Bound

__all__ = ["result_nullable"]

_UNITS = ("year", "month", "day", "hour", "minute", "second", "millisecond", "tick")

#: Strict operations that have no value for some arguments that are there: division by zero, the logarithm of
#: a negative number, text that is no number, a day that does not exist.
_PARTIAL = frozenset(
    {
        *(
            f"math.{name}"
            for name in ("div", "idiv", "mod", "sqrt", "log", "log10", "log_base", "power", "exp")
        ),
        *(f"math.{name}" for name in ("asin", "acos", "sinh", "cosh", "bigmul", "tan")),
        *(f"str.{name}" for name in ("substring", "ascii", "char", "remove", "insert", "indexof")),
        *(f"date.add_{unit}s" for unit in _UNITS),
        *(f"date.{name}" for name in ("plus", "minus", "plus_days", "minus_days", "difference")),
        *(f"date.{name}" for name in ("from_parts", "date_from_parts", "time_from_parts")),
        "duration.mul",
        "duration.div",
        "duration.add",
        "duration.sub",
        "cast.int",
        "cast.decimal",
        "cast.float",
        "type.cast",
    }
)


def result_nullable(fn: str, nulls: str, args: Sequence[Bound]) -> bool:
    """Whether the operation, whose catalog row has this null rule, can be null for these arguments."""
    if nulls == "total":
        return False
    if fn in _PARTIAL:
        return True
    if fn == "null.coalesce":
        return all(arg.nullable for arg in args)
    if fn == "logic.case":
        values = [*args[1::2], *(args[-1:] if len(args) % 2 else ())]
        return len(args) % 2 == 0 or any(value.nullable for value in values)
    return any(arg.nullable for arg in args)
