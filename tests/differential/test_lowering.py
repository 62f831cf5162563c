"""Lowering keeps the rows: the evaluator cannot tell a plan from the same plan in SQL's logic."""

from __future__ import annotations

import datetime as dt

from crm import SCHEMA, databases
from hypothesis import HealthCheck, given, settings
from queries import queries

from querykit import Query
from querykit.bind import bind
from querykit.engine.prepare import late_values
from querykit.plan.nodes import BoundQuery
from querykit.plan.truth import lower
from querykit.targets.evaluate import evaluate_plan


def noon() -> dt.datetime:
    return dt.datetime(2024, 2, 29, 12)


@given(data=databases(), query=queries())
@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_same_rows(data: dict[str, list[dict]], query: Query) -> None:
    bound = bind(query, SCHEMA, "Shop")
    lowered = lower(bound.plan, len(bound.values))
    values = bound.values + late_values(lowered, bound.values, noon)
    plain = evaluate_plan(BoundQuery(lowered.plan, values), data, noon)
    assert plain == evaluate_plan(bound, data, noon)
