"""The sample CRM as files that databases and clusters read: one for each table, written as its rows are made."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeAlias, TypeVar

from sqlalchemy import Column, Table

from querykit.demo.rows import Row

__all__ = ["Writer", "batches", "kind"]

T = TypeVar("T")

#: Writes a table's rows to a new file and says how many there were.
Writer: TypeAlias = Callable[[Path, Table, Iterator[Row]], int]


def kind(column: Column[object]) -> type:
    """The Python type of a column's values; enumerations are kept by the names of their members."""
    type = column.type.python_type
    return enum.Enum if issubclass(type, enum.Enum) else type


def batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    """Lists of so many items, the last one of what is left."""
    while batch := list(islice(items, size)):
        yield batch
