"""Limits of a tree: what is counted level by level is what is found when each node is looked at."""

from __future__ import annotations

from collections.abc import Callable

from every_query import queries
from every_tree import expressions
from hypothesis import given, settings
from hypothesis import strategies as st

from querykit.ast import walk
from querykit.ast.nodes import Node
from querykit.errors import LimitExceeded
from querykit.limits import Limits

BOUNDS = st.fixed_dictionaries(
    {
        "nodes": st.integers(1, 12),
        "depth": st.integers(1, 6),
        "list_items": st.integers(0, 3),
        "collection_depth": st.integers(0, 2),
    }
)


@given(st.one_of(expressions(), queries()), BOUNDS)
@settings(max_examples=400)
def test_the_short_way_refuses_the_same(tree: Node, bounds: dict[str, int]) -> None:
    limits = Limits(**bounds)
    assert _refusal(walk.check_limits, tree, limits) == _refusal(walk._check_each, tree, limits)


def _refusal(check: Callable[[Node, Limits], None], tree: Node, limits: Limits) -> str | None:
    try:
        check(tree, limits)
    except LimitExceeded as error:
        return error.code
    return None
