"""Whatever OData can say is printed as a text that is parsed into the same tree."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from odata_apply_trees import shaped
from odata_trees import expressions, queries

from querykit.ast.nodes import Expr, Query
from querykit.languages.odata import parse, parse_filter, render, render_filter
from querykit.limits import Limits

WIDE = Limits(depth=128, collection_depth=64, expand_depth=16)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(expressions())
def test_expression_gives_the_tree_back(expr: Expr) -> None:
    text = render_filter(expr)
    parsed = parse_filter(text, None, WIDE)
    assert parsed == expr
    assert render_filter(parsed) == text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(queries())
def test_query_gives_the_tree_back(query: Query) -> None:
    text = render(query)
    parsed = parse(text, None, WIDE)
    assert parsed == query
    assert render(parsed) == text


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shaped())
def test_search_compute_and_apply_give_the_tree_back(query: Query) -> None:
    text = render(query)
    parsed = parse(text, None, WIDE)
    assert parsed == query, text
    assert render(parsed) == text
