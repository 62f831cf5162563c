"""SQLite, of the standard library."""

from __future__ import annotations

import sqlite3

import sqlalchemy as sa

from engines.base import DbApiEngine

__all__ = ["SQLite"]


class SQLite(DbApiEngine):
    name = "sqlite"
    dialect = "sqlite"
    types = {
        **dict.fromkeys(("string", "date", "datetime", "time", "duration", "guid", "any"), "TEXT"),
        **dict.fromkeys(("int", "bool"), "INTEGER"),
        "float": "REAL",
        "decimal": "NUMERIC",
        "binary": "BLOB",
    }
    errors = (sqlite3.Error, OverflowError)

    def __init__(self) -> None:
        self.sqlalchemy = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
        with self.sqlalchemy.connect() as connection:
            self.connection = connection.connection.driver_connection
        self.connection.isolation_level = None
        self.version = sqlite3.sqlite_version
