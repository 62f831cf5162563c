"""Entities into an OData `$metadata` document (CSDL XML 4.01)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from querykit.schema.csdl_types import Types, annotate, annotate_list, identifier
from querykit.schema.csdl_xml import VOCABULARY
from querykit.schema.model import Entity, Property, Relation

__all__ = ["write_csdl"]

_EDM = "http://docs.oasis-open.org/odata/ns/edm"
_EDMX = "http://docs.oasis-open.org/odata/ns/edmx"

#: Properties by name; those of a complex value under its name.
_Tree: TypeAlias = "dict[str, Property | _Tree]"


def write_csdl(entities: Iterable[Entity], namespace: str) -> str:
    """The document.

    Raises
    ------
    ValueError: a name that CSDL does not allow.
    """
    root = Element("edmx:Edmx", {"Version": "4.01", "xmlns:edmx": _EDMX})
    vocabulary = SubElement(root, "edmx:Reference", Uri=f"urn:{VOCABULARY}")
    SubElement(vocabulary, "edmx:Include", Namespace=VOCABULARY)
    services = SubElement(root, "edmx:DataServices")
    for part in namespace.split("."):
        identifier(part, "the namespace")
    schema = SubElement(services, "Schema", {"Namespace": namespace, "xmlns": _EDM})
    _Writer(list(entities), schema, namespace).write()
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


class _Writer:
    """Writes the entities of one schema into its element."""

    def __init__(self, entities: list[Entity], schema: Element, namespace: str) -> None:
        self._entities = {item.name: item for item in entities}
        self._schema = schema
        self._namespace = namespace
        self._types = Types(schema, namespace, self._entities)
        self._sets: dict[str, str] = {}
        for item in entities:
            identifier(item.name, "an entity")
            name = next((name for name in (item.table, item.name) if self._is_free(name)), None)
            if name is not None:
                self._sets[item.name] = name

    def _is_free(self, name: str) -> bool:
        return re.fullmatch(r"[^\W\d]\w{0,127}", name) is not None and name not in self._sets.values()

    def write(self) -> None:
        for item in self._entities.values():
            self._entity(item)
        container = SubElement(self._schema, "EntityContainer", Name="Container")
        for entity, name in self._sets.items():
            element = SubElement(container, "EntitySet", Name=name, EntityType=f"{self._namespace}.{entity}")
            for relation in self._entities[entity].relations.values():
                if relation.target in self._sets:
                    SubElement(
                        element,
                        "NavigationPropertyBinding",
                        Path=relation.name,
                        Target=self._sets[relation.target],
                    )

    def _entity(self, item: Entity) -> None:
        base = self._base(item)
        element = Element("EntityType", Name=item.name)
        if base is not None:
            element.set("BaseType", f"{self._namespace}.{base.name}")
        elif item.named_key:
            key = SubElement(element, "Key")
            for name in item.named_key:
                part = SubElement(key, "PropertyRef", Name=name)
                if "/" in name:  # CSDL 4.01, 6.5: a path has an alias
                    part.set("Alias", name.replace("/", "_"))
        inherited = base.properties if base is not None else {}
        shown = {name: each for name, each in item.properties.items() if each.visibility != "hidden"}
        self._properties(
            element, item.name, _tree(each for name, each in shown.items() if name not in inherited)
        )
        for name, relation in item.relations.items():
            if relation.target in self._entities and (base is None or name not in base.relations):
                self._relation(element, item, relation)
        self._say(element, item, base)
        self._schema.append(element)

    def _say(self, element: Element, item: Entity, base: Entity | None) -> None:
        if item.table != self._sets.get(item.name, item.name):
            annotate(element, "Table", item.table)
        if item.schema is not None:
            annotate(element, "Schema", item.schema)
        if item.base is not None and base is None:
            annotate(element, "Base", item.base)
        index = item.search_index
        if index is not None:
            annotate_list(element, "SearchIndex", [index.kind, index.name, index.config, *index.link])

    def _base(self, item: Entity) -> Entity | None:
        """The entity that it is derived from, if it has all that this has, as CSDL will have it."""
        base = self._entities.get(item.base or "")
        if base is None or base.key != item.key:
            return None
        labels = {name.partition("/")[0] for name in base.properties}
        more = {name.partition("/")[0] for name in item.properties if name not in base.properties}
        same = item.properties.items() >= base.properties.items()
        if not same or not item.relations.items() >= base.relations.items() or labels & more:
            return None
        return base if self._ends(base) else None

    def _ends(self, item: Entity) -> bool:
        """Is it derived from an end, and not from itself?"""
        seen: set[str] = set()
        found: Entity | None = item
        while found is not None and found.name not in seen:
            seen.add(found.name)
            found = self._entities.get(found.base or "")
        return found is None

    # -- properties ---------------------------------------------------------------------------------

    def _properties(self, element: Element, owner: str, tree: _Tree, prefix: str = "") -> None:
        """
        Parameters
        ----------
        prefix: what the columns begin with where nothing else is said.
        """
        for label, item in tree.items():
            identifier(label, owner)
            part = SubElement(element, "Property", Name=label)
            column = f"{prefix}_{label}" if prefix else label
            if isinstance(item, Property):
                self._property(part, f"{owner}_{label}", item, column)
                continue
            part.set("Type", self._complex(f"{owner}_{label}", item, column))
            if not all(each.nullable for each in _leaves(item)):
                part.set("Nullable", "false")

    def _complex(self, name: str, tree: _Tree, column: str = "") -> str:
        element = self._types.complex(name)
        self._properties(element, element.get("Name", ""), tree, column)
        return f"{self._namespace}.{element.get('Name')}"

    def _property(self, element: Element, where: str, item: Property, column: str) -> None:
        many = item.type.kind == "list"
        if item.parts:
            element.set("Type", f"Collection({self._complex(where, _tree(item.parts))})")
        else:
            element.set("Type", self._types.name(item.type))
        if item.type.kind == "decimal":
            element.set("Scale", "variable")
        if not item.nullable and not many:
            element.set("Nullable", "false")
        if item.nullable and many:
            annotate(element, "Nullable", "true")
        if item.column != column:
            annotate(element, "Column", item.column)
        if item.collation is not None:
            annotate(element, "Collation", item.collation)
        if item.searchable:
            annotate(element, "Searchable", "true")
        if item.visibility != "listed":
            annotate(element, "Visibility", item.visibility)
        if item.id_prefixes:
            annotate_list(element, "IdPrefixes", [text for pair in item.id_prefixes for text in pair])
        if item.computed:
            SubElement(element, "Annotation", Term="Org.OData.Core.V1.Computed", Bool="true")

    # -- relations ----------------------------------------------------------------------------------

    def _relation(self, element: Element, owner: Entity, item: Relation) -> None:
        target = f"{self._namespace}.{item.target}"
        part = SubElement(element, "NavigationProperty", Name=identifier(item.name, owner.name))
        part.set("Type", f"Collection({target})" if item.many else target)
        if not item.nullable and not item.many:
            part.set("Nullable", "false")
        partner = self._partner(owner, item)
        if partner is not None:
            part.set("Partner", partner.name)
        constraints = [] if item.many else self._constraints(owner, item)
        for here, there in constraints:
            SubElement(part, "ReferentialConstraint", Property=here, ReferencedProperty=there)
        if not item.nullable and item.many:
            annotate(part, "Nullable", "false")
        if item.through is not None:
            _annotate_through(part, item)
        elif not constraints:
            annotate_list(part, "On", [column for pair in item.pairs for column in pair])

    def _partner(self, owner: Entity, item: Relation) -> Relation | None:
        turned = tuple((there, here) for here, there in item.pairs)
        for other in self._entities[item.target].relations.values():
            back = other.target == owner.name and other.through is None and other.pairs == turned
            if turned and back and other.many != item.many:
                return other
        return None

    def _constraints(self, owner: Entity, item: Relation) -> list[tuple[str, str]]:
        """The pairs as properties; none where a column is no property that is exposed."""
        here, there = _by_column(owner.properties), _by_column(self._entities[item.target].properties)
        found = [(here[a], there[b]) for a, b in item.pairs if a in here and b in there]
        return found if len(found) == len(item.pairs) else []


def _annotate_through(element: Element, item: Relation) -> None:
    through = item.through
    assert through is not None
    annotate(element, "Through", through.table)
    if through.schema is not None:
        annotate(element, "ThroughSchema", through.schema)
    annotate_list(element, "Local", [column for pair in through.local for column in pair])
    annotate_list(element, "Remote", [column for pair in through.remote for column in pair])


def _by_column(properties: Mapping[str, Property]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, item in properties.items():
        if item.visibility != "hidden":
            found.setdefault(item.column, name)
    return found


def _tree(properties: Iterable[Property]) -> _Tree:
    root: _Tree = {}
    for item in properties:
        *above, label = item.name.split("/")
        tree = root
        for step in above:
            inner = tree.setdefault(step, {})
            if isinstance(inner, Property):
                raise ValueError(f"{item.name!r} is inside {inner.name!r}, which is no complex value")
            tree = inner
        if label in tree:
            raise ValueError(f"{item.name!r} is a value and a complex value")
        tree[label] = item
    return root


def _leaves(tree: _Tree) -> Iterable[Property]:
    for item in tree.values():
        if isinstance(item, Property):
            yield item
        else:
            yield from _leaves(item)
