"""Searching in texts: parts, patterns, regular expressions.

`contains`, `startswith` and `endswith` compare code points whatever the collation of the column: a binary
collation is named where the engine's function would follow the column's. `like` compares as the column does;
SQLite's own LIKE ignores the case of ASCII letters, so only columns that do too may use it.
"""

from __future__ import annotations

from querykit.functions.sql.shape import Form, Forms, Row, Sql, row

__all__ = ["BINARY_MYSQL", "BINARY_TSQL", "EXACT_DUCKDB", "ROWS"]

#: The first argument under a binary collation; MySQL's must be one of its character set.
BINARY_TSQL = "{0} COLLATE Latin1_General_100_BIN2"
BINARY_MYSQL = "CONVERT({0} USING utf8mb4) COLLATE utf8mb4_bin"
EXACT_DUCKDB = "{0} COLLATE C"
_ESCAPE = "{0} LIKE {1} ESCAPE '\\'"
# The same where a backslash must be doubled in a literal.
_ESCAPE_DOUBLED = "{0} LIKE {1} ESCAPE '\\\\'"
# A pattern out of a text that is no literal: its wildcards are escaped by the engine.
_QUOTED = "REPLACE(REPLACE(REPLACE({1}, '\\', '\\\\'), '%', '\\%'), '_', '\\_')"
_GLOBBED = "REPLACE(REPLACE(REPLACE({1}, '[', '[[]'), '*', '[*]'), '?', '[?]')"


def _slot(template: str, encoding: str) -> Sql:
    return Sql(template, ((1, encoding),))


def _exactly_duckdb(function: str) -> tuple[Form, ...]:
    """Its collation C compares code points; two columns need it both, for different ones do not go together."""
    return _slot(f"{function}({EXACT_DUCKDB}, {{1}})", "part"), f"{function}({EXACT_DUCKDB}, {{1}} COLLATE C)"


# A letter before both makes an empty part begin every text, which CHARINDEX denies.
_BEGINS_TSQL = f"CHARINDEX('x' + {{1}}, 'x' + {BINARY_TSQL}) = 1"

_STARTSWITH = row(
    "str.startswith",
    "STARTS_WITH({0}, {1})",
    sqlite=(_slot("{0} GLOB {1}", "glob_prefix"), "INSTR({0}, {1}) = 1"),
    postgres=(_slot("{0} LIKE {1}", "like_prefix"), "STARTS_WITH({0}, {1})"),
    # The first test, in the collation of the column, has an index; LIKE compares character by character, so that
    # a collation finds more by it, never less.
    mysql=(
        _slot(f"{{0}} LIKE {{1}} AND {BINARY_MYSQL} LIKE {{1}}", "like_prefix"),
        f"INSTR({BINARY_MYSQL}, {{1}}) = 1",
    ),
    duckdb=_exactly_duckdb("STARTS_WITH"),
    # In a collation of SQL Server two letters can be one (Danish AA), which LIKE 'a%' does not find: there is no
    # test before the exact one that would drop nothing.
    tsql=(_slot(f"{BINARY_TSQL} LIKE {{1}} ESCAPE '\\'", "tsql_prefix"), _BEGINS_TSQL),
    oracle=(_slot(_ESCAPE, "like_prefix"), "INSTR({0}, {1}) = 1"),
    snowflake="STARTSWITH({0}, {1})",
    clickhouse="startsWith({0}, {1})",
    spark="STARTSWITH({0}, {1})",
).of(predicate=True)

_SEARCH = (
    row(
        "str.contains",
        "STRPOS({0}, {1}) > 0",
        sqlite="INSTR({0}, {1}) > 0",
        mysql=f"INSTR({BINARY_MYSQL}, {{1}}) > 0",
        duckdb=_exactly_duckdb("CONTAINS"),
        tsql=(
            _slot(f"{BINARY_TSQL} LIKE {{1}} ESCAPE '\\'", "tsql_part"),
            f"CHARINDEX({{1}}, {BINARY_TSQL}) > 0 OR DATALENGTH({{1}}) = 0 AND {{0}} IS NOT NULL",
        ),
        oracle="INSTR({0}, {1}) > 0",
        snowflake="CONTAINS({0}, {1})",
        clickhouse="position({0}, {1}) > 0",
        spark="CONTAINS({0}, {1})",
    ).of(predicate=True),
    _STARTSWITH,
    # A column that is known to compare code points needs no other collation, and so its index serves.
    _STARTSWITH._replace(
        kind="code_points",
        overrides={**_STARTSWITH.overrides, "tsql": (_slot(_ESCAPE, "tsql_prefix"), _BEGINS_TSQL)},
    ),
    row(
        "str.endswith",
        "ENDS_WITH({0}, {1})",
        sqlite=(_slot("{0} GLOB {1}", "glob_suffix"), f"{{0}} GLOB '*' || {_GLOBBED}"),
        postgres=(_slot("{0} LIKE {1}", "like_suffix"), "RIGHT({0}, LENGTH({1})) = {1}"),
        mysql=(
            _slot(f"{BINARY_MYSQL} LIKE {{1}}", "like_suffix"),
            # '' = ' ': what is compared has to be as long (PAD SPACE)
            f"CHAR_LENGTH({{0}}) >= CHAR_LENGTH({{1}}) AND RIGHT({BINARY_MYSQL}, CHAR_LENGTH({{1}})) = {{1}}",
        ),
        tsql=(
            _slot(f"{BINARY_TSQL} LIKE {{1}} ESCAPE '\\'", "tsql_suffix"),
            "CHARINDEX('x' + REVERSE({1}), 'x' + REVERSE({0}) COLLATE Latin1_General_100_BIN2) = 1",
        ),
        oracle=(_slot(_ESCAPE, "like_suffix"), f"{{0}} LIKE '%' || {_QUOTED} ESCAPE '\\'"),
        snowflake="ENDSWITH({0}, {1})",
        clickhouse="endsWith({0}, {1})",
        spark="ENDSWITH({0}, {1})",
        trino=(_slot(_ESCAPE, "like_suffix"), f"{{0}} LIKE '%' || {_QUOTED} ESCAPE '\\'"),
    ).of(predicate=True),
)

# Patterns that are no literals cannot be checked for what an engine refuses: an escape of an ordinary
# character (Trino, Oracle, Spark) or of nothing (PostgreSQL, DuckDB).
_LIKE: dict[str, Forms] = {
    "mysql": (_slot("{0} LIKE {1}", "like"), "{0} LIKE {1}"),
    "tsql": _slot(_ESCAPE, "tsql_like"),
    "snowflake": _slot(_ESCAPE_DOUBLED, "like"),
    **dict.fromkeys(("postgres", "bigquery", "clickhouse", "spark"), _slot("{0} LIKE {1}", "like")),
}
_LIKE_SET: dict[str, Forms] = {
    "tsql": "{0} LIKE {1}",
    "snowflake": _slot(_ESCAPE_DOUBLED, "like_set"),
    **dict.fromkeys(
        ("postgres", "mysql", "bigquery", "clickhouse", "spark"), _slot("{0} LIKE {1}", "like_set")
    ),
}

_PATTERNS = (
    row("str.like", _slot(_ESCAPE, "like"), sqlite=_slot("{0} GLOB {1}", "glob"), **_LIKE).of(predicate=True),
    row("str.like", _slot(_ESCAPE, "like"), **_LIKE).of(kind="nocase", predicate=True),
    row("str.like_set", _slot(_ESCAPE, "like_set"), sqlite=_slot("{0} GLOB {1}", "glob_set"), **_LIKE_SET).of(
        predicate=True
    ),
    row("str.like_set", _slot(_ESCAPE, "like_set"), **_LIKE_SET).of(kind="nocase", predicate=True),
    # Only a literal can be translated from ECMAScript's syntax into the engine's. Oracle and Snowflake have
    # POSIX patterns, in which sets are escaped in another way.
    row(
        "str.matches",
        None,
        postgres=_slot("{0} ~ {1}", "regex_postgres"),
        mysql=_slot(f"{BINARY_MYSQL} REGEXP {{1}}", "regex_icu"),
        duckdb=_slot("REGEXP_MATCHES({0}, {1})", "regex_re2"),
        bigquery=_slot("REGEXP_CONTAINS({0}, {1})", "regex_re2"),
        clickhouse=_slot("match({0}, {1})", "regex_re2"),
        spark=_slot("{0} RLIKE {1}", "regex_java"),
        trino=_slot("REGEXP_LIKE({0}, {1})", "regex_java"),
    ).of(predicate=True),
)

ROWS: tuple[Row, ...] = (*_SEARCH, *_PATTERNS)
