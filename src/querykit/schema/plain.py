"""A schema as plain data: dicts, lists and strings, as they come out of JSON, YAML or TOML.

Entities by name::

    {
        "Account": {
            "table": "accounts",           # default: the name of the entity
            "schema": "crm",               # the database schema; default: none
            "key": ["id"],                 # default: []
            "base": "Party",               # the entity it is derived from, whose key is the same; default: none
            "properties": {
                "id": "int!",              # type; "!" is "never null"
                "name": "string",
                "revenue": {"type": "decimal", "column": "rev", "nullable": True},
                "city": {"type": "string", "collation": "nocase"},     # or "binary"
                "color": {"type": "enum", "name": "Color", "members": {"Red": 1, "Blue": 2}},
                "tags": {"type": "list", "of": "string"},
                "home": {"type": "complex", "properties": {"city": "string"}},     # home/city in home_city
                "phones": {"type": "list", "of": "complex", "properties": {"number": "string"}},
                "memo": {"type": "string", "searchable": True},        # $search looks into it
                "nr": {"type": "int", "id_prefix": "11"},              # written 11x5, as Vtiger does
                "owner_id": {"type": "int", "id_prefix": {"19": "owner", "20": "team"}},
            },
            "search_index": {"kind": "fts5", "name": "accounts_fts", "link": ["id", "rowid"]},
            # or {"kind": "tsvector", "name": "search_vector", "config": "simple"}; default: none
            "relations": {
                "owner": {"target": "User", "on": [["owner_id", "id"]]},        # at most one row
                "contacts": {"target": "Contact", "many": True, "on": [["id", "account_id"]]},
                "labels": {
                    "target": "Label",
                    "many": True,
                    "through": {"table": "account_label", "local": [["id", "account_id"]],
                                "remote": [["label_id", "id"]]},
                },
            },
        },
    }

Types are ``bool int decimal float string date datetime time duration guid binary geo any``, ``enum``, ``list``
and ``complex``: a value with properties of its own, each in a column of the same table, which is called after both
unless it says otherwise.

``on`` holds pairs of columns (here, there) that are equal; ``local`` pairs (column here, column of the table
between), ``remote`` pairs (column of the table between, column there). Columns are named as in the database. For
the prefixes of ids and for indexes see `model.Property` and `model.SearchIndex`.

>>> (account,) = read_dict({"Account": {"key": ["id"], "properties": {"id": "int!", "name": "string"}}})
>>> account.properties["id"].nullable, account.table
(False, 'Account')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from querykit import types as t
from querykit.schema.model import Entity, Property, Relation, SearchIndex, Through
from querykit.types import Type

__all__ = ["read_dict"]

_SCALARS = {
    item.kind: item
    for item in (
        t.BOOL,
        t.INT,
        t.DECIMAL,
        t.FLOAT,
        t.STRING,
        t.DATE,
        t.DATETIME,
        t.TIME,
        t.DURATION,
        t.GUID,
        t.BINARY,
        t.GEO,
        t.ANY,
    )
}
_COLLATIONS = (None, "binary", "nocase")

_ENTITY = frozenset({"table", "schema", "key", "properties", "relations", "search_index", "base"})
_PROPERTY = frozenset(
    {
        "type",
        "column",
        "nullable",
        "collation",
        "name",
        "members",
        "of",
        "properties",
        "searchable",
        "id_prefix",
    }
)
_COMPLEX = frozenset({"type", "column", "nullable", "properties"})
_INDEX = frozenset({"kind", "name", "link", "config"})
_RELATION = frozenset({"target", "many", "on", "through", "nullable"})
_THROUGH = frozenset({"table", "schema", "local", "remote"})

_Pairs = tuple[tuple[str, str], ...]


def read_dict(data: Mapping[str, Any]) -> list[Entity]:
    """The entities that the data describes.

    Raises
    ------
    ValueError: the data does not describe a schema; the message says where.
    """
    entities = [_entity(name, body) for name, body in _mapping(data, "the schema").items()]
    known = {item.name: item for item in entities}
    for item in entities:
        if item.base is not None and (item.base not in known or item.base == item.name):
            raise ValueError(f"{item.name}: base: there is no entity {item.base!r} to be derived from")
        for relation in item.relations.values():
            _check_relation(f"{item.name}.{relation.name}", item, relation, known)
    return entities


def _entity(name: str, data: object) -> Entity:
    body = _body(data, _ENTITY, name)
    found = _mapping(body.get("properties", {}), f"{name}: properties").items()
    properties = {
        item.name: item for label, data in found for item in _properties(label, data, f"{name}.{label}")
    }
    relations = {
        label: _relation(label, item, f"{name}.{label}")
        for label, item in _mapping(body.get("relations", {}), f"{name}: relations").items()
    }
    both = [label for label in relations if label in properties]
    if both:
        raise ValueError(f"{name}: {both[0]!r} is both a property and a relation")
    key = tuple(_texts(body.get("key", ()), f"{name}: key"))
    for part in key:
        if part not in properties:
            raise ValueError(f"{name}: key names {part!r}, which is no property")
    _check_prefixes(name, properties, relations)
    return Entity(
        name,
        _text(body.get("table", name), f"{name}: table"),
        properties,
        relations,
        key,
        _optional_text(body, "schema", name),
        search_index=_index(body, f"{name}: search_index", properties),
        base=_optional_text(body, "base", name),
    )


def _index(body: Mapping[str, Any], where: str, properties: Mapping[str, Property]) -> SearchIndex | None:
    if body.get("search_index") is None:
        return None
    if not any(item.searchable for item in properties.values()):
        raise ValueError(f"{where}: the index is over searchable properties, and there are none")
    data = _body(body["search_index"], _INDEX, where)
    try:
        return SearchIndex(
            kind=_text(data.get("kind"), f"{where}: kind"),
            name=_text(data.get("name"), f"{where}: name"),
            link=tuple(_texts(data.get("link", ()), f"{where}: link")),
            config=_text(data.get("config", "simple"), f"{where}: config"),
        )
    except ValueError as error:
        raise ValueError(str(error) if str(error).startswith(where) else f"{where}: {error}") from None


def _check_prefixes(name: str, properties: Mapping[str, Property], relations: Mapping[str, Relation]) -> None:
    for item in properties.values():
        for _, relation in item.id_prefixes:
            if relation and (relation not in relations or relations[relation].many):
                raise ValueError(f"{name}.{item.name}: id_prefix: {relation!r} is no relation to one row")


def _properties(
    name: str, data: object, where: str, column: str = "", nullable: bool = False
) -> list[Property]:
    """A property; of a complex value those in it, `home/city` in `home_city`.

    Parameters
    ----------
    column: what begins the names of columns.
    nullable: the value around it may be null.
    """
    if not isinstance(data, Mapping) or data.get("type") not in ("complex", "complex!"):
        found = _property(name, data, where)
        stated = isinstance(data, Mapping) and "column" in data
        return [
            replace(
                found,
                column=found.column if stated or not column else column,
                nullable=found.nullable or nullable,
            )
        ]
    body = _body(data, _COMPLEX, where)
    column = _text(body.get("column", column or name), f"{where}: column")
    nullable = _flag(body, "nullable", not data["type"].endswith("!"), where) or nullable
    parts = _mapping(body.get("properties"), f"{where}: properties")
    return [
        found
        for label, part in parts.items()
        for found in _properties(f"{name}/{label}", part, f"{where}/{label}", f"{column}_{label}", nullable)
    ]


def _property(name: str, data: object, where: str) -> Property:
    body = {"type": data} if isinstance(data, str) else _body(data, _PROPERTY, where)
    kind = _text(body.get("type"), f"{where}: type")
    nullable = _flag(body, "nullable", not kind.endswith("!"), where)
    collation = body.get("collation")
    if collation not in _COLLATIONS:
        raise ValueError(f"{where}: collation can be 'binary' or 'nocase', not {collation!r}")
    type = _type(kind.removesuffix("!"), name, body, where)
    return Property(
        name,
        _text(body.get("column", name), f"{where}: column"),
        type,
        nullable,
        collation,
        _flag(body, "searchable", False, where),
        _prefixes(body.get("id_prefix"), f"{where}: id_prefix"),
        _parts(body, where),
    )


def _parts(body: Mapping[str, Any], where: str) -> tuple[Property, ...]:
    """Of the elements of a list of complex values."""
    if body.get("of") != "complex":
        return ()
    found = _mapping(body.get("properties"), f"{where}: properties").items()
    return tuple(item for label, data in found for item in _properties(label, data, f"{where}/{label}"))


def _prefixes(data: object, where: str) -> tuple[tuple[str, str], ...]:
    if data is None or isinstance(data, str):
        return () if data is None else ((_text(data, where), ""),)
    return tuple((prefix, _text(relation, where)) for prefix, relation in _mapping(data, where).items())


def _type(kind: str, name: str, body: Mapping[str, Any], where: str) -> Type:
    if kind == "enum":
        return _enumeration(name, body, where)
    if kind == "list":
        of = _text(body.get("of"), f"{where}: of")
        return t.collection(t.ANY if of == "complex" else _scalar(of, where))
    return _scalar(kind, where)


def _scalar(kind: str, where: str) -> Type:
    found = _SCALARS.get(kind)
    if found is None:
        known = ", ".join(_SCALARS)
        raise ValueError(f"{where}: unknown type {kind!r}; the types are {known}, enum, list and complex")
    return found


def _enumeration(name: str, body: Mapping[str, Any], where: str) -> Type:
    members = _mapping(body.get("members"), f"{where}: members")
    for label, value in members.items():
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValueError(f"{where}: member {label!r} is stored as text or an integer, not {value!r}")
    return t.enumeration(_text(body.get("name", name), f"{where}: name"), tuple(members.items()))


def _relation(name: str, data: object, where: str) -> Relation:
    body = _body(data, _RELATION, where)
    if ("on" in body) == ("through" in body):
        raise ValueError(f"{where}: a relation has either 'on' or 'through'")
    through = _through(body["through"], f"{where}: through") if "through" in body else None
    many = _flag(body, "many", False, where)
    if through is not None and not many:
        raise ValueError(f"{where}: a relation with 'through' leads to many rows, say \"many\": True")
    return Relation(
        name=name,
        target=_text(body.get("target"), f"{where}: target"),
        many=many,
        pairs=() if through is not None else _pairs(body["on"], f"{where}: on"),
        through=through,
        nullable=_flag(body, "nullable", True, where),
    )


def _through(data: object, where: str) -> Through:
    body = _body(data, _THROUGH, where)
    return Through(
        table=_text(body.get("table"), f"{where}: table"),
        schema=_optional_text(body, "schema", where),
        local=_pairs(body.get("local"), f"{where}: local"),
        remote=_pairs(body.get("remote"), f"{where}: remote"),
    )


def _check_relation(where: str, owner: Entity, relation: Relation, known: Mapping[str, Entity]) -> None:
    target = known.get(relation.target)
    if target is None:
        raise ValueError(f"{where}: there is no entity {relation.target!r}")
    here, there = relation.pairs, relation.pairs
    if relation.through is not None:
        here, there = relation.through.local, relation.through.remote
    _check_columns(where, owner, [pair[0] for pair in here])
    _check_columns(where, target, [pair[1] for pair in there])


def _check_columns(where: str, entity: Entity, columns: list[str]) -> None:
    """A misspelt column is found here rather than by the database, at the first query."""
    known = {item.column for item in entity.properties.values()}
    for column in columns:
        if column not in known:
            raise ValueError(f"{where}: no property of {entity.name} has the column {column!r}")


def _mapping(data: object, where: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise ValueError(f"{where}: a mapping is expected, not {data!r}")
    for name in data:
        if not isinstance(name, str) or not name:
            raise ValueError(f"{where}: {name!r} cannot be a name")
    return data


def _body(data: object, allowed: frozenset[str], where: str) -> Mapping[str, Any]:
    body = _mapping(data, where)
    unknown = [name for name in body if name not in allowed]
    if unknown:
        raise ValueError(f"{where}: unknown entry {unknown[0]!r}; there are {', '.join(sorted(allowed))}")
    return body


def _text(data: object, where: str) -> str:
    if not isinstance(data, str) or not data:
        raise ValueError(f"{where}: a text is expected, not {data!r}")
    return data


def _optional_text(body: Mapping[str, Any], name: str, where: str) -> str | None:
    return None if body.get(name) is None else _text(body[name], f"{where}: {name}")


def _flag(body: Mapping[str, Any], name: str, default: bool, where: str) -> bool:
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise ValueError(f"{where}: {name} is true or false, not {value!r}")
    return value


def _texts(data: object, where: str) -> list[str]:
    if isinstance(data, str) or not isinstance(data, Sequence):
        raise ValueError(f"{where}: a list is expected, not {data!r}")
    return [_text(item, where) for item in data]


def _pairs(data: object, where: str) -> _Pairs:
    if isinstance(data, str) or not isinstance(data, Sequence) or not data:
        raise ValueError(f"{where}: a list of pairs of columns is expected, not {data!r}")
    pairs = [_texts(item, where) for item in data]
    for pair in pairs:
        if len(pair) != 2:
            raise ValueError(f"{where}: {pair!r} is not a pair of columns")
    return tuple((here, there) for here, there in pairs)
