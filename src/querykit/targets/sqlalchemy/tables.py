"""Tables without mapped classes into entities: relations come from foreign keys."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from querykit.schema.model import Entity, Property, Relation, Through
from querykit.targets.sqlalchemy.coltypes import column_type, stated_collation

__all__ = ["read_tables"]

#: `owner_id`, `OWNER_ID`, `ownerId`, `ownerID`; `SalesRepOid` of XPO. Not `paid`, not `SALESREPOID`.
_ID = re.compile(r"(?<=[A-Za-z0-9])_(?i:o?id)$|(?<=[a-z0-9])(?:Id|ID|Oid|OID)$")


def read_tables(metadata: sa.MetaData) -> list[Entity]:
    """The tables of a `MetaData`, as they are sorted there.

    A foreign key gives a relation to the row it refers to, named after its column without ``_id`` or ``Id``,
    and to the rows that refer, named after their table. Where a name is taken, or two keys lead to one table, it is
    `table_by_column`. A table of nothing but two foreign keys also makes a relation between the two tables.
    """
    tables = list(metadata.tables.values())
    names = _names(tables)
    relations: dict[sa.Table, dict[str, Relation]] = {table: {} for table in tables}
    keys = [(table, key) for table in tables for key in _foreign_keys(table) if key.referred_table in names]
    for table, key in keys:
        _add_forward(table, key, names, relations)
    for table, key in keys:
        _add_reverse(table, key, names, relations, several=_count(keys, table, key.referred_table) > 1)
    for table in tables:
        _add_between(table, names, relations)
    return [_entity(table, names[table], relations[table]) for table in tables]


def _names(tables: Iterable[sa.Table]) -> dict[sa.Table, str]:
    """Table names; with the schema in front where two are alike."""
    names: dict[sa.Table, str] = {}
    for table in tables:
        taken = table.name in names.values()
        names[table] = f"{table.schema}_{table.name}" if taken else table.name
    return names


def _foreign_keys(table: sa.Table) -> list[sa.ForeignKeyConstraint]:
    """In the order of their columns; the set that SQLAlchemy holds has none."""
    places = {column.name: index for index, column in enumerate(table.columns)}
    return sorted(table.foreign_key_constraints, key=lambda key: [places[name] for name in _columns(key)])


def _columns(key: sa.ForeignKeyConstraint) -> list[str]:
    return [element.parent.name for element in key.elements]


def _pairs(key: sa.ForeignKeyConstraint) -> tuple[tuple[str, str], ...]:
    return tuple((element.parent.name, element.column.name) for element in key.elements)


def _count(keys: list[tuple[sa.Table, sa.ForeignKeyConstraint]], table: sa.Table, referred: sa.Table) -> int:
    return sum(1 for other, key in keys if other is table and key.referred_table is referred)


def _stem(key: sa.ForeignKeyConstraint) -> str:
    """What the key is about: its column without the suffix, else the table it refers to."""
    columns = _columns(key)
    return _ID.sub("", columns[0]) if len(columns) == 1 else key.referred_table.name


def _add_forward(
    table: sa.Table,
    key: sa.ForeignKeyConstraint,
    names: dict[sa.Table, str],
    relations: dict[sa.Table, dict[str, Relation]],
) -> None:
    target = names[key.referred_table]
    name = _free(table, relations[table], [_stem(key), target, f"{target}_by_{'_'.join(_columns(key))}"])
    nullable = any(element.parent.nullable for element in key.elements)
    relations[table][name] = Relation(name, target, False, _pairs(key), nullable=nullable)


def _add_reverse(
    table: sa.Table,
    key: sa.ForeignKeyConstraint,
    names: dict[sa.Table, str],
    relations: dict[sa.Table, dict[str, Relation]],
    *,
    several: bool,
) -> None:
    target = key.referred_table
    plain, longer = names[table], f"{names[table]}_by_{_stem(key)}"
    name = _free(target, relations[target], [longer] if several else [plain, longer])
    pairs = tuple((there, here) for here, there in _pairs(key))
    relations[target][name] = Relation(name, names[table], True, pairs)


def _add_between(
    table: sa.Table, names: dict[sa.Table, str], relations: dict[sa.Table, dict[str, Relation]]
) -> None:
    """Many-to-many, if the table holds nothing but the keys of two rows."""
    keys = [key for key in _foreign_keys(table) if key.referred_table in names]
    linked = [column for key in keys for column in _columns(key)]
    if len(keys) != 2 or sorted(linked) != sorted(column.name for column in table.columns):
        return
    for here, there in (keys, keys[::-1]):
        owner, target = here.referred_table, names[there.referred_table]
        by_column, by_table = f"{target}_by_{_stem(there)}", f"{target}_by_{names[table]}"
        candidates = [by_column] if owner is there.referred_table else [target, by_table]
        name = _free(owner, relations[owner], candidates)
        local = tuple((outer, inner) for inner, outer in _pairs(here))
        through = Through(table.name, table.schema, local, _pairs(there), native=table)
        relations[owner][name] = Relation(name, target, True, (), through)


def _free(table: sa.Table, relations: dict[str, Relation], candidates: list[str]) -> str:
    """The first candidate that no column or relation of the table has; the last one numbered if need be."""
    taken = {*(column.name for column in table.columns), *relations}
    for name in candidates:
        if name not in taken:
            return name
    number = 2
    while f"{candidates[-1]}_{number}" in taken:
        number += 1
    return f"{candidates[-1]}_{number}"


def _entity(table: sa.Table, name: str, relations: dict[str, Relation]) -> Entity:
    return Entity(
        name=name,
        table=table.name,
        properties={column.name: _property(column) for column in table.columns},
        relations=relations,
        key=tuple(column.name for column in table.primary_key.columns),
        schema=table.schema,
        native=table,
    )


def _property(column: sa.Column[Any]) -> Property:
    return Property(
        name=column.name,
        column=column.name,
        type=column_type(column.type),
        nullable=bool(column.nullable),
        collation=stated_collation(column.type),
        native=column,
    )
