"""Every operation that a lowered plan can hold, with the kinds of its arguments."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from querykit import types as t
from querykit.functions.catalog import CATALOG
from querykit.functions.signature import Overload, Parameter
from querykit.types import Type

_CHOICES: dict[str, tuple[Type, ...]] = {
    "number": (t.INT, t.DECIMAL, t.FLOAT),
    "moment": (t.DATE, t.DATETIME),
    "any": (t.STRING, t.INT, t.DECIMAL, t.BOOL, t.DATETIME),
}
#: What lowering brings in (`plan.nodes.Op`), and the aggregates of `$apply`, VTQL and criteria.
_LOWERED: dict[str, tuple[tuple[Type, ...], ...]] = {
    "null.is_not": ((t.STRING,),),
    "null.same": ((t.STRING, t.STRING), (t.INT, t.INT)),
    "null.same_columns": ((t.STRING, t.STRING), (t.INT, t.INT)),
    "null.differs": ((t.STRING, t.STRING), (t.INT, t.INT)),
    "bool.is_true": ((t.BOOL,),),
    "bool.is_not_true": ((t.BOOL,),),
    "cmp.not_in": ((t.STRING, t.STRING, t.STRING), (t.STRING,)),
    "agg.count": ((), (t.INT,)),
    "agg.single": ((t.STRING,),),
    **{f"agg.{name}": ((t.INT,), (t.DECIMAL,), (t.FLOAT,)) for name in ("sum", "avg")},
    **{
        f"agg.{name}": ((t.INT,), (t.STRING,), (t.BOOL,), (t.DATETIME,), (t.GUID,)) for name in ("min", "max")
    },
}


class Operation(NamedTuple):
    fn: str
    types: tuple[Type, ...]

    def __str__(self) -> str:
        return f"{self.fn}({', '.join(type.kind for type in self.types)})"


def operations() -> list[Operation]:
    found: dict[Operation, None] = {}
    for row in CATALOG.values():
        if not row.overloads:
            found[Operation(row.id, (t.STRING,))] = None
        for overload in row.overloads:
            for types in _arguments(overload):
                found[Operation(overload.becomes or row.id, types)] = None
    for fn, signatures in _LOWERED.items():
        found |= {Operation(fn, types): None for types in signatures}
    return list(found)


def _arguments(overload: Overload) -> Iterator[tuple[Type, ...]]:
    counts = range(len(overload.params) - overload.optional, len(overload.params) + 1)
    for count in [*counts, len(overload.params) + 1] if overload.variadic else counts:
        params = overload.params[:count] + overload.params[-1:] * (count - len(overload.params))
        yield from (_resolved(choice) for choice in product(*map(_choices, params)))


def _choices(param: Parameter) -> tuple[Type | None, ...]:
    if isinstance(param, Type):
        return (param,)
    return _CHOICES.get(param, (None,))


def _resolved(choice: tuple[Type | None, ...]) -> tuple[Type, ...]:
    """None is `same`: the type of the first."""
    first = choice[0] if choice else None
    return tuple(type or first or t.ANY for type in choice)
