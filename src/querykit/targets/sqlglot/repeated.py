"""Which tables a statement names more than once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from querykit.plan.nodes import Plan, Subquery, Table
from querykit.plan.walk import expressions, parts, tables

__all__ = ["repeated"]


def repeated(plan: Plan) -> frozenset[str]:
    """The names, in lower case, of tables that occur twice in FROM clauses of the plan and its subqueries.

    Derived tables are statements of their own, which see nothing of this one.
    """
    counts = Counter(name.casefold() for name in _names(plan))
    return frozenset(name for name, count in counts.items() if count > 1)


def _names(plan: Plan) -> Iterator[str]:
    yield from _joined(plan.table)
    pending = list(expressions(plan))
    seen: set[int] = set()  # an expression may stand in many places of a plan
    while pending:
        expr = pending.pop()
        if id(expr) in seen:
            continue
        seen.add(id(expr))
        pending += parts(expr)
        if isinstance(expr, Subquery):
            yield from _joined(expr.table)
            if expr.relation is not None and expr.relation.through is not None:
                yield expr.relation.through.table


def _joined(table: Table) -> Iterator[str]:
    return (here.entity.table or here.entity.name for here in tables(table))
