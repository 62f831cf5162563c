"""Every row of the tables of functions, asked of real engines through the shapes.

`deviations.<engine>.txt` lists the calls that the engine answers differently, under the reason; a call that is
listed and agrees is an error too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import one_row
import pytest

from querykit.errors import QueryError

ROWS = one_row.function_rows().load()
#: Not in a lowered plan, or decided by the clock (which gives slots).
_NEVER_ASKED = ("total.", "list", "object", "coll.", "geo.", "type.")


def deviations(engine: str) -> set[str]:
    lines = (Path(__file__).parent / f"deviations.{engine}.txt").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def askable(row: Any) -> bool:
    """Rows of scalars (and lists of them) that the binder would let through."""
    if row.error is not None or row.fn.startswith(_NEVER_ASKED):
        return False
    kinds = {type(arg) for arg in row.args}
    if str in kinds and row.fn.startswith(("cmp.l", "cmp.g", "cmp.e", "cmp.n", "enum.")) and len(kinds) > 1:
        return type(None) in kinds
    if row.fn == "enum.has" and str in kinds:  # enumerations kept as text: a type of their own
        return False
    items = [item for arg in row.args for item in (arg if isinstance(arg, tuple) else (arg,))]
    return not any(isinstance(item, tuple | dict) for item in items)


def outcome(row: Any, dialect: str, execute: one_row.Execute, errors: Any) -> str:
    """`agrees`, `refused` (before the engine is asked), or what went wrong."""
    found = {"refused"}
    for columns in (False, True):
        nulls = one_row.null_types(row.fn, row.args, ROWS)
        try:
            question = one_row.Question(row.fn, row.args, dialect, columns, nulls)
            question.compiled()
        except QueryError:
            continue
        try:
            question.store(execute)
        except errors:  # it has no such values
            continue
        try:
            answer = question.ask(execute)
        except QueryError:
            continue
        if not one_row.agrees(answer, row.expected, dialect):
            return f"{question.compiled().text} gives {answer!r}, not {row.expected!r}"
        found.add("agrees")
    return "agrees" if "agrees" in found else "refused"


def check(engine: str, execute: one_row.Execute, errors: Any) -> None:
    listed = deviations(engine)
    wrong: list[str] = []
    seen: set[str] = set()
    asked = 0
    for row in filter(askable, ROWS):
        call = f"{row.fn}{row.args!r}"
        try:
            result = outcome(row, engine, execute, errors)
        except errors as error:
            result = f"{type(error).__name__}: {error}"
        seen.add(call)
        asked += result == "agrees"
        if (result not in ("agrees", "refused")) != (call in listed):
            wrong.append(f"{call}: {result}")
    assert not wrong, "\n".join(wrong)
    assert listed <= seen, f"no such row: {listed - seen}"
    assert asked > 500


def test_sqlite() -> None:
    connection = sqlite3.connect(":memory:")

    def execute(sql: str, values: Any) -> Sequence[Sequence[Any]]:
        return connection.execute(sql, values or ()).fetchall()

    check("sqlite", execute, sqlite3.Error)
    connection.close()


def test_duckdb() -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    connection = duckdb.connect(":memory:")

    def execute(sql: str, values: Any) -> Sequence[Sequence[Any]]:
        cursor = connection.execute(sql, values) if values else connection.execute(sql)
        return cursor.fetchall() if cursor.description else []

    check("duckdb", execute, (duckdb.Error, OverflowError))
    connection.close()
