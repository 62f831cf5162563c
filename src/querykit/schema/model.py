"""What may be queried: entities, their properties and relations, and where the database keeps them.

Nothing outside a schema is reachable: names in a query are looked up here and nowhere else, and every
identifier of a statement comes from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from querykit.errors import UnknownName, suggest
from querykit.source import Span
from querykit.types import Type

if TYPE_CHECKING:
    from querykit.functions.custom import CustomFunction

__all__ = ["Entity", "Property", "Relation", "Schema", "SearchIndex", "Through"]


@dataclass(frozen=True, slots=True)
class Property:
    """A value of an entity.

    Parameters
    ----------
    name: in queries and results. A part of a complex value has the names of both: ``Home/City``.
    column: in the database.
    type: of the value.
    nullable: False lets the compiler leave out what only null would need.
    collation: ``"binary"`` (code points), ``"nocase"`` (ASCII letters compare alike), or None: not stated,
        compared as the database does; the evaluator then compares code points.
    searchable: `$search` looks for words in it.
    id_prefixes: the value is the number of a record that queries and results write as Vtiger does, prefix, `x`
        and number: `11x5`. Pairs of the prefix and the to-one relation to such records; with one prefix the
        relation may be empty, with several (owners: users and groups) the one that leads somewhere decides.
    parts: of each element, where the value is a list of complex values.
    computed: by `native`, an expression of the library that the schema was read with; there is no such column.
    visibility: ``"listed"``, or ``"named"``: a query without a projection does not return it, or ``"hidden"``:
        queries cannot name it at all; it is part of a key that is not exposed.
    native: the column object of the library that the schema was read with; opaque here.
    """

    name: str
    column: str
    type: Type
    nullable: bool = True
    collation: str | None = None
    searchable: bool = False
    id_prefixes: tuple[tuple[str, str], ...] = ()
    parts: tuple[Property, ...] = ()
    computed: bool = False
    visibility: str = "listed"
    native: Any = field(default=None, compare=False, repr=False)

    def __hash__(self) -> int:
        """Names tell properties apart; plans, which are full of them, are keys of caches."""
        return hash((self.name, self.column))


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
class SearchIndex:
    """A full-text index over the searchable properties of an entity, used by the database that has it.

    Parameters
    ----------
    kind: ``"fts5"``, a virtual table of SQLite, or ``"tsvector"``, a column of PostgreSQL.
    name: of the table, or of the column.
    link: for FTS5, the columns (of the entity, of the index) that hold the same; the entity's key and ``rowid``
        where it is empty.
    config: for PostgreSQL, the text search configuration that made the column.
    """

    kind: str
    name: str
    link: tuple[str, ...] = ()
    config: str = "simple"

    def __post_init__(self) -> None:
        if self.kind not in ("fts5", "tsvector"):
            raise ValueError(f"an index is 'fts5' or 'tsvector', not {self.kind!r}")
        if len(self.link) not in (0, 2):
            raise ValueError(f"a link is a pair of columns, not {self.link!r}")


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
    base: name of the entity that this one is derived from, where each object has a row under the same key.
    search_index: over the searchable properties; without one `$search` looks for parts of texts.
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
    base: str | None = None
    search_index: SearchIndex | None = None

    def __hash__(self) -> int:
        return hash((self.name, self.table, self.schema))

    def names(self) -> Iterable[str]:
        """All that queries may name."""
        seen = (name for name, item in self.properties.items() if item.visibility != "hidden")
        return (*seen, *self.relations)

    @property
    def named_key(self) -> tuple[str, ...]:
        """The key, where queries may name all of it."""
        hidden = any(self.properties[name].visibility == "hidden" for name in self.key)
        return () if hidden else self.key


class Schema:
    """The entities that queries may reach.

    Parameters
    ----------
    entities: the entities; names must be unique.
    functions: of the user, that queries may call.

    >>> from querykit.types import INT
    >>> account = Entity("Account", "accounts", {"id": Property("id", "id", INT, nullable=False)}, key=("id",))
    >>> Schema([account]).entity("accounts").name
    'Account'
    """

    __slots__ = ("_aliases", "entities", "functions")

    entities: Mapping[str, Entity]
    functions: tuple[CustomFunction, ...]

    def __init__(self, entities: Iterable[Entity], functions: Iterable[CustomFunction] = ()) -> None:
        self.entities = {}
        self.functions = tuple(functions)
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

    def with_functions(self, *functions: CustomFunction) -> Schema:
        """The same schema, and functions that queries over it may call besides.

        >>> from querykit import CustomFunction
        >>> Schema([]).with_functions(CustomFunction("CurrentUserId", {}, "int", python=lambda: 7)).functions[0].name
        'CurrentUserId'
        """
        return type(self)(self.entities.values(), (*self.functions, *functions))

    def functions_called(self, name: str) -> tuple[CustomFunction, ...]:
        """The user's functions of a name, in any letter case."""
        return tuple(item for item in self.functions if item.name.casefold() == name.casefold())

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

    def with_search(self, entity: object, *properties: str, index: SearchIndex | None = None) -> Schema:
        """The schema with an entity in which `$search` looks for words.

        Parameters
        ----------
        properties: where the words are looked for.
        index: the full-text index over these, used on the database that it is of.

        Raises
        ------
        UnknownName: there is no such entity or property.

        >>> schema = Schema.from_dict({"Account": {"properties": {"id": "int!", "name": "string"}}})
        >>> schema.with_search("Account", "name").entity("Account").properties["name"].searchable
        True
        """
        item = self.entity(entity)
        searched = {name: replace(_property(item, name), searchable=True) for name in properties}
        return self._with(replace(item, properties={**item.properties, **searched}, search_index=index))

    def with_ids(self, entity: object, property: str, prefix: str | Mapping[str, str]) -> Schema:
        """The schema with a property whose values are ids like `11x5`.

        Parameters
        ----------
        prefix: of all ids, ``"11"``; or several, each with the relation to its records: ``{"19": "user",
            "20": "group"}``.

        Raises
        ------
        UnknownName: there is no such entity, property or relation.
        """
        item = self.entity(entity)
        prefixes = ((prefix, ""),) if isinstance(prefix, str) else tuple(prefix.items())
        for _, relation in prefixes:
            if relation and relation not in item.relations:
                raise _unknown(item, relation)
        found = replace(_property(item, property), id_prefixes=prefixes)
        return self._with(replace(item, properties={**item.properties, property: found}))

    def expose(
        self,
        include: Iterable[str] | None = None,
        *,
        exclude: Iterable[str] = (),
        aliases: Mapping[str, str] = MappingProxyType({}),
    ) -> Schema:
        """The schema with less in it, under other names; for queries there is nothing else.

        Entities are called `Account`, properties and relations `Account.name`. Relations to entities that are
        left out go with them; columns that rows are linked or told apart by still are, unseen.

        Parameters
        ----------
        include: what is kept: entities with all that they have, or single properties and relations of them.
        exclude: what is left out of this.
        aliases: new names by present ones.

        Raises
        ------
        UnknownName: the schema does not have what is named.
        ValueError: a new name is taken; ids of a property are told apart by a relation that is left out.

        >>> schema = Schema.from_dict({"Account": {"properties": {"id": "int!", "rev": "decimal", "iban": "string"}}})
        >>> schema = schema.expose(exclude=["Account.iban"], aliases={"Account": "Customer", "Account.rev": "revenue"})
        >>> list(schema.entity("Customer").properties)
        ['id', 'revenue']
        """
        from querykit.schema.exposure import exposed

        return type(self)(exposed(self.entities, include, exclude, aliases), self.functions)

    def _with(self, item: Entity) -> Schema:
        return type(self)({**self.entities, item.name: item}.values(), self.functions)

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

    def to_csdl(self, namespace: str = "Default") -> str:
        """An OData `$metadata` document (CSDL XML 4.01) that `from_csdl` reads back as the same entities.

        What CSDL has no word for (columns, collations, what is searchable …) goes into annotations of the
        vocabulary `querykit`. Functions of the user are not in it; a computed value is a property like others.

        Raises
        ------
        ValueError: a name that CSDL does not allow.
        """
        from querykit.schema.csdl_writer import write_csdl

        return write_csdl(self.entities.values(), namespace)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Schema:
        """The schema written as plain data; see `querykit.schema.plain`.

        Raises
        ------
        ValueError: the data does not describe a schema.
        """
        from querykit.schema.plain import read_dict

        return cls(read_dict(data))


def _property(entity: Entity, name: str) -> Property:
    found = entity.properties.get(name)
    if found is None:
        raise _unknown(entity, name)
    return found


def _unknown(entity: Entity, name: str) -> UnknownName:
    return UnknownName(
        f"{entity.name} has no property '{name[:128]}'",
        code="unknown_property",
        hint=suggest(name, entity.names()),
    )
