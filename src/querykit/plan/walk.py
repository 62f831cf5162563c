"""Walking the expressions of a plan without recursion."""

from __future__ import annotations

from collections.abc import Iterator

from querykit.plan.nodes import Bound, Op, Subquery

__all__ = ["walk"]


def walk(root: Bound) -> Iterator[Bound]:
    """The expression and everything below it, subqueries included."""
    pending = [root]
    while pending:
        expr = pending.pop()
        yield expr
        if isinstance(expr, Op):
            pending += expr.args
        elif isinstance(expr, Subquery):
            pending += [part for part in (expr.condition, expr.argument) if part is not None]
