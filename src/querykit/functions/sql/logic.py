"""Conditions: connectives, comparisons, null tests, case."""

from __future__ import annotations

from collections.abc import Callable

from querykit.functions.sql.numbers import NUMBERS_CLICKHOUSE
from querykit.functions.sql.shape import Forms, Row, Sql, row

__all__ = ["ROWS"]


def _every(arity: int) -> tuple[int, ...]:
    return tuple(range(arity))


def _tests(arity: int) -> tuple[int, ...]:
    """The conditions of a CASE."""
    return tuple(range(0, arity - 1, 2))


def _case(arity: int, value: str = "{}") -> str:
    """`c1, v1, c2, v2, …[, else]` as CASE, each value as a template says it."""
    values = [value.replace("{}", f"{{{index}}}") for index in range(arity)]
    branches = " ".join(f"WHEN {{{i}}} THEN {values[i + 1]}" for i in range(0, arity - 1, 2))
    default = f" ELSE {values[-1]}" if arity % 2 else ""
    return f"CASE {branches}{default} END"


def _typed_null(kind: str, postgres: str, tsql: str) -> Row:
    """Null as a result: these take the type of a union from its first statement."""
    return row(f"null.{kind}", "NULL", postgres=f"CAST(NULL AS {postgres})", tsql=f"CAST(NULL AS {tsql})")


#: What a moment among the values of a query is to MySQL: a text, which makes texts of what stands beside it.
_MOMENTS = (
    *((kind, "DATETIME(6)") for kind in ("datetime", "datetime+date", "date+datetime")),
    ("date", "DATE"),
    ("time", "TIME(6)"),
)


def _case_as(type: str) -> Callable[[int], str]:
    return lambda arity: f"CAST({_case(arity)} AS {type})"


def _case_of(value: str) -> Callable[[int], str]:
    return lambda arity: _case(arity, value)


_TYPED_NULLS = (
    _typed_null("bool", "BOOLEAN", "BIT"),
    _typed_null("int", "BIGINT", "BIGINT"),
    _typed_null("decimal", "DECIMAL", "DECIMAL(38, 10)"),
    _typed_null("float", "DOUBLE PRECISION", "FLOAT"),
    _typed_null("string", "TEXT", "NVARCHAR(MAX)"),
    _typed_null("date", "DATE", "DATE"),
    _typed_null("datetime", "TIMESTAMP", "DATETIME2"),
    _typed_null("time", "TIME", "TIME"),
    _typed_null("duration", "INTERVAL", "BIGINT"),
    _typed_null("guid", "UUID", "UNIQUEIDENTIFIER"),
    _typed_null("binary", "BYTEA", "VARBINARY(MAX)"),
    *(row(f"null.{kind}", "NULL") for kind in ("enum", "geo", "list", "any", "null")),
)

_CONNECTIVES = (
    row(
        "bool.and",
        "{* AND }",
    ).of(predicate=True, conditions=_every),
    row(
        "bool.or",
        "{* OR }",
    ).of(predicate=True, conditions=_every),
    row(
        "bool.not",
        "NOT {0}",
    ).of(predicate=True, conditions=_every),
    row(
        "bool.is_true",
        "{0} IS TRUE",
        tsql="CASE WHEN {0} THEN 1 ELSE 0 END = 1",
        oracle="CASE WHEN {0} THEN 1 ELSE 0 END = 1",
        snowflake="COALESCE({0}, FALSE)",
        clickhouse="COALESCE({0}, FALSE)",
        trino="COALESCE({0}, FALSE)",
    ).of(predicate=True, conditions=_every),
    row(
        "bool.is_not_true",
        "{0} IS NOT TRUE",
        tsql="CASE WHEN {0} THEN 0 ELSE 1 END = 1",
        oracle="CASE WHEN {0} THEN 0 ELSE 1 END = 1",
        snowflake="NOT COALESCE({0}, FALSE)",
        clickhouse="NOT COALESCE({0}, FALSE)",
        trino="NOT COALESCE({0}, FALSE)",
    ).of(predicate=True, conditions=_every),
    row(
        "logic.case",
        _case,
    ).of(conditions=_tests),
    *(
        row("logic.case", _case, mysql=_case_as(type)).of(kind=kind, conditions=_tests)
        for kind, type in _MOMENTS
    ),
    *(
        row("logic.case", _case, clickhouse=_case_of(number)).of(kind=kind, conditions=_tests)
        for kind, number in NUMBERS_CLICKHOUSE.items()
    ),
)

# Where a condition is no value and a Boolean value no condition, one must be made of the other.
_BRIDGES = (
    row("bool.as_condition", "{0}", tsql="{0} = 1", oracle="{0} = 1").of(predicate=True),
    row(
        "bool.as_value",
        "{0}",
        tsql="CASE WHEN {0} THEN 1 WHEN NOT {0} THEN 0 END",
        oracle="CASE WHEN {0} THEN 1 WHEN NOT {0} THEN 0 END",
    ).of(conditions=_every),
    row(
        "bool.as_value_not_null",
        "{0}",
        tsql="CASE WHEN {0} THEN 1 ELSE 0 END",
        oracle="CASE WHEN {0} THEN 1 ELSE 0 END",
    ).of(conditions=_every),
)

_SYMBOLS = (("eq", "="), ("ne", "<>"), ("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">="))

_COMPARISONS = (
    *(
        row(
            f"cmp.{name}",
            f"{{0}} {symbol} {{1}}",
        ).of(predicate=True)
        for name, symbol in _SYMBOLS
    ),
    row(
        "cmp.between",
        "{0} BETWEEN {1} AND {2}",
    ).of(predicate=True),
    row(
        "cmp.in",
        "{0} IN ({1*, })",
    ).of(predicate=True),
    row(
        "cmp.in",
        "1 = 0",
    ).of(arity=1, predicate=True),
    row(
        "cmp.not_in",
        "{0} NOT IN ({1*, })",
    ).of(predicate=True),
    row(
        "cmp.not_in",
        "1 = 1",
    ).of(arity=1, predicate=True),
)

# SQLite compares texts: a day must be made a moment.
_DAYS = tuple(
    row(f"cmp.{name}", f"{{0}} {symbol} {{1}}", sqlite=sqlite.replace("?", symbol)).of(
        kind=kind, predicate=True
    )
    for name, symbol in _SYMBOLS
    for kind, sqlite in (
        ("date+datetime", "{0} || ' 00:00:00.000000' ? {1}"),
        ("datetime+date", "{0} ? {1} || ' 00:00:00.000000'"),
    )
)

# ClickHouse long knew IS NOT DISTINCT FROM only in joins, and its has() takes null for an empty text. Oracle's
# DECODE compares null as a value.
# T-SQL has the operator since 2022; INTERSECT compares null as a value in every version.
_SAME = "{0} IS NOT DISTINCT FROM {1}"
_SAME_AS: dict[str, Forms] = {
    "sqlite": "{0} IS {1}",
    "mysql": "{0} <=> {1}",
    "spark": "{0} <=> {1}",
    "tsql": "EXISTS(SELECT {0} INTERSECT SELECT {1})",
    "oracle": "DECODE({0}, {1}, 1, 0) = 1",
    "clickhouse": "COALESCE({0} = {1}, {0} IS NULL AND {1} IS NULL)",
}

_NULLS = (
    row(
        "null.is",
        "{0} IS NULL",
    ).of(predicate=True),
    row(
        "null.is_not",
        "{0} IS NOT NULL",
    ).of(predicate=True),
    row("null.same", _SAME, **_SAME_AS).of(predicate=True),
    # PostgreSQL has no index for its own operator, and joins by comparing every pair.
    row(
        "null.same_columns",
        _SAME,
        **_SAME_AS,
        postgres="{0} = {1} AND {0} IS NOT NULL AND {1} IS NOT NULL OR {0} IS NULL AND {1} IS NULL",
    ).of(predicate=True),
    row(
        "null.differs",
        "{0} IS DISTINCT FROM {1}",
        sqlite="{0} IS NOT {1}",
        mysql="NOT {0} <=> {1}",
        spark="NOT {0} <=> {1}",
        tsql="NOT EXISTS(SELECT {0} INTERSECT SELECT {1})",
        oracle="DECODE({0}, {1}, 1, 0) = 0",
        clickhouse="NOT COALESCE({0} = {1}, {0} IS NULL AND {1} IS NULL)",
    ).of(predicate=True),
    # A value that is no null, and what is in it (`targets.sqlglot.inside`).
    row("row.wrapped", None, clickhouse="tuple({0})"),
    row("row.unwrapped", None, clickhouse="tupleElement({0}, 1)"),
    row("null.coalesce", "COALESCE({0}, {1})"),
    *(
        row("null.coalesce", "COALESCE({0}, {1})", mysql=f"CAST(COALESCE({{0}}, {{1}}) AS {type})").of(
            kind=kind
        )
        for kind, type in _MOMENTS
    ),
    *(
        row(
            "null.coalesce",
            "COALESCE({0}, {1})",
            clickhouse=f"COALESCE({number.replace('{}', '{0}')}, {number.replace('{}', '{1}')})",
        ).of(kind=kind)
        for kind, number in NUMBERS_CLICKHOUSE.items()
    ),
)

# Flags are stored as one integer; a text holds a single member.
_FLAGS = (
    row(
        "enum.has",
        "({0} & {1}) = {1}",
        oracle="BITAND({0}, {1}) = {1}",
        snowflake="BITAND({0}, {1}) = {1}",
        clickhouse="bitAnd({0}, {1}) = {1}",
        trino="BITWISE_AND({0}, {1}) = {1}",
    ).of(predicate=True),
    row("enum.has", (Sql("{0} = {1}", ((1, "member"),)), "{0} = {1}")).of(kind="text_enum", predicate=True),
)

ROWS: tuple[Row, ...] = (*_TYPED_NULLS, *_CONNECTIVES, *_BRIDGES, *_COMPARISONS, *_DAYS, *_NULLS, *_FLAGS)
