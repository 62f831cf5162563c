"""Navigation properties of CSDL documents into relations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol
from xml.etree.ElementTree import Element

from querykit.schema.csdl_xml import below, item_type, required, said, said_list, shown
from querykit.schema.model import Entity, Relation, Through

__all__ = ["Navigation"]

_Pairs = tuple[tuple[str, str], ...]

#: How services name the property that holds the key of a single-valued navigation property `{name}`, tried
#: where the document states no referential constraint: Resco, Dynamics, and what people write by hand.
_FOREIGN_KEYS = ("__{name}_id", "_{name}_value", "{name}_id", "{name}Id", "{name}ID", "{name}id")


class Document(Protocol):
    """The declarations of a document."""

    def members(self, name: str, kind: str) -> Iterator[Element]: ...

    def target(self, element: Element, where: str) -> tuple[str, bool]: ...

    def derives(self, name: str, base: str) -> bool: ...


def _turned(pairs: _Pairs) -> _Pairs:
    return tuple((here, there) for there, here in pairs)


def _through(element: Element, where: str) -> Through | None:
    """The table between, which only an annotation can state."""
    table = said(element, "Through")
    if not table:
        return None
    local, remote = (_paired(said_list(element, side) or [], where) for side in ("Local", "Remote"))
    return Through(table, said(element, "ThroughSchema"), local, remote)


def _paired(columns: list[str], where: str) -> _Pairs:
    if len(columns) % 2:
        raise ValueError(f"{where}: columns are stated in pairs")
    return tuple(zip(columns[::2], columns[1::2], strict=True))


class Navigation:
    """Navigation properties into relations: the columns are stated at one of the two ends, or not at all."""

    def __init__(self, document: Document, entities: Mapping[str, Entity]) -> None:
        self._document = document
        self._entities = entities

    def relations(self, owner: str) -> dict[str, Relation]:
        relations: dict[str, Relation] = {}
        for element in self._document.members(owner, "NavigationProperty"):
            name = required(element, "Name", f"entity type {owner!r}")
            where = f"navigation property {shown(name)!r} of entity type {shown(owner)!r}"
            target, many = self._document.target(element, where)
            if target not in self._entities:
                continue  # an abstract type or one of another document: there are no rows to lead to
            through = _through(element, where)
            stated = element.get("Nullable") or said(element, "Nullable") or "true"
            relations[name] = Relation(
                name=name,
                target=self._entities[target].name,
                many=many,
                pairs=self._pairs(element, owner, target, where) if through is None else (),
                through=through,
                nullable=stated.lower() != "false",
            )
        return relations

    def _pairs(self, element: Element, owner: str, target: str, where: str) -> _Pairs:
        """CSDL 4.01, 8.5: stated here, or at the partner's end, or guessed from the names."""
        columns = said_list(element, "On")
        if columns is not None:
            return _paired(columns, where)
        partner = self._partner(element, owner, target)
        stated = self._stated(element, owner, target, where)
        if stated or partner is None:
            return stated or self._guessed(element, owner, target)
        there = f"navigation property {shown(partner.get('Name', ''))!r} of entity type {shown(target)!r}"
        return (
            _turned(self._stated(partner, target, owner, there))
            or self._guessed(element, owner, target)
            or _turned(self._guessed(partner, target, owner))
        )

    def _stated(self, element: Element, owner: str, target: str, where: str) -> _Pairs:
        pairs: list[tuple[str | None, str | None]] = []
        for constraint in below(element, "ReferentialConstraint"):
            here = required(constraint, "Property", where)
            there = required(constraint, "ReferencedProperty", where)
            pairs.append((self._column(owner, here, where), self._column(target, there, where)))
        found = tuple((here, there) for here, there in pairs if here is not None and there is not None)
        return found if len(found) == len(pairs) else ()

    def _column(self, type_name: str, name: str, where: str) -> str | None:
        """The column of a property; None where the path to it leads through what is not known."""
        entity = self._entities.get(type_name)
        if entity is None:
            return name
        if name in entity.properties:
            return entity.properties[name].column
        if "/" not in name:
            raise ValueError(f"{where}: {shown(name)!r} is no property of {shown(type_name)!r}")
        return None

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

    def _guessed(self, element: Element, owner: str, target: str) -> _Pairs:
        key = self._entities[target].key if target in self._entities else ()
        name = element.get("Name", "")
        if item_type(element.get("Type", ""))[1] or len(key) != 1 or owner not in self._entities:
            return ()
        # Resco appends the target to the name of a lookup that can lead to several types (objectid_product).
        stems = (name, name.removesuffix(f"_{self._entities[target].name}"))
        for stem in stems:
            for pattern in _FOREIGN_KEYS:
                found = self._entities[owner].properties.get(pattern.format(name=stem))
                if found is not None:
                    return ((found.column, self._entities[target].properties[key[0]].column),)
        return ()
