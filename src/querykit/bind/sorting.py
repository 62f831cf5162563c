"""What rows are ordered by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from querykit.ast.nodes import SortKey
from querykit.errors import TypeMismatch
from querykit.plan.nodes import Sort

if TYPE_CHECKING:
    from querykit.bind.expressions import Binder

__all__ = ["sort_key"]


def sort_key(binder: Binder, key: SortKey) -> Sort:
    """
    Raises
    ------
    TypeMismatch: values of the type have no order.
    """
    expr = binder.scalar(key.expr)
    if expr.type.kind in ("geo", "binary", "list"):
        raise TypeMismatch(
            f"{expr.type} values have no order", code="no_order", span=key.span or key.expr.span
        )
    return Sort(expr, key.descending)
