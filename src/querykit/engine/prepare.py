"""From a query to a plan in SQL's logic, with the values of all its slots."""

from __future__ import annotations

from typing import Any

from querykit.ast.nodes import Query
from querykit.bind import bind
from querykit.engine.clock import Clock, utc_now
from querykit.functions.python import moment
from querykit.limits import Limits
from querykit.plan.nodes import BoundQuery
from querykit.plan.truth import Lowered, lower
from querykit.policy import Policy
from querykit.schema.model import Schema

__all__ = ["moment_values", "prepare"]


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
    return BoundQuery(lowered.plan, bound.values + moment_values(lowered, clock), query.source)


def moment_values(lowered: Lowered, clock: Clock | None) -> tuple[Any, ...]:
    """The values of the slots that lowering brought in; one reading of the clock for all."""
    if not lowered.moments:
        return ()
    now = (clock or utc_now)()
    return tuple(moment(late, type, now) if isinstance(late, str) else late for late, type in lowered.moments)
