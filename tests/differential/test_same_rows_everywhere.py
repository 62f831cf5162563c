"""The same rows from the evaluator and from every database, through SQLAlchemy where it has a dialect for it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import pytest
from crm import PLAIN, databases
from hypothesis import HealthCheck, event, given, note, settings
from hypothesis import strategies as st
from queries import queries
from test_same_rows import inner_orders_fixed, ordered, without_expand

import querykit
from engines.base import Engine
from querykit import NotExpressible, Query, Schema
from querykit.types import INT, Type

#: Pairs of data and query for each engine: eight queries are asked of the same rows.
PAIRS = int(os.environ.get("QUERYKIT_EXAMPLES", "800"))
_TOGETHER = 8

_LINKS = {"shop_id": INT, "tag_id": INT}


def tables(schema: Schema) -> dict[str, tuple[str, Mapping[str, Type]]]:
    """Entity -> its table, and the types of its columns."""
    found: dict[str, tuple[str, Mapping[str, Type]]] = {"shop_tag": ("shop_tag", _LINKS)}
    for name in ("Shop", "Order", "Tag"):
        entity = schema.entities[name]
        found[name] = (entity.table, {item.column: item.type for item in entity.properties.values()})
    return found


@pytest.fixture(scope="module")
def crm(database: Engine) -> tuple[Engine, Schema]:
    schema = PLAIN  # the tables are made without the collation, which test_same_rows asks on SQLite
    for table, columns in tables(schema).values():
        database.create(table, columns)
    return database, schema


def fill(engine: Engine, schema: Schema, data: dict[str, list[dict[str, Any]]]) -> None:
    for name, (table, columns) in tables(schema).items():
        engine.fill(table, columns, [[row[column] for column in columns] for row in data[name]])


def by_text(engine: Engine, schema: Schema, query: Query) -> list[dict[str, Any]]:
    sql = querykit.to_sql(query, schema, engine.dialect, "Shop")
    note(sql.text)
    rows = engine.run(sql.text, sql.params)
    return [dict(zip(engine.columns, row, strict=True)) for row in rows]


def check(engine: Engine, schema: Schema, data: dict[str, list[dict[str, Any]]], query: Query) -> None:
    flat = without_expand(query)
    try:
        found = by_text(engine, schema, flat)
    except NotExpressible as error:
        event(f"refused: {error.code}")
        return
    event("compared")
    assert ordered(found, flat) == ordered(querykit.evaluate(flat, data, schema, "Shop"), flat)
    if engine.sqlalchemy is not None:
        fetched = querykit.fetch(engine.sqlalchemy, query, schema, "Shop")
        expected = querykit.evaluate(query, data, schema, "Shop")
        assert ordered(inner_orders_fixed(fetched, query), query) == ordered(
            inner_orders_fixed(expected, query), query
        )


@given(data=databases(), asked=st.lists(queries(), min_size=_TOGETHER // 2, max_size=_TOGETHER * 3 // 2))
@settings(
    max_examples=max(PAIRS // _TOGETHER, 1),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_same_rows(
    crm: tuple[Engine, Schema], data: dict[str, list[dict[str, Any]]], asked: list[Query]
) -> None:
    engine, schema = crm
    fill(engine, schema, data)
    for query in asked:
        check(engine, schema, data, query)
