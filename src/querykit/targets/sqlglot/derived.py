"""Statements that a dialect cannot run as they are planned, over a derived table that has what they need.

`SELECT id FROM t ORDER BY (SELECT …)` becomes `SELECT id FROM (SELECT id, (SELECT …) AS value FROM t) ORDER BY
value` where ORDER BY takes no correlated subquery.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from querykit.functions.sql import Dialect
from querykit.plan.conditions import OPPOSITE
from querykit.plan.nodes import Bound, Column, Op, Output, Plan, Sort, Subquery, Window
from querykit.plan.walk import aggregates, conjuncts, depends_on_rows, expressions, parts, tables, walk
from querykit.targets.sqlglot.inside import Inside

__all__ = ["has_subquery", "is_of_both", "sayable", "sayable_subquery"]

_COMPARISONS = frozenset(f"cmp.{name}" for name in OPPOSITE)


def sayable(plan: Plan, dialect: Dialect) -> Plan:
    """A plan with the same results, all of whose subqueries stand where the dialect takes them."""
    if not dialect.outer_nulls:
        ids = frozenset([table.id for table in tables(plan.table)])
        if any(_asks_about_null(expr, ids) for expr in expressions(plan)):
            plan = _over_columns(plan, where=None)
    lacking = dialect.without_subqueries
    if lacking and any(clause in lacking and has_subquery(expr) for clause, expr in _clauses(plan)):
        return _over_values(plan)
    several = plan.where is not None or bool(plan.table.joins)
    if "select" in lacking and several and any(has_subquery(output.expr) for output in plan.outputs):
        return _over_columns(replace(plan, where=None), plan.where)
    return plan


def sayable_subquery(bound: Subquery, dialect: Dialect) -> Subquery:
    """The same for a subquery: those in it are computed for all rows of its table, whatever is around it."""
    ids = frozenset([table.id for table in tables(bound.table)])
    inner = [expr for expr in (bound.condition, bound.argument) if expr is not None and has_subquery(expr)]
    if not inner or any(_looks_further(part, ids) for expr in inner for part in _subqueries(expr)):
        return bound
    lacking = dialect.without_subqueries
    if not (
        ("aggregate" in lacking and bound.argument is not None and has_subquery(bound.argument))
        or ("mixed" in lacking and any(_is_mixed(part, ids) for part in conjuncts(bound.condition)))
        or (not dialect.outer_nulls and any(_asks_about_null(expr, ids) for expr in inner))
    ):
        return bound
    inside = Inside(bound.table)
    return replace(
        bound,
        condition=None if bound.condition is None else _with_values(bound.condition, inside, ids),
        argument=None if bound.argument is None else _with_values(bound.argument, inside, ids),
        relation=None if bound.relation is None else inside.to_here(bound.relation),
        table=inside.derived(),
    )


def is_of_both(bound: Subquery) -> bool:
    """Is what it aggregates a value of its own rows and of those around?"""
    ids = frozenset([table.id for table in tables(bound.table)])
    return bound.argument is not None and len({table in ids for table in _asked(bound.argument)}) > 1


def has_subquery(expr: Bound) -> bool:
    return any(isinstance(part, Subquery) for part in walk(expr))


def _around_subqueries(expr: Bound) -> Iterator[Bound]:
    """The parts of an expression, its outermost subqueries among them but not what is in those; each once."""
    pending, seen = [expr], set[int]()
    while pending:
        part = pending.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        if not isinstance(part, Subquery):
            pending += parts(part)


def _subqueries(expr: Bound) -> Iterator[Subquery]:
    """The outermost ones."""
    return (part for part in _around_subqueries(expr) if isinstance(part, Subquery))


def _asks_about_null(expr: Bound, ids: Collection[int]) -> bool:
    """Does a subquery in it have rows for a null in a column of these tables, which are around it?"""
    for subquery in _subqueries(expr):
        columns = {part for part in walk(subquery) if isinstance(part, Column) and part.table in ids}
        if any(column.nullable for column in columns - _compared(subquery)):
            return True
    return False


def _compared(subquery: Subquery) -> set[Bound]:
    """Operands of comparisons that all of its rows fulfil: it has none where one of them is null."""
    tests = [part for part in conjuncts(subquery.condition) if isinstance(part, Op)]
    return {arg for test in tests if test.fn in _COMPARISONS for arg in test.args}


def _looks_further(subquery: Subquery, ids: Collection[int]) -> bool:
    """Does it ask about rows around the tables that are around it?"""
    used: set[int] = set()
    known: set[int] = set(ids)
    for part in walk(subquery):
        if isinstance(part, Column):
            used.add(part.table)
        elif isinstance(part, Subquery):
            used.add(part.outer)
            known.update(table.id for table in tables(part.table))
    return not used <= known


def _is_mixed(expr: Bound, ids: Collection[int]) -> bool:
    """Does a condition on rows of these tables ask about rows around them as well as a subquery?"""
    return has_subquery(expr) and any(table not in ids for table in _asked(expr))


def _asked(expr: Bound) -> Iterator[int]:
    """The tables of the columns in an expression, without its subqueries."""
    return (part.table for part in _around_subqueries(expr) if isinstance(part, Column))


def _with_values(expr: Bound, inside: Inside, ids: Collection[int]) -> Bound:
    """The expression, in which columns of these tables and subqueries are columns of the derived table."""
    if isinstance(expr, Subquery) or (isinstance(expr, Column) and expr.table in ids):
        return inside.column(expr)
    if isinstance(expr, Op):
        return replace(expr, args=tuple([_with_values(arg, inside, ids) for arg in expr.args]))
    return expr


# Whole statements --------------------------------------------------------------------------------------------


def _clauses(plan: Plan) -> Iterator[tuple[str, Bound]]:
    """The expressions that may stand in a clause without subqueries, each with its name."""
    yield from (("order", key.expr) for key in plan.order)
    yield from (("group", expr) for expr in plan.group or ())
    if any(isinstance(output.expr, Window) for output in plan.outputs):
        yield from (("window", output.expr) for output in plan.outputs)
    pending, seen = [expr for expr in expressions(plan) if expr is not plan.where], set[int]()
    while pending:
        expr = pending.pop()
        if isinstance(expr, Op) and id(expr) not in seen:
            seen.add(id(expr))
            yield from (("aggregate", arg) for arg in expr.args if expr.fn.startswith("agg."))
            pending += expr.args


def _over_columns(plan: Plan, where: Bound | None) -> Plan:
    """The statement over its own rows: those that a condition keeps, with the columns that it uses."""
    inside = Inside(plan.table)
    found = _mapped(plan, lambda expr, name: inside.outside(expr))
    return replace(found, table=inside.derived(where))


def _over_values(plan: Plan) -> Plan:
    """The statement that groups, sorts and cuts, over one that computes what these do it by."""
    inside = Inside(plan.table)
    found = _mapped(replace(plan, where=None), lambda expr, name: _computed(expr, inside, name))
    return replace(found, table=inside.derived(plan.where))


def _mapped(plan: Plan, outside: Callable[[Bound, str], Bound]) -> Plan:
    """The statement with other expressions, each made of one of its own and of the name that it has as a result."""

    def unnamed(expr: Bound | None) -> Bound | None:
        return None if expr is None else outside(expr, "value")

    return replace(
        plan,
        outputs=tuple([Output(item.name, outside(item.expr, item.name)) for item in plan.outputs]),
        where=unnamed(plan.where),
        order=tuple([Sort(outside(key.expr, "value"), key.descending) for key in plan.order]),
        group=None if plan.group is None else tuple([outside(expr, "value") for expr in plan.group]),
        having=unnamed(plan.having),
        expand=(),
    )


def _computed(expr: Bound, inside: Inside, name: str = "value") -> Bound:
    """What is of one row is a column, what is of many is computed of columns."""
    if not depends_on_rows(expr):
        return expr
    if isinstance(expr, Window):
        return replace(
            expr,
            argument=None if expr.argument is None else _computed(expr.argument, inside),
            partition=tuple([_computed(item, inside) for item in expr.partition]),
            order=tuple([Sort(_computed(key.expr, inside), key.descending) for key in expr.order]),
        )
    if isinstance(expr, Op) and _is_of_rows(expr):
        return replace(expr, args=tuple([_computed(arg, inside) for arg in expr.args]))
    return inside.column(expr, name)


def _is_of_rows(expr: Op) -> bool:
    """Is it computed of several rows of the statement?"""
    return aggregates(expr) or any(isinstance(part, Window) for part in _around_subqueries(expr))
