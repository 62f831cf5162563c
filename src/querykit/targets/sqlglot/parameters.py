"""Placeholders: what they are called, how a driver wants them written, what values they take."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from querykit.errors import LimitExceeded
from querykit.functions.sql import Dialect, encoder
from querykit.functions.sql.shifts import FURTHEST
from querykit.plan.nodes import Slot

__all__ = ["Bind", "CompiledSql", "Parameters"]


class Bind(NamedTuple):
    """A placeholder of a statement.

    Parameters
    ----------
    name: of the placeholder.
    index: of the slot whose value it takes.
    sent: makes of the value what is sent.
    """

    name: str
    index: int  # type: ignore[assignment]  # hides tuple.index
    sent: Callable[[Any], Any]


class CompiledSql(NamedTuple):
    """SQL text, and what its placeholders take; where they have no names, once for each of them, in order."""

    text: str
    binds: tuple[Bind, ...]
    dialect: str

    def params(self, values: Sequence[Any]) -> dict[str, Any]:
        """The values of the placeholders for the driver, given the values of all slots.

        Raises
        ------
        QueryError: the dialect cannot take a value.
        """
        return {name: sent(values[index]) for name, index, sent in self.binds}


#: What stands for a placeholder until the text is printed: no identifier and no template has a NUL.
_MARK = re.compile("\0([0-9]+)\0")


@lru_cache(maxsize=1024)
def _name(index: int, forms: int) -> str:
    """The name of a placeholder; the same object in all statements, of which thousands may be kept."""
    return f"p{index}_{forms + 1}" if forms else f"p{index}"


class Parameters:
    """The placeholders of one statement: one for each slot and way of sending its value."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._binds: list[Bind] = []
        self._types: list[str] = []
        self._numbers: dict[tuple[Slot, str], int] = {}
        self._forms: dict[int, int] = {}

    def mark(self, slot: Slot, encoding: str = "") -> str:
        """What stands for the placeholder of a slot until the statement is complete."""
        key = (slot, encoding)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._binds)
            sent = encoder(slot.type, self._dialect.name, encoding, slot.like)
            self._binds.append(Bind(self._name(slot), slot.index, sent))
            self._types.append(_clickhouse_type(slot, encoding))
        return f"\0{number}\0"

    def _name(self, slot: Slot) -> str:
        forms = self._forms.get(slot.index, 0)
        self._forms[slot.index] = forms + 1
        return _name(slot.index, forms)

    def written(self, text: str) -> CompiledSql:
        """The statement with its placeholders as the driver writes them.

        Raises
        ------
        LimitExceeded: there are more than the database takes.
        """
        parts = _MARK.split(text)
        numbers = [int(part) for part in parts[1::2]]
        binds = self._positional(numbers) if self._dialect.bind == "?" else self._named(numbers)
        if len(binds) > self._dialect.binds:
            raise LimitExceeded(
                f"{self._dialect.name} takes at most {self._dialect.binds:,} values in a statement",
                code="too_many_values",
            )
        doubled = self._dialect.bind.startswith("%")  # a percent sign of the text is written twice
        parts[::2] = [part.replace("%", "%%") if doubled else part for part in parts[::2]]
        parts[1::2] = [
            self._dialect.bind.format(self._binds[number].name, self._types[number]) for number in numbers
        ]
        return CompiledSql("".join(parts), binds, self._dialect.name)

    def _named(self, numbers: Sequence[int]) -> tuple[Bind, ...]:
        return tuple(self._binds[number] for number in dict.fromkeys(numbers))

    def _positional(self, numbers: Sequence[int]) -> tuple[Bind, ...]:
        return tuple(
            self._binds[number]._replace(name=_name(place, 0)) for place, number in enumerate(numbers)
        )


_CLICKHOUSE = {
    "bool": "Bool",
    "int": "Int64",
    "decimal": "Decimal(76, 20)",
    "float": "Float64",
    "date": "Date32",
    "datetime": "DateTime64(6)",
    "guid": "UUID",
}
_NUMERIC_ENCODINGS = frozenset(
    {
        *("position", "count", "width", "places", "whole", "microseconds", "milliseconds", "seconds"),
        *(f"{word}_{unit}" for unit in FURTHEST for word in ("amount", "cut")),
    }
)


def _clickhouse_type(slot: Slot, encoding: str) -> str:
    """ClickHouse wants the type beside the name."""
    if encoding:
        return "Nullable(Int64)" if encoding in _NUMERIC_ENCODINGS else "Nullable(String)"
    if slot.type.kind == "enum" and any(isinstance(stored, int) for _, stored in slot.type.members):
        return "Int64"
    return _CLICKHOUSE.get(slot.type.kind, "String")
