"""The same tasks for pytest-benchmark, which keeps figures over time: `pytest benchmarks --benchmark-only`."""

from __future__ import annotations

from typing import Any

import contenders as who
import pytest
from texts import CONDITIONS, FILTERS, fresh


@pytest.mark.parametrize("name", FILTERS)
def test_parse(benchmark: Any, name: str) -> None:
    benchmark.pedantic(who.parse, setup=lambda: ((fresh(FILTERS[name]),), {}), rounds=500)


@pytest.mark.parametrize("name", FILTERS)
def test_known_shape(benchmark: Any, name: str) -> None:
    asked = who.translator()

    def run(text: str) -> object:
        plan = asked.plan("$filter=" + text, entity="Account")
        return plan.sql, plan.params

    for _ in range(3):
        run(fresh(FILTERS[name]))
    benchmark.pedantic(run, setup=lambda: ((fresh(FILTERS[name]),), {}), rounds=500)


@pytest.mark.parametrize("name", CONDITIONS)
@pytest.mark.parametrize("language", [1, 2], ids=["criteria", "vtql"])
def test_other_languages(benchmark: Any, name: str, language: int) -> None:
    parse = who.parse_criteria if language == 1 else who.parse_vtql
    benchmark.pedantic(parse, setup=lambda: ((fresh(CONDITIONS[name][language]),), {}), rounds=500)
