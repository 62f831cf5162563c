"""Columns that do not tell upper from lower case: what functions find, and what comparisons take for the same.

PostgreSQL's collations tell them apart, but for those of ICU that are not deterministic: the build in the wheel
has no ICU.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import querykit
from engines.base import Engine
from querykit import NotExpressible, Query, Schema
from querykit.types import INT, STRING
from text_tables import lines

#: Engine -> types of such columns.
COLUMNS = {
    "sqlite": ("TEXT COLLATE NOCASE",),
    "duckdb": ("VARCHAR COLLATE NOCASE",),
    "mariadb": ("TEXT COLLATE utf8mb4_general_ci", "VARCHAR(40) COLLATE utf8mb4_unicode_ci"),
}
#: What a connection says before and after: MariaDB's literals have a collation of their own.
LITERALS = {
    "mariadb": ("SET NAMES utf8mb4 COLLATE utf8mb4_general_ci", "SET NAMES utf8mb4 COLLATE utf8mb4_nopad_bin")
}
#: Functions that the dialect refuses.
REFUSED = {("sqlite", "matchesPattern")}

_TEXT = {"type": "string", "collation": "nocase"}
SCHEMA = Schema.from_dict(
    {
        "Word": {
            "table": "words",
            "key": ["id"],
            "properties": {"id": "int!", "name": _TEXT, "beside": _TEXT},
        }
    }
)
LETTERS = ("Abc", "abc", "ABC", "aBc", "b", "B", "a", "A", "Z", "", None, "bc", "C", "abcd")
OTHERS = (
    "_",
    "a_c",
    "a%c",
    "é",
    "É",
    "e",
    "E",
    "éb",
    "Straße",
    "ab ",
    "ab",
    " b",
    "😀B",
    "a\\b",
    "it's",
    "[b]",
)
ASKED = [tuple(line.split(" | ", 2)) for line in lines(Path(__file__).with_name("collations.txt"))]


def words(texts: tuple[str | None, ...]) -> list[dict[str, Any]]:
    """Each text, beside one of the others."""
    pairs = [
        (name, beside)
        for shift in (0, 1, 2)
        for name, beside in zip(texts, texts[shift:] + texts[:shift], strict=True)
    ]
    return [{"id": number, "name": name, "beside": beside} for number, (name, beside) in enumerate(pairs)]


def asked(language: str, text: str) -> Query:
    if text.startswith("$"):
        return querykit.parse(text, language)
    return Query(filter=querykit.parse_filter(text, language))


ROWS = {"find": words(LETTERS + OTHERS), "compare": words(LETTERS)}


def test_same_rows(database: Engine) -> None:
    kinds = COLUMNS.get(database.name)
    if kinds is None:
        pytest.skip(f"{database.name} has no collation here that ignores case")
    before, after = LITERALS.get(database.name, ("", ""))
    for kind in kinds:
        fill(database, kind)
        if before:
            database.run(before)
        try:
            wrong = [found for row in ASKED if (found := difference(database, *row))]
        finally:
            if after:
                database.run(after)
        assert wrong == [], f"{kind}\n" + "\n".join(wrong)


def fill(engine: Engine, kind: str) -> None:
    columns = ", ".join(f"{name} {kind}" for name in ("name", "beside"))
    for table, rows in ROWS.items():
        engine.run(f"DROP TABLE IF EXISTS words_{table}")
        engine.run(f"CREATE TABLE words_{table} (id INTEGER, {columns})")
        types = {"id": INT, "name": STRING, "beside": STRING}
        engine.fill(f"words_{table}", types, [tuple(row.values()) for row in rows])


def difference(engine: Engine, what: str, language: str, text: str) -> str:
    """What is wrong with the answer, if anything is."""
    query = asked(language, text)
    expected = [tuple(row.values()) for row in querykit.evaluate(query, ROWS[what], SCHEMA, "Word")]
    try:
        sql = querykit.to_sql(query, SCHEMA, engine.dialect, "Word")
    except NotExpressible as error:
        listed = any(engine.name == name and word in text for name, word in REFUSED)
        return "" if listed else f"{text}: {error}"
    rows = engine.run(sql.text.replace("words", f"words_{what}"), sql.params)
    found = rows if "$orderby" in text else sorted(rows)
    return "" if found == expected else f"{text}: {sql.text} gives {found}, not {expected}"


def test_the_table_tells() -> None:
    """Each text keeps some of the rows."""
    for what, language, text in ASKED:
        kept = querykit.evaluate(asked(language, text), ROWS[what], SCHEMA, "Word")
        assert 0 < len(kept) <= len(ROWS[what]), text
