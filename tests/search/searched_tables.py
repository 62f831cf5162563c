"""Accounts with words in them, in memory, in SQLite with FTS5, and in PostgreSQL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from querykit import Schema

__all__ = ["ROWS", "fill_postgres", "fill_sqlite", "schema"]

ROWS: dict[str, list[dict[str, Any]]] = {
    "Account": [
        {"id": 1, "name": "War and old peace", "city": "Gent"},
        {"id": 2, "name": "Peace; WAR", "city": "Oslo"},
        {"id": 3, "name": "Béla", "city": None},
        {"id": 4, "name": "It's x-ray near", "city": "Gent"},
        {"id": 5, "name": None, "city": None},
    ],
    "Order": [
        {"id": 10, "account_id": 1, "memo": "red shoes"},
        {"id": 11, "account_id": 1, "memo": "Red"},
        {"id": 12, "account_id": 2, "memo": "reddish"},
        {"id": 13, "account_id": 2, "memo": None},
    ],
}


def schema(kind: str) -> Schema:
    """`kind`: of the indexes, or empty."""
    names = {"fts5": ("account_words", "order_words"), "tsvector": ("words", "words")}.get(kind)
    account, order = ({"kind": kind, "name": name} if kind else None for name in names or ("", ""))
    text = {"type": "string", "searchable": True}
    return Schema.from_dict(
        {
            "Account": {
                "table": "account",
                "key": ["id"],
                "properties": {"id": "int!", "name": text, "city": text},
                "relations": {"orders": {"target": "Order", "many": True, "on": [["id", "account_id"]]}},
                "search_index": account,
            },
            "Order": {
                "table": "orders",
                "key": ["id"],
                "properties": {"id": "int!", "account_id": "int", "memo": text},
                "relations": {"account": {"target": "Account", "on": [["account_id", "id"]]}},
                "search_index": order,
            },
        }
    )


_TABLES = (
    "CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT, city TEXT{})",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER, memo TEXT{})",
)


def fill_sqlite(connection: sa.Connection) -> None:
    """Tables, and an FTS5 index beside each."""
    for table in _TABLES:
        connection.exec_driver_sql(table.format(""))
    connection.exec_driver_sql("CREATE VIRTUAL TABLE account_words USING fts5(name, city)")
    connection.exec_driver_sql("CREATE VIRTUAL TABLE order_words USING fts5(memo)")
    _insert(connection)
    connection.exec_driver_sql(
        "INSERT INTO account_words (rowid, name, city) SELECT id, name, city FROM account"
    )
    connection.exec_driver_sql("INSERT INTO order_words (rowid, memo) SELECT id, memo FROM orders")


def fill_postgres(connection: sa.Connection) -> None:
    """Tables with a generated column of words each (PostgreSQL, 12.2.2); a gap keeps phrases in one column."""
    gap = " || to_tsvector('simple', 'gap gap') || "
    columns = (
        f"to_tsvector('simple', coalesce(name, '')){gap}to_tsvector('simple', coalesce(city, ''))",
        "to_tsvector('simple', coalesce(memo, ''))",
    )
    for table, words in zip(_TABLES, columns, strict=True):
        connection.exec_driver_sql(
            table.format(f", words TSVECTOR GENERATED ALWAYS AS ({words}) STORED").replace(
                "CREATE", "CREATE TEMPORARY"
            )
        )
    _insert(connection)


def _insert(connection: sa.Connection) -> None:
    connection.execute(
        sa.text("INSERT INTO account (id, name, city) VALUES (:id, :name, :city)"), ROWS["Account"]
    )
    connection.execute(
        sa.text("INSERT INTO orders (id, account_id, memo) VALUES (:id, :account_id, :memo)"), ROWS["Order"]
    )
