"""Conversions between types. A text that is no literal of the type becomes null, where CAST would stop or say 0."""

from __future__ import annotations

from querykit.functions.sql.shape import Forms, Row, row

__all__ = ["ROWS"]

_DECIMAL = "DECIMAL(38, 10)"


def _tried(type: str, **others: Forms) -> dict[str, Forms]:
    """The dialects that have a CAST which gives null."""
    tried = dict.fromkeys(("duckdb", "tsql", "snowflake", "spark", "trino"), f"TRY_CAST({{0}} AS {type})")
    return {**tried, **others}


_FLOATS: dict[str, Forms] = {
    "sqlite": "CAST({0} AS REAL)",
    "postgres": "CAST({0} AS DOUBLE PRECISION)",
    "tsql": "CAST({0} AS FLOAT)",
    "oracle": "CAST({0} AS DOUBLE PRECISION)",
    "bigquery": "CAST({0} AS FLOAT64)",
    "clickhouse": "toFloat64({0})",
}

_NUMBERS = (
    row(
        "cast.decimal",
        f"CAST({{0}} AS {_DECIMAL})",
        **dict.fromkeys(("duckdb", "tsql", "spark", "trino"), f"TRY_CAST({{0}} AS {_DECIMAL})"),
        sqlite="CAST({0} AS NUMERIC)",
        postgres="CAST({0} AS DECIMAL)",
        mysql="CAST({0} AS DECIMAL(65, 30))",
        oracle="CAST({0} AS NUMBER)",
        bigquery="CAST({0} AS NUMERIC)",
        clickhouse="toDecimal128({0}, 10)",
    ),
    row("cast.float", "CAST({0} AS DOUBLE)", **_FLOATS),
    # CAST to an integer rounds in most.
    row(
        "cast.int",
        "CAST(TRUNC({0}) AS BIGINT)",
        duckdb="TRY_CAST(TRUNC({0}) AS BIGINT)",
        sqlite="CAST({0} AS INTEGER)",
        mysql="CAST(TRUNCATE({0}, 0) AS SIGNED)",
        tsql="TRY_CAST({0} AS BIGINT)",
        oracle="TRUNC({0})",
        bigquery="CAST(TRUNC({0}) AS INT64)",
        clickhouse="accurateCastOrNull(TRUNC({0}), 'Int64')",
        spark="TRY_CAST({0} AS BIGINT)",
        trino="TRY_CAST(TRUNCATE({0}) AS BIGINT)",
    ),
    row(
        "cast.int",
        "{0}",
    ).of(kind="int"),
)

_INT = "'^[+-]?[0-9]+$'"
# Larger exponents stop PostgreSQL.
_NUMBER = "'^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9][0-9]?)?$'"


def _if_literal(pattern: str, **casts: str) -> dict[str, Forms]:
    """Dialects whose cast stops at a text that is no literal, or takes more than that for one."""
    tests = {
        "postgres": "{0} ~ ?",
        "mysql": "{0} REGEXP ?",
        "duckdb": "REGEXP_MATCHES({0}, ?)",
        "oracle": "REGEXP_LIKE({0}, ?)",
    }
    return {
        name: f"CASE WHEN {tests[name].replace('?', pattern)} THEN {cast} END" for name, cast in casts.items()
    }


# SQLite reads a number off the front of any text: there must be a sign, then digits and nothing else.
_DIGITS = "SUBSTR({0}, 1 + ({0} GLOB '[-+]*'))"
_SQLITE_INT = f"CASE WHEN {_DIGITS} <> '' AND NOT {_DIGITS} GLOB '*[^0-9]*' THEN CAST({{0}} AS INTEGER) END"

_FROM_TEXT = (
    row(
        "cast.decimal",
        None,
        **_tried(_DECIMAL, bigquery="SAFE_CAST({0} AS NUMERIC)")
        | _if_literal(
            _NUMBER,
            postgres="CAST({0} AS DECIMAL)",
            mysql="CAST({0} AS DECIMAL(65, 30))",
            duckdb=f"TRY_CAST({{0}} AS {_DECIMAL})",
            oracle="CAST({0} AS NUMBER)",
        ),
    ).of(kind="string"),
    row(
        "cast.float",
        None,
        **_tried(
            "DOUBLE",
            tsql="TRY_CAST({0} AS FLOAT)",
            bigquery="SAFE_CAST({0} AS FLOAT64)",
            clickhouse="toFloat64OrNull({0})",
        )
        | _if_literal(
            _NUMBER,
            postgres="CAST({0} AS DOUBLE PRECISION)",
            mysql="CAST({0} AS DOUBLE)",
            duckdb="TRY_CAST({0} AS DOUBLE)",
            oracle="CAST({0} AS DOUBLE PRECISION)",
        ),
    ).of(kind="string"),
    row(
        "cast.int",
        None,
        **_tried(
            "BIGINT",
            sqlite=_SQLITE_INT,
            bigquery="SAFE_CAST({0} AS INT64)",
            clickhouse="toInt64OrNull({0})",
        )
        | _if_literal(
            _INT,
            postgres="CAST({0} AS DECIMAL)",
            mysql="CAST({0} AS DECIMAL(65))",
            duckdb="TRY_CAST({0} AS BIGINT)",
            oracle="CAST({0} AS NUMBER)",
        ),
    ).of(kind="string"),
)

_TEXTS: dict[str, Forms] = {
    "mysql": "CAST({0} AS CHAR)",
    "tsql": "CAST({0} AS NVARCHAR(MAX))",
    "oracle": "TO_CHAR({0})",
    "snowflake": "CAST({0} AS VARCHAR)",
    "bigquery": "CAST({0} AS STRING)",
    "clickhouse": "toString({0})",
    "spark": "CAST({0} AS STRING)",
    "trino": "CAST({0} AS VARCHAR)",
}

# Only where all engines write alike: an integer, a day. Fractions, times and Booleans differ.
_TO_TEXT = (
    row("cast.string", None),
    row(
        "cast.string",
        "{0}",
    ).of(kind="string"),
    row("cast.string", "CAST({0} AS TEXT)", **_TEXTS).of(kind="int"),
    row(
        "cast.string",
        "CAST({0} AS TEXT)",
        **{
            **_TEXTS,
            "sqlite": "{0}",
            "oracle": "TO_CHAR({0}, 'YYYY-MM-DD')",
            "tsql": "CONVERT(NVARCHAR(10), {0}, 23)",
        },
    ).of(kind="date"),
)

ROWS: tuple[Row, ...] = (*_NUMBERS, *_FROM_TEXT, *_TO_TEXT)
