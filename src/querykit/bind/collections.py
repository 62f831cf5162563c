"""Questions to collections, as subqueries correlated with the row that owns them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from querykit import types as t
from querykit.ast.nodes import Aggregate, Call, EntitySet, Expr, Path
from querykit.bind import inheritance, paths
from querykit.bind.scope import Collection, Row
from querykit.errors import LimitExceeded, NotExpressible, QueryError, TypeMismatch, UnknownName, suggest
from querykit.limits import COLLECTION_CEILING
from querykit.plan.nodes import Bound, Column, Op, Subquery
from querykit.schema.model import Entity, Property, Relation
from querykit.source import Span
from querykit.types import Type

if TYPE_CHECKING:
    from querykit.bind.expressions import Binder

__all__ = ["aggregate", "beyond_collection", "collection_of", "contains", "custom_aggregate"]

_FUNCTIONS = ("any", "all", "count", "sum", "avg", "min", "max", "single")

#: Of the values beyond a collection these are computed row by row: the sum is that of the rows' sums.
_OF_PARTS = ("sum", "min", "max")


def aggregate(binder: Binder, node: Aggregate) -> Subquery:
    """`Orders/any(…)`, `[Orders][…].Sum([Amount])`, `[<Order>][…].Count()`."""
    if node.function == "aggregate" and node.argument == Call("agg.count", ()):
        node = node.replace(function="count", argument=None)
    if node.function not in _FUNCTIONS:
        raise _no_function(node)
    if len(binder.rows) > COLLECTION_CEILING:
        message = f"more than {COLLECTION_CEILING} collection conditions in one another"
        raise LimitExceeded(message, code="collection_depth", span=node.span)
    owner, found = _source(binder, node)
    row = binder.tables.new_row(_entity(binder, found, node.span))
    element = _as_type(row, found, node.span)
    with binder.scope(element):
        condition = None if node.condition is None else binder.condition(node.condition)
        argument = _argument(binder, node, element)
    if element is not row:
        condition = _only(inheritance.instance(row, element.entity, node.span), condition, node.function)
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


def _no_function(node: Aggregate) -> QueryError:
    """`/aggregate(…)` takes all that the transformation does, of which methods of one value are run."""
    name, argument = node.function.removeprefix("custom."), node.argument
    if "." in name or (isinstance(argument, Call) and argument.fn == "agg.custom"):
        return custom_aggregate(node.span)
    if name in ("aggregate", "countdistinct"):
        what = "aggregates of groups" if name == "aggregate" else name
        return NotExpressible(
            f"{what} cannot be computed inside an expression",
            code="aggregate_function",
            span=node.span,
            hint="the transformations of $apply can: groupby((Day),aggregate(Amount with sum as Total))/…",
        )
    return UnknownName(
        f"there is no aggregate '{name[:64]}'",
        code="unknown_aggregate",
        span=node.span,
        hint=suggest(name, _FUNCTIONS),
    )


def custom_aggregate(span: Span | None) -> NotExpressible:
    return NotExpressible(
        "aggregates of a service's own cannot be run",
        code="custom_aggregate",
        span=span,
        hint="the methods are sum, min, max, average and countdistinct",
    )


def _source(binder: Binder, node: Aggregate) -> tuple[Row, Collection | str]:
    """The row that owns the collection, and the relation; or the name of an entity for a free join."""
    source = node.source
    if isinstance(source, EntitySet):
        row = binder.rows[-1]
        if source.name is None and (binder.related or not binder.all_rows):
            raise _not_all(source.span)
        name = binder.rows[0].entity.name if source.name is None else source.name
        return row, inheritance.entity_of(binder.tables, name, source.span).name
    found = collection_of(binder, paths.resolve(binder, source))
    if isinstance(found, Collection):
        return found.owner, found
    what = found.entity.name if isinstance(found, Row) else f"a {found.type} value"
    raise TypeMismatch(f"{what} is not a collection", code="not_a_collection", span=source.span)


def _not_all(span: Span | None) -> NotExpressible:
    """`$these` is what the option or the transformation at hand works on."""
    return NotExpressible(
        "all rows can be asked in conditions on an entity, not of what is grouped, related, or kept by a condition",
        code="these",
        span=span,
        hint="$apply=concat(identity,aggregate(Amount with sum as Total)) has the total beside the rows",
    )


def collection_of(binder: Binder, found: Bound | Row | Collection) -> Bound | Row | Collection:
    """A list in a column as a collection: complex values, or rows without a name for their one value."""
    if not isinstance(found, Column) or found.type.kind != "list":
        return found
    kind, name = found.type.element or ("any", "")
    value = Property("", found.property.column, Type(kind, name))
    owner = binder.tables.row(found.table)
    parts = {item.name: item for item in found.property.parts}
    name = f"{owner.entity.name}.{found.property.name}"
    entity = Entity(name, "", parts) if parts else Entity(name, "", {"": value}, key=("",))
    return Collection(owner, Relation(found.property.name, entity.name, True, ()), entity)


def _entity(binder: Binder, found: Collection | str, span: Span | None) -> Entity:
    if isinstance(found, Collection) and found.entity is not None:
        return found.entity
    target = found if isinstance(found, str) else found.relation.target
    return binder.tables.schema.entity(target, span)


def _as_type(row: Row, found: Collection | str, span: Span | None) -> Row:
    if isinstance(found, str) or found.type is None:
        return row
    return inheritance.taken_as(row, found.type, span)


def _only(instance: Bound, condition: Bound | None, function: str) -> Bound:
    """The condition for elements of a type: to ask all of them is to ask nothing of the others."""
    if function == "all":
        instance = Op("bool.not", (instance,), t.BOOL, False)
    if condition is None:
        return instance
    return Op(
        "bool.or" if function == "all" else "bool.and", (instance, condition), t.BOOL, condition.nullable
    )


def contains(
    binder: Binder, found: Collection, compare: Callable[[Bound], Bound], span: Span | None
) -> Subquery:
    """`x in Tags`: one of the elements compares as equal (OData 4.01 Part 2, 5.1.1.1.11)."""
    row = binder.tables.new_row(_entity(binder, found, span))
    condition = compare(row.key(span))
    return Subquery("any", row.freeze(), found.owner.id, found.relation, condition, None, t.BOOL, False, span)


def _argument(binder: Binder, node: Aggregate, row: Row) -> Bound | None:
    if node.argument is not None:
        bound = binder.scalar(_of_parts(binder, node, node.argument))
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


def _of_parts(binder: Binder, node: Aggregate, argument: Expr) -> Expr:
    """`Products/aggregate(Sales/Amount with sum)`: the sum of the sums for each product."""
    through = beyond_collection(binder, argument)
    if through is None or through[1] is None:
        return argument
    source, value = through
    if node.function not in _OF_PARTS:
        method = "average" if node.function == "avg" else node.function
        raise NotExpressible(
            f"{method} of values beyond a second collection cannot be run",
            code="aggregate_path",
            span=argument.span,
            hint="sum, min and max can",
        )
    return Aggregate(node.function, source, None, value, argument.span)


def beyond_collection(binder: Binder, value: Expr) -> tuple[Path, Path | None] | None:
    """A path through a collection, as the path to it and the path beyond."""
    if not isinstance(value, Path):
        return None
    for length in range(1, len(value.steps) + 1):
        front = Path(value.steps[:length], value.up, value.span)
        if isinstance(paths.resolve(binder, front), Collection):
            rest = value.steps[length:]
            return front, Path(rest, span=value.span) if rest else None
    return None


def _result(node: Aggregate, argument: Bound | None) -> Type:
    if node.function in ("any", "all"):
        return t.BOOL
    if node.function == "count" or argument is None:
        return t.INT
    if node.function == "avg" and argument.type == t.INT:
        return t.DECIMAL
    return argument.type
