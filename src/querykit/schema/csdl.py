"""OData `$metadata` documents (CSDL XML 4.0 and 4.01) into entities.

Elements are told apart by their local names, because services in use print the document without the
official namespaces. A document type declaration is refused: CSDL needs none, and entities in it can grow
without bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from querykit import types as t
from querykit.schema.model import Entity, Property, Relation
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

#: How services name the property that holds the key of a single-valued navigation property `{name}`, tried
#: where the document states no referential constraint: Resco, Dynamics, and what people write by hand.
_FOREIGN_KEYS = ("__{name}_id", "_{name}_value", "{name}_id", "{name}Id", "{name}ID", "{name}id")


def read_csdl(text: str) -> list[Entity]:
    """The entity types of a document.

    An entity is named after its type and its table after its entity set. Abstract types without an entity set
    are left out; what they declare is in the types derived from them. A complex property is a value of type
    `any`; a navigation property whose columns are neither stated nor guessed by name has no pairs.

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
    root = _parse(text)
    if _local(root) != "Edmx":
        raise ValueError(f"not a CSDL document: the root element is <{_shown(root.tag)}>, not <edmx:Edmx>")
    version = root.get("Version", "")
    if not version.startswith("4"):
        raise ValueError(f"only CSDL 4.0 and 4.01 can be read, this document is version {version[:20]!r}")
    return _Document(root).entities()


def _parse(text: str) -> Element:
    """The root element. Names keep their prefixes: a document may use a prefix that it does not declare."""
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(text.lstrip("\ufeff \t\r\n"), True)
        return builder.close()
    except expat.ExpatError as error:
        place = f"line {error.lineno}, column {error.offset + 1}"
        raise ValueError(f"malformed XML in {place}: {expat.ErrorString(error.code)}") from None


def _refuse_doctype(*_: object) -> NoReturn:
    raise ValueError("a document type declaration (<!DOCTYPE …>) is not allowed in a CSDL document")


def _local(element: Element) -> str:
    return element.tag.rpartition(":")[2]


def _below(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if _local(child) == name)


def _shown(text: str) -> str:
    return text[:60]


def _required(element: Element, attribute: str, where: str) -> str:
    value = element.get(attribute, "")
    if not value:
        raise ValueError(f"<{_local(element)}> in {where} has no {attribute}")
    return value


class _Document:
    """The declarations of a document by their qualified names."""

    def __init__(self, root: Element) -> None:
        self._namespaces: set[str] = set()
        self._aliases: dict[str, str] = {}
        self._declared: dict[str, dict[str, Element]] = {
            kind: {} for kind in ("EntityType", "EnumType", "ComplexType", "TypeDefinition")
        }
        self._sets: dict[str, str] = {}
        schemas = [
            schema for services in _below(root, "DataServices") for schema in _below(services, "Schema")
        ]
        if not schemas:
            raise ValueError("not a CSDL document: there is no <Schema> in <edmx:DataServices>")
        for schema in schemas:
            self._declare(schema)
        for schema in schemas:
            self._read_sets(schema)
        self._chains = {name: self._chain(name) for name in self._declared["EntityType"]}

    def _declare(self, schema: Element) -> None:
        namespace = _required(schema, "Namespace", "the document")
        self._namespaces.add(namespace)
        if schema.get("Alias"):
            self._aliases[schema.get("Alias", "")] = namespace
        for kind, declared in self._declared.items():
            for element in _below(schema, kind):
                name = f"{namespace}.{_required(element, 'Name', f'schema {namespace!r}')}"
                if name in declared:
                    raise ValueError(f"{kind} {_shown(name)!r} is declared twice")
                declared[name] = element

    def _read_sets(self, schema: Element) -> None:
        """Entity set of each type; the first one where there are several."""
        for container in _below(schema, "EntityContainer"):
            for element in _below(container, "EntitySet"):
                name = _required(element, "Name", "the entity container")
                target = self._resolved(_required(element, "EntityType", f"entity set {name!r}"))
                if target not in self._declared["EntityType"]:
                    raise ValueError(f"entity set {_shown(name)!r} is of the unknown type {_shown(target)!r}")
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
                raise ValueError(f"entity type {_shown(name)!r} is derived from itself")
            seen.add(name)
            element = self._declared["EntityType"].get(name)
            if element is None:
                if chain and self._is_foreign(name):
                    break
                raise ValueError(f"the base type {_shown(name)!r} is not declared")
            chain.insert(0, element)
            name = self._resolved(element.get("BaseType", ""))
        return chain

    def _is_foreign(self, name: str) -> bool:
        """Is the name of a namespace that another document declares?"""
        return name.rpartition(".")[0] not in self._namespaces

    def entities(self) -> list[Entity]:
        kept = {
            name: _simple(name)
            for name, element in self._declared["EntityType"].items()
            if name in self._sets or element.get("Abstract", "").lower() != "true"
        }
        found: dict[str, Entity] = {}
        for name in kept:
            properties = self._properties(name)
            found[name] = Entity(
                name=kept[name],
                table=self._sets.get(name, kept[name]),
                properties=properties,
                key=self._key(name, properties),
            )
        navigation = _Navigation(self, found)
        return [
            Entity(
                item.name,
                item.table,
                item.properties,
                navigation.relations(name),
                item.key,
                base=self._base(name, kept),
            )
            for name, item in found.items()
        ]

    def _base(self, name: str, kept: Mapping[str, str]) -> str | None:
        """The nearest type that it is derived from and that has rows (CSDL 4.01, 6.2)."""
        for element in reversed(self._chains[name][:-1]):
            for known, declared in self._declared["EntityType"].items():
                if declared is element and known in kept:
                    return kept[known]
        return None

    def members(self, name: str, kind: str) -> Iterator[Element]:
        for element in self._chains[name]:
            yield from _below(element, kind)

    def is_entity(self, name: str) -> bool:
        return name in self._declared["EntityType"]

    def derives(self, name: str, base: str) -> bool:
        """Is the type the other one, or derived from it?"""
        return self._declared["EntityType"].get(base) in self._chains[name]

    def target(self, element: Element, where: str) -> tuple[str, bool]:
        """Qualified name of the type that a navigation property leads to, and whether to a collection."""
        name, many = _item_type(_required(element, "Type", where))
        target = self._resolved(name)
        if not self.is_entity(target) and not self._is_foreign(target):
            raise ValueError(f"{where} is of the unknown type {_shown(target)!r}")
        return target, many

    def _properties(self, name: str) -> dict[str, Property]:
        properties: dict[str, Property] = {}
        for element in self.members(name, "Property"):
            label = _required(element, "Name", f"entity type {name!r}")
            where = f"property {_shown(label)!r} of entity type {_shown(name)!r}"
            declared = element.get("Type", "Edm.String")
            if declared == "Edm.Stream":
                continue
            # CSDL 4.01, 7.2.1: without Nullable a single value may be null, a collection never is.
            nullable = element.get("Nullable", "true").lower() != "false" and not _item_type(declared)[1]
            properties[label] = Property(label, label, self._type(declared, where), nullable)
        return properties

    def _key(self, name: str, properties: dict[str, Property]) -> tuple[str, ...]:
        for element in reversed(self._chains[name]):
            for key in _below(element, "Key"):
                where = f"the key of {_shown(name)!r}"
                names = [_required(part, "Name", where) for part in _below(key, "PropertyRef")]
                missing = [part for part in names if part not in properties]
                # A path into a complex property is a key that this model cannot hold: none beats a part.
                if any("/" in part for part in missing):
                    return ()
                if missing:
                    raise ValueError(f"{where} names {_shown(missing[0])!r}, which is no property")
                return tuple(names)
        return ()

    def _type(self, declared: str, where: str) -> Type:
        name, many = _item_type(declared)
        item = self._item(self._resolved(name), where)
        return t.collection(item) if many else item

    def _item(self, name: str, where: str) -> Type:
        for _ in range(len(self._declared["TypeDefinition"]) + 1):
            if name not in self._declared["TypeDefinition"]:
                break
            underlying = self._declared["TypeDefinition"][name].get("UnderlyingType", "Edm.Untyped")
            name = self._resolved(underlying)
        prefix, _, simple = name.rpartition(".")
        if prefix == "Edm":
            return _primitive(simple, where)
        if name in self._declared["EnumType"]:
            return t.enumeration(simple, _enum_members(self._declared["EnumType"][name], name))
        if name in self._declared["ComplexType"] or self.is_entity(name) or self._is_foreign(name):
            return t.ANY
        raise ValueError(f"{where} is of the unknown type {_shown(name)!r}")


def _simple(name: str) -> str:
    return name.rpartition(".")[2]


def _item_type(declared: str) -> tuple[str, bool]:
    """The type of a value or of the items of a collection, and whether it is a collection."""
    declared = declared.strip()
    if declared.startswith("Collection(") and declared.endswith(")"):
        return declared[len("Collection(") : -1].strip(), True
    return declared, False


def _primitive(simple: str, where: str) -> Type:
    if simple.startswith(("Geography", "Geometry")):
        return t.GEO
    if simple in ("Untyped", "PrimitiveType", "ComplexType", "Stream"):
        return t.ANY
    found = _PRIMITIVES.get(simple)
    if found is None:
        raise ValueError(f"{where} is of the unknown type 'Edm.{_shown(simple)}'")
    return found


def _enum_members(element: Element, name: str) -> tuple[tuple[str, str | int], ...]:
    """Names and values; without values they count from zero (CSDL 4.01, 10.3)."""
    members: list[tuple[str, str | int]] = []
    for index, member in enumerate(_below(element, "Member")):
        label = _required(member, "Name", f"enum type {name!r}")
        value = member.get("Value", str(index))
        try:
            members.append((label, int(value)))
        except ValueError:
            where = f"member {_shown(label)!r} of enum type {_shown(name)!r}"
            raise ValueError(f"{where} has the value {_shown(value)!r}, which is no integer") from None
    return tuple(members)


def _turned(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((here, there) for there, here in pairs)


class _Navigation:
    """Navigation properties into relations: the columns are stated at one of the two ends, or not at all."""

    def __init__(self, document: _Document, entities: dict[str, Entity]) -> None:
        self._document = document
        self._entities = entities

    def relations(self, owner: str) -> dict[str, Relation]:
        relations: dict[str, Relation] = {}
        for element in self._document.members(owner, "NavigationProperty"):
            name = _required(element, "Name", f"entity type {owner!r}")
            where = f"navigation property {_shown(name)!r} of entity type {_shown(owner)!r}"
            target, many = self._document.target(element, where)
            if target not in self._entities:
                continue  # an abstract type or one of another document: there are no rows to lead to
            relations[name] = Relation(
                name=name,
                target=self._entities[target].name,
                many=many,
                pairs=self._pairs(element, owner, target, where),
                nullable=element.get("Nullable", "true").lower() != "false",
            )
        return relations

    def _pairs(self, element: Element, owner: str, target: str, where: str) -> tuple[tuple[str, str], ...]:
        """CSDL 4.01, 8.5: stated here, or at the partner's end, or guessed from the names."""
        partner = self._partner(element, owner, target)
        stated = self._stated(element, owner, target, where)
        if stated or partner is None:
            return stated or self._guessed(element, owner, target)
        there = f"navigation property {_shown(partner.get('Name', ''))!r} of entity type {_shown(target)!r}"
        return (
            _turned(self._stated(partner, target, owner, there))
            or self._guessed(element, owner, target)
            or _turned(self._guessed(partner, target, owner))
        )

    def _stated(self, element: Element, owner: str, target: str, where: str) -> tuple[tuple[str, str], ...]:
        pairs: list[tuple[str, str]] = []
        for constraint in _below(element, "ReferentialConstraint"):
            here = _required(constraint, "Property", where)
            there = _required(constraint, "ReferencedProperty", where)
            for type_name, column in ((owner, here), (target, there)):
                known = self._entities.get(type_name)
                if known is not None and column not in known.properties and "/" not in column:
                    raise ValueError(f"{where}: {_shown(column)!r} is no property of {_shown(type_name)!r}")
            pairs.append((here, there))
        return tuple(pairs) if all("/" not in here + there for here, there in pairs) else ()

    def _partner(self, element: Element, owner: str, target: str) -> Element | None:
        """The navigation property that leads back, by either end's word."""
        for other in self._document.members(target, "NavigationProperty"):
            if other is element:
                continue
            named = element.get("Partner") == other.get("Name") or other.get("Partner") == element.get("Name")
            if named and self._leads_to(other, owner):
                return other
        return None

    def _leads_to(self, element: Element, owner: str) -> bool:
        """To the type, or to one that it is derived from."""
        name, _ = self._document.target(element, "a partner")
        return self._document.derives(owner, name)

    def _guessed(self, element: Element, owner: str, target: str) -> tuple[tuple[str, str], ...]:
        key = self._entities[target].key if target in self._entities else ()
        name = element.get("Name", "")
        if _item_type(element.get("Type", ""))[1] or len(key) != 1 or owner not in self._entities:
            return ()
        # Resco appends the target to the name of a lookup that can lead to several types (objectid_product).
        stems = (name, name.removesuffix(f"_{self._entities[target].name}"))
        for stem in stems:
            for pattern in _FOREIGN_KEYS:
                column = pattern.format(name=stem)
                if column in self._entities[owner].properties:
                    return ((column, key[0]),)
        return ()
