"""Boundaries crossed between two moments, and moments put together of parts.

From 23:59 to 00:00 is one day: dialects that count whole units elapsed cut both moments first.
"""

from __future__ import annotations

from querykit.functions.sql.shape import Forms, Row, row

__all__ = ["ROWS"]

_SECONDS = {"hour": 3_600, "minute": 60, "second": 1}


def _between_starts(unit: str, seconds: int) -> dict[str, Forms]:
    """Boundaries of a unit crossed, for dialects whose function counts whole units elapsed: both cut first."""
    name = unit.upper()
    clock = {3600: "%H:00:00", 60: "%H:%M:00", 1: "%H:%M:%S"}[seconds]
    epoch = f"CAST(STRFTIME('%s', STRFTIME('%Y-%m-%d {clock}', SUBSTR({{0}}, 1, 19))) AS INTEGER)"
    divided = f" / {seconds}" if seconds > 1 else ""
    second = epoch.replace("{0}", "{1}")
    return {
        "sqlite": f"({second} - {epoch}){divided}",
        "postgres": f"EXTRACT(EPOCH FROM DATE_TRUNC('{unit}', {{1}}) - DATE_TRUNC('{unit}', {{0}})){divided}",
        "mysql": f"TO_SECONDS({{1}}) DIV {seconds} - TO_SECONDS({{0}}) DIV {seconds}",
        "oracle": None,
        "spark": f"TIMESTAMPDIFF({name}, DATE_TRUNC('{name}', {{0}}), DATE_TRUNC('{name}', {{1}}))",
        "trino": f"DATE_DIFF('{unit}', DATE_TRUNC('{unit}', {{0}}), DATE_TRUNC('{unit}', {{1}}))",
        "bigquery": f"DATETIME_DIFF({{1}}, {{0}}, {name})",
    }


def _boundaries(unit: str) -> dict[str, Forms]:
    """Dialects whose function counts boundaries."""
    name = unit.upper()
    return {
        "duckdb": f"DATE_DIFF('{unit}', {{0}}, {{1}})",
        "tsql": f"DATEDIFF({name}, {{0}}, {{1}})",
        "snowflake": f"DATEDIFF({name}, {{0}}, {{1}})",
        "clickhouse": f"dateDiff('{unit}', {{0}}, {{1}})",
    }


def _cut(index: int, start: int, length: int) -> str:
    return f"CAST(SUBSTR({{{index}}}, {start}, {length}) AS INTEGER)"


_SQLITE_MS = (
    "(CAST(STRFTIME('%s', SUBSTR({0}, 1, 19)) AS INTEGER) * 1000 + CAST(SUBSTR({0}, 21, 3) AS INTEGER))"
)
# It counts whole ones elapsed since 1970, and before that toward 1970.
_CLICKHOUSE_MS = "toStartOfMillisecond(toDateTime64({0}, 6))"
_MYSQL_MS = "(TO_SECONDS({0}) * 1000 + EXTRACT(MICROSECOND FROM {0}) DIV 1000)"
_SQLITE_US = (
    "(CAST(STRFTIME('%s', SUBSTR({0}, 1, 19)) AS INTEGER) * 1000000 + CAST(SUBSTR({0}, 21, 6) AS INTEGER))"
)


def _minus(template: str) -> str:
    return f"{template.replace('{0}', '{1}')} - {template}"


_DIFFERENCES = (
    row(
        "date.diff_years",
        "EXTRACT(YEAR FROM {1}) - EXTRACT(YEAR FROM {0})",
        sqlite=f"{_cut(1, 1, 4)} - {_cut(0, 1, 4)}",
        **_boundaries("year"),
    ),
    row(
        "date.diff_months",
        "(EXTRACT(YEAR FROM {1}) - EXTRACT(YEAR FROM {0})) * 12 + EXTRACT(MONTH FROM {1}) - EXTRACT(MONTH FROM {0})",
        sqlite=f"({_cut(1, 1, 4)} - {_cut(0, 1, 4)}) * 12 + {_cut(1, 6, 2)} - {_cut(0, 6, 2)}",
        **_boundaries("month"),
    ),
    row(
        "date.diff_days",
        "CAST({1} AS DATE) - CAST({0} AS DATE)",
        sqlite="CAST(JULIANDAY(SUBSTR({1}, 1, 10)) - JULIANDAY(SUBSTR({0}, 1, 10)) AS INTEGER)",
        mysql="DATEDIFF({1}, {0})",
        oracle="TRUNC({1}) - TRUNC({0})",
        bigquery="DATE_DIFF(CAST({1} AS DATE), CAST({0} AS DATE), DAY)",
        spark="DATEDIFF({1}, {0})",
        trino="DATE_DIFF('day', CAST({0} AS DATE), CAST({1} AS DATE))",
        **_boundaries("day"),
    ),
    *(
        row(f"date.diff_{unit}s", None, **_between_starts(unit, seconds), **_boundaries(unit))
        for unit, seconds in _SECONDS.items()
    ),
    row(
        "date.diff_milliseconds",
        None,
        sqlite=_minus(_SQLITE_MS),
        mysql=_minus(_MYSQL_MS),
        postgres="EXTRACT(EPOCH FROM DATE_TRUNC('milliseconds', {1}) - DATE_TRUNC('milliseconds', {0})) * 1000",
        bigquery="DATETIME_DIFF({1}, {0}, MILLISECOND)",
        trino="DATE_DIFF('millisecond', DATE_TRUNC('millisecond', {0}), DATE_TRUNC('millisecond', {1}))",
        **{
            **_boundaries("millisecond"),
            "tsql": "DATEDIFF_BIG(MILLISECOND, {0}, {1})",
            "clickhouse": f"dateDiff('millisecond', {_CLICKHOUSE_MS}, {_CLICKHOUSE_MS.replace('{0}', '{1}')})",
        },
    ),
    row(
        "date.diff_ticks",
        None,
        sqlite=f"({_minus(_SQLITE_US)}) * 10",
        postgres="EXTRACT(EPOCH FROM {1} - {0}) * 10000000",
        mysql="TIMESTAMPDIFF(MICROSECOND, {0}, {1}) * 10",
        duckdb="DATE_DIFF('microsecond', {0}, {1}) * 10",
        bigquery="DATETIME_DIFF({1}, {0}, MICROSECOND) * 10",
        spark="TIMESTAMPDIFF(MICROSECOND, {0}, {1}) * 10",
    ),
    # The difference of two days is a number of them in PostgreSQL.
    *(
        row(
            "date.diff_ticks",
            None,
            sqlite=f"({_minus(_SQLITE_US)}) * 10",
            postgres="EXTRACT(EPOCH FROM CAST({1} AS TIMESTAMP) - CAST({0} AS TIMESTAMP)) * 10000000",
            mysql="TIMESTAMPDIFF(MICROSECOND, {0}, {1}) * 10",
            duckdb="DATE_DIFF('microsecond', {0}, {1}) * 10",
            bigquery="DATETIME_DIFF({1}, {0}, MICROSECOND) * 10",
            spark="TIMESTAMPDIFF(MICROSECOND, {0}, {1}) * 10",
        ).of(kind=kind)
        for kind in ("date", "date+datetime", "datetime+date")
    ),
)

# Of parts ---------------------------------------------------------------------------------------------------


def _sqlite_parts(arity: int) -> str:
    """The calendar must give the text back that the parts make: 30 February is none. PRINTF takes null for 0."""
    clock = ", ".join(f"{{{index}}}" if index < arity else "0" for index in (3, 4, 5))
    text = f"PRINTF('%04d-%02d-%02d %02d:%02d:%02d', {{0}}, {{1}}, {{2}}, {clock})"
    tests = [
        "{0} BETWEEN 1 AND 9999",
        f"DATETIME({text}, '+0 days') = {text}",
        *(f"{{{index}}} IS NOT NULL" for index in range(3, arity)),
    ]
    fraction = "'.000000'"
    if arity > 6:
        fraction = "PRINTF('.%03d000', {6})"
        tests.append("{6} BETWEEN 0 AND 999")
    return f"CASE WHEN {' AND '.join(tests)} THEN {text} || {fraction} END"


def _duckdb_parts(arity: int) -> str:
    clock = [f"{{{index}}}" if index < arity else "0" for index in (3, 4, 5)]
    if arity > 6:
        clock[2] = "{5} + {6} / 1000.0"
    tests = ["{0} BETWEEN 1 AND 9999", *("{3} BETWEEN 0 AND 23" for _ in range(arity > 3))]
    tests += ["{6} BETWEEN 0 AND 999" for _ in range(arity > 6)]
    moment = f"MAKE_TIMESTAMP({{0}}, {{1}}, {{2}}, {', '.join(clock)})"
    return f"CASE WHEN {' AND '.join(tests)} THEN TRY({moment}) END"


# Where parts that make no moment stop the statement, it cannot be said.
_OF_PARTS = (row("date.from_parts", None, sqlite=_sqlite_parts, duckdb=_duckdb_parts),)

ROWS: tuple[Row, ...] = (*_DIFFERENCES, *_OF_PARTS)
