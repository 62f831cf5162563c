"""From a query to a plan in SQL's logic, with the values of all its slots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from querykit.ast.nodes import Query
from querykit.bind import bind
from querykit.clock import Clock, Reading, read
from querykit.errors import TypeMismatch
from querykit.functions.python import custom, moment
from querykit.functions.python.ranges import ends
from querykit.limits import Limits
from querykit.plan.late import Edge, Late
from querykit.plan.nodes import BoundQuery, Constant
from querykit.plan.truth import Lowered, lower
from querykit.policy import Policy
from querykit.schema.model import Schema
from querykit.targets.evaluate.values import read as read_value
from querykit.types import DATE, Type

__all__ = ["late_values", "prepare"]


def prepare(
    query: Query, schema: Schema, entity: object, limits: Limits, policy: Policy, clock: Clock | None
) -> BoundQuery:
    """Bind and lower a query.

    Raises
    ------
    QueryError: the query does not fit the schema, the limits or the policy.
    """
    bound = bind(query, schema, entity, limits=limits, policy=policy)
    lowered = lower(bound.plan, len(bound.values))
    return BoundQuery(lowered.plan, bound.values + late_values(lowered, bound.values, clock), query.source)


def late_values(lowered: Lowered, values: Sequence[Any], clock: Clock | None) -> tuple[Any, ...]:
    """The values of the slots that lowering brought in, which can be computed from `values`, those of the text.

    One reading of the clock for all.
    """
    if not lowered.moments:
        return ()
    now = read(clock)
    found = list(values)
    for late, type in lowered.moments:
        found.append(_value(late, type, found, now))
    return tuple(found[len(values) :])


def _value(late: Late, type: Type, values: Sequence[Any], now: Reading) -> Any:
    if isinstance(late, str):
        return moment(late, type, now)
    if isinstance(late, int):
        return late
    args = [arg.value if isinstance(arg, Constant) else values[arg.index] for arg in late.args]
    if isinstance(late, Edge):
        return _edge(late, type, args)
    return read_value(custom(late.function, args), type, late.function.name)


def _edge(edge: Edge, type: Type, args: Sequence[Any]) -> Any:
    try:
        end = ends(edge.part, edge.comparison, args)[edge.is_last]
    except OverflowError:
        raise TypeMismatch(
            "the date-time lies outside the years 1 to 9999 in UTC", code="value_range"
        ) from None
    return end.date() if type == DATE else end
