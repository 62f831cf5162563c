"""The same rows of random `$apply` from the evaluator, SQLAlchemy and sqlglot on SQLite, and DuckDB."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import duckdb
import pytest
from crm import SCHEMA, Base, databases
from hypothesis import event, given, settings
from pipelines import requests
from sqlalchemy import Connection
from test_same_rows import _SETTINGS, EXAMPLES, filled, normal, run_sql

import querykit
from querykit import Query, QueryError
from querykit.engine.prepare import prepare
from querykit.limits import Limits
from querykit.plan.nodes import BoundQuery
from querykit.policy import Policy
from querykit.targets.evaluate import evaluate_plan, evaluate_total
from querykit.targets.sqlalchemy import count_select
from querykit.targets.sqlglot import count_sql

PIPELINES = settings(_SETTINGS, max_examples=EXAMPLES // 4)

#: What pipelines run into that is no fault: a name for values of two types, and sizes.
_REFUSED = {"mixed_types", "aggregate_from", "apply", "joins", "nesting", "aggregate_path", "depth"}

_TYPES = {"INTEGER": "INTEGER", "VARCHAR": "VARCHAR", "FLOAT": "DOUBLE", "DATETIME": "TIMESTAMP"}


def plain(row: dict) -> str:
    """A row by its values; what one engine counts in whole numbers another has as decimals."""
    return repr([(name, _number(value)) for name, value in sorted(normal(row).items())])


def _number(value: object) -> object:
    return float(value) + 0.0 if isinstance(value, (int, float)) else value  # there is a -0.0


def bag(rows: list[dict]) -> list[str]:
    return sorted(map(plain, rows))


def same(query: Query, expected: list[dict], found: list[dict]) -> None:
    """Results alike: in their order where there is one."""
    assert bag(found) == bag(expected)
    if query.order or query.top is not None or query.skip is not None:
        assert list(map(plain, found)) == list(map(plain, expected))


def evaluated(data: dict[str, list[dict]], query: Query) -> list[dict] | None:
    """The rows; None where the query is refused, for a reason that is one."""
    try:
        return querykit.evaluate(query, data, SCHEMA, "Shop")
    except QueryError as error:
        if error.code not in _REFUSED:
            raise
        event(f"refused: {error.code}")
        return None


@given(data=databases(), query=requests(rich=True))
@PIPELINES
def test_sqlite(data: dict[str, list[dict]], query: Query) -> None:
    expected = evaluated(data, query)
    if expected is None:
        return
    prepared = prepare(query, SCHEMA, "Shop", Limits(), Policy(), None)
    same(query, expected, evaluate_plan(prepared, data))
    total = evaluate_total(prepared, data)
    with filled(data) as connection:
        try:
            same(query, expected, querykit.fetch(connection, query, SCHEMA, "Shop"))
            same(query, expected, run_sql(connection, query))
            assert [total, total] == list(counts(connection, prepared))
        except QueryError as error:
            if error.code not in _REFUSED:
                raise
            event(f"refused: {error.code}")


def counts(connection: Connection, prepared: BoundQuery) -> Iterator[int]:
    counted = count_select(prepared.plan)
    yield connection.execute(counted.statement, counted.params(prepared.values)).scalar_one()
    text = count_sql(prepared.plan, "sqlite")
    raw: sqlite3.Connection = connection.connection.driver_connection
    yield raw.execute(text.text, text.params(prepared.values)).fetchone()[0]


@pytest.fixture(scope="module")
def duck() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for table in Base.metadata.tables.values():
        columns = ", ".join(f'"{column.name}" {_type(column.type)}' for column in table.columns)
        connection.execute(f'CREATE TABLE "{table.name}" ({columns})')
    return connection


def _type(type: object) -> str:
    text = str(type)
    return _TYPES.get(text.partition(" ")[0], text)


@given(data=databases(), query=requests())
@PIPELINES
def test_duckdb(duck: duckdb.DuckDBPyConnection, data: dict[str, list[dict]], query: Query) -> None:
    expected = evaluated(data, query)
    if expected is None:
        return
    duck.execute("BEGIN")
    try:
        for name, rows in data.items():
            for row in rows:
                places = ", ".join(f'"{column}"' for column in row)
                marks = ", ".join("?" for _ in row)
                duck.execute(f'INSERT INTO "{name.lower()}" ({places}) VALUES ({marks})', list(row.values()))
        sql = querykit.to_sql(query, SCHEMA, dialect="duckdb", entity="Shop")
        cursor = duck.execute(sql.text, sql.params)
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    finally:
        duck.execute("ROLLBACK")
    same(query, expected, found)
