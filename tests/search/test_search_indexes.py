"""`$search` by the full-text indexes of SQLite and PostgreSQL, and by the evaluator: the same rows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from searched_tables import ROWS, fill_postgres, fill_sqlite, schema

import querykit
from querykit import Policy, Schema
from querykit.errors import NotExpressible, UnknownName
from querykit.schema.model import SearchIndex

FTS5, TSVECTOR, PORTABLE = schema("fts5"), schema("tsvector"), schema("")


def rows(kind: str) -> list[Any]:
    """Text and ids."""
    found = []
    for line in (Path(__file__).parent / "found.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            text, by_fts5, *by_tsvector = line.split(" | ")
            ids = by_tsvector[0] if by_tsvector and kind == "tsvector" else by_fts5
            numbers = [int(number) for number in ids.split() if number != "-"]
            found.append(pytest.param(text, numbers, id=line))
    return found


def ids(found: list[dict[str, Any]]) -> list[int]:
    return sorted(row["id"] for row in found)


@pytest.fixture(scope="module")
def sqlite() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        fill_sqlite(connection)
        yield connection
    engine.dispose()


def asked(connection: sa.Connection, text: str, entities: Schema, dialect: str) -> list[list[int]]:
    """By the evaluator, by SQLAlchemy, and by the text of the other target."""
    query = querykit.parse(text, "odata")
    sql = querykit.to_sql(query, entities, dialect, "Account")
    return [
        ids(querykit.evaluate(query, ROWS, entities, entity="Account")),
        ids(querykit.fetch(connection, query, entities, entity="Account")),
        sorted(row[0] for row in connection.exec_driver_sql(sql.text, sql.params)),
    ]


@pytest.mark.parametrize(("text", "expected"), rows("fts5"))
def test_fts5(text: str, expected: list[int], sqlite: sa.Connection) -> None:
    assert asked(sqlite, f"$search={text}", FTS5, "sqlite") == [expected] * 3


INSIDE = [
    ("$filter=orders/$count($search=red) gt 1", [1]),
    ("$filter=orders/$count($search=NOT red) gt 0", [2]),
    ("$filter=orders/$count($search=red AND shoes) eq 1 and city eq 'Gent'", [1]),
    ("$filter=orders/any(o:o/account/orders/$count($search=red) gt 0)", [1]),
    ("$search=war&$filter=id gt 1", [2]),
    ("$search=war&$top=1&$orderby=id desc", [2]),
    ("$apply=search(war)/filter(id gt 1)", [2]),
]


@pytest.mark.parametrize(("text", "expected"), INSIDE)
def test_search_inside_other_options(text: str, expected: list[int], sqlite: sa.Connection) -> None:
    assert asked(sqlite, text, FTS5, "sqlite") == [expected] * 3


@pytest.mark.parametrize("entities", [FTS5, PORTABLE], ids=["index", "portable"])
def test_search_in_an_expansion(entities: Schema, sqlite: sa.Connection) -> None:
    query = querykit.parse(
        "$filter=id lt 3&$select=id&$expand=orders($search=shoes OR reddish;$select=id)", "odata"
    )
    expected = [{"id": 1, "orders": [{"id": 10}]}, {"id": 2, "orders": [{"id": 12}]}]
    assert querykit.evaluate(query, ROWS, entities, entity="Account") == expected
    assert querykit.fetch(sqlite, query, entities, entity="Account") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("war", [1, 2]), ("wa", [1, 2]), ("NOT gent", [2, 3, 5]), ("'ea'", [1, 2, 4]), ("bela", [])],
)
def test_portable_search_looks_for_parts(text: str, expected: list[int], sqlite: sa.Connection) -> None:
    assert asked(sqlite, f"$search={text}", PORTABLE, "sqlite") == [expected] * 3


def test_another_dialect_has_no_index() -> None:
    query = querykit.parse("$search=war OR peace", "odata")
    for dialect in ("mysql", "mssql", "postgres", "duckdb"):
        with_index = querykit.to_sql(query, FTS5, dialect, "Account").text
        without = querykit.to_sql(query, PORTABLE, dialect, "Account").text
        assert "MATCH" not in with_index
        assert _bare(with_index) == _bare(without)


def _bare(text: str) -> str:
    """Without the numbers of parameters, and brackets in an or that are not needed."""
    return "".join(char for char in text if not char.isdigit() and char not in "()")


def test_texts() -> None:
    query = querykit.parse("$search=war", "odata")
    assert querykit.to_sql(query, FTS5, "sqlite", "Account") == (
        'SELECT id, name, city FROM "account" WHERE (id IN (SELECT account_words."rowid" '
        "FROM account_words WHERE account_words.account_words MATCH :p2))",
        {"p2": '"war"'},
    )
    assert querykit.to_sql(query, TSVECTOR, "postgres", "Account") == (
        'SELECT id, name, city FROM "account" WHERE '
        "(words @@ PHRASETO_TSQUERY(CAST(%(p3)s AS REGCONFIG), %(p2)s))",
        {"p3": "simple", "p2": "war"},
    )


def test_a_hidden_property_is_not_found_by_the_index(sqlite: sa.Connection) -> None:
    query = querykit.parse("$search=oslo", "odata")
    policy = Policy(hidden={"Account": {"city"}})
    assert querykit.fetch(sqlite, query, FTS5, entity="Account", policy=policy) == []
    assert "MATCH" not in querykit.to_sql(query, FTS5, "sqlite", "Account", policy=policy).text


def test_an_index_on_a_schema_of_tables(sqlite: sa.Connection) -> None:
    entities = _reflected(sqlite)
    indexed = entities.with_search("account", "name", "city", index=SearchIndex("fts5", "account_words"))
    query = querykit.parse('$search="old peace"', "odata")
    assert ids(querykit.fetch(sqlite, query, indexed, entity="account")) == [1]
    with pytest.raises(NotExpressible, match="cannot be searched"):
        querykit.fetch(sqlite, query, entities, entity="account")
    with pytest.raises(UnknownName, match="nmae"):
        entities.with_search("account", "nmae")


def _reflected(connection: sa.Connection) -> Schema:
    metadata = sa.MetaData()
    metadata.reflect(connection, only=["account", "orders"])
    return Schema.from_sqlalchemy(metadata)


def test_an_index_is_linked_by_any_column() -> None:
    """FTS5 beside rows whose key is no rowid."""
    entities = Schema.from_dict(
        {
            "Note": {
                "key": ["code"],
                "properties": {"code": "string!", "text": {"type": "string", "searchable": True}},
                "search_index": {"kind": "fts5", "name": "note_words", "link": ["code", "note"]},
            }
        }
    )
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql('CREATE TABLE "Note" (code TEXT PRIMARY KEY, text TEXT)')
        connection.exec_driver_sql("CREATE VIRTUAL TABLE note_words USING fts5(note UNINDEXED, text)")
        for code, text in (("a", "one two"), ("b", "two three")):
            connection.exec_driver_sql('INSERT INTO "Note" VALUES (?, ?)', (code, text))
            connection.exec_driver_sql("INSERT INTO note_words VALUES (?, ?)", (code, text))
        query = querykit.parse("$search=two NOT one", "odata")
        assert querykit.fetch(connection, query, entities, entity="Note") == [
            {"code": "b", "text": "two three"}
        ]
    engine.dispose()


# PostgreSQL: a server from the environment, where there is one.


@pytest.fixture(scope="module")
def postgres() -> Iterator[sa.Connection]:
    address = os.environ.get("QUERYKIT_POSTGRES")
    if not address:
        pytest.skip("no PostgreSQL: QUERYKIT_POSTGRES is the address of one, as SQLAlchemy has it")
    engine = sa.create_engine(address)
    with engine.connect() as connection:
        fill_postgres(connection)
        yield connection
    engine.dispose()


@pytest.mark.parametrize(("text", "expected"), rows("tsvector"))
def test_tsvector_in_memory(text: str, expected: list[int]) -> None:
    query = querykit.parse(f"$search={text}", "odata")
    assert ids(querykit.evaluate(query, ROWS, TSVECTOR, entity="Account")) == expected


@pytest.mark.parametrize(("text", "expected"), rows("tsvector"))
def test_tsvector(text: str, expected: list[int], postgres: sa.Connection) -> None:
    assert asked(postgres, f"$search={text}", TSVECTOR, "postgres") == [expected] * 3


@pytest.mark.parametrize(("text", "expected"), INSIDE)
def test_tsvector_inside_other_options(text: str, expected: list[int], postgres: sa.Connection) -> None:
    assert asked(postgres, text, TSVECTOR, "postgres") == [expected] * 3
