"""OData `$metadata` documents (CSDL XML 4.0 and 4.01) into entities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from querykit import types as t
from querykit.schema.csdl_navigation import Navigation
from querykit.schema.csdl_xml import below, item_type, local, parsed, required, said, said_list, shown
from querykit.schema.model import Entity, Property, SearchIndex
from querykit.types import Type

__all__ = ["read_csdl"]

#: CSDL 4.01, 3.3 Primitive Types. Edm.Stream is left out: a value that has an address of its own.
_PRIMITIVES = {
    "Binary": t.BINARY,
    "Boolean": t.BOOL,
    "Byte": t.INT,
    "Date": t.DATE,
    "DateTimeOffset": t.DATETIME,
    "Decimal": t.DECIMAL,
    "Double": t.FLOAT,
    "Duration": t.DURATION,
    "Guid": t.GUID,
    "Int16": t.INT,
    "Int32": t.INT,
    "Int64": t.INT,
    "SByte": t.INT,
    "Single": t.FLOAT,
    "String": t.STRING,
    "TimeOfDay": t.TIME,
}

#: Complex values are taken apart into so many properties and no more: types that hold others twice, which hold
#: others twice, grow without bound.
_CEILING = 100_000


def read_csdl(text: str) -> list[Entity]:
    """The entity types of a document.

    An entity is named after its type (with the end of its namespace, where another namespace has a type of that
    name) and its table after its entity set. Abstract types without an entity set
    are left out; what they declare is in the types derived from them. Columns are named after properties; what is
    in a complex value is a property `Home/City` in the column `Home_City`, as Entity Framework keeps it. A
    navigation property whose columns are neither stated nor guessed by name has no pairs.

    Raises
    ------
    ValueError: the text is not a CSDL document.

    >>> (account,) = read_csdl('''
    ...     <edmx:Edmx Version="4.0"><edmx:DataServices><Schema Namespace="Crm"><EntityType Name="account">
    ...       <Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid" Nullable="false"/>
    ...     </EntityType></Schema></edmx:DataServices></edmx:Edmx>''')
    >>> account.key, str(account.properties["id"].type)
    (('id',), 'guid')
    """
    root = parsed(text)
    if local(root) != "Edmx":
        raise ValueError(f"not a CSDL document: the root element is <{shown(root.tag)}>, not <edmx:Edmx>")
    version = root.get("Version", "")
    if not version.startswith("4"):
        raise ValueError(f"only CSDL 4.0 and 4.01 can be read, this document is version {version[:20]!r}")
    return _Document(root).entities()


class _Place(NamedTuple):
    """Where a property stands: what its name and column begin with, and the complex types that it is in."""

    prefix: str
    column: str
    nullable: bool
    types: frozenset[str]


_TOP = _Place("", "", False, frozenset())
#: In an element of a list names begin anew.
_ELEMENT: dict[str, Any] = {"prefix": "", "column": "", "nullable": False}


class _Document:
    """The declarations of a document by their qualified names."""

    def __init__(self, root: Element) -> None:
        self._namespaces: set[str] = set()
        self._aliases: dict[str, str] = {}
        self._declared: dict[str, dict[str, Element]] = {
            kind: {} for kind in ("EntityType", "EnumType", "ComplexType", "TypeDefinition")
        }
        self._sets: dict[str, str] = {}
        self._count = 0
        schemas = [schema for services in below(root, "DataServices") for schema in below(services, "Schema")]
        if not schemas:
            raise ValueError("not a CSDL document: there is no <Schema> in <edmx:DataServices>")
        for schema in schemas:
            self._declare(schema)
        for schema in schemas:
            self._read_sets(schema)
        self._chains = {name: self._chain(name) for name in self._declared["EntityType"]}

    def _declare(self, schema: Element) -> None:
        namespace = required(schema, "Namespace", "the document")
        self._namespaces.add(namespace)
        if schema.get("Alias"):
            self._aliases[schema.get("Alias", "")] = namespace
        for kind, declared in self._declared.items():
            for element in below(schema, kind):
                name = f"{namespace}.{required(element, 'Name', f'schema {namespace!r}')}"
                if name in declared:
                    raise ValueError(f"{kind} {shown(name)!r} is declared twice")
                declared[name] = element

    def _read_sets(self, schema: Element) -> None:
        """Entity set of each type; the first one where there are several."""
        for container in below(schema, "EntityContainer"):
            for element in below(container, "EntitySet"):
                name = required(element, "Name", "the entity container")
                target = self._resolved(required(element, "EntityType", f"entity set {name!r}"))
                if target not in self._declared["EntityType"]:
                    raise ValueError(f"entity set {shown(name)!r} is of the unknown type {shown(target)!r}")
                self._sets.setdefault(target, name)

    def _resolved(self, name: str) -> str:
        """A qualified name with the namespace in place of its alias (CSDL 4.01, 15.2)."""
        prefix, dot, simple = name.strip().rpartition(".")
        return f"{self._aliases.get(prefix, prefix)}{dot}{simple}"

    def _chain(self, name: str) -> list[Element]:
        """The declarations of a type, the most basic first."""
        chain: list[Element] = []
        seen: set[str] = set()
        while name:
            if name in seen:
                raise ValueError(f"entity type {shown(name)!r} is derived from itself")
            seen.add(name)
            element = self._declared["EntityType"].get(name)
            if element is None:
                if chain and self._is_foreign(name):
                    break
                raise ValueError(f"the base type {shown(name)!r} is not declared")
            chain.insert(0, element)
            name = self._resolved(element.get("BaseType", ""))
        return chain

    def _is_foreign(self, name: str) -> bool:
        """Is the name of a namespace that another document declares?"""
        return name.rpartition(".")[0] not in self._namespaces

    def entities(self) -> list[Entity]:
        kept = self._names()
        found: dict[str, Entity] = {}
        for name in kept:
            properties = self._properties(name)
            element = self._declared["EntityType"][name]
            found[name] = Entity(
                name=kept[name],
                table=said(element, "Table") or self._sets.get(name, kept[name]),
                properties=properties,
                key=self._key(name, properties),
                schema=said(element, "Schema"),
                base=said(element, "Base") or self._base(name, kept),
                search_index=_search_index(element),
            )
        navigation = Navigation(self, found)
        return [replace(item, relations=navigation.relations(name)) for name, item in found.items()]

    def _names(self) -> dict[str, str]:
        """What the entity types with rows are called, in the order of the document.

        Types of one name in several namespaces are told apart by as much of the namespace as it takes:
        `security_alert`. The plain name goes to the first one with an entity set, else to the first one.
        """
        kept = [
            name
            for name, element in self._declared["EntityType"].items()
            if name in self._sets or element.get("Abstract", "").lower() != "true"
        ]
        taken: dict[str, str] = {}
        for name in sorted(kept, key=lambda name: name not in self._sets):
            parts = name.split(".")
            names = ["_".join(parts[start:]) for start in range(len(parts) - 1, -1, -1)]
            taken.setdefault(next((short for short in names if short not in taken), name), name)
        named = {name: short for short, name in taken.items()}
        return {name: named[name] for name in kept}

    def _base(self, name: str, kept: Mapping[str, str]) -> str | None:
        """The nearest type that it is derived from and that has rows (CSDL 4.01, 6.2)."""
        for element in reversed(self._chains[name][:-1]):
            for known, declared in self._declared["EntityType"].items():
                if declared is element and known in kept:
                    return kept[known]
        return None

    def members(self, name: str, kind: str) -> Iterator[Element]:
        for element in self._chains[name]:
            yield from below(element, kind)

    def is_entity(self, name: str) -> bool:
        return name in self._declared["EntityType"]

    def derives(self, name: str, base: str) -> bool:
        """Is the type the other one, or derived from it?"""
        return self._declared["EntityType"].get(base) in self._chains[name]

    def target(self, element: Element, where: str) -> tuple[str, bool]:
        """Qualified name of the type that a navigation property leads to, and whether to a collection."""
        name, many = item_type(required(element, "Type", where))
        target = self._resolved(name)
        if not self.is_entity(target) and not self._is_foreign(target):
            raise ValueError(f"{where} is of the unknown type {shown(target)!r}")
        return target, many

    def _properties(self, name: str) -> dict[str, Property]:
        properties: dict[str, Property] = {}
        where = f"entity type {shown(name)!r}"
        for element in self.members(name, "Property"):
            for item in self._property(element, where, _TOP):
                properties[item.name] = item
        return properties

    def _property(self, element: Element, owner: str, place: _Place) -> Iterator[Property]:
        """A property; of a complex value those in it."""
        label = required(element, "Name", owner)
        where = f"property {shown(label)!r} of {owner}"
        declared = element.get("Type", "Edm.String")
        if declared == "Edm.Stream":
            return
        name, many = item_type(declared)
        name = self._underlying(self._resolved(name))
        # CSDL 4.01, 7.2.1: without Nullable a single value may be null, a collection never is.
        stated = (said(element, "Nullable") or "false") if many else element.get("Nullable", "true")
        inner = _Place(
            place.prefix + label,
            said(element, "Column") or "_".join(filter(None, (place.column, label))),
            place.nullable or stated.lower() != "false",
            place.types | {name},
        )
        parts = (
            () if name in place.types else self._parts(name, inner._replace(**_ELEMENT) if many else inner)
        )
        if parts and not many:
            yield from parts
            return
        self._count += 1
        if self._count > _CEILING:
            raise ValueError(f"the document describes more than {_CEILING} properties")
        type = t.collection(t.ANY) if parts else self._type(declared, where)
        yield _said_of(element, Property(inner.prefix, inner.column, type, inner.nullable, parts=parts))

    def _parts(self, name: str, place: _Place) -> tuple[Property, ...]:
        """The properties of a complex type, and of those it is derived from, as parts of a value."""
        chain: list[Element] = []
        type: str | None = name
        while type in self._declared["ComplexType"] and self._declared["ComplexType"][type] not in chain:
            chain.insert(0, self._declared["ComplexType"][type])
            type = self._resolved(chain[0].get("BaseType", ""))
        inner = place._replace(prefix=f"{place.prefix}/" if place.prefix else "")
        where = f"complex type {shown(name)!r}"
        return tuple(
            part
            for element in chain
            for item in below(element, "Property")
            for part in self._property(item, where, inner)
        )

    def _key(self, name: str, properties: dict[str, Property]) -> tuple[str, ...]:
        for element in reversed(self._chains[name]):
            for key in below(element, "Key"):
                where = f"the key of {shown(name)!r}"
                names = [required(part, "Name", where) for part in below(key, "PropertyRef")]
                missing = [part for part in names if part not in properties]
                # A path through what is not known: no key beats a part of one.
                if any("/" in part for part in missing):
                    return ()
                if missing:
                    raise ValueError(f"{where} names {shown(missing[0])!r}, which is no property")
                return tuple(names)
        return ()

    def _type(self, declared: str, where: str) -> Type:
        name, many = item_type(declared)
        item = self._item(self._underlying(self._resolved(name)), where)
        return t.collection(item) if many else item

    def _underlying(self, name: str) -> str:
        """What a type definition is a name for."""
        for _ in range(len(self._declared["TypeDefinition"]) + 1):
            if name not in self._declared["TypeDefinition"]:
                break
            underlying = self._declared["TypeDefinition"][name].get("UnderlyingType", "Edm.Untyped")
            name = self._resolved(underlying)
        return name

    def _item(self, name: str, where: str) -> Type:
        prefix, _, simple = name.rpartition(".")
        if prefix == "Edm":
            return _primitive(simple, where)
        if name in self._declared["EnumType"]:
            element = self._declared["EnumType"][name]
            return t.enumeration(said(element, "Name") or simple, _enum_members(element, name))
        if name in self._declared["ComplexType"] or self.is_entity(name) or self._is_foreign(name):
            return t.ANY
        raise ValueError(f"{where} is of the unknown type {shown(name)!r}")


def _said_of(element: Element, item: Property) -> Property:
    """The property with what annotations say of it."""
    prefixes = said_list(element, "IdPrefixes") or []
    return replace(
        item,
        collation=said(element, "Collation"),
        searchable=said(element, "Searchable") == "true",
        id_prefixes=tuple(zip(prefixes[::2], prefixes[1::2], strict=False)),
        visibility=said(element, "Visibility") or "listed",
    )


def _search_index(element: Element) -> SearchIndex | None:
    found = said_list(element, "SearchIndex")
    if found is None:
        return None
    kind, name, config, *link = [*found, "", "", ""][: max(3, len(found))]
    return SearchIndex(kind, name, tuple(link), config)


def _primitive(simple: str, where: str) -> Type:
    if simple.startswith(("Geography", "Geometry")):
        return t.GEO
    if simple in ("Untyped", "PrimitiveType", "ComplexType", "Stream"):
        return t.ANY
    found = _PRIMITIVES.get(simple)
    if found is None:
        raise ValueError(f"{where} is of the unknown type 'Edm.{shown(simple)}'")
    return found


def _enum_members(element: Element, name: str) -> tuple[tuple[str, str | int], ...]:
    """Names and values; without values they count from zero (CSDL 4.01, 10.3)."""
    members: list[tuple[str, str | int]] = []
    for index, member in enumerate(below(element, "Member")):
        label = required(member, "Name", f"enum type {name!r}")
        stored = said(member, "Stored")
        if stored is not None:
            members.append((said(member, "Name") or label, stored))
            continue
        value = member.get("Value", str(index))
        label = said(member, "Name") or label
        try:
            members.append((label, int(value)))
        except ValueError:
            where = f"member {shown(label)!r} of enum type {shown(name)!r}"
            raise ValueError(f"{where} has the value {shown(value)!r}, which is no integer") from None
    return tuple(members)
