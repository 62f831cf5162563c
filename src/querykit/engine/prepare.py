"""From a query to a plan in SQL's logic, with the values of all its slots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, TypeAlias

from querykit.ast.nodes import Query
from querykit.bind import bind
from querykit.clock import Clock, Reading, read
from querykit.errors import TypeMismatch
from querykit.functions.python import custom, moment
from querykit.functions.python.ranges import ends
from querykit.limits import Limits
from querykit.plan.late import Computed, Edge
from querykit.plan.nodes import BoundQuery, Constant
from querykit.plan.truth import Lowered, lower
from querykit.policy import Policy
from querykit.schema.model import Schema
from querykit.targets.evaluate.values import read as read_value
from querykit.types import DATE, Type

__all__ = ["late_values", "prepare"]

#: A part, a comparison and the slots of what it is compared with; the first and the last moment at which that holds.
_Range: TypeAlias = tuple[str, str, tuple[int, ...]]
_Ends: TypeAlias = tuple[dt.datetime, dt.datetime]


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
    now: Reading | None = None
    known: dict[_Range, _Ends] = {}  # both ends of a range are computed at once
    found = list(values)
    for late, type in lowered.moments:
        if isinstance(late, Edge):
            found.append(_edge(late, type, found, known))
        elif isinstance(late, str):
            now = now or read(clock)
            found.append(moment(late, type, now))
        else:
            found.append(late if isinstance(late, int) else _computed(late, type, found))
    return tuple(found[len(values) :])


def _computed(late: Computed, type: Type, values: Sequence[Any]) -> Any:
    args = [arg.value if isinstance(arg, Constant) else values[arg.index] for arg in late.args]
    return read_value(custom(late.function, args), type, late.function.name)


def _edge(edge: Edge, type: Type, values: Sequence[Any], known: dict[_Range, _Ends]) -> Any:
    part, comparison, slots, is_last = edge
    asked = part, comparison, slots
    try:
        both = known.get(asked)
        if both is None:
            both = known[asked] = ends(part, comparison, [values[index] for index in slots])
    except OverflowError:
        raise TypeMismatch(
            "the date-time lies outside the years 1 to 9999 in UTC", code="value_range"
        ) from None
    end = both[is_last]
    return end.date() if type == DATE else end
