"""Looking up the table: operation, dialect and argument types -> shape."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from querykit.errors import LimitExceeded, NotExpressible
from querykit.functions.sql.dialects import dialect as find_dialect
from querykit.functions.sql.shape import Form, Row, Shape, Sql, filling
from querykit.types import Type

__all__ = ["WEIGHT_CEILING", "kind_of", "rows", "shape", "weight"]

#: Templates that use an argument twice double it at each level; a statement of more parts is refused.
WEIGHT_CEILING = 50_000


@cache
def rows() -> Mapping[tuple[str, int, str], Row]:
    """Every row by (id, arity, kind)."""
    from querykit.functions.sql import (
        aggregates,
        conversion,
        dates,
        differences,
        durations,
        logic,
        matching,
        numbers,
        searching,
        shifts,
        strings,
    )

    modules = (
        logic,
        numbers,
        matching,
        strings,
        dates,
        shifts,
        differences,
        durations,
        conversion,
        aggregates,
        searching,
    )
    return {(row.fn, row.arity, row.kind): row for module in modules for row in module.ROWS}


@lru_cache(maxsize=4096)
def shape(
    fn: str,
    dialect: str,
    arity: int,
    types: tuple[Type, ...],
    *,
    slots: frozenset[int] = frozenset(),
    collation: str | None = None,
) -> Shape:
    """How a dialect says an operation.

    Parameters
    ----------
    fn: an id of a lowered plan; a list in `cmp.in` and `cmp.not_in` counts item by item (`x, item, item …`).
    dialect: name or alias.
    arity: number of arguments.
    types: of the arguments; may be shorter than `arity` for long lists.
    slots: indexes of the arguments that are `Slot`s, which may be encoded.
    collation: of the column that is the first argument, as its `Property` states it.

    Raises
    ------
    NotExpressible: the dialect cannot say it.

    >>> from querykit.types import STRING
    >>> shape("str.contains", "sqlite", 2, (STRING, STRING)).template
    'INSTR({0}, {1}) > 0'
    """
    row = find_dialect(dialect)
    decisive = _values_of_case(types) if fn == "logic.case" else types
    found = _find(fn, arity, kind_of(decisive, collation))
    if found is not None:
        for form in found.forms(row.name):
            template, encodings = _expand(form, arity)
            if all(index in slots for index, _ in encodings):
                return Shape(
                    template,
                    _joiner(form, arity),
                    found.predicate,
                    found.conditions(arity) if found.conditions is not None else (),
                    encodings,
                )
        if found.forms(row.name):
            raise NotExpressible(
                f"{fn} on {row.name} needs a literal or parameter here",
                hint="compare with a value, not a column",
            )
    raise NotExpressible(f"{fn} is not available on {row.name}")


def kind_of(types: Sequence[Type], collation: str | None = None) -> str:
    """What a row's `kind` is compared with: the widest number or moment, or the first argument's kind.

    >>> from querykit.types import DATE, DATETIME, FLOAT, INT
    >>> kind_of((INT, FLOAT)), kind_of((DATE, DATETIME)), kind_of((DATE, FLOAT))
    ('float', 'date+datetime', 'date/fraction')
    """
    kinds = [type.kind for type in types]
    first = kinds[0] if kinds else ""
    if first in _MOMENTS and len(kinds) > 1 and kinds[1] in _MOMENTS and kinds[1] != first:
        return f"{first}+{kinds[1]}"
    if first in _MOMENTS:
        return f"{first}/fraction" if "decimal" in kinds or "float" in kinds else first
    if first in _NUMBERS:
        return max((kind for kind in kinds if kind in _NUMBERS), key=_NUMBERS.index)
    if first == "enum" and any(isinstance(stored, str) for _, stored in types[0].members):
        return "text_enum"
    return _COLLATED.get(collation or "", first) if first == "string" else first


def _values_of_case(types: Sequence[Type]) -> Sequence[Type]:
    """Without the type of the conditions, and of values that are null."""
    return [type for type in types if type.kind not in ("bool", "null")]


#: What texts of a column with a collation are; what has no row for them takes that of all texts.
_COLLATED = {"nocase": "nocase", "binary": "code_points"}
_NUMBERS = ("int", "decimal", "float")
_MOMENTS = ("date", "datetime")


def _find(fn: str, arity: int, kind: str) -> Row | None:
    table = rows()
    kinds = (kind, "string", "") if kind in _COLLATED.values() else (kind, "")
    for key in ((fn, n, k) for n in (arity, 0) for k in kinds):
        if key in table:
            return table[key]
    return None


_ALL = re.compile(r"\{(\d*)\*(.*?)\}")


def _expand(form: Form, arity: int) -> tuple[str, tuple[tuple[int, str], ...]]:
    encodings: tuple[tuple[int, str], ...] = ()
    if isinstance(form, Sql):
        form, encodings = form
    text = form if isinstance(form, str) else form(arity)
    return _ALL.sub(lambda m: m[2].join(f"{{{i}}}" for i in range(int(m[1] or 0), arity)), text), encodings


def _joiner(form: Form, arity: int) -> str:
    match = _ALL.fullmatch(form) if isinstance(form, str) else None
    return match[2] if match is not None and not match[1] else ""


def weight(shape: Shape, weights: Sequence[int]) -> int:
    """The size of a shape whose arguments have these sizes.

    Raises
    ------
    LimitExceeded: it is above `WEIGHT_CEILING`.
    """
    total = 1 + sum(weights if shape.joiner else [weights[index] for index in filling(shape).uses])
    if total > WEIGHT_CEILING:
        raise LimitExceeded("the statement would become too large", code="statement_size")
    return total
