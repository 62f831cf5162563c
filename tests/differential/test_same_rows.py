"""The same rows from the evaluator, from SQLAlchemy on SQLite, and from sqlglot's SQL on SQLite."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from crm import SCHEMA, Base, databases
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from queries import queries
from sqlalchemy import Connection, StaticPool, create_engine

import querykit
from querykit import NotExpressible, Query

EXAMPLES = int(os.environ.get("QUERYKIT_EXAMPLES", "800")) // 2

_SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)

ENGINE = create_engine("sqlite://", poolclass=StaticPool)
Base.metadata.create_all(ENGINE)


@contextmanager
def filled(data: dict[str, list[dict]]) -> Iterator[Connection]:
    """A connection to a database that holds the rows, in a transaction that is rolled back."""
    with ENGINE.connect() as connection, connection.begin() as transaction:
        for name in ("Shop", "Tag", "Order", "shop_tag"):
            table = Base.metadata.tables[name.lower()]
            if data[name]:
                connection.execute(table.insert(), data[name])
        yield connection
        transaction.rollback()


def normal(value: Any) -> Any:
    """A value as the most primitive of the three engines gives it."""
    if isinstance(value, dict):
        return {name: normal(item) for name, item in value.items()}
    if isinstance(value, list):
        return [normal(item) for item in value]
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (Decimal, float)):
        return round(float(value), 9)
    return value


def ordered(rows: list[dict], query: Query) -> list[Any]:
    """The rows as they must come; without an order, sorted by what they hold."""
    rows = [normal(row) for row in rows]
    if query.order or query.top is not None or query.skip is not None:
        return rows
    return sorted(rows, key=repr)


def run_sql(connection: Connection, query: Query) -> list[dict]:
    sql = querykit.to_sql(query, SCHEMA, dialect="sqlite", entity="Shop")
    raw: sqlite3.Connection = connection.connection.driver_connection
    cursor = raw.execute(sql.text, sql.params)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def without_expand(query: Query) -> Query:
    values = {name: getattr(query, name) for name in query.fields} | {"expand": ()}
    return Query(**values)


def inner_orders_fixed(rows: list[Any], query: Query) -> list[Any]:
    """Nested rows, sorted where their own query has no order."""
    names = {str(item.path.steps[0]): item.query for item in query.expand}
    fixed = []
    for row in rows:
        fixed.append(
            {
                name: ordered(inner_orders_fixed(value, names[name]), names[name])
                if name in names and isinstance(value, list)
                else value
                for name, value in row.items()
            }
        )
    return fixed


@given(data=databases(), query=queries())
@_SETTINGS
def test_same_rows(data: dict[str, list[dict]], query: Query) -> None:
    expected = ordered(inner_orders_fixed(querykit.evaluate(query, data, SCHEMA, "Shop"), query), query)
    with filled(data) as connection:
        try:
            fetched = querykit.fetch(connection, query, SCHEMA, "Shop")
        except NotExpressible as error:
            event(f"refused: {error.code}")
            with pytest.raises(NotExpressible):
                querykit.to_sql(query, SCHEMA, dialect="sqlite", entity="Shop")
            return
        event("compared")
        assert ordered(inner_orders_fixed(fetched, query), query) == expected
        flat = without_expand(query)
        assert ordered(run_sql(connection, flat), flat) == ordered(
            querykit.evaluate(flat, data, SCHEMA, "Shop"), flat
        )


@given(data=databases(), query=queries(expand=0), rest=st.integers(0, 6))
@_SETTINGS
def test_pages_are_the_whole(data: dict[str, list[dict]], query: Query, rest: int) -> None:
    """Page 1 and page 2 are both: the stable order leaves no gap and no overlap."""
    values = {name: getattr(query, name) for name in query.fields}
    first = Query(**values | {"top": rest, "skip": 0})
    second = Query(**values | {"top": None, "skip": rest})
    whole = Query(**values | {"top": None, "skip": 0})
    with filled(data) as connection:
        try:
            pages = [querykit.fetch(connection, page, SCHEMA, "Shop") for page in (first, second, whole)]
        except NotExpressible:
            return
    assert pages[0] + pages[1] == pages[2]
