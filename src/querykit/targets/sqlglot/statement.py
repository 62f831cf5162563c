"""SELECT statements: tables with their joins, conditions, correlated subqueries."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from querykit import types as t
from querykit.errors import NotExpressible
from querykit.functions.sql import Level
from querykit.plan.nodes import Join, Subquery, Table
from querykit.plan.walk import conjuncts
from querykit.schema.model import Relation
from querykit.targets.sqlglot.derived import is_of_both, sayable_subquery
from querykit.targets.sqlglot.expressions import Expressions, Part
from querykit.targets.sqlglot.sources import Sources

__all__ = ["filtered", "from_table", "subquery"]

_Pairs = Sequence[tuple[str, str]]


def from_table(scope: Expressions, table: Table, source: exp.Expr | None = None) -> exp.Select:
    """SELECT … FROM the table with its to-one joins, all of them put in sight.

    Parameters
    ----------
    source: a derived table that stands for it, and is in sight.
    """
    statement = exp.Select()
    statement.set("from_", exp.From(this=source or scope.sources.add(table)))
    pending: list[tuple[Table, Join]] = [(table, join) for join in table.joins]
    while pending:
        here, join = pending.pop(0)
        node = scope.sources.add(join.table)
        pairs = [
            (scope.sources.linked(here.id, mine), scope.sources.linked(join.table.id, theirs))
            for mine, theirs in _linked(join.relation)
        ]
        statement.append("joins", exp.Join(this=node, side="LEFT", on=_equal(scope, pairs).node))
        pending += [(join.table, inner) for inner in join.table.joins]
    return statement


def filtered(scope: Expressions, statement: exp.Select, conditions: Sequence[Part]) -> exp.Select:
    """The statement with a WHERE of all conditions."""
    if conditions:
        condition = conditions[0]
        if len(conditions) > 1:
            condition = scope.call("bool.and", conditions, (t.BOOL,) * len(conditions))
        statement.set("where", exp.Where(this=condition.node))
    return statement


def subquery(
    outer: Expressions, bound: Subquery, derive: Callable[[Sources, Table], exp.Expr | None]
) -> Part:
    """EXISTS, NOT EXISTS, or the one value of an aggregate over the related rows.

    Parameters
    ----------
    derive: builds the derived table that a table stands for, and puts it in sight.
    """
    bound = sayable_subquery(bound, outer.dialect)
    sources = Sources(outer.dialect, outer.sources.names, outer=outer.sources)
    scope = outer.within(sources)
    statement = from_table(scope, bound.table, derive(sources, bound.table))
    conditions = [] if bound.relation is None else [_correlated(scope, statement, bound.relation, bound)]
    conditions += [scope.condition(part) for part in conjuncts(bound.condition)]
    exists = bound.function in ("any", "none")
    what = Part("1") if exists else _aggregate(scope, bound)
    statement.set("expressions", [what.node])
    filtered(scope, statement, conditions)
    size = 1 + what.weight + sum(part.weight for part in conditions)
    if exists:
        found = Part(exp.Exists(this=statement), outer.dialect.exists, size, True)
        return outer.call("bool.not", (found,), (t.BOOL,)) if bound.function == "none" else found
    value = Part(exp.Subquery(this=statement), Level.ATOM, size)
    if bound.function == "count" and not outer.dialect.counts_nothing:
        return outer.call("null.coalesce", (value, Part("0")))
    return value


def _aggregate(scope: Expressions, bound: Subquery) -> Part:
    args = () if bound.argument is None else (bound.argument,)
    if "mixed" in scope.dialect.without_subqueries and is_of_both(bound):
        raise NotExpressible(
            f"an aggregate on {scope.dialect.name} is of values of the related rows alone",
            code="correlation",
            span=bound.span,
            hint="aggregate without the value of the row around, and add that to the result",
        )
    parts = [scope.value(arg) for arg in args]
    return scope.call(f"agg.{bound.function}", parts, tuple(arg.type for arg in args))


def _correlated(scope: Expressions, statement: exp.Select, relation: Relation, bound: Subquery) -> Part:
    """How the rows of the subquery belong to the row outside; a table between is joined."""
    sources = scope.sources
    through = relation.through
    if through is None:
        pairs: _Pairs = [
            (sources.linked(bound.table.id, theirs), sources.linked(bound.outer, mine))
            for mine, theirs in _linked(relation)
        ]
        return _equal(scope, pairs)
    node, name = sources.names.table(through.table, through.schema)
    remote: _Pairs = [
        (sources.of(name, middle), sources.linked(bound.table.id, theirs))
        for middle, theirs in through.remote
    ]
    statement.append("joins", exp.Join(this=node, on=_equal(scope, remote).node))
    local: _Pairs = [
        (sources.of(name, middle), sources.linked(bound.outer, mine)) for mine, middle in through.local
    ]
    return _equal(scope, local)


def _linked(relation: Relation) -> tuple[tuple[str, str], ...]:
    if not relation.pairs:
        raise NotExpressible(
            f"the schema does not say how '{relation.name[:128]}' is linked",
            code="unlinked",
            hint="state its columns in the schema",
        )
    return relation.pairs


def _equal(scope: Expressions, pairs: _Pairs) -> Part:
    tests = [scope.call("cmp.eq", (Part(left), Part(right)), (t.ANY, t.ANY)) for left, right in pairs]
    return tests[0] if len(tests) == 1 else scope.call("bool.and", tests, (t.BOOL,) * len(tests))
