"""What every engine can do: make a table, fill it, answer a statement."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa

from querykit.functions.sql import encode
from querykit.types import Type

__all__ = ["DbApiEngine", "Engine", "Missing", "Rows"]

Rows = list[tuple[Any, ...]]


class Missing(Exception):
    """The engine cannot be started here; the text says what is not installed."""


class Engine(ABC):
    """A database that this process has started, or opened, and closes again.

    Attributes
    ----------
    name, dialect: of the engine, and what querykit calls its SQL.
    version: as the engine says it.
    errors: what its driver raises where it refuses a statement or a value.
    quick: it answers in milliseconds.
    quote: what stands around a name.
    types: kind of value -> type of a column.
    columns: the names of the results of the statement that ran last.
    sqlalchemy: an engine of SQLAlchemy for the same database, where there is a dialect for it.
    """

    name: ClassVar[str]
    dialect: ClassVar[str]
    quick: ClassVar[bool] = True
    quote: ClassVar[str] = '"'
    types: ClassVar[Mapping[str, str]]
    errors: tuple[type[Exception], ...] = ()
    version: str = ""
    columns: Sequence[str] = ()
    sqlalchemy: sa.Engine | None = None

    @abstractmethod
    def run(self, sql: str, params: Mapping[str, Any] | None = None) -> Rows:
        """The rows of a statement as `querykit.to_sql` writes it."""

    @abstractmethod
    def create(self, table: str, columns: Mapping[str, Type]) -> None:
        """An empty table in the place of the one of that name."""

    @abstractmethod
    def fill(self, table: str, columns: Mapping[str, Type], rows: Sequence[Sequence[Any]]) -> None:
        """Python values in the place of the table's rows."""

    @abstractmethod
    def close(self) -> None:
        """Stop it and leave nothing behind."""

    def stored(self, columns: Mapping[str, Type], rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
        """The rows as the driver must be given them."""
        types = list(columns.values())
        return [
            [encode(value, type, self.dialect) for value, type in zip(row, types, strict=True)]
            for row in rows
        ]

    def defined(self, columns: Mapping[str, Type]) -> str:
        """The columns of a CREATE TABLE."""
        return ", ".join(f"{self.quoted(name)} {self.types[type.kind]}" for name, type in columns.items())

    def quoted(self, name: str) -> str:
        return f"{self.quote}{name}{self.quote}"


class DbApiEngine(Engine):
    """An engine with a connection of the DB-API, which commits every statement.

    Attributes
    ----------
    mark: how the driver writes a placeholder without a name.
    """

    mark: ClassVar[str] = "?"
    connection: Any

    def run(self, sql: str, params: Mapping[str, Any] | None = None) -> Rows:
        cursor = self.connection.cursor()
        try:
            if params:
                cursor.execute(sql, params)
            else:
                cursor.execute(sql.replace("%%", "%") if self.mark == "%s" else sql)
            self.columns = [column[0] for column in cursor.description or ()]
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []
        finally:
            cursor.close()

    def create(self, table: str, columns: Mapping[str, Type]) -> None:
        self.run(f"DROP TABLE IF EXISTS {self.quoted(table)}")
        self.run(f"CREATE TABLE {self.quoted(table)} ({self.defined(columns)})")

    def fill(self, table: str, columns: Mapping[str, Type], rows: Sequence[Sequence[Any]]) -> None:
        self.run(f"DELETE FROM {self.quoted(table)}")
        marks = f"({', '.join([self.mark] * len(columns))})"
        stored = self.stored(columns, rows)
        for start in range(0, len(rows), 500):
            part = stored[start : start + 500]
            cursor = self.connection.cursor()
            try:
                values = [value for row in part for value in row]
                cursor.execute(
                    f"INSERT INTO {self.quoted(table)} VALUES {', '.join([marks] * len(part))}", values
                )
            finally:
                cursor.close()

    def close(self) -> None:
        if self.sqlalchemy is not None:
            self.sqlalchemy.dispose()
        self.connection.close()
