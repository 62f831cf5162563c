"""Calls of functions that every engine is asked about, and what the evaluator says of each.

Two sources: the rows of `tests/functions/*.txt`, whose values are written beside them, and every signature of the
catalog with values of `awkward.txt`, whose values the evaluator computes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from functions import function_rows
from querykit import types as t
from querykit.errors import QueryError
from querykit.functions.catalog import CATALOG
from querykit.functions.python import EVALUATION, call
from querykit.types import Type
from sql import compared, operations

__all__ = ["NO_FUNCTION", "Call", "calls", "literals_of", "values_of"]

#: So many calls of each signature, chosen by chance where there are more.
_MOST = 40
#: Rows of the catalog, or families of them, that are no function of values, and why.
NO_FUNCTION = {
    "list": "what a value is looked for in: an argument of cmp.in",
    "object": "no value of a column",
    "coll.": "no dialect has it",
    "geo.": "no dialect has it",
    "type.": "of the schema's types: the binder makes a cast or a truth of it",
    "search.": "of rows, with the properties that are searched",
    "math.random": "chance itself",
    "math.divby": "the binder makes math.div of it",
}
_NOT_ASKED = (*NO_FUNCTION, "agg.")
_COMPARING = ("cmp.", "total.", "enum.", "null.")
_GROWING = ("date.add_", "math.exp", "math.sinh", "math.cosh", "math.tanh", "math.power", "duration.")
_MEMBERSHIP = ("cmp.in", "cmp.not_in", "total.in")


class Call(NamedTuple):
    """A function, the types of its arguments (a list's items one by one), its arguments, and its value."""

    fn: str
    types: tuple[Type, ...]
    args: tuple[Any, ...]
    expected: Any

    def __str__(self) -> str:
        return f"{self.fn}{self.args!r}"

    @property
    def flat(self) -> tuple[Any, ...]:
        """The arguments, a list item by item."""
        return tuple(item for arg in self.args for item in (arg if isinstance(arg, tuple) else (arg,)))


@cache
def calls() -> tuple[Call, ...]:
    """Every call, without repetition."""
    found = {str(item): item for item in (*_generated(), *_written())}
    return tuple(found.values())


def values_of(kind: str) -> Sequence[Any]:
    return literals_of("awkward.txt")[kind]


@cache
def literals_of(table: str) -> dict[str, tuple[Any, ...]]:
    """Kind -> the values of a table of this folder."""
    lines = Path(__file__).with_name(table).read_text(encoding="utf-8").splitlines()
    rows = (line.partition(": ") for line in lines if line and not line.startswith("#"))
    return {
        kind: eval(f"({values},)", {"__builtins__": {}}, function_rows._NAMES) for kind, _, values in rows
    }


def _written() -> Iterator[Call]:
    """The rows of the tables, of scalars that the binder would let through."""
    rows = function_rows.load()
    for row in rows:
        flat = [item for arg in row.args for item in (arg if isinstance(arg, tuple) else (arg,))]
        if row.error is not None or row.fn.startswith(_NOT_ASKED):
            continue
        if not row.args and row.fn not in CATALOG:  # what lowering makes of periods
            continue
        if (
            any(isinstance(item, tuple | dict) for item in flat)
            or _mixed(row.fn, flat)
            or _listless(row.fn, row.args)
        ):
            continue
        nulls = iter(compared.null_types(row.fn, row.args, rows))
        types = tuple(_typed(row.fn, item, flat, nulls) for item in flat)
        yield Call(row.fn, types, row.args, row.expected)


def _listless(fn: str, args: Sequence[Any]) -> bool:
    return fn in _MEMBERSHIP and not isinstance(args[1], tuple)


def _mixed(fn: str, flat: Sequence[Any]) -> bool:
    """Texts compared with other things: the binder refuses them, or makes them values of the enumeration."""
    kinds = {type(item) for item in flat if item is not None}
    return fn.startswith(_COMPARING) and str in kinds and (len(kinds) > 1 or fn == "enum.has")


def _typed(fn: str, item: Any, others: Sequence[Any], nulls: Iterator[Type]) -> Type:
    """The type of an argument; of a null one, that of the value it is compared with or that other rows have."""
    if item is not None:
        return compared.type_of(item)
    known = next(nulls, t.ANY)
    if fn.startswith(_COMPARING) and all(other is None for other in others):
        return t.STRING
    beside = next((compared.type_of(other) for other in others if other is not None), t.ANY)
    return beside if beside != t.ANY and (known == t.ANY or fn.startswith(_COMPARING)) else known


def _generated() -> Iterator[Call]:
    """Every signature with awkward values."""
    for operation in operations.operations():
        if operation.fn.startswith(_NOT_ASKED) or operation.fn not in EVALUATION:
            continue
        if not operation.types or not _bindable(operation):
            continue
        for args in _chosen(str(operation), [values_of(type.kind) for type in operation.types]):
            if not _in_bounds(operation.fn, args):
                continue
            if operation.fn in _MEMBERSHIP:
                args = (args[0], args[1:])
            try:
                expected = call(operation.fn, args, function_rows.NOW)
            except QueryError:
                continue
            yield Call(operation.fn, operation.types, args, expected)


def _bindable(operation: operations.Operation) -> bool:
    """Do values of these types go together? A signature says less than the binder knows."""
    if not all(type.kind in literals_of("awkward.txt") for type in operation.types):
        return False
    alike = operation.types[1:] if operation.fn == "logic.case" else operation.types
    if operation.fn == "enum.has":
        return set(alike) == {t.INT}
    return len(set(alike)) == 1 or not operation.fn.startswith((*_COMPARING, "logic.case"))


def _in_bounds(fn: str, args: Sequence[Any]) -> bool:
    """Whether the result has a chance to be a value; what is too large is asked about by rows of the tables."""
    numbers = [arg for arg in args if isinstance(arg, int | float | Decimal) and not isinstance(arg, bool)]
    if fn == "enum.has":
        return all(number >= 0 for number in numbers)
    if fn == "math.mod":  # of binary fractions: which side of a whole quotient they lie on is chance
        return all(number * 4 == int(number * 4) for number in numbers)
    return not fn.startswith(_GROWING) or all(abs(number) <= 100 for number in numbers)


def _chosen(name: str, values: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """All combinations, or so many of them, the same each time."""
    every = list(product(*(items[:6] if len(values) > 3 else items for items in values)))
    return every if len(every) <= _MOST else random.Random(name).sample(every, _MOST)
