"""Questions to collections, as subqueries correlated with the row that owns them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from querykit import types as t
from querykit.ast.nodes import Aggregate, EntitySet
from querykit.bind import paths
from querykit.bind.scope import Collection, Row
from querykit.errors import LimitExceeded, NotExpressible, TypeMismatch, UnknownName, suggest
from querykit.limits import COLLECTION_CEILING
from querykit.plan.nodes import Bound, Subquery
from querykit.types import Type

if TYPE_CHECKING:
    from querykit.bind.expressions import Binder

__all__ = ["aggregate"]

_FUNCTIONS = ("any", "all", "count", "sum", "avg", "min", "max", "single")


def aggregate(binder: Binder, node: Aggregate) -> Subquery:
    """`Orders/any(…)`, `[Orders][…].Sum([Amount])`, `[<Order>][…].Count()`."""
    if node.function not in _FUNCTIONS:
        name = node.function.removeprefix("custom.")
        raise UnknownName(
            f"there is no aggregate '{name[:64]}'",
            code="unknown_aggregate",
            span=node.span,
            hint=suggest(name, _FUNCTIONS),
        )
    if len(binder.rows) > COLLECTION_CEILING:
        message = f"more than {COLLECTION_CEILING} collection conditions in one another"
        raise LimitExceeded(message, code="collection_depth", span=node.span)
    owner, found = _source(binder, node)
    target = found if isinstance(found, str) else found.relation.target
    row = binder.tables.new_row(binder.tables.schema.entity(target, node.span))
    with binder.scope(row):
        condition = None if node.condition is None else binder.condition(node.condition)
        argument = _argument(binder, node, row)
    return Subquery(
        function=node.function,
        table=row.freeze(),
        outer=owner.id,
        relation=None if isinstance(found, str) else found.relation,
        condition=condition,
        argument=argument,
        type=_result(node, argument),
        nullable=node.function not in ("any", "all", "count"),
        span=node.span,
    )


def _source(binder: Binder, node: Aggregate) -> tuple[Row, Collection | str]:
    """The row that owns the collection, and the relation; or the name of an entity for a free join."""
    source = node.source
    if isinstance(source, EntitySet):
        row = binder.rows[-1]
        name = binder.rows[0].entity.name if source.name is None else source.name
        return row, name if name in binder.tables.schema.entities else name.rpartition(".")[2]
    found = paths.resolve(binder, source)
    if isinstance(found, Collection):
        return found.owner, found
    what = found.entity.name if isinstance(found, Row) else f"a {found.type} value"
    raise TypeMismatch(f"{what} is not a collection", code="not_a_collection", span=source.span)


def _argument(binder: Binder, node: Aggregate, row: Row) -> Bound | None:
    if node.argument is not None:
        bound = binder.scalar(node.argument)
        if node.function in ("sum", "avg") and bound.type not in (*t.NUMBERS, t.ANY):
            raise TypeMismatch(
                f"{node.function} needs numbers, not {bound.type} values", span=node.argument.span
            )
        return bound
    if node.function == "single":
        return row.key(node.span)  # the row itself
    if node.function in ("sum", "avg", "min", "max"):
        raise NotExpressible(
            f"{node.function} needs to know of what", code="aggregate_argument", span=node.span
        )
    return None


def _result(node: Aggregate, argument: Bound | None) -> Type:
    if node.function in ("any", "all"):
        return t.BOOL
    if node.function == "count" or argument is None:
        return t.INT
    if node.function == "avg" and argument.type == t.INT:
        return t.DECIMAL
    return argument.type
