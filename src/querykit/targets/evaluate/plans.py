"""A whole plan: which rows, in which order, which page of them, and what of each row.

The order of work is that of OData 4.01 Part 1, 11.2.1: filter, count, order, skip, top, then expand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from querykit.clock import Clock, read
from querykit.errors import QueryError
from querykit.plan.nodes import Bound, BoundQuery, Plan, Slot, Table, Union
from querykit.schema.model import Entity
from querykit.targets.evaluate.expressions import Evaluator, Scope
from querykit.targets.evaluate.rows import Data, Record

__all__ = ["evaluate_plan", "evaluate_total"]

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
        return _run(evaluator, bound.plan, _all(evaluator, bound.plan.table))
    except QueryError as error:
        raise error.located(bound.source) from None


def evaluate_total(bound: BoundQuery, data: Rows, clock: Clock | None = None) -> int:
    """How many rows the plan's condition keeps, whatever its page (OData 4.01 Part 1, 11.2.6.5)."""
    try:
        evaluator = _evaluator(bound, data, clock)
        plan = bound.plan
        return len(_results(evaluator, plan, _all(evaluator, plan.table)))
    except QueryError as error:
        raise error.located(bound.source) from None


def _evaluator(bound: BoundQuery, data: Rows, clock: Clock | None) -> Evaluator:
    return Evaluator(bound.values, Data(data), read(clock))


def _run(evaluator: Evaluator, plan: Plan, records: Iterable[Record]) -> list[dict[str, Any]]:
    scopes = evaluator.ordered(_results(evaluator, plan, records), plan.order)
    return [_result(evaluator, plan, scope) for scope in _page(evaluator, plan, scopes)]


def _all(evaluator: Evaluator, table: Table) -> Sequence[Record]:
    """The rows of a table of the plan: an entity's, or the results of the statements it stands for."""
    if table.rows is None:
        return evaluator.data.all(table.entity)
    plans = table.rows.plans if isinstance(table.rows, Union) else (table.rows,)
    return [record for plan in plans for record in _derived(evaluator, plan, table.entity)]


def _derived(evaluator: Evaluator, plan: Plan, entity: Entity) -> Iterator[Record]:
    scopes = evaluator.ordered(_results(evaluator, plan, _all(evaluator, plan.table)), plan.order)
    for scope in _page(evaluator, plan, scopes):
        values = {output.name: evaluator.value(output.expr, scope) for output in plan.outputs}
        if plan.group is None and plan.table.entity is entity:  # what is nested in the row goes with it
            values = {**(scope.records[plan.table.id].row or {}), **values}
        yield Record(entity, values)


def _results(evaluator: Evaluator, plan: Plan, records: Iterable[Record]) -> list[Scope]:
    """The rows that the plan keeps, or the groups of them, each with all the rows that it is one of."""
    kept = _kept(evaluator, plan, records)
    if plan.group is None:
        return [Scope(scope.records, kept) for scope in kept]
    groups: dict[tuple[Any, ...], list[Scope]] = {} if plan.group else {(): []}
    for scope in kept:
        groups.setdefault(tuple(evaluator.key(expr, scope) for expr in plan.group), []).append(scope)
    results = [Scope(scopes[0].records if scopes else {}, scopes) for scopes in groups.values()]
    return [scope for scope in results if _holds(evaluator, plan.having, scope)]


def _kept(evaluator: Evaluator, plan: Plan, records: Iterable[Record]) -> list[Scope]:
    """The rows for which the condition is true; false and null drop them alike."""
    scopes = [evaluator.enter(Scope({}), plan.table, record) for record in records]
    return [scope for scope in scopes if _holds(evaluator, plan.where, scope)]


def _holds(evaluator: Evaluator, condition: Bound | None, scope: Scope) -> bool:
    return condition is None or evaluator.value(condition, scope) is True


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
