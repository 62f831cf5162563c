"""Mapped classes, `MetaData` and databases into entities.

Of a class its column attributes and relationships are exposed, synonyms of these, composites, and what it computes
in SQL (hybrid properties, `column_property`). No association proxy, method or any other attribute can be named.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, RelationshipDirection, RelationshipProperty, registry
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ColumnElement
from sqlalchemy.sql.expression import FromClause

from querykit.schema.model import Entity, Property, Relation, Through
from querykit.targets.sqlalchemy.coltypes import column_type, stated_collation
from querykit.targets.sqlalchemy.computed import expressions
from querykit.targets.sqlalchemy.tables import read_tables

__all__ = ["read_sqlalchemy"]

_Columns = dict[sa.Column[Any], str]


def read_sqlalchemy(source: object) -> list[Entity]:
    """The entities of a declarative base, `registry`, mapped classes, `MetaData` or an `Engine` (reflected).

    A mapped class gives an entity of its name, with properties and relations named like its attributes; a
    relationship whose join condition is more than equal columns is left out. Synonyms, hybrids and the parts of
    composites (`home/city`) are returned only where a query names them. A table gives an entity of its name,
    with relations from its foreign keys.

    Raises
    ------
    TypeError: the source is none of these.
    """
    if isinstance(source, sa.Engine | sa.Connection):
        metadata = sa.MetaData()
        metadata.reflect(bind=source)
        return read_tables(metadata)
    if isinstance(source, sa.MetaData):
        return read_tables(source)
    mappers = sorted(
        _mappers(source), key=lambda mapper: (len(list(mapper.iterate_to_root())), mapper.class_.__name__)
    )
    if not mappers:
        raise TypeError(f"{source!r} holds no mapped class")
    sources = {mapper: _Source(mapper) for mapper in mappers}
    return [_entity(mapper, sources) for mapper in mappers]


def _mappers(source: object) -> list[Mapper[Any]]:
    if isinstance(source, registry):
        source.configure()
        return list(source.mappers)
    if isinstance(source, type):
        if isinstance(sa.inspect(source, raiseerr=False), Mapper):
            return _mappers([source])
        shared = getattr(source, "registry", None)
        if isinstance(shared, registry):
            return [item for item in _mappers(shared) if issubclass(item.class_, source)]
    elif isinstance(source, Iterable):
        inspected = [sa.inspect(item, raiseerr=False) for item in source]
        if all(isinstance(item, Mapper) for item in inspected):
            for item in inspected:
                item.registry.configure()
            return list(dict.fromkeys(inspected))
    known = "a declarative base, mapped classes, a MetaData or an Engine"
    raise TypeError(f"a schema is read from {known}, not from {source!r}")


class _Source:
    """What the rows of a mapped class are selected from, and the name each of its columns has there.

    A class that shares its table with others, or has its columns in several (table inheritance), is a
    statement of its own.
    """

    def __init__(self, mapper: Mapper[Any]) -> None:
        self.attributes: dict[str, sa.Column[Any]] = {
            item.key: item.columns[0]
            for item in mapper.column_attrs
            if isinstance(item.columns[0], sa.Column)
        }
        self.expressions = expressions(mapper)
        table = mapper.local_table
        inherits = mapper.inherits is not None and not mapper.concrete
        self.derived = inherits or not isinstance(table, sa.Table)
        self.table = table
        if self.derived:
            self.native: FromClause = _statement(mapper, {**self.attributes, **self.expressions})
            self.columns: _Columns = {
                column: item.key
                for item in mapper.column_attrs
                for column in item.columns
                if isinstance(column, sa.Column)
            }
        else:
            self.native = table
            self.columns = {column: column.name for column in table.columns if isinstance(column, sa.Column)}

    def properties(self) -> dict[str, Property]:
        """In the order of the table's columns: SQLAlchemy lists renamed attributes first."""
        places = {name: index for index, name in enumerate(self.native.columns.keys())}
        by_name = {column.name: column for column in self.native.columns}
        found: dict[str, Property] = {}
        for name, column in self.attributes.items():
            native = by_name[self.columns[column]]
            found[name] = Property(
                name=name,
                column=native.name,
                type=column_type(column.type),
                nullable=bool(column.nullable),
                collation=stated_collation(column.type),
                native=native,
            )
        listed = dict(sorted(found.items(), key=lambda item: places[item[1].native.key]))
        return listed | self._computed()

    def _computed(self) -> dict[str, Property]:
        """What the class computes; in a statement of its own they are columns."""
        found: dict[str, Property] = {}
        for name, expression in self.expressions.items():
            native = self.native.columns[name] if self.derived else expression
            column = name if self.derived else _free(name, self.columns.values())
            found[name] = Property(
                name,
                column,
                column_type(expression.type),
                computed=not self.derived,
                visibility="named",
                native=native,
            )
        return found


def _free(name: str, taken: Collection[str]) -> str:
    """A name that no column has."""
    while name in taken:
        name += "_"
    return name


def _statement(mapper: Mapper[Any], attributes: Mapping[str, ColumnElement[Any]]) -> FromClause:
    statement = sa.select(*(column.label(name) for name, column in attributes.items()))
    statement = statement.select_from(mapper.persist_selectable)
    if mapper.single and mapper.polymorphic_on is not None:
        identities = [item.polymorphic_identity for item in mapper.self_and_descendants]
        statement = statement.where(mapper.polymorphic_on.in_(identities))
    return statement.subquery(mapper.class_.__name__.lower())


def _entity(mapper: Mapper[Any], sources: dict[Mapper[Any], _Source]) -> Entity:
    source = sources[mapper]
    keys = {column: name for name, column in source.attributes.items()}
    found = [_relation(item, sources) for item in mapper.relationships]
    properties = source.properties()
    properties |= _parts(mapper, properties)
    relations = {item.name: item for item in found if item is not None}
    for item in mapper.synonyms:
        if item.name in properties:
            properties[item.key] = replace(properties[item.name], name=item.key, visibility="named")
        elif item.name in relations:
            relations[item.key] = replace(relations[item.name], name=item.key)
    return Entity(
        name=mapper.class_.__name__,
        table=str(getattr(source.table, "name", mapper.class_.__name__)),
        properties=properties,
        relations=relations,
        key=_key(mapper, source, keys),
        schema=getattr(source.table, "schema", None),
        native=source.native,
        origin=mapper.class_,
        derived=source.derived,
        base=_base(mapper, sources),
    )


def _parts(mapper: Mapper[Any], properties: Mapping[str, Property]) -> dict[str, Property]:
    """The columns of composites of data classes, as what they are in these: `home/city`."""
    found: dict[str, Property] = {}
    for composite in mapper.composites:
        class_ = composite.composite_class
        if not (isinstance(class_, type) and dataclasses.is_dataclass(class_)):
            continue
        for part, column in zip(dataclasses.fields(class_), composite.props, strict=False):
            if column.key in properties:
                name = f"{composite.key}/{part.name}"
                found[name] = replace(properties[column.key], name=name, visibility="named")
    return found


def _base(mapper: Mapper[Any], sources: dict[Mapper[Any], _Source]) -> str | None:
    """The nearest mapped class above; of a concrete one no object has a row there."""
    above = mapper
    while above.inherits is not None and not above.concrete:
        above = above.inherits
        if above in sources:
            return above.class_.__name__
    return None


def _key(mapper: Mapper[Any], source: _Source, keys: dict[sa.Column[Any], str]) -> tuple[str, ...]:
    """Attributes of the primary key; none where a part of it is not mapped."""
    names: list[str] = []
    for column in mapper.primary_key:
        attribute = mapper.get_property_by_column(column).key
        if attribute not in source.attributes:
            return ()
        names.append(attribute)
    return tuple(names)


def _relation(item: RelationshipProperty[Any], sources: dict[Mapper[Any], _Source]) -> Relation | None:
    here, there = sources[item.parent], sources.get(item.mapper)
    if there is None:
        return None
    if item.secondary is not None:
        return _through(item, here, there)
    pairs = _named(item.local_remote_pairs or (), here.columns, there.columns)
    if pairs is None or not _is_plain(item.primaryjoin, len(pairs)):
        return None
    many = bool(item.uselist)
    return Relation(item.key, item.mapper.class_.__name__, many, pairs, nullable=_may_lead_nowhere(item))


def _may_lead_nowhere(item: RelationshipProperty[Any]) -> bool:
    """Unless columns that are never null refer to the other side by a foreign key."""
    return item.direction is not RelationshipDirection.MANYTOONE or any(
        column.nullable or not column.foreign_keys for column in item.local_columns
    )


def _through(item: RelationshipProperty[Any], here: _Source, there: _Source) -> Relation | None:
    link = item.secondary
    if not isinstance(link, sa.Table) or item.secondaryjoin is None or not item.uselist:
        return None
    between = {column: column.name for column in link.columns}
    local = _named(item.synchronize_pairs, here.columns, between)
    remote = _named([(b, a) for a, b in item.secondary_synchronize_pairs or ()], between, there.columns)
    if local is None or remote is None:
        return None
    if not _is_plain(item.primaryjoin, len(local)) or not _is_plain(item.secondaryjoin, len(remote)):
        return None
    through = Through(link.name, link.schema, local, remote, native=link)
    return Relation(item.key, item.mapper.class_.__name__, True, (), through)


def _named(
    pairs: Sequence[tuple[Any, Any]], here: _Columns, there: _Columns
) -> tuple[tuple[str, str], ...] | None:
    """The pairs by name, or None where there are none or a column cannot be selected from its side."""
    named = [(here.get(left), there.get(right)) for left, right in pairs]
    found = tuple((left, right) for left, right in named if left is not None and right is not None)
    return found if found and len(found) == len(named) else None


def _is_plain(condition: ColumnElement[Any], pairs: int) -> bool:
    """Is the join condition just so many equalities of columns? Anything more would be lost in pairs."""
    parts = list(condition.clauses) if isinstance(condition, BooleanClauseList) else [condition]
    if isinstance(condition, BooleanClauseList) and condition.operator is not operators.and_:
        return False
    equal = [
        part
        for part in parts
        if isinstance(part, BinaryExpression)
        and part.operator is operators.eq
        and isinstance(part.left, sa.Column)
        and isinstance(part.right, sa.Column)
    ]
    return len(equal) == len(parts) == pairs
