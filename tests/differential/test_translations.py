"""A condition said in another language keeps the same rows: the evaluator cannot tell the two apart."""

from __future__ import annotations

import pytest
from crm import SCHEMA, databases
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from queries import Trees

import querykit
from querykit import NotExpressible, Query
from querykit.ast.nodes import Expr


@st.composite
def conditions(draw: st.DrawFn) -> Expr:
    return Trees(draw).condition(["Shop"], 3)


@pytest.mark.parametrize("language", ["odata", "criteria", "vtql"])
def test_the_same_rows(language: str) -> None:
    @given(data=databases(), condition=conditions())
    @settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def check(data: dict[str, list[dict]], condition: Expr) -> None:
        try:
            text = querykit.render(condition, language)
        except NotExpressible as error:
            event(error.code)
            return
        event("said")
        back = querykit.parse_filter(text, language)
        kept = [querykit.evaluate(Query(filter=tree), data, SCHEMA, "Shop") for tree in (condition, back)]
        assert kept[0] == kept[1], text

    check()
