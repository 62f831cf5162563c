"""What a plan's tables are in a statement: the schema's own table objects, or ones made from its names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.expression import FromClause

from querykit.errors import NotExpressible
from querykit.schema.model import Entity, Property, Relation, Through
from querykit.targets.sqlalchemy.coltypes import value_type
from querykit.targets.sqlalchemy.computed import adapted

__all__ = ["Names", "Source", "equal_columns"]


class Source:
    """A table of the statement, and its columns by their names in the database."""

    def __init__(self, selectable: FromClause) -> None:
        self.selectable = selectable
        self._columns: Mapping[str, Any] = {column.name: column for column in selectable.columns}

    def property(self, item: Property) -> ColumnElement[Any]:
        if item.computed and item.column not in self._columns:
            return adapted(item.native, self.selectable)
        return self.column(item.column)

    def column(self, name: str) -> ColumnElement[Any]:
        column: ColumnElement[Any] | None = self._columns.get(name)
        if column is None:
            raise NotExpressible(f"the table has no column '{name[:128]}' in the schema", code="unlinked")
        return column


class Names:
    """The tables of one statement; a table that occurs again gets an alias."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def entity(self, entity: Entity) -> Source:
        """The table of an entity.

        Raises
        ------
        NotExpressible: it stands for the values of a list in a column.
        """
        native = entity.native
        if native is None and not entity.table:
            raise NotExpressible(
                f"'{entity.name}' is a list in a column, which each database keeps in a way of its own",
                code="list_column",
                hint="ask the evaluator, or make it a relation",
            )
        return self._source(native if isinstance(native, FromClause) else _table(entity))

    def through(self, through: Through) -> Source:
        native = through.native
        return self._source(native if isinstance(native, FromClause) else _link(through))

    def derived(self, statement: sa.Select[Any] | sa.CompoundSelect[Any], name: str) -> sa.Subquery:
        return statement.subquery(self._free(name))

    def _source(self, selectable: FromClause) -> Source:
        name = str(getattr(selectable, "name", "rows"))
        free = self._free(name)
        return Source(selectable if free == name else selectable.alias(free))

    def _free(self, name: str) -> str:
        """The name, or the first of `name_2`, `name_3` … that is not taken."""
        free, number = name, 1
        while free in self._taken:
            number += 1
            free = f"{name}_{number}"
        self._taken.add(free)
        return free


def _table(entity: Entity) -> FromClause:
    columns = {item.column: value_type(item.type) for item in entity.properties.values()}
    for relation in entity.relations.values():
        for name in _starts(relation):
            columns.setdefault(name, sa.types.NULLTYPE)
    if entity.search_index is not None and entity.search_index.kind == "tsvector":
        columns.setdefault(entity.search_index.name, sa.types.NULLTYPE)
    return sa.table(
        entity.table, *(sa.column(name, type) for name, type in columns.items()), schema=entity.schema
    )


def _starts(relation: Relation) -> Sequence[str]:
    pairs = relation.pairs if relation.through is None else relation.through.local
    return [here for here, _ in pairs]


def _link(through: Through) -> FromClause:
    names = dict.fromkeys([there for _, there in through.local] + [here for here, _ in through.remote])
    return sa.table(through.table, *(sa.column(name) for name in names), schema=through.schema)


def equal_columns(pairs: Sequence[tuple[str, str]], here: Source, there: Source) -> ColumnElement[bool]:
    """The condition that links two tables."""
    if not pairs:
        raise NotExpressible(
            "the schema does not say by which columns the relation is linked", code="unlinked"
        )
    return sa.and_(*(here.column(left) == there.column(right) for left, right in pairs))
