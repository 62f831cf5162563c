"""Reads the tables of this folder: one call and what it gives on each line, as Python literals.

    str.indexof('abc', 'c') == 2
    math.div(1, 0) == None

Besides literals there are D('1.5') (Decimal), date, datetime, time, duration (timedelta), guid, inf and nan;
instead of a value an error: LimitExceeded, NotExpressible, ParseError, TypeMismatch. A `#` begins a comment
line. The clock stands at `NOW`.
"""

from __future__ import annotations

import ast
import datetime as dt
import decimal
import uuid
from pathlib import Path
from typing import Any, NamedTuple

from querykit.clock import Reading

#: A leap day, a Thursday.
NOW = Reading(dt.datetime(2024, 2, 29, 12, 34, 56, 789000))

ERRORS = ("LimitExceeded", "NotExpressible", "ParseError", "TypeMismatch")

_NAMES: dict[str, Any] = {
    "D": decimal.Decimal,
    "date": dt.date,
    "datetime": dt.datetime,
    "time": dt.time,
    "duration": dt.timedelta,
    "guid": uuid.UUID,
    "inf": float("inf"),
    "nan": float("nan"),
    **{name: name for name in ERRORS},
}


class Row(NamedTuple):
    """A call and its value; `error` is the name of the error that it causes instead."""

    place: str
    fn: str
    args: tuple[Any, ...]
    expected: Any
    error: str | None


def load() -> list[Row]:
    """The rows of all tables."""
    rows: list[Row] = []
    for path in sorted(Path(__file__).parent.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip() and not line.startswith("#"):
                rows.append(_row(f"{path.stem}:{number}", line))
    return rows


def _row(place: str, line: str) -> Row:
    fn, _, rest = line.partition("(")
    comparison = ast.parse(f"f({rest}", filename=place, mode="eval").body
    if not isinstance(comparison, ast.Compare) or not isinstance(comparison.left, ast.Call):
        raise ValueError(f"{place}: not a row: {line}")
    args = tuple(_value(arg) for arg in comparison.left.args)
    expected = _value(comparison.comparators[0])
    error = expected if isinstance(expected, str) and expected in ERRORS else None
    return Row(place, fn.strip(), args, expected, error)


def _value(node: ast.expr) -> Any:
    code = compile(ast.Expression(node), "<row>", "eval")
    return eval(code, {"__builtins__": {}}, _NAMES)
