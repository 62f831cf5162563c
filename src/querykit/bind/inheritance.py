"""Rows as objects of a class, where the schema knows which entity is derived from which.

An object of a derived class has a row in each of both entities, under one key; so it is reached over a to-one
join, which finds nothing where the row is no such object.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from querykit import types as t
from querykit.bind.scope import Row
from querykit.errors import NotExpressible
from querykit.plan.nodes import FALSE, TRUE, Bound, Op
from querykit.schema.model import Entity, Relation, Schema
from querykit.source import Span

if TYPE_CHECKING:
    from querykit.bind.scope import Tables

__all__ = ["entity_of", "exactly", "instance", "is_related", "taken_as"]


def entity_of(tables: Tables, name: str, span: Span | None) -> Entity:
    """The entity that a class of a program stands for: its name, with or without namespaces (`Ns.Outer+Inner`).

    Where several namespaces have it, an entity's name has the end of its own in it (`Outer_Inner`).

    Raises
    ------
    UnknownName: there is none.
    """
    entities = tables.schema.entities
    parts = name.replace("+", ".").split(".")
    names = (name, *("_".join(parts[start:]) for start in range(len(parts))))
    return tables.schema.entity(next((short for short in names if short in entities), name), span)


def taken_as(row: Row, target: Entity, span: Span | None) -> Row:
    """The row as an object of a class (XPO Upcasting; OData 4.01 Part 2, 4.11): null if it is none.

    Raises
    ------
    NotExpressible: the schema does not know the one class as derived from the other, or not by what its rows are
        told apart.
    """
    schema = row.tables.schema
    if target.name in _bases(schema, row.entity):
        return row
    if row.entity.name not in _bases(schema, target):
        raise NotExpressible(
            f"{row.entity.name} cannot be taken as '{target.name}'",
            code="type_cast",
            span=span,
            hint="the schema does not say that the one is derived from the other",
        )
    if len(target.key) != len(row.entity.key) or not target.key or _is_same_table(row.entity, target):
        raise NotExpressible(
            f"the schema does not say which rows of {row.entity.name} are of {target.name}",
            code="type_cast",
            span=span,
        )
    pairs = tuple(
        (row.entity.properties[here].column, target.properties[there].column)
        for here, there in zip(row.entity.key, target.key, strict=True)
    )
    return row.follow(Relation(f"<{target.name}>", target.name, False, pairs), span)


def instance(row: Row, target: Entity, span: Span | None) -> Bound:
    """Is the row an object of the class, or of one derived from it?"""
    return _is_there(taken_as(row, target, span), span)


def exactly(row: Row, target: Entity, span: Span | None) -> Bound:
    """Is the row an object of the class, and of none derived from it?"""
    schema = row.tables.schema
    found = taken_as(row, target, span)
    if found is row and row.entity is not target:
        return FALSE  # of a class that is derived from the one asked for
    tests = [_is_there(found, span)]
    for item in schema.entities.values():
        if item.base == target.name:
            tests.append(Op("bool.not", (instance(found, item, span),), t.BOOL, False, span))
    tests = [test for test in tests if test != TRUE]
    if not tests:
        return TRUE
    return tests[0] if len(tests) == 1 else Op("bool.and", tuple(tests), t.BOOL, False, span)


def is_related(schema: Schema, left: Entity, right: Entity) -> bool:
    """Can a row be an object of both?"""
    return left.name in _bases(schema, right) or right.name in _bases(schema, left)


def _is_there(row: Row, span: Span | None) -> Bound:
    if not row.optional:
        return TRUE
    is_null = Op("null.is", (row.presence(span),), t.BOOL, False, span)
    return Op("bool.not", (is_null,), t.BOOL, False, span)


def _is_same_table(base: Entity, target: Entity) -> bool:
    return not target.derived and (base.table, base.schema) == (target.table, target.schema)


def _bases(schema: Schema, entity: Entity) -> Iterator[str]:
    """The entity's own name, and those it is derived from."""
    seen: set[str] = set()
    found: Entity | None = entity
    while found is not None and found.name not in seen:
        seen.add(found.name)
        yield found.name
        found = schema.entities.get(found.base or "")
