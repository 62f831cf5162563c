"""The rows a query runs over, and the ways between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from querykit.functions.python.comparison import equal
from querykit.schema.model import Entity, Property, Relation
from querykit.targets.evaluate.values import read
from querykit.types import ANY, Type

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
        return read(self.row.get(name), property.type, property.name)

    def column(self, name: str) -> Property:
        """The property of a column; a column that is not exposed can still link rows."""
        exposed = (item for item in self.entity.properties.values() if item.column == name)
        return next(exposed, Property(name, name, ANY))


class Data:
    """Lists of rows by entity name, or by table name: the tables between many-to-many sides have no other."""

    def __init__(self, lists: Mapping[str, Sequence[Row]]) -> None:
        self._lists = lists

    def all(self, entity: Entity) -> Iterable[Record]:
        """Every row of an entity; none where the caller gave none."""
        rows = self._lists.get(entity.name)
        return [Record(entity, row) for row in (self._lists.get(entity.table, ()) if rows is None else rows)]

    def related(self, record: Record, relation: Relation, target: Entity) -> Iterable[Record]:
        """The rows a relation leads to: those nested in the row under its name, else those its columns match."""
        nested = None if record.row is None else record.row.get(relation.name)
        if isinstance(nested, Mapping):
            return [Record(target, nested)]
        if isinstance(nested, list | tuple):
            return [Record(target, row) for row in nested]
        if relation.through is None:
            return [other for other in self.all(target) if _linked(record, other, relation.pairs)]
        through = relation.through
        between = Entity(through.table, through.table, {})
        links = [link for link in self.all(between) if _linked(record, link, through.local)]
        return [
            other for other in self.all(target) if any(_linked(link, other, through.remote) for link in links)
        ]


def _linked(left: Record, right: Record, pairs: tuple[tuple[str, str], ...]) -> bool:
    """Are the columns of all pairs equal? Null is equal to nothing, as in a join."""
    for here, there in pairs:
        known = (left.column(here), right.column(there))
        type = next((property.type for property in known if property.type != ANY), ANY)
        if not _equal(_link(left, known[0], type), _link(right, known[1], type)):
            return False
    return True


def _link(record: Record, property: Property, type: Type) -> Any:
    """The value of a link column, read as the type that either side states."""
    return record.value(property if property.type != ANY else Property(property.name, property.column, type))


def _equal(left: Any, right: Any) -> bool:
    return left is not None and right is not None and equal(left, right)
