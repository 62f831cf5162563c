"""ClickHouse inside this process (chDB)."""

from __future__ import annotations

import datetime as dt
import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from engines.base import Engine, Missing, Rows
from querykit.types import Type

__all__ = ["ClickHouse"]

#: Numbers exactly as they are, and infinities.
_SETTINGS = (
    "SET session_timezone = 'UTC'",
    "SET output_format_json_quote_denormals = 1",
    "SET output_format_json_quote_decimals = 1",
)
_FORMAT = "JSONCompactEachRowWithNamesAndTypes"
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0"})


class ClickHouse(Engine):
    name = "clickhouse"
    dialect = "clickhouse"
    types = {
        **dict.fromkeys(("string", "any", "binary"), "String"),
        "bool": "Bool",
        "int": "Int64",
        "float": "Float64",
        "decimal": "Decimal(38, 9)",
        "date": "Date32",
        "datetime": "DateTime64(6, 'UTC')",
        "duration": "DateTime64(6, 'UTC')",
        "guid": "UUID",
    }

    def __init__(self) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                from chdb.session import Session
        except ImportError:
            raise Missing("pip install chdb") from None
        self.errors = (RuntimeError,)
        self._session = Session()
        for statement in ("CREATE DATABASE querykit", "USE querykit", *_SETTINGS):
            self._session.query(statement)
        self.version = self.run("SELECT version()")[0][0]

    def run(self, sql: str, params: Mapping[str, Any] | None = None) -> Rows:
        sent = {name: _sent(value) for name, value in (params or {}).items()}
        try:
            answer = str(self._session.query(sql, _FORMAT, params=sent))
        except RuntimeError:
            self._session.query(
                "SELECT 1", _FORMAT
            )  # else what the failing one had said begins the next answer
            raise
        if not answer:
            return []
        self.columns, types, *rows = map(json.loads, answer.strip("\n").split("\n"))
        readers = [_reader(type) for type in types]
        return [
            tuple(None if value is None else read(value) for read, value in zip(readers, row, strict=True))
            for row in rows
        ]

    def create(self, table: str, columns: Mapping[str, Type]) -> None:
        self.run(f"DROP TABLE IF EXISTS {self.quoted(table)}")
        names = ", ".join(
            f"{self.quoted(name)} Nullable({self.types[type.kind]})" for name, type in columns.items()
        )
        self.run(f"CREATE TABLE {self.quoted(table)} ({names}) ENGINE = Memory")

    def fill(self, table: str, columns: Mapping[str, Type], rows: Sequence[Sequence[Any]]) -> None:
        self.run(f"TRUNCATE TABLE {self.quoted(table)}")
        lines = ["\t".join(map(_written, row)) for row in self.stored(columns, rows)]
        if lines:
            self.run(f"INSERT INTO {self.quoted(table)} FORMAT TSV\n" + "\n".join(lines) + "\n")

    def close(self) -> None:
        self._session.close()


def _sent(value: Any) -> Any:
    """A parameter is read as a field of a TSV file, which only some drivers write it as."""
    return value.translate(_ESCAPED) if isinstance(value, str) else "\\N" if value is None else str(value)


def _written(value: Any) -> str:
    """A field of a TSV file."""
    if isinstance(value, bytes):
        return "".join(f"\\x{byte:02x}" for byte in value)
    return str(_sent(value))


def _reader(type: str) -> Callable[[Any], Any]:
    name = type.removeprefix("Nullable(").split("(")[0].rstrip(")")
    return next((read for start, read in _READERS.items() if name.startswith(start)), lambda value: value)


#: The first that the type's name begins with.
_READERS: dict[str, Callable[[Any], Any]] = {
    "DateTime": lambda text: _moment(text, dt.datetime),
    "Date": lambda text: _moment(text, dt.date),
    "Decimal": Decimal,
    "UUID": UUID,
    "Float": float,
    "Int": int,
    "UInt": int,
}


def _moment(text: str, kind: type[dt.date]) -> dt.date | str:
    """As it is where Python has no such year."""
    try:
        return kind.fromisoformat(text)
    except ValueError:
        return text
