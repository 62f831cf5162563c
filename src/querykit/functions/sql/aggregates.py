"""Functions over all rows of a statement or subquery."""

from __future__ import annotations

from querykit.functions.sql.shape import Row, row

__all__ = ["ROWS"]

_ONE = "CASE WHEN COUNT(*) = 1 THEN {} END"


def _extreme(name: str, of_conditions: str) -> tuple[Row, ...]:
    """MIN and MAX; not every engine has them for Booleans, nor PostgreSQL for UUIDs."""
    plain = f"{name}({{0}})"
    booleans = {"postgres": f"{of_conditions}({{0}})", "tsql": f"{name}(CAST({{0}} AS INT))"}
    return (
        row(f"agg.{name.lower()}", plain),
        row(f"agg.{name.lower()}", plain, **booleans).of(kind="bool"),
        row(f"agg.{name.lower()}", plain, postgres=None).of(kind="guid"),
    )


ROWS: tuple[Row, ...] = (
    row("agg.count", "COUNT(*)"),
    row(
        "agg.count",
        "COUNT({0})",
    ).of(arity=1),
    row("agg.countdistinct", "COUNT(DISTINCT {0})"),
    row("agg.sum", "SUM({0})"),
    row("agg.avg", "AVG({0})"),
    # The mean of integers is an integer in two dialects.
    row("agg.avg", "AVG({0})", tsql="AVG(CAST({0} AS FLOAT))", trino="AVG(CAST({0} AS DOUBLE))").of(
        kind="int"
    ),
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
