"""Functions over all rows of a statement or subquery."""

from __future__ import annotations

from querykit.functions.sql.numbers import EXACT_MYSQL
from querykit.functions.sql.shape import Row, row

__all__ = ["ROWS"]

_ONE = "CASE WHEN COUNT(*) = 1 THEN {} END"


def _extreme(name: str, of_conditions: str) -> tuple[Row, ...]:
    """MIN and MAX; not every engine has them for Booleans, nor PostgreSQL for UUIDs, whose halves ClickHouse swaps."""
    plain = f"{name}({{0}})"
    booleans = {"postgres": f"{of_conditions}({{0}})", "tsql": f"{name}(CAST({{0}} AS INT))"}
    return (
        row(f"agg.{name.lower()}", plain),
        row(f"agg.{name.lower()}", plain, **booleans).of(kind="bool"),
        row(f"agg.{name.lower()}", plain, postgres=None, clickhouse=None).of(kind="guid"),
    )


ROWS: tuple[Row, ...] = (
    row("agg.count", "COUNT(*)"),
    row(
        "agg.count",
        "COUNT({0})",
    ).of(arity=1),
    row("agg.countdistinct", "COUNT(DISTINCT {0})"),
    row("agg.sum", "SUM({0})"),
    row("agg.sum", "SUM({0})", spark="TRY_SUM({0})").of(kind="int"),  # which else stops where it is too large
    # MariaDB's mean has four digits more than the values.
    row("agg.avg", "AVG({0})", mysql=f"AVG(CAST({{0}} AS {EXACT_MYSQL}))"),
    row("agg.avg", "AVG({0})").of(kind="float"),
    # The mean of integers is an integer in two dialects.
    row(
        "agg.avg",
        "AVG({0})",
        mysql=f"AVG(CAST({{0}} AS {EXACT_MYSQL}))",
        tsql="AVG(CAST({0} AS FLOAT))",
        trino="AVG(CAST({0} AS DOUBLE))",
    ).of(kind="int"),
    # Where there is no type for durations they are stored as moments, which have no sum; DuckDB adds up none either.
    row("agg.sum", None, postgres="SUM({0})").of(kind="duration"),
    row("agg.avg", None, postgres="AVG({0})", duckdb="AVG({0})").of(kind="duration"),
    *_extreme("MIN", "BOOL_AND"),
    *_extreme("MAX", "BOOL_OR"),
    # Of several rows none is the one.
    row("agg.single", _ONE.format("MAX({0})")),
    row(
        "agg.single",
        _ONE.format("MAX({0})"),
        postgres=_ONE.format("BOOL_OR({0})"),
        tsql=_ONE.format("MAX(CAST({0} AS INT))"),
    ).of(kind="bool"),
    row("agg.single", _ONE.format("MAX({0})"), postgres=None).of(kind="guid"),
)
