"""Statements for every dialect: their text (statements.txt), that it is SQL, and that it runs."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
import sqlglot
from plans import PLANS
from sqlglot.errors import ErrorLevel

from querykit.errors import QueryError
from querykit.functions.sql import DIALECTS, dialect
from querykit.plan.nodes import Plan
from querykit.targets.sqlglot import compile_sql, count_sql


def table() -> dict[tuple[str, str], str]:
    """(plan, dialect) -> SQL."""
    found: dict[tuple[str, str], str] = {}
    name, names = "", []
    for line in (Path(__file__).parent / "statements.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            name = line[3:]
        elif line.startswith("-- "):
            names = line[3:].split()
        elif line and not line.startswith("#"):
            found |= {(name, dialect): line for dialect in names}
    return found


TABLE = table()
CASES = [(name, dialect) for name in PLANS for dialect in DIALECTS]


def text_of(plan: Plan, dialect: str) -> str:
    try:
        return compile_sql(plan, dialect).text
    except QueryError as error:
        return f"! {error.message}"


def test_every_plan_has_statements() -> None:
    assert set(TABLE) == set(CASES)


@pytest.mark.parametrize(("name", "dialect"), CASES, ids=lambda value: str(value))
def test_text(name: str, dialect: str) -> None:
    assert text_of(PLANS[name], dialect) == TABLE[name, dialect]


@pytest.mark.parametrize("name", DIALECTS)
def test_text_is_sql(name: str) -> None:
    """sqlglot reads it back, as one statement."""
    row = dialect(name)
    for (_, which), text in TABLE.items():
        if which != name or text.startswith("!"):
            continue
        if row.bind.startswith("%"):  # as the driver sends it
            text = re.sub(r"%\(p\w+\)s", "1", text).replace("%%", "%")
        statements = sqlglot.parse(text, dialect=row.sqlglot, error_level=ErrorLevel.RAISE)
        assert len(statements) == 1
        assert isinstance(statements[0], sqlglot.exp.Select)


COUNTS = [
    ("second page", "sqlite", "SELECT COUNT(*) FROM accounts"),
    ("page", "postgres", "SELECT COUNT(*) FROM accounts WHERE name = %(p0)s"),
    ("page", "tsql", "SELECT COUNT(*) FROM accounts WHERE name = @p0"),
    (
        "to one",
        "sqlite",
        "SELECT COUNT(*) FROM accounts LEFT JOIN hr.users ON accounts.owner_id = users.id WHERE users.name = :p0",
    ),
]


@pytest.mark.parametrize(("name", "dialect", "text"), COUNTS)
def test_count(name: str, dialect: str, text: str) -> None:
    compiled = count_sql(PLANS[name], dialect)
    assert compiled.text == text
    assert all(bind.index < 8 for bind in compiled.binds)


SCHEMA = """
ATTACH ':memory:' AS hr;
CREATE TABLE accounts (id INTEGER, name TEXT, code TEXT COLLATE NOCASE, revenue NUMERIC, employees INTEGER,
    active INTEGER, vip INTEGER, created TEXT, status INTEGER, "order" INTEGER, "full""na`me]" TEXT,
    owner_id INTEGER, parent_id INTEGER);
CREATE TABLE contacts (id INTEGER, name TEXT, age INTEGER, account_id INTEGER);
CREATE TABLE hr.users (id INTEGER, name TEXT, boss_id INTEGER);
CREATE TABLE tags (id INTEGER, label TEXT);
CREATE TABLE account_tags (account_id INTEGER, tag_id INTEGER);
INSERT INTO accounts VALUES
    (1, 'War', 'WAR', 100, 10, 1, 0, '2024-01-01 00:00:00.000000', 1, 1, 'a', 1, NULL),
    (2, 'war', 'x', 50.5, 3, 1, NULL, '2023-12-31 23:59:59.999999', 2, 2, 'b', 2, 1),
    (3, NULL, NULL, NULL, NULL, 0, 1, NULL, NULL, NULL, NULL, NULL, 1);
INSERT INTO contacts VALUES (1, 'War', 40, 1), (2, 'Ann', 50, 1), (3, 'war', 30, 2);
INSERT INTO hr.users VALUES (1, 'War', 2), (2, 'Boss', 2);
INSERT INTO tags VALUES (1, 'red');
INSERT INTO account_tags VALUES (2, 1);
"""

#: Plan, values of its slots, rows on SQLite.
ROWS: list[tuple[str, dict[int, object], list[tuple[object, ...]]]] = [
    ("page", {0: "War", 8: 5}, [(1, "War")]),
    ("second page", {8: 5, 9: 1}, [(1, "War"), (3, None)]),
    ("offset only", {9: 2}, [(3,)]),
    ("and or not", {0: "War", 1: 50}, [(2,)]),
    ("or of ands", {0: "War", 1: 50}, [(1,), (3,)]),
    ("arithmetic", {0: 5, 1: 4, 2: 2}, [(1,), (2,)]),
    ("integer division", {0: 3, 1: 3}, [(1,)]),
    ("integer division", {0: 0, 1: 3}, []),
    ("null safe", {}, []),
    ("comparison of comparisons", {0: 5}, [(1,)]),
    ("boolean column", {}, [(1,)]),
    ("boolean output", {0: 5}, [(1, 1), (0, 1), (None, 1)]),
    ("is true", {0: "War"}, [(1,), (3,)]),
    ("constants", {}, [(1,), (2,), (3,)]),
    ("case", {0: 5, 1: "big", 2: "vip", 3: "small"}, [("big",), ("small",), ("vip",)]),
    ("in", {0: "War", 1: "war", 2: 3}, [(1,)]),
    ("in nothing", {}, [(1,), (2,), (3,)]),
    ("between", {0: 1, 1: 4, 2: 4}, [(2,)]),
    ("contains", {0: "ar"}, [(1,), (2,)]),
    ("contains", {0: "Ar"}, []),
    ("contains", {0: "%"}, []),
    ("startswith", {0: "W"}, [(1,)]),
    ("startswith", {0: ""}, [(1,), (2,)]),
    ("startswith", {0: "*"}, []),
    ("startswith column", {}, []),
    ("endswith", {0: "ar"}, [(1,), (2,)]),
    ("like", {0: "w%"}, []),
    ("like", {0: "W_r"}, [(1,)]),
    ("concat", {0: "-", 1: "War-war"}, [(1,)]),
    ("substring", {0: 1, 1: 2, 2: "ar"}, [(1,), (2,)]),
    ("year", {0: 2023}, [(2,)]),
    ("any", {0: 20}, [(1,)]),
    ("none", {0: "War"}, []),
    ("any of many to many", {0: "red"}, [(2,)]),
    ("any of the same table", {}, []),
    ("free join", {}, [(1,), (2,)]),
    ("count", {0: 1}, [(1,)]),
    ("average", {0: 35}, [(2,), (3,), (1,)]),
    ("single", {0: "war"}, [(2,)]),
    ("to one", {0: "War"}, [(1,)]),
    ("to one twice", {}, [(2,)]),
    ("to one in a subquery", {}, []),
    ("renamed", {0: 5}, [("War", "a", 1)]),
    ("name of another column", {0: "war"}, [("x",)]),
    ("aggregates", {1: 1}, [(2, 150.5, 6.5, "2024-01-01 00:00:00.000000")]),
]


@pytest.fixture(scope="module")
def database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    return connection


@pytest.mark.parametrize(("name", "values", "rows"), ROWS, ids=lambda value: str(value))
def test_rows(
    name: str, values: dict[int, object], rows: list[tuple[object, ...]], database: sqlite3.Connection
) -> None:
    compiled = compile_sql(PLANS[name], "sqlite")
    found = database.execute(
        compiled.text, compiled.params([values.get(index) for index in range(10)])
    ).fetchall()
    assert found == rows if PLANS[name].order else sorted(found, key=repr) == sorted(rows, key=repr)


@pytest.mark.parametrize("name", PLANS)
def test_every_statement_runs(name: str, database: sqlite3.Connection) -> None:
    if not TABLE[name, "sqlite"].startswith("!"):
        compiled = compile_sql(PLANS[name], "sqlite")
        database.execute(
            compiled.text, {bind.name: None for bind in compiled.binds if bind.index < 8} | {"p8": 1, "p9": 1}
        ).fetchall()


def test_positional_parameters_are_in_order() -> None:
    compiled = compile_sql(PLANS["second page"], "trino")
    values = list(range(10))
    assert compiled.text.endswith("OFFSET ? LIMIT ?")
    assert list(compiled.params(values).values()) == [9, 8]


def test_one_slot_has_one_name() -> None:
    compiled = compile_sql(PLANS["and or not"], "sqlite")
    assert [bind.name for bind in compiled.binds] == ["p0", "p1"]
    assert len(compile_sql(PLANS["and or not"], "trino").binds) == 3


def test_a_slot_in_two_encodings_has_two_names() -> None:
    compiled = compile_sql(PLANS["like"], "sqlite")
    assert compiled.params(["a%"]) == {"p0": "a*", "p0_2": "a%"}
