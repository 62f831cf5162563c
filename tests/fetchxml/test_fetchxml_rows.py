"""The rows that FetchXML asks for: in memory, and in SQLite, also by way of its own print."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from fetchxml_tables import pairs
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Uuid,
    create_engine,
)

import querykit
from querykit import Schema, UnknownName
from querykit.ast.nodes import Query

META = MetaData()
Table(
    "Account",
    META,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("city", String),
    Column("employees", Integer),
    Column("revenue", Numeric(12, 2)),
    Column("active", Boolean),
    Column("guid", Uuid),
    Column("createdon", DateTime),
    Column("founded", Date),
    Column("owner_id", Integer),
)
Table("User", META, Column("id", Integer, primary_key=True), Column("city", String))
Table(
    "Contact",
    META,
    Column("id", Integer, primary_key=True),
    Column("age", Integer),
    Column("account_id", Integer),
)
SCHEMA = Schema.from_sqlalchemy(META)
NOW = dt.datetime(2024, 2, 29, 10, 30)


def account(*values: Any) -> dict[str, Any]:
    return dict(zip(META.tables["Account"].columns.keys(), values, strict=True))


ID = UUID("12345678-1234-1234-1234-123456789abc")
DATA: dict[str, list[dict[str, Any]]] = {
    "Account": [
        account(1, "Oslo AS", "Oslo", 10, Decimal("1.5"), True, ID, dt.datetime(2024, 2, 29, 9), None, 1),
        account(
            2,
            "A_B",
            "Bergen",
            5,
            Decimal(7),
            False,
            None,
            dt.datetime(2024, 2, 22, 0, 0),
            dt.date(2020, 1, 1),
            2,
        ),
        account(
            3, "Zorro", "Oslo", 6, None, True, None, dt.datetime(2023, 12, 1, 12), dt.date(2019, 12, 31), 5
        ),
        account(4, "bcd", None, None, None, None, None, None, None, None),
        account(5, "Late", "Rome", 1, None, True, None, dt.datetime(2024, 3, 2, 23, 59, 59), None, 2),
    ],
    "User": [{"id": 1, "city": "Oslo"}, {"id": 2, "city": None}],
    "Contact": [
        {"id": 1, "age": 20, "account_id": 1},
        {"id": 2, "age": 30, "account_id": 1},
        {"id": 3, "age": 5, "account_id": 2},
        {"id": 4, "age": 18, "account_id": 3},
        {"id": 5, "age": None, "account_id": None},
    ],
}


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    META.create_all(engine)
    with engine.connect() as connection:
        for name, rows in DATA.items():
            connection.execute(META.tables[name].insert(), rows)
        yield connection
    engine.dispose()


def document(inside: str, options: str = "") -> str:
    return f'<fetch{options}><entity name="Account">{inside}</entity></fetch>'


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return sorted(row["id"] for row in rows)


def asked(connection: Connection, query: Query) -> tuple[list[int], list[int]]:
    """In memory, and in the database."""
    statement = querykit.to_sqlalchemy(query, SCHEMA, clock=lambda: NOW)
    return (
        ids(querykit.evaluate(query, DATA, SCHEMA, clock=lambda: NOW)),
        sorted(row.id for row in connection.execute(statement)),
    )


@pytest.mark.parametrize(("text", "kept"), pairs("rows.txt"))
def test_rows(text: str, kept: str, connection: Connection) -> None:
    query = querykit.parse(document(text), "fetchxml")
    expected = [int(number) for number in kept.split() if number != "none"]
    assert asked(connection, query) == (expected, expected)
    for language in ("fetchxml", "criteria"):
        again = _translated(query, language)
        assert again is None or asked(connection, again) == (expected, expected), language


def _translated(query: Query, language: str) -> Query | None:
    """The query by way of its text in a language; None where a link's filter speaks of the rows around."""
    try:
        text = querykit.render(query, language)
    except querykit.NotExpressible as refusal:
        if "the row around" in refusal.message:
            return None
        raise
    return Query("Account", querykit.parse(text, language).filter)


def test_a_page_in_order(connection: Connection) -> None:
    text = document(
        '<attribute name="name" alias="title"/><order attribute="city" descending="true"/><order attribute="name"/>',
        ' count="2" page="2"',
    )
    query = querykit.parse(text, "fetchxml")
    expected = [{"title": "Zorro"}, {"title": "A_B"}]
    assert querykit.evaluate(query, DATA, SCHEMA) == expected
    assert querykit.fetch(connection, query, SCHEMA) == expected


def test_aggregates(connection: Connection) -> None:
    text = document(
        '<attribute name="id" aggregate="count" alias="n"/><attribute name="employees" aggregate="sum" alias="all"/>'
        '<attribute name="employees" aggregate="max" alias="most"/>'
        '<filter><condition attribute="city" operator="not-null"/></filter>',
        ' aggregate="true"',
    )
    query = querykit.parse(text, "fetchxml")
    expected = [{"n": 4, "all": 22, "most": 10}]
    assert querykit.evaluate(query, DATA, SCHEMA) == expected
    assert querykit.fetch(connection, query, SCHEMA) == expected


@pytest.mark.parametrize(("text", "results"), pairs("results.txt"))
def test_results(text: str, results: str, connection: Connection) -> None:
    options, _, inside = text.partition(" | ")
    query = querykit.parse(document(inside, f" {options}"), "fetchxml")
    assert querykit.parse(querykit.render(query, "fetchxml"), "fetchxml") == query
    assert querykit.evaluate(query, DATA, SCHEMA) == json.loads(results)
    assert querykit.fetch(connection, query, SCHEMA) == json.loads(results)


def test_who_asks_is_for_the_user_to_say() -> None:
    query = querykit.parse(
        document('<filter><condition attribute="owner_id" operator="eq-userid"/></filter>'), "fetchxml"
    )
    with pytest.raises(UnknownName, match="CurrentUserId") as caught:
        querykit.to_sqlalchemy(query, SCHEMA)
    assert caught.value.position is not None


def test_a_value_that_is_none_of_the_field() -> None:
    text = document('<filter><condition attribute="employees" operator="eq" value="many"/></filter>')
    with pytest.raises(querykit.TypeMismatch) as caught:
        querykit.to_sqlalchemy(querykit.parse(text, "fetchxml"), SCHEMA)
    assert caught.value.position is not None
    assert text[slice(*caught.value.position)] == "many"
