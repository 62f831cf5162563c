"""A whole plan: which rows, in which order, which page of them, and what of each row.

The order of work is that of OData 4.01 Part 1, 11.2.1: filter, count, order, skip, top, then expand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from querykit.errors import QueryError
from querykit.functions.python.literals import utc
from querykit.plan.nodes import BoundQuery, Plan, Slot
from querykit.targets.evaluate.expressions import Evaluator, Scope
from querykit.targets.evaluate.rows import Data, Record

__all__ = ["evaluate_plan", "evaluate_total"]

Clock: TypeAlias = Callable[[], dt.datetime]
Rows: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]


def evaluate_plan(bound: BoundQuery, data: Rows, clock: Clock | None = None) -> list[dict[str, Any]]:
    """The rows that a plan asks for.

    Parameters
    ----------
    bound: from `bind`, or lowered.
    data: rows by entity name, keyed by property name. Link columns that are no property go by their column
        name, rows of a table between two entities by its table name. Related rows may also be nested in a
        row, under the name of the relation.
    clock: gives the moment of the request; UTC now without one.

    Returns
    -------
    New dicts, with expansions nested.

    Raises
    ------
    QueryError: a value of a row does not go with what the query does to it.
    """
    try:
        evaluator = _evaluator(bound, data, clock)
        return _run(evaluator, bound.plan, evaluator.data.all(bound.plan.table.entity))
    except QueryError as error:
        raise error.located(bound.source) from None


def evaluate_total(bound: BoundQuery, data: Rows, clock: Clock | None = None) -> int:
    """How many rows the plan's condition keeps, whatever its page (OData 4.01 Part 1, 11.2.6.5)."""
    try:
        evaluator = _evaluator(bound, data, clock)
        return len(_kept(evaluator, bound.plan, evaluator.data.all(bound.plan.table.entity)))
    except QueryError as error:
        raise error.located(bound.source) from None


def _evaluator(bound: BoundQuery, data: Rows, clock: Clock | None) -> Evaluator:
    now = dt.datetime.now(dt.UTC) if clock is None else clock()
    return Evaluator(bound.values, Data(data), utc(now))


def _run(evaluator: Evaluator, plan: Plan, records: Iterable[Record]) -> list[dict[str, Any]]:
    scopes = _kept(evaluator, plan, records)
    if plan.grouped:
        scopes = [Scope({}, scopes)]
    for sort in reversed(plan.order):  # the last key first: each sort keeps the order of equals
        # mypy gives no type to a default of a lambda
        scopes.sort(key=lambda scope, expr=sort.expr: evaluator.key(expr, scope), reverse=sort.descending)  # type: ignore[misc]
    return [_result(evaluator, plan, scope) for scope in _page(evaluator, plan, scopes)]


def _kept(evaluator: Evaluator, plan: Plan, records: Iterable[Record]) -> list[Scope]:
    """The rows for which the condition is true; false and null drop them alike."""
    scopes = [evaluator.enter(Scope({}), plan.table, record) for record in records]
    where = plan.where
    return scopes if where is None else [scope for scope in scopes if evaluator.value(where, scope) is True]


def _page(evaluator: Evaluator, plan: Plan, scopes: list[Scope]) -> list[Scope]:
    start = 0 if plan.offset is None else _number(evaluator, plan.offset)
    end = None if plan.limit is None else start + _number(evaluator, plan.limit)
    return scopes[start:end]


def _number(evaluator: Evaluator, slot: Slot) -> int:
    return max(0, int(evaluator.values[slot.index]))


def _result(evaluator: Evaluator, plan: Plan, scope: Scope) -> dict[str, Any]:
    result = {output.name: _shown(evaluator.value(output.expr, scope)) for output in plan.outputs}
    for expand in plan.expand:
        record = scope.records[plan.table.id]
        related = evaluator.data.related(record, expand.relation, expand.plan.table.entity)
        rows = _run(evaluator, expand.plan, related)
        result[expand.name] = rows if expand.relation.many else next(iter(rows), None)
    return result


def _shown(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
