"""Entities as lines of text, to be compared with a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from querykit.schema.model import Entity, Property, Relation


def schema_text(entities: Iterable[Entity]) -> str:
    return "\n".join(line for entity in entities for line in _entity(entity)) + "\n"


def _entity(entity: Entity) -> Iterator[str]:
    table = f"{entity.schema}.{entity.table}" if entity.schema else entity.table
    derived = " derived" if entity.derived else ""
    yield f"{entity.name} = {table} ({', '.join(entity.key)}){derived}{_index(entity)}"
    yield from (f"    {_property(item)}" for item in entity.properties.values())
    yield from (f"    {_relation(item)}" for item in entity.relations.values())


def _index(entity: Entity) -> str:
    index = entity.search_index
    if index is None:
        return ""
    link = f" on {'='.join(index.link)}" if index.link else ""
    return f" searched by {index.kind} {index.name}{link} in {index.config}"


def _property(item: Property) -> str:
    members = "{" + ", ".join(f"{name}={value!r}" for name, value in item.type.members) + "}"
    text = f"{item.name}: {item.type}{members if item.type.members else ''}{'' if item.nullable else '!'}"
    if item.column != item.name:
        text += f" in {item.column}"
    text += " searchable" if item.searchable else ""
    text += " computed" if item.computed else ""
    text += f" {item.visibility}" if item.visibility != "listed" else ""
    text += f" ({'; '.join(_property(part) for part in item.parts)})" if item.parts else ""
    for prefix, relation in item.id_prefixes:
        text += f" {prefix}x" + (f"({relation})" if relation else "")
    return f"{text} {item.collation}" if item.collation else text


def _relation(item: Relation) -> str:
    text = f"{item.name} -> {item.target}{'[]' if item.many else '' if item.nullable else '!'}"
    if item.through is None:
        return f"{text} on {_pairs(item.pairs)}"
    return f"{text} by {item.through.table} on {_pairs(item.through.local)} and {_pairs(item.through.remote)}"


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{here}={there}" for here, there in pairs)
