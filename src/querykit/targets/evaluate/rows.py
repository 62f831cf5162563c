"""The rows a query runs over, and the ways between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from querykit.functions.python.comparison import equal
from querykit.schema.model import Entity, Property, Relation
from querykit.targets.evaluate.values import read
from querykit.types import ANY

__all__ = ["Data", "Record"]

#: A row as the caller gave it, keyed by property names; columns that are no property by their column name.
Row: TypeAlias = Mapping[str, Any]


class Record:
    """A row of an entity; without a row, what an outer join finds where there is none: all null."""

    __slots__ = ("entity", "row")

    def __init__(self, entity: Entity, row: Row | None) -> None:
        self.entity = entity
        self.row = row

    def value(self, property: Property) -> Any:
        if self.row is None:
            return None
        name = property.name if property.name in self.row else property.column
        value = self.row[name] if name in self.row else _inside(self.row, property.name)
        return read(value, property.type, property.name)


def _inside(row: Row, name: str) -> Any:
    """`Home/City` is in the complex value `Home`."""
    found: Any = row
    for step in name.split("/"):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


class Data:
    """Lists of rows by entity name, or by table name: the tables between many-to-many sides have no other."""

    def __init__(self, lists: Mapping[str, Sequence[Row]]) -> None:
        self._lists = lists

    def all(self, entity: Entity) -> Sequence[Record]:
        """Every row of an entity; none where the caller gave none."""
        rows = self._lists.get(entity.name)
        return [Record(entity, row) for row in (self._lists.get(entity.table, ()) if rows is None else rows)]

    def related(self, record: Record, relation: Relation, target: Entity) -> Sequence[Record]:
        """The rows a relation leads to: those nested in the row under its name, else those its columns match."""
        nested = None if record.row is None else _inside(record.row, relation.name)
        if isinstance(nested, Mapping):
            return [Record(target, nested)]
        if isinstance(nested, list | tuple):  # values that are no rows have no name either
            return [Record(target, item if isinstance(item, Mapping) else {"": item}) for item in nested]
        if relation.through is None and not relation.pairs:
            return []  # rows that lie in others only
        if relation.through is None:
            return _matching([record], self.all(target), relation.pairs)
        through = relation.through
        between = self.all(Entity(through.table, through.table, {}))
        links = _matching([record], between, through.local)
        return _matching(links, self.all(target), through.remote)


def _matching(
    sides: Sequence[Record], others: Sequence[Record], pairs: tuple[tuple[str, str], ...]
) -> Sequence[Record]:
    """Those of the others that some record on this side is linked with: the columns of all pairs are equal."""
    if not sides or not others:
        return []
    columns = [_columns(sides[0].entity, here, others[0].entity, there) for here, there in pairs]
    return [other for other in others if any(_linked(side, other, columns) for side in sides)]


def _columns(here: Entity, column: str, there: Entity, other: str) -> tuple[Property, Property]:
    """The properties of two linked columns; one that is not exposed is read as the type of the other side."""
    left, right = _property(here, column), _property(there, other)
    return (replace(left, type=right.type) if left.type == ANY else left), (
        replace(right, type=left.type) if right.type == ANY else right
    )


def _property(entity: Entity, column: str) -> Property:
    exposed = (item for item in entity.properties.values() if item.column == column)
    return next(exposed, Property(column, column, ANY))


def _linked(left: Record, right: Record, columns: Sequence[tuple[Property, Property]]) -> bool:
    """Null is equal to nothing, as in a join."""
    for here, there in columns:
        value, other = left.value(here), right.value(there)
        if value is None or other is None or not equal(value, other):
            return False
    return True
