"""CSV in UTF-8 with a header. Texts are in quotes, so that an empty one is not null, which is nothing at all."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from querykit.demo.files import kind
from querykit.demo.rows import Row

__all__ = ["write"]


def write(path: Path, table: Table, rows: Iterator[Row]) -> int:
    """Write a table to a new file and count its rows."""
    fields = [(column.name, _FIELDS[kind(column)]) for column in table.columns]
    count = 0
    with path.open("x", encoding="utf-8", newline="") as file:
        file.write(",".join(_quoted(name) for name, _ in fields) + "\r\n")
        for count, row in enumerate(rows, 1):  # noqa: B007 - the count is what we return
            file.write(",".join(_field(row[name], field) for name, field in fields) + "\r\n")
    return count


def _field(value: Any, written: Callable[[Any], str]) -> str:
    return "" if value is None else written(value)


def _quoted(text: str) -> str:
    """RFC 4180, 2.5 to 2.7."""
    return '"' + text.replace('"', '""') + '"'


#: Type of a column's values -> a value as a field.
_FIELDS: dict[type, Callable[[Any], str]] = {
    str: _quoted,
    enum.Enum: lambda member: _quoted(member.name),
    UUID: str,
    bool: lambda value: "true" if value else "false",
    int: str,
    float: repr,
    Decimal: lambda value: f"{value:f}",
    dt.date: dt.date.isoformat,
    dt.datetime: lambda value: value.isoformat(" "),
}
