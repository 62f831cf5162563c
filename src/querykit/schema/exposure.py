"""A schema with less in it, and under other names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from querykit.errors import UnknownName, suggest
from querykit.schema.model import Entity, Property, Relation

__all__ = ["exposed"]

#: Of an entity: the names that are meant; None is all of them.
_Members = set[str] | None


def exposed(
    entities: Mapping[str, Entity],
    include: Iterable[str] | None,
    exclude: Iterable[str],
    aliases: Mapping[str, str],
) -> list[Entity]:
    """The entities that are left, as `Schema.expose` says.

    Raises
    ------
    UnknownName: there is nothing of a name.
    ValueError: a new name is taken, or the exposure contradicts itself.
    """
    kept = _selected(entities, include)
    _leave_out(entities, kept, exclude)
    names = _Names(entities, aliases)
    found = [_entity(entities, entities[name], kept, names) for name in entities if name in kept]
    _check_unique([item.name for item in found], "the schema")
    return found


class _Names:
    """New names of entities and of what they have."""

    def __init__(self, entities: Mapping[str, Entity], aliases: Mapping[str, str]) -> None:
        self._entities: dict[str, str] = {}
        self._members: dict[tuple[str, str], str] = {}
        for name, alias in aliases.items():
            if not alias:
                raise ValueError(f"the new name of {name!r} is empty")
            entity, member = _place(entities, name)
            if member is None:
                self._entities[entity] = alias
            else:
                self._members[entity, member] = alias

    def entity(self, name: str) -> str:
        return self._entities.get(name, name)

    def member(self, entity: str, name: str) -> str:
        """`Home/City` by its own new name, else by that of `Home`."""
        whole, slash, rest = name, "", ""
        while (entity, whole) not in self._members and "/" in whole:
            whole, _, last = whole.rpartition("/")
            slash, rest = "/", f"{last}/{rest}" if rest else last
        return f"{self._members.get((entity, whole), whole)}{slash}{rest}"


def _selected(entities: Mapping[str, Entity], include: Iterable[str] | None) -> dict[str, _Members]:
    if include is None:
        return dict.fromkeys(entities)
    kept: dict[str, _Members] = {}
    for name in _texts(include):
        entity, member = _place(entities, name)
        members = kept.setdefault(entity, set())
        if member is None:
            kept[entity] = None
        elif members is not None:
            members.update(_within(entities[entity], member))
    return kept


def _leave_out(entities: Mapping[str, Entity], kept: dict[str, _Members], exclude: Iterable[str]) -> None:
    for name in _texts(exclude):
        entity, member = _place(entities, name)
        if member is None:
            kept.pop(entity, None)
        elif entity in kept:
            members = kept[entity]
            everything = set(entities[entity].names()) if members is None else members
            kept[entity] = everything - set(_within(entities[entity], member))


def _texts(names: Iterable[str]) -> Iterable[str]:
    """A text is also an iterable of texts, and never meant as that."""
    return [names] if isinstance(names, str) else names


def _place(entities: Mapping[str, Entity], name: str) -> tuple[str, str | None]:
    """The entity that a name is of, and what of it.

    Raises
    ------
    UnknownName: there is none.
    """
    if name in entities:
        return name, None
    entity, _, member = name.partition(".")
    while entity not in entities and "." in member:  # names of entities may have dots in them
        more, _, member = member.partition(".")
        entity = f"{entity}.{more}"
    if entity not in entities:
        raise UnknownName(
            f"there is no entity '{name[:128]}'", code="unknown_entity", hint=suggest(name, entities)
        )
    if not any(True for _ in _within(entities[entity], member)):
        raise UnknownName(
            f"{entity} has no property '{member[:128]}'",
            code="unknown_property",
            hint=suggest(member, entities[entity].names()),
        )
    return entity, member


def _within(entity: Entity, member: str) -> Iterator[str]:
    """A property or relation; of a complex value all that is in it."""
    return (name for name in entity.names() if name == member or name.startswith(f"{member}/"))


def _entity(
    entities: Mapping[str, Entity], item: Entity, kept: Mapping[str, _Members], names: _Names
) -> Entity:
    members = kept[item.name]
    shown = set(item.names()) if members is None else members
    relations = [
        _relation(relation, item.name, names)
        for name, relation in item.relations.items()
        if name in shown and relation.target in kept
    ]
    properties = list(_properties(item, shown, kept, names))
    visible = [found.name for found in properties if found.visibility != "hidden"]
    _check_unique([*visible, *(relation.name for relation in relations)], item.name)
    searched = {name for name, found in item.properties.items() if found.searchable}
    return replace(
        item,
        name=names.entity(item.name),
        properties={found.name: found for found in properties},
        relations={relation.name: relation for relation in relations},
        key=tuple(_key_name(item, name, shown, names) for name in item.key),
        base=_base(entities, item, kept, names),
        # The index would find words of what is left out.
        search_index=item.search_index if searched <= shown else None,
    )


def _properties(
    item: Entity, shown: set[str], kept: Mapping[str, _Members], names: _Names
) -> Iterator[Property]:
    for name, found in item.properties.items():
        if name in shown:
            yield replace(
                found,
                name=names.member(item.name, name),
                id_prefixes=tuple(_prefixes(item, found, shown, kept, names)),
            )
        elif name in item.key:
            hidden = _key_name(item, name, shown, names)
            yield replace(found, name=hidden, visibility="hidden", searchable=False, id_prefixes=())


def _key_name(item: Entity, name: str, shown: set[str], names: _Names) -> str:
    """A part of the key that is not exposed gets a name that no property has and no language can write."""
    return names.member(item.name, name) if name in shown else f"<{name}>"


def _prefixes(
    item: Entity, found: Property, shown: set[str], kept: Mapping[str, _Members], names: _Names
) -> Iterator[tuple[str, str]]:
    for prefix, relation in found.id_prefixes:
        if relation and (relation not in shown or item.relations[relation].target not in kept):
            raise ValueError(
                f"{item.name}.{found.name}: its ids are told apart by the relation {relation!r}, "
                "which is not exposed"
            )
        yield prefix, names.member(item.name, relation) if relation else ""


def _relation(item: Relation, entity: str, names: _Names) -> Relation:
    return replace(item, name=names.member(entity, item.name), target=names.entity(item.target))


def _base(
    entities: Mapping[str, Entity], item: Entity, kept: Mapping[str, _Members], names: _Names
) -> str | None:
    """The nearest entity above that is exposed."""
    seen = {item.name}
    above = item.base
    while above is not None and above not in kept and above not in seen:
        seen.add(above)
        above = entities[above].base if above in entities else None
    return names.entity(above) if above is not None and above in kept else None


def _check_unique(names: Iterable[str], where: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{where} would have two things called {name!r}")
        seen.add(name)
