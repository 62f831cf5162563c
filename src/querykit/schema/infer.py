"""A schema read off plain rows, for queries over data that nobody described.

A key of any row is a property, typed by its values: of several types it is `any`, and everything may be null.
A dict among the values makes the key a relation to one row, a list of dicts a relation to many; those rows
belong to an entity of their own, named ``Outer.key``, and stay where they are: the evaluator finds nested rows
by the name of the relation.
"""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from querykit import types as t
from querykit.schema.model import Entity, Property, Relation, Schema
from querykit.types import Type

__all__ = ["infer_data", "infer_schema"]

_Rows: TypeAlias = Sequence[Mapping[str, Any]]

#: Rows nested deeper than this are values of type `any`: no path is so long, and rows may hold themselves.
_MAX_DEPTH = 16

_TYPES: dict[type, Type] = {
    bool: t.BOOL,
    int: t.INT,
    decimal.Decimal: t.DECIMAL,
    float: t.FLOAT,
    str: t.STRING,
    dt.date: t.DATE,
    dt.datetime: t.DATETIME,
    dt.time: t.TIME,
    dt.timedelta: t.DURATION,
    uuid.UUID: t.GUID,
    bytes: t.BINARY,
}


def infer_schema(rows: _Rows, entity_name: str) -> Schema:
    """The schema of one list of rows.

    >>> schema = infer_schema([{"id": 1, "owner": {"name": "Ann"}}, {"id": 2.5, "tags": ["a"]}], "Account")
    >>> [(item.name, str(item.type)) for item in schema.entity("Account").properties.values()]
    [('id', 'float'), ('tags', 'collection of string')]
    >>> schema.entity("Account").relations["owner"].target
    'Account.owner'
    """
    return infer_data({entity_name: rows})


def infer_data(data: Mapping[str, _Rows]) -> Schema:
    """The schema of lists of rows by entity name."""
    entities: dict[str, Entity] = {}
    pending = [(name, list(rows), 0, False) for name, rows in data.items()]
    while pending:
        name, rows, depth, to_one = pending.pop(0)
        entity, nested = _entity(name, rows, depth < _MAX_DEPTH, to_one)
        entities.setdefault(name, entity)
        pending += [(target, inner, depth + 1, one) for target, inner, one in nested]
    return Schema(entities.values())


def _entity(
    name: str, rows: _Rows, deeper: bool, to_one: bool
) -> tuple[Entity, list[tuple[str, list[Mapping[str, Any]], bool]]]:
    """The entity of the rows, and the rows nested in them: name of their entity, rows, is it one per row."""
    properties: dict[str, Property] = {}
    relations: dict[str, Relation] = {}
    nested: list[tuple[str, list[Mapping[str, Any]], bool]] = []
    for key in _keys(rows):
        values = [row[key] for row in rows if row.get(key) is not None]
        target = f"{name}.{key}"
        inner = _nested(values) if deeper else []
        if inner:
            many = not isinstance(values[0], Mapping)
            # The pair only says that the relation starts from this key: null there, and there is no row.
            relations[key] = Relation(key, target, many, ((key, key),))
            nested.append((target, inner, not many))
        else:
            properties[key] = Property(key, key, _common(map(_type, values)))
    identity = _identity(properties, rows) if to_one else ()
    return Entity(name, name, properties, relations, identity), nested


def _keys(rows: _Rows) -> list[str]:
    """The keys of all rows, in the order in which they first appear."""
    return [key for key in dict.fromkeys(key for row in rows for key in row) if isinstance(key, str)]


def _nested(values: Sequence[Any]) -> list[Mapping[str, Any]]:
    """The rows among the values of a key, if they are rows or lists of rows throughout."""
    if values and all(isinstance(value, Mapping) for value in values):
        return list(values)
    if all(isinstance(value, list | tuple) for value in values):
        items = [item for value in values for item in value]
        return items if all(isinstance(item, Mapping) for item in items) else []
    return []


def _identity(properties: Mapping[str, Property], rows: _Rows) -> tuple[str, ...]:
    """A property that every row has: `owner eq null` asks it whether there is a row."""
    always = (name for name in properties if all(row.get(name) is not None for row in rows))
    found = next(always, None)
    return () if found is None else (found,)


def _type(value: Any) -> Type:
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, list | tuple):
        return t.collection(_common(map(_type, value)))
    return _TYPES.get(type(value), t.ANY)


def _common(types: Iterable[Type]) -> Type:
    """The type that holds values of all the types; `any` where there is none, and for no values."""
    found = list(dict.fromkeys(types))
    if not found:
        return t.ANY
    common = found[0]
    for other in found[1:]:
        common = _pair(common, other)
    return common


def _pair(left: Type, right: Type) -> Type:
    if {left, right} == {t.DATE, t.DATETIME}:
        return t.DATETIME
    if left.kind == right.kind == "list":
        return (
            left
            if right.element == ("any", "")
            else right
            if left.element == ("any", "")
            else t.collection(t.ANY)
        )
    return t.promote(left, right) or t.ANY
