"""Derived tables without what no statement around them uses: columns, and the joins that only these needed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from querykit.plan.nodes import Column, Join, Plan, Subquery, Table, Union
from querykit.plan.walk import aggregates, expressions, walk
from querykit.schema.model import Relation

__all__ = ["pruned"]


def pruned(plan: Plan) -> Plan:
    """The plan, whose derived tables have only the columns that are used; the rows stay the same."""
    return _pruned(plan) if _derived(plan) else plan


def _derived(plan: Plan) -> bool:
    return plan.table.rows is not None or any(_derived(item.plan) for item in plan.expand)


def _pruned(plan: Plan) -> Plan:
    expand = tuple([replace(item, plan=pruned(item.plan)) for item in plan.expand])
    table, rows = plan.table, plan.table.rows
    if rows is not None:
        plans = rows.plans if isinstance(rows, Union) else (rows,)
        names = _kept(plans, set(_used(plan)))
        inner = tuple([_pruned(_narrowed(item, names)) for item in plans])
        table = replace(table, rows=inner[0] if isinstance(rows, Plan) else Union(inner))
    return replace(plan, table=table, expand=expand)


def _used(plan: Plan) -> Iterator[str]:
    """The columns of the plan's own table that the plan reads."""
    own = plan.table.id
    for join in plan.table.joins:
        yield from _starts(join.relation)
    for item in plan.expand:
        yield from _starts(item.relation)
    for expr in expressions(plan):
        for part in walk(expr):
            if isinstance(part, Column) and part.table == own:
                yield part.property.column
            elif isinstance(part, Subquery) and part.outer == own and part.relation is not None:
                yield from _starts(part.relation)


def _starts(relation: Relation) -> Iterator[str]:
    pairs = relation.pairs if relation.through is None else relation.through.local
    return (here for here, _ in pairs)


def _kept(plans: Sequence[Plan], used: set[str]) -> set[str]:
    """The outputs that all of the statements keep: there is no SELECT of nothing, nor one result of all rows of it."""
    for plan in plans:
        if plan.group == () and not any(aggregates(item.expr) for item in plan.outputs if item.name in used):
            used.update([item.name for item in plan.outputs if aggregates(item.expr)][:1])
    return used & {item.name for item in plans[0].outputs} or {plans[0].outputs[0].name}


def _narrowed(plan: Plan, names: Collection[str]) -> Plan:
    """The plan with the outputs of these names."""
    narrow = replace(plan, outputs=tuple([output for output in plan.outputs if output.name in names]))
    return replace(narrow, table=_joining(narrow.table, frozenset(_tables(narrow))))


def _tables(plan: Plan) -> Iterator[int]:
    for expr in expressions(plan):
        for part in walk(expr):
            if isinstance(part, Column):
                yield part.table
            elif isinstance(part, Subquery):
                yield part.outer


def _joining(table: Table, used: Collection[int]) -> Table:
    """The table without joins that nothing needs: each finds one row at most and drops none."""
    joins = []
    for join in table.joins:
        inner = _joining(join.table, used)
        if inner.joins or inner.id in used:
            joins.append(Join(join.relation, inner))
    return replace(table, joins=tuple(joins))
