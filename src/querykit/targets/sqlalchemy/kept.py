"""What is compiled once for all plans that are alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple, TypeVar

from querykit.plan.nodes import Plan, Subquery, Table, Union
from querykit.plan.walk import expressions, walk

__all__ = ["kept_by_plan"]

_Made = TypeVar("_Made")

#: Shapes of queries that one process keeps; the one not used for longest goes first.
_SIZE = 256


class _Shape(NamedTuple):
    """A plan, and which tables it is over: plans of two schemas can be alike in all but these."""

    plan: Plan
    natives: tuple[int, ...]


def kept_by_plan(compile: Callable[[Plan], _Made]) -> Callable[[Plan], _Made]:
    """The function, with the results of the last 256 plans kept; values are no part of a plan."""

    @lru_cache(maxsize=_SIZE)
    def of_shape(shape: _Shape) -> _Made:
        return compile(shape.plan)  # which holds the tables, so that no other gets their ids

    def kept(plan: Plan) -> _Made:
        return of_shape(_Shape(plan, tuple(_natives(plan))))

    return kept


def _natives(plan: Plan) -> Iterator[int]:
    return (id(table.entity.native) for table in _tables(plan) if table.entity.native is not None)


def _tables(plan: Plan) -> Iterator[Table]:
    """Every table of the plan and of what is in it."""
    plans = [plan]
    while plans:
        plan = plans.pop()
        plans += (item.plan for item in plan.expand)
        tables = [plan.table, *_of_subqueries(plan)]
        while tables:
            table = tables.pop()
            yield table
            tables += (join.table for join in table.joins)
            if table.rows is not None:
                plans += table.rows.plans if isinstance(table.rows, Union) else (table.rows,)


def _of_subqueries(plan: Plan) -> Iterator[Table]:
    for expr in expressions(plan):
        for part in walk(expr):
            if isinstance(part, Subquery):
                yield part.table
