"""Whatever criteria can say is printed as a text that is parsed into the same tree."""

from __future__ import annotations

from criteria_trees import expressions
from hypothesis import given, settings

from querykit.ast.nodes import Expr
from querykit.languages.criteria import parse_filter, render_filter
from querykit.limits import Limits

WIDE = Limits(depth=128, collection_depth=64)


@settings(max_examples=300, deadline=None)
@given(expressions())
def test_text_gives_the_tree_back(expr: Expr) -> None:
    text = render_filter(expr)
    parsed = parse_filter(text, None, WIDE)
    assert parsed == expr
    assert render_filter(parsed) == text
