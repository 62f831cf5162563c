"""where.txt: the SQL of a condition is what a person would write."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.dialects import sqlite

import querykit
from querykit import Query, Schema

_LINES = [
    line
    for line in (Path(__file__).parent / "where.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
ROWS = list(zip(_LINES[::2], _LINES[1::2], strict=True))


@pytest.mark.parametrize(("text", "expected"), ROWS, ids=[text for text, _ in ROWS])
def test_where(text: str, expected: str, schema: Schema) -> None:
    language, _, condition = text.partition(": ")
    query = Query(filter=querykit.parse_filter(condition, language))
    statement = querykit.to_sqlalchemy(query, schema, "Account")
    sql = " ".join(str(statement.compile(dialect=sqlite.dialect(paramstyle="named"))).split())
    assert sql.split(" FROM ", 1)[1].removeprefix("accounts WHERE ") == expected.strip()
