"""`rows.txt` from the evaluator, the lowered plan, SQLite by two ways, and DuckDB."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sales import DATA, SCHEMA, TABLES
from sqlalchemy import Connection, StaticPool, create_engine

import querykit
from querykit import Limits, Policy
from querykit.engine.prepare import prepare
from querykit.targets.evaluate import evaluate_plan


def cases() -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Entity, text and rows."""
    found = []
    for block in (Path(__file__).parent / "rows.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if lines:
            entity, colon, text = lines[0].partition(": ")
            rows = [json.loads(line) for line in lines[1:]]
            found.append((entity if colon else "Sale", f"$apply={text if colon else entity}", rows))
    return found


CASES = cases()
each = pytest.mark.parametrize(("entity", "text", "rows"), CASES, ids=[text for _, text, _ in CASES])


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as opened:
        for name, columns, rows in TABLES:
            opened.exec_driver_sql(f"CREATE TABLE {name} ({columns})")
            marks = ", ".join("?" * len(rows[0]))
            opened.exec_driver_sql(f"INSERT INTO {name} VALUES ({marks})", rows)
        yield opened
    engine.dispose()


@pytest.fixture(scope="module")
def duck() -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect()
    for name, columns, rows in TABLES:
        opened.execute(f"CREATE TABLE {name} ({columns})")
        opened.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    return opened


def plain(value: Any) -> Any:
    return round(float(value), 6) if isinstance(value, (int, float, Decimal)) else value


def check(text: str, found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    shown = [
        [{name: plain(value) for name, value in row.items()} for row in rows] for rows in (found, expected)
    ]
    if "$orderby" not in text:
        assert sorted(map(repr_of, shown[0])) == sorted(map(repr_of, shown[1]))
    else:
        assert shown[0] == shown[1]


def repr_of(row: dict[str, Any]) -> str:
    return repr(sorted(row.items()))


@each
def test_evaluator(entity: str, text: str, rows: list[dict[str, Any]]) -> None:
    query = querykit.parse(text, "odata")
    found = querykit.evaluate(query, DATA, SCHEMA, entity)
    assert [list(row) for row in found[:1]] == [list(row) for row in rows[:1]], "names in their order"
    check(text, found, rows)
    check(text, evaluate_plan(prepare(query, SCHEMA, entity, Limits(), Policy(), None), DATA), rows)


@each
def test_sqlalchemy(connection: Connection, entity: str, text: str, rows: list[dict[str, Any]]) -> None:
    query = querykit.parse(text, "odata")
    check(text, querykit.fetch(connection, query, SCHEMA, entity), rows)
    selected = connection.execute(querykit.to_sqlalchemy(query, SCHEMA, entity)).mappings()
    check(text, [dict(row) for row in selected], rows)


@each
def test_sql_on_sqlite(connection: Connection, entity: str, text: str, rows: list[dict[str, Any]]) -> None:
    raw: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    check(text, answers(raw, text, "sqlite", entity), rows)


@each
def test_sql_on_duckdb(
    duck: duckdb.DuckDBPyConnection, entity: str, text: str, rows: list[dict[str, Any]]
) -> None:
    check(text, answers(duck, text, "duckdb", entity), rows)


def answers(connection: Any, text: str, dialect: str, entity: str) -> list[dict[str, Any]]:
    sql = querykit.to_sql(querykit.parse(text, "odata"), SCHEMA, dialect, entity)
    cursor = connection.execute(sql.text, sql.params)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
