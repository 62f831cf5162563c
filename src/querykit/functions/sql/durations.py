"""Durations, where a dialect has a type for them; elsewhere a moment may still be moved by a literal one.

A literal duration is handed to such a dialect as a number of its smallest unit, or as SQLite's modifier.
"""

from __future__ import annotations

from querykit.functions.sql.shape import Forms, Row, Sql, row

__all__ = ["ROWS"]

_SQLITE = "STRFTIME('%Y-%m-%d %H:%M:%S', SUBSTR({0}, 1, 19), {1}) || SUBSTR({0}, 20)"


def _moved(sign: str) -> dict[str, Forms]:
    """A moment and a literal duration."""

    def slot(template: str, encoding: str) -> Sql:
        return Sql(
            template.replace("{1}", f"{sign}{{1}}") if encoding != "move" else template, ((1, encoding),)
        )

    return {
        "sqlite": Sql(_SQLITE, ((1, "move" if not sign else "move_back"),)),
        "mysql": slot("DATE_ADD({0}, INTERVAL {1} MICROSECOND)", "microseconds"),
        "tsql": slot("DATEADD(SECOND, {1}, {0})", "seconds"),
        "snowflake": slot("DATEADD(MICROSECOND, {1}, {0})", "microseconds"),
        "bigquery": slot("{0} + INTERVAL {1} MICROSECOND", "microseconds"),
        "spark": slot("TIMESTAMPADD(MICROSECOND, {1}, {0})", "microseconds"),
        "trino": slot("DATE_ADD('millisecond', {1}, {0})", "milliseconds"),
    }


def _native(template: str, *names: str) -> dict[str, Forms]:
    return dict.fromkeys(names, template)


_TYPED = ("postgres", "duckdb", "oracle")

ROWS: tuple[Row, ...] = (
    row("date.plus", None, **_moved(""), **_native("{* + }", *_TYPED)).of(arity=2),
    row("date.minus", None, **_moved("-"), **_native("{* - }", *_TYPED)).of(arity=2),
    row("date.plus", None, **_native("{* + }", *_TYPED)),
    row("date.minus", None, **_native("{* - }", *_TYPED)),
    # A day moved by hours is the day it ends on.
    row(
        "date.plus_days",
        None,
        sqlite=Sql("DATE({0}, {1})", ((1, "move"),)),
        oracle="TRUNC({0} + {1})",
        **_native("CAST({0} + {1} AS DATE)", "postgres", "duckdb"),
    ).of(arity=2),
    row(
        "date.minus_days",
        None,
        sqlite=Sql("DATE({0}, {1})", ((1, "move_back"),)),
        oracle="TRUNC({0} - {1})",
        **_native("CAST({0} - {1} AS DATE)", "postgres", "duckdb"),
    ).of(arity=2),
    row("date.difference", None, **_native("{0} - {1}", "postgres", "duckdb")),
    row(
        "date.difference",
        None,
        postgres="({0} - {1}) * INTERVAL '1 DAY'",
        duckdb="TO_DAYS(CAST({0} - {1} AS INT))",
    ).of(kind="date"),
    row("duration.total_seconds", None, **_native("EXTRACT(EPOCH FROM {0})", "postgres", "duckdb")),
    row("duration.add", None, **_native("{* + }", *_TYPED)),
    row("duration.sub", None, **_native("{* - }", *_TYPED)),
    row("duration.neg", None, **_native("-{0}", "postgres", "duckdb"), oracle="{0} * -1"),
    row("duration.mul", None, **_native("{0} * {1}", "postgres", "oracle")),
    row("duration.div", None, **_native("{0} / NULLIF({1}, 0)", "postgres", "oracle")),
)
