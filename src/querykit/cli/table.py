"""Rows as an aligned table that fits the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from querykit.cli.plain import plain
from querykit.source import cells

__all__ = ["flat", "printable", "rows_table", "table"]

_GAP = "  "
_LEAST = 8  # columns of the terminal that a long cell keeps however narrow that is
_MOST = 40  # and that it gets however wide


def table(headers: Sequence[str], rows: Sequence[Sequence[Any]], room: int, whole: int = 0) -> list[str]:
    """Headers, a rule and a line for each row, at most `room` columns wide; long cells are cut.

    The first `whole` columns are never cut: they are what a row is known by.

    >>> print(*table(["name", "revenue"], [["Warner", 8630000], ["Žilina", None]], 40), sep="\\n")
    name    revenue
    ──────  ───────
    Warner  8630000
    Žilina     null
    """
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(headers)
    right = [_is_numeric(column) for column in columns]
    body = [[printable(value) for value in row] for row in rows]
    natural = [max(map(cells, column)) for column in zip(headers, *body, strict=True)]
    kept = sum(size + len(_GAP) for size in natural[:whole])
    widths = [*natural[:whole], *_fitted(natural[whole:], room - kept)]
    lines = [headers, ["─" * size for size in widths], *body]
    return [_GAP.join(map(_cell, line, widths, right)).rstrip() for line in lines]


def rows_table(rows: Sequence[Mapping[str, Any]], room: int) -> list[str]:
    """Rows of a result as a table: of more columns than fit the first ones, and the names of the others."""
    if not rows:
        return []
    flattened = [flat(row) for row in rows]
    headers = _headers(flattened)
    body = [[row.get(name) for name in headers] for row in flattened]
    count = _that_fit(headers, body, room)
    lines = table(headers[:count], [line[:count] for line in body], room)
    if count < len(headers):
        lines += textwrap.wrap(f"… and {', '.join(headers[count:])}", room, break_on_hyphens=False)
    return lines


def _headers(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names of all rows; not `owner` for no related row where others have `owner.name`."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return [name for name in names if not any(other.startswith(f"{name}.") for other in names)]


def flat(row: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A nested row as a flat one: `owner.name` for what lies in a related row.

    >>> flat({"id": 1, "owner": {"name": "x"}, "orders": [{"n": 1}, {"n": 2}]})
    {'id': 1, 'owner.name': 'x', 'orders': '2: n=1; n=2'}
    """
    result: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            result |= flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            result[prefix + name] = _listed(value)
        else:
            result[prefix + name] = value
    return result


def printable(value: Any) -> str:
    """A value in one line, safe for a terminal."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(plain(value))
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)


def _listed(values: list[Any]) -> str:
    items = (
        " ".join(f"{name}={printable(item)}" for name, item in flat(value).items())
        if isinstance(value, Mapping)
        else printable(value)
        for value in values
    )
    return f"{len(values)}: {'; '.join(items)}" if values else "0"


def _is_numeric(column: Sequence[Any]) -> bool:
    numbers = [
        value for value in column if isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    ]
    return bool(numbers) and len(numbers) == sum(value is not None for value in column)


def _fitted(natural: Sequence[int], room: int) -> list[int]:
    """Widths that fit: the widest column gives first."""
    widths = list(natural)
    while sum(widths) + len(_GAP) * (len(widths) - 1) > room and max(widths) > _LEAST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _that_fit(headers: Sequence[str], body: Sequence[Sequence[Any]], room: int) -> int:
    """How many columns fit without being cut below reading."""
    taken = 0
    for index, header in enumerate(headers):
        size = max([cells(header), *(cells(printable(line[index])) for line in body)])
        taken += min(size, _MOST) + len(_GAP)
        if taken - len(_GAP) > room:
            return max(1, index)
    return len(headers)


def _cell(text: str, size: int, right: bool) -> str:
    if cells(text) > size:
        text = text[: 4 * size]
        while cells(text) > size - 1:
            text = text[:-1]
        text += "…"
    space = " " * (size - cells(text))
    return space + text if right else text + space
