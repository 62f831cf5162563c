"""Conditions on related rows: correlated EXISTS and scalar subqueries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.expression import FromClause

from querykit.plan.nodes import Join, Op, Subquery, Table
from querykit.targets.sqlalchemy.sources import Source, equal_columns

if TYPE_CHECKING:
    from querykit.targets.sqlalchemy.expressions import Expressions

__all__ = ["joined", "subquery"]

_Expr = ColumnElement[Any]


def joined(scope: Expressions, table: Table, derived: Source | None = None) -> FromClause:
    """The table with its to-one joins, all of them put in sight; a derived table may stand for it."""
    source = derived or scope.names.entity(table.entity)
    scope.sources[table.id] = source
    rows: FromClause = source.selectable
    pending: list[tuple[Source, Join]] = [(source, join) for join in table.joins]
    while pending:
        here, join = pending.pop(0)
        there = scope.names.entity(join.table.entity)
        scope.sources[join.table.id] = there
        rows = rows.outerjoin(there.selectable, equal_columns(join.relation.pairs, here, there))
        pending += [(there, inner) for inner in join.table.joins]
    return rows


def subquery(scope: Expressions, bound: Subquery) -> _Expr:
    """EXISTS, NOT EXISTS, or the one value of an aggregate over the related rows."""
    outer = [source.selectable for source in scope.sources.values()]
    here = scope.sources[bound.outer]
    rows, condition = _related(scope, bound, here)
    if bound.condition is not None:
        own = scope.condition(bound.condition)
        condition = own if condition is None else sa.and_(condition, own)
    if bound.function in ("any", "none"):
        what: _Expr = sa.literal_column("1")
    else:
        args = () if bound.argument is None else (bound.argument,)
        what = scope.value(Op(f"agg.{bound.function}", args, bound.type, bound.nullable)).label("value")
    statement = sa.select(what).select_from(rows).correlate(*outer)
    if condition is not None:
        statement = statement.where(condition)
    if bound.function == "any":
        return statement.exists()
    return ~statement.exists() if bound.function == "none" else statement.scalar_subquery()


def _related(scope: Expressions, bound: Subquery, here: Source) -> tuple[FromClause, _Expr | None]:
    """The rows of the subquery, and how they are linked to the row outside."""
    rows = joined(scope, bound.table)
    there = scope.sources[bound.table.id]
    if bound.relation is None:
        return rows, None
    through = bound.relation.through
    if through is None:
        return rows, equal_columns(bound.relation.pairs, here, there)
    link = scope.names.through(through)
    rows = rows.join(link.selectable, equal_columns(through.remote, link, there))
    return rows, equal_columns(through.local, here, link)
