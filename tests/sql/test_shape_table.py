"""The table of shapes: what it has and lacks, and that every template is SQL of its dialect."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
import sqlglot
from operations import Operation, operations
from sqlglot import exp
from sqlglot.errors import ErrorLevel

from querykit.errors import NotExpressible, UnknownName
from querykit.functions.sql import DIALECTS, Hole, Level, Shape, dialect, shape
from querykit.functions.sql.binding import cut, level_of

OPERATIONS = operations()
_HOLE = re.compile(r"\{(\d+)\}")


def shape_of(operation: Operation, dialect: str, literal: bool, collation: str | None = None) -> Shape | None:
    slots = frozenset(range(len(operation.types))) if literal else frozenset()
    types = tuple(dict.fromkeys(operation.types))
    try:
        return shape(operation.fn, dialect, len(operation.types), types, slots=slots, collation=collation)
    except NotExpressible:
        return None


def missing() -> set[tuple[str, str]]:
    """(operation, dialect) of the table of reasons."""
    found: set[tuple[str, str]] = set()
    lines = (Path(__file__).parent / "missing.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            operation, dialects, reason = (part.strip() for part in line.split("|"))
            assert reason, line
            names = list(DIALECTS) if dialects == "*" else dialects.split()
            found |= {(operation, name) for name in names}
    return found


def test_what_is_missing_has_a_reason() -> None:
    reasons = missing()
    lacking: set[tuple[str, str]] = set()
    for operation in OPERATIONS:
        for name in DIALECTS:
            known = (str(operation), name) if (str(operation), name) in reasons else (operation.fn, name)
            if shape_of(operation, name, literal=True) is None:
                lacking.add(known)
            else:
                assert known not in reasons, f"{known} has a shape"
    assert lacking == reasons


def templates() -> list[tuple[str, str, int, str]]:
    """(id, dialect, arity, template) of all forms of all rows."""
    found: dict[tuple[str, str, int, str], None] = {}
    for operation in OPERATIONS:
        for name in DIALECTS:
            for literal, collation in product((True, False), (None, "nocase", "binary")):
                one = shape_of(operation, name, literal, collation)
                if one is not None:
                    found[operation.fn, name, len(operation.types), one.template] = None
    return list(found)


TEMPLATES = templates()


def test_there_are_many() -> None:
    assert len(TEMPLATES) > 2_000


@pytest.mark.parametrize("name", DIALECTS)
def test_templates_are_sql(name: str) -> None:
    """sqlglot reads every template as an expression of the dialect."""
    wrong = []
    for fn, _, arity, template in (item for item in TEMPLATES if item[1] == name):
        text = _HOLE.sub(r"a\1", template)
        try:
            tree = sqlglot.parse_one(
                f"SELECT {text}", dialect=DIALECTS[name].sqlglot, error_level=ErrorLevel.RAISE
            )
        except sqlglot.errors.SqlglotError as error:
            wrong.append(f"{fn}: {text}: {error}")
            continue
        if not isinstance(tree, exp.Select) or len(tree.expressions) != 1:
            wrong.append(f"{fn}: {text}")
        assert all(int(index) < arity for index in _HOLE.findall(template)), (fn, template)
    assert not wrong, "\n".join(wrong)


def test_templates_hold_no_identifiers_and_no_other_braces() -> None:
    for fn, name, _, template in TEMPLATES:
        rest = _HOLE.sub("", re.sub(r"'[^']*'", "''", template))
        assert not set(rest) & set('{}"`;?:@$'), (fn, name, template)


BRACKETS = [
    ("{0} AND {1}", "AND", "AND NOT"),
    ("{0} OR {1} OR {2}", "OR", "OR AND AND"),
    ("NOT {0}", "NOT", "COMPARISON"),
    ("{0} = {1}", "COMPARISON", "OTHER OTHER"),
    ("{0} BETWEEN {1} AND {2}", "COMPARISON", "OTHER OTHER OTHER"),
    ("{0} IN ({1}, {2})", "COMPARISON", "OTHER ANY ANY"),
    ("{0} NOT IN ({1})", "COMPARISON", "OTHER ANY"),
    ("{0} IS NOT NULL", "COMPARISON", "OTHER"),
    ("{0} IS NOT DISTINCT FROM {1}", "COMPARISON", "OTHER OTHER"),
    ("NOT {0} <=> {1}", "NOT", "OTHER OTHER"),
    ("{0} LIKE {1} ESCAPE '\\'", "COMPARISON", "OTHER OTHER"),
    ("{0} + {1}", "SUM", "SUM PRODUCT"),
    ("{0} - {1} - {2}", "SUM", "SUM PRODUCT PRODUCT"),
    ("{0} * {1}", "PRODUCT", "PRODUCT UNARY"),
    ("{0} DIV {1}", "PRODUCT", "PRODUCT UNARY"),
    ("-{0}", "UNARY", "COLLATE"),
    ("-1 - {0}", "SUM", "PRODUCT"),
    ("~{0}", "UNARY", "COLLATE"),
    ("{0} ~ {1}", "OTHER", "UNARY UNARY"),
    ("{0} || {1}", "OTHER", "UNARY UNARY"),
    ("{0} & {1}", "OTHER", "UNARY UNARY"),
    ("({0} & {1}) = {1}", "COMPARISON", "UNARY UNARY OTHER"),
    ("'x' + {0} COLLATE bin", "SUM", "ATOM"),
    ("LOWER({0})", "ATOM", "ANY"),
    ("INSTR({0}, {1}) > 0", "COMPARISON", "ANY ANY"),
    ("INSTR({0}, {1} + 1)", "ATOM", "ANY SUM"),
    ("CAST({0} AS REAL) / {1}", "PRODUCT", "ANY UNARY"),
    ("EXTRACT(YEAR FROM {0})", "ATOM", "ANY"),
    ("DATE_ADD({0}, INTERVAL {1} DAY)", "ATOM", "ANY ATOM"),
    ("{0} + {1} * INTERVAL '1 DAY'", "SUM", "SUM PRODUCT"),
    ("CASE WHEN {0} >= {1} THEN {0} ELSE {1} END", "ATOM", "OTHER OTHER ANY ANY"),
    ("CASE {0} WHEN 0 THEN -1 ELSE {0} - 1 END", "ATOM", "ANY SUM"),
    ("CASE WHEN {0} THEN 1 ELSE 0 END = 1", "COMPARISON", "ANY"),
    ("EXISTS(SELECT {0} INTERSECT SELECT {1})", "ATOM", "ANY ANY"),
    ("has([{0}], {1})", "ATOM", "ANY ANY"),
]


@pytest.mark.parametrize(("template", "level", "holes"), BRACKETS, ids=[row[0] for row in BRACKETS])
def test_brackets(template: str, level: str, holes: str) -> None:
    assert level_of(template) == Level[level]
    found = [Level(piece.least).name for piece in cut(template) if isinstance(piece, Hole)]
    assert " ".join(found) == holes
    assert "".join(p if isinstance(p, str) else f"{{{p.index}}}" for p in cut(template)) == template


ALIASES = [
    ("postgresql", "postgres"),
    ("postgresql+psycopg", "postgres"),
    ("PostgreSQL", "postgres"),
    ("mssql", "tsql"),
    ("sqlserver", "tsql"),
    ("mssql+pyodbc", "tsql"),
    ("mariadb", "mysql"),
    ("mysql+pymysql", "mysql"),
    ("databricks", "spark"),
    ("pysqlite", "sqlite"),
    ("sqlite+aiosqlite", "sqlite"),
    ("presto", "trino"),
    *((name, name) for name in DIALECTS),
    *((row.sqlglot, name) for name, row in DIALECTS.items()),
    *((row.sqlalchemy, name) for name, row in DIALECTS.items()),
]


@pytest.mark.parametrize(("alias", "name"), ALIASES)
def test_aliases(alias: str, name: str) -> None:
    assert dialect(alias).name == name


def test_unknown_dialect() -> None:
    with pytest.raises(UnknownName) as info:
        dialect("postgre")
    assert info.value.code == "unknown_dialect"
    assert info.value.hint is not None
