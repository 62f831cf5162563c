"""The columns of a derived table, as they are found to be needed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from querykit.plan.nodes import Bound, Column, Output
from querykit.schema.model import Property
from querykit.types import Type

__all__ = ["Columns"]

#: A name that a column may have as it is; a text can name a value as it likes, and databases fold letters.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,29}", re.ASCII)


class Columns:
    """The columns that a derived table gets: those that are called there as they are here, then values.

    Parameters
    ----------
    stored: the properties of the entity inside, and their columns.
    """

    def __init__(self, stored: Iterable[tuple[Property, Column]] = ()) -> None:
        self.properties: dict[str, Property] = {}
        self._stored: dict[str, Property] = {}
        self._outputs: list[Output] = []
        self._taken: set[str] = set()
        for item, column in stored:
            self._stored[item.column] = item
            self._taken.add(item.column.casefold())
            self._outputs.append(Output(item.column, column))

    def add(self, name: str, value: Bound, type: tuple[Type, bool] | None = None) -> Property:
        """A column for a value, of a type and nullable or not: its own, or what is said."""
        plain = name if _PLAIN.fullmatch(name) else "value"
        free, number = plain, 1
        while free.casefold() in self._taken:
            number += 1
            free = f"{plain}_{number}"
        self._taken.add(free.casefold())
        found, nullable = type or (value.type, value.nullable)
        collation = value.property.collation if isinstance(value, Column) else None
        self.properties[free] = Property(free, free, found, nullable, collation)
        self._outputs.append(Output(free, value))
        return self.properties[free]

    def of(self, value: Bound) -> Property:
        """The column of a value without a name; one that is there already, where there is."""
        for output in self._outputs:
            if output.expr == value:
                return self.properties.get(output.name) or self._stored[output.name]
        return self.add("value", value)

    def outputs(self) -> list[Output]:
        """What the statement inside selects."""
        return self._outputs
