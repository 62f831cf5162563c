"""Ids as `11x5`: in conditions and results, on rows in memory and in SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from vtiger import ROWS, SCHEMA

import querykit
from querykit import Query, QueryError, Schema, UnknownName
from querykit.profiles import PROFILES, next_page, page, resume
from text_tables import lines


@pytest.fixture(scope="module")
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        for entity in SCHEMA.entities.values():
            columns = ", ".join(item.column for item in entity.properties.values())
            connection.exec_driver_sql(f'CREATE TABLE "{entity.table}" ({columns})')
            for row in ROWS[entity.name]:
                holes = ", ".join("?" * len(entity.properties))
                values = tuple(row[name] for name in entity.properties)
                connection.exec_driver_sql(f'INSERT INTO "{entity.table}" VALUES ({holes})', values)
        yield connection
    engine.dispose()


def asked(connection: sa.Connection, query: Query, entity: str = "Accounts") -> list[dict[str, Any]]:
    """The rows, which memory and the targets agree on."""
    rows = querykit.evaluate(query, ROWS, SCHEMA, entity=entity)
    assert querykit.fetch(connection, query, SCHEMA, entity=entity) == rows
    if not query.expand:
        sql = querykit.to_sql(query, SCHEMA, "sqlite", entity)
        found = connection.exec_driver_sql(sql.text, sql.params)
        assert [dict(row._mapping) for row in found] == rows
    return rows


def table() -> list[list[str]]:
    return [
        line.split(" | ") for line in lines(Path(__file__).parent / "ids.txt") if not line.startswith("# ")
    ]


@pytest.mark.parametrize(("language", "text", "expected"), table())
def test_conditions(language: str, text: str, expected: str, connection: sa.Connection) -> None:
    query = querykit.parse(text, language)
    if expected[0].isdigit() or expected == "none":
        numbers = [] if expected == "none" else [f"11x{number}" for number in expected.split()]
        assert sorted(row["id"] for row in asked(connection, query)) == numbers
        return
    with pytest.raises(QueryError) as caught:
        asked(connection, query)
    assert caught.value.code == expected
    assert caught.value.position is not None


def test_results(connection: sa.Connection) -> None:
    """References and owners with the prefix of what they lead to; null, where that is gone (A.3)."""
    text = "SELECT id, account_id, assigned_user_id FROM Accounts ORDER BY id DESC;"
    assert asked(connection, querykit.parse(text, "vtql")) == [
        {"id": "11x7", "account_id": None, "assigned_user_id": None},
        {"id": "11x6", "account_id": "11x5", "assigned_user_id": "20x2"},
        {"id": "11x5", "account_id": None, "assigned_user_id": "19x1"},
    ]


def test_results_of_related_rows(connection: sa.Connection) -> None:
    query = querykit.parse("$select=id&$expand=accounts($select=id,assigned_user_id)", "odata")
    accounts = [{"id": "11x5", "assigned_user_id": "19x1"}]
    assert asked(connection, query, "Users") == [{"id": "19x1", "accounts": accounts}]


def test_computed_values(connection: sa.Connection) -> None:
    query = querykit.parse(
        "$compute=id as key,concat(id,'-') as text&$filter=key eq '11x5'&$select=key,text", "odata"
    )
    assert asked(connection, query) == [{"key": "11x5", "text": "11x5-"}]


def test_pages_by_key() -> None:
    query = querykit.parse("$select=id&$orderby=id", "odata")
    profile = PROFILES["resco"]._replace(page=2, cap=2)
    first = querykit.evaluate(page(query, profile, SCHEMA, "Accounts"), ROWS, SCHEMA, entity="Accounts")
    link = next_page(query, first, profile, SCHEMA, "Accounts")
    assert first == [{"id": "11x5"}, {"id": "11x6"}]
    assert link is not None
    rest = resume(query, link.rpartition("=")[2])
    assert querykit.evaluate(rest, ROWS, SCHEMA, entity="Accounts") == [{"id": "11x7"}]


def test_a_schema_from_elsewhere() -> None:
    metadata = sa.MetaData()
    sa.Table(
        "Accounts", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("owner", sa.Integer)
    )
    schema = Schema.from_sqlalchemy(metadata).with_ids("Accounts", "id", "11")
    query = querykit.parse("SELECT id FROM Accounts WHERE id = 11x5;", "vtql")
    assert querykit.evaluate(query, {"Accounts": [{"id": 5}, {"id": 6}]}, schema) == [{"id": "11x5"}]
    for property, prefix in (("idd", "11"), ("owner", {"19": "user"})):
        with pytest.raises(UnknownName):
            schema.with_ids("Accounts", property, prefix)
