"""Walking the expressions of a plan without recursion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from querykit.plan.nodes import Bound, Column, Op, Plan, Subquery, Table, Window

__all__ = ["aggregates", "conjuncts", "depends_on_rows", "expressions", "extent", "parts", "tables", "walk"]


def expressions(plan: Plan) -> Iterator[Bound]:
    """All that the statement says itself; not those of its derived tables and expansions."""
    yield from (output.expr for output in plan.outputs)
    yield from plan.group or ()
    yield from (key.expr for key in plan.order)
    yield from (condition for condition in (plan.where, plan.having) if condition is not None)


def tables(table: Table) -> Iterator[Table]:
    """A table and those it joins."""
    pending = [table]
    while pending:
        here = pending.pop()
        yield here
        pending += [join.table for join in here.joins]


def walk(root: Bound) -> Iterator[Bound]:
    """The expression and everything below it, subqueries included.

    What stands in several places is visited once: lowering can double a part at each level.
    """
    pending, seen = [root], set[int]()
    while pending:
        expr = pending.pop()
        if id(expr) not in seen:
            seen.add(id(expr))
            yield expr
            pending += parts(expr)


def extent(root: Bound) -> tuple[int, int]:
    """How many nodes an expression has, and in how many levels."""
    size = depth = 0
    pending = [(root, 1)]
    while pending:
        expr, level = pending.pop()
        size, depth = size + 1, max(depth, level)
        pending += [(part, level + 1) for part in parts(expr)]
    return size, depth


def aggregates(root: Bound) -> bool:
    """Is the expression a value over the rows of the statement?"""
    pending, seen = [root], set[int]()
    while pending:
        expr = pending.pop()
        if isinstance(expr, Op) and id(expr) not in seen:
            if expr.fn.startswith("agg."):
                return True
            seen.add(id(expr))
            pending += expr.args
    return False


def depends_on_rows(root: Bound) -> bool:
    """Can the value differ from row to row?"""
    return any(isinstance(expr, (Column, Subquery, Window)) for expr in walk(root)) or aggregates(root)


def conjuncts(condition: Bound | None) -> Sequence[Bound]:
    """What a condition asks for at once; nothing where there is none."""
    if condition is None:
        return ()
    return condition.args if isinstance(condition, Op) and condition.fn == "bool.and" else (condition,)


def parts(expr: Bound) -> Sequence[Bound]:
    """What is directly below the expression."""
    if isinstance(expr, Op):
        return expr.args
    if isinstance(expr, Subquery):
        return [part for part in (expr.condition, expr.argument) if part is not None]
    if isinstance(expr, Window):
        argument = () if expr.argument is None else (expr.argument,)
        return [*expr.partition, *(key.expr for key in expr.order), *argument]
    return ()
