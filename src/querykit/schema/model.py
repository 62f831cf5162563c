"""What may be queried: entities, their properties and relations, and where the database keeps them.

Nothing outside a schema is reachable: names in a query are looked up here and nowhere else, and every
identifier of a statement comes from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from querykit.errors import UnknownName, suggest
from querykit.source import Span
from querykit.types import Type

__all__ = ["Entity", "Property", "Relation", "Schema", "Through"]


@dataclass(frozen=True, slots=True)
class Property:
    """A value of an entity.

    Parameters
    ----------
    name: in queries and results.
    column: in the database.
    type: of the value.
    nullable: False lets the compiler leave out what only null would need.
    collation: ``"binary"`` (code points), ``"nocase"`` (ASCII letters compare alike), or None: not stated,
        compared as the database does; the evaluator then compares code points.
    searchable: `$search` looks for words in it.
    native: the column object of the library that the schema was read with; opaque here.
    """

    name: str
    column: str
    type: Type
    nullable: bool = True
    collation: str | None = None
    searchable: bool = False
    native: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Through:
    """The table between the two sides of a many-to-many relation; pairs of column names (outer, here)."""

    table: str
    schema: str | None
    local: tuple[tuple[str, str], ...]
    remote: tuple[tuple[str, str], ...]
    native: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Relation:
    """A way from an entity to related rows.

    Parameters
    ----------
    name: in queries and results.
    target: name of the entity it leads to.
    many: a collection; False: at most one row.
    pairs: column names (here, there) that are equal; empty where there is a table between.
    through: the table between, for many-to-many.
    nullable: a to-one relation may lead nowhere.
    """

    name: str
    target: str
    many: bool
    pairs: tuple[tuple[str, str], ...]
    through: Through | None = None
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Entity:
    """A kind of row.

    Parameters
    ----------
    name: in queries.
    table: in the database; `schema` is the database schema it lies in, or None.
    properties, relations: by name; in the order in which a query without a projection returns them.
    key: names of the properties that identify a row; empty where nothing does.
    native: the table object of the library that the schema was read with; opaque here.
    origin: the class that is mapped to the table, where there is one.
    derived: the rows are those of a statement of the native library (a class with table inheritance), not of
        the table: only a target that uses `native` can reach them.
    """

    name: str
    table: str
    properties: Mapping[str, Property]
    relations: Mapping[str, Relation] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    schema: str | None = None
    native: Any = field(default=None, compare=False, repr=False)
    origin: type | None = field(default=None, compare=False, repr=False)
    derived: bool = False

    def __hash__(self) -> int:
        return hash((self.name, self.table, self.schema))

    def names(self) -> Iterable[str]:
        return (*self.properties, *self.relations)


class Schema:
    """The entities that queries may reach.

    Parameters
    ----------
    entities: the entities; names must be unique.

    >>> from querykit.types import INT
    >>> account = Entity("Account", "accounts", {"id": Property("id", "id", INT, nullable=False)}, key=("id",))
    >>> Schema([account]).entity("accounts").name
    'Account'
    """

    __slots__ = ("_aliases", "entities")

    entities: Mapping[str, Entity]

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.entities = {}
        self._aliases: dict[str, str] = {}
        for item in entities:
            if item.name in self.entities:
                raise ValueError(f"two entities are called {item.name!r}")
            self.entities[item.name] = item
        for item in self.entities.values():
            if item.table not in self.entities:
                self._aliases.setdefault(item.table, item.name)

    def entity(self, name: object, span: Span | None = None) -> Entity:
        """The entity of a name, a table name, or a mapped class or table object.

        Raises
        ------
        UnknownName: there is none.
        """
        if not isinstance(name, str):
            return self._native(name)
        found = self.entities.get(name) or self.entities.get(self._aliases.get(name, ""))
        if found is None:
            raise UnknownName(
                f"there is no entity '{name[:128]}'",
                code="unknown_entity",
                span=span,
                hint=suggest(name, self.entities),
            )
        return found

    def _native(self, item: object) -> Entity:
        for candidate in self.entities.values():
            if candidate.origin is not None and candidate.origin is item:
                return candidate
        table = getattr(item, "__table__", item)
        for candidate in self.entities.values():
            # A class that shares the table of another (inheritance) must not be taken for that one.
            shared = isinstance(item, type) and candidate.origin is not None
            if candidate.native is not None and candidate.native is table and not shared:
                return candidate
        raise UnknownName(f"{item!r} is not in the schema", code="unknown_entity")

    @classmethod
    def from_sqlalchemy(cls, source: object) -> Schema:
        """The schema of a declarative base, a list of mapped classes, a `MetaData`, or an `Engine` (reflected).

        Entities are named after the mapped class, else after the table; relations after `relationship()`
        attributes, else after foreign keys.
        """
        from querykit.targets.sqlalchemy.schema import read_sqlalchemy

        return cls(read_sqlalchemy(source))

    @classmethod
    def from_csdl(cls, text: str) -> Schema:
        """The schema of an OData `$metadata` document (CSDL XML, 4.0 or 4.01).

        Raises
        ------
        ValueError: the text is not a CSDL document.
        """
        from querykit.schema.csdl import read_csdl

        return cls(read_csdl(text))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Schema:
        """The schema written as plain data; see `querykit.schema.plain`.

        Raises
        ------
        ValueError: the data does not describe a schema.
        """
        from querykit.schema.plain import read_dict

        return cls(read_dict(data))
