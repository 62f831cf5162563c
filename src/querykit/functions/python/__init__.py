"""What every function of the catalog computes, in Python: the meaning that all targets are tested against.

One table per family, id -> callable on plain values; `call` adds what is the same for all: the null rule of
the catalog row, and null where a result is too large to be held.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from querykit.clock import Reading
from querykit.errors import NotExpressible, QueryError, TypeMismatch
from querykit.functions.catalog import CATALOG
from querykit.functions.custom import CustomFunction
from querykit.functions.python.aggregates import AGGREGATES
from querykit.functions.python.arithmetic import ARITHMETIC
from querykit.functions.python.comparison import COMPARISON
from querykit.functions.python.conversion import CONVERSION
from querykit.functions.python.dates import DATES
from querykit.functions.python.geo import GEO
from querykit.functions.python.lists import LISTS
from querykit.functions.python.logic import LOGIC
from querykit.functions.python.numbers import NUMBERS
from querykit.functions.python.periods import PERIODS
from querykit.functions.python.searching import SEARCHING
from querykit.functions.python.strings import STRINGS
from querykit.types import DATE, Type

__all__ = ["CLOCKED", "EVALUATION", "aggregate", "call", "custom", "moment"]

#: Id of the catalog, or one that an overload `becomes` or lowering brings in -> what computes it.
EVALUATION: dict[str, Callable[..., Any]] = {
    **LOGIC,
    **COMPARISON,
    **ARITHMETIC,
    **NUMBERS,
    **STRINGS,
    **DATES,
    **PERIODS,
    **CONVERSION,
    **LISTS,
    **GEO,
    **SEARCHING,
}

#: Ids that take the reading of the clock as a first argument of their own.
CLOCKED = frozenset(PERIODS)

_LOWERED = frozenset(
    {
        "null.is_not",
        "null.same",
        "null.same_columns",
        "null.differs",
        "bool.is_true",
        "bool.is_not_true",
        "cmp.not_in",
        "search.words",
    }
)  # operators of plans (`plan.nodes.Op`) that are not in the catalog

#: Ids that say themselves what null does to them; all others are null if an argument is.
_TAKE_NULL = _LOWERED | {row.id for row in CATALOG.values() if row.nulls != "strict"}


def call(fn: str, args: Sequence[Any], now: Reading) -> Any:
    """The value of an operation on values.

    Parameters
    ----------
    fn: an id of `EVALUATION`.
    args: Python values; null is None, date-times are naive and UTC, lists are tuples.
    now: the clock, as read for the request.

    Raises
    ------
    QueryError: there is no such function, the values do not go with it, or the result would be too large.

    >>> now = Reading(dt.datetime(2024, 1, 1))
    >>> call("math.mod", (-5, 3), now), call("str.length", (None,), now)
    (-2, None)
    """
    function = EVALUATION.get(fn)
    if function is None:
        raise NotExpressible(f"there is no evaluation of '{fn[:128]}'", code="unknown_function")
    if fn not in _TAKE_NULL and any(arg is None for arg in args):
        return None
    return _guarded(fn, function, (now, *args) if fn in CLOCKED else args)


def custom(function: CustomFunction, args: Sequence[Any]) -> Any:
    """The value of a function of the user on values, as `call` gives that of one of the catalog."""
    if function.python is None:
        raise NotExpressible(f"{function.name} has no Python", code="function")
    if function.nulls == "strict" and any(arg is None for arg in args):
        return None
    return _guarded(function.name, function.python, args)


def aggregate(function: str, values: Sequence[Any], key: Callable[[Any], Any]) -> Any:
    """The value of ``count sum avg min max`` over values that are not null; `key` orders them."""
    return _guarded(function, AGGREGATES[function], (values, key))


def _guarded(name: str, function: Callable[..., Any], args: Sequence[Any]) -> Any:
    """What a function gives; null where no type holds it, an error where it does not take the values."""
    try:
        return function(*args)
    except QueryError:
        raise
    except ArithmeticError:  # OverflowError among them
        return None
    except (
        TypeError,
        ValueError,
        AttributeError,
        LookupError,
    ) as error:  # columns of type ANY hold what they like
        kinds = ", ".join(type(arg).__name__ for arg in args[:8])
        raise TypeMismatch(f"'{name}' does not take these values: {kinds}", code="bad_value") from error


def moment(fn: str, type: Type, now: Reading) -> Any:
    """The value of a function without arguments, like `date.today`, as a date-time or, asked for one, a date.

    >>> moment("date.this_month", DATE, Reading(dt.datetime(2024, 2, 29, 12)))
    datetime.date(2024, 2, 1)
    """
    value = call(fn, (), now)
    return value.date() if type == DATE and isinstance(value, dt.datetime) else value
