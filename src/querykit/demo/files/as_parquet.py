"""Parquet, which needs pyarrow (`pip install 'querykit[parquet]'`)."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa  # pyright: ignore[reportMissingImports] - an extra
import pyarrow.parquet as pq  # pyright: ignore[reportMissingImports] - an extra
from sqlalchemy import Column, Numeric, Table

from querykit.demo.files import batches, kind
from querykit.demo.rows import Row

__all__ = ["write"]

#: Rows that are Python objects at one time, and such batches in a row group.
_BATCH, _BATCHES = 2_000, 50

_TYPES: dict[type, Any] = {
    str: pa.string(),
    enum.Enum: pa.string(),
    UUID: pa.string(),  # Spark has no type for them, and reads no file that has one
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    dt.date: pa.date32(),
    dt.datetime: pa.timestamp("us", tz="UTC"),  # without a zone, Spark would make it TIMESTAMP_NTZ
}

#: Type of a column's values -> how its cells are kept, where not as they are.
_CELLS: dict[type, Callable[[Any], Any]] = {UUID: str, enum.Enum: lambda member: member.name}


def write(path: Path, table: Table, rows: Iterator[Row]) -> int:
    """Write a table to a new file and count its rows."""
    schema = pa.schema([_column(column) for column in table.columns])
    cells = {column.name: _CELLS.get(kind(column)) for column in table.columns}
    count = 0
    with path.open("xb") as file, pq.ParquetWriter(file, schema) as writer:
        parts = (_batch(batch, cells, schema) for batch in batches(rows, _BATCH))
        for group in batches(parts, _BATCHES):
            found = pa.Table.from_batches(group, schema)
            writer.write_table(found, row_group_size=_BATCH * _BATCHES)
            count += found.num_rows
    return count


def _column(column: Column[Any]) -> Any:
    return pa.field(column.name, _kept(column), nullable=bool(column.nullable))


def _kept(column: Column[Any]) -> Any:
    if kind(column) is Decimal and isinstance(column.type, Numeric):
        return pa.decimal128(column.type.precision, column.type.scale)
    return _TYPES[kind(column)]


def _batch(rows: list[Row], cells: dict[str, Callable[[Any], Any] | None], schema: Any) -> Any:
    arrays = [pa.array(_values(rows, name, cell), schema.field(name).type) for name, cell in cells.items()]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _values(rows: list[Row], name: str, cell: Callable[[Any], Any] | None) -> list[Any]:
    if cell is None:
        return [row[name] for row in rows]
    return [None if row[name] is None else cell(row[name]) for row in rows]
