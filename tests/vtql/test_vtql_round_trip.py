"""Random trees through text and back, and random conditions of other languages into VTQL."""

from __future__ import annotations

import itertools

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from vtql_strategies import conditions, queries

import term_notation
from querykit.ast.build import logical
from querykit.ast.nodes import Call, Expr, Literal, Path, Query
from querykit.ast.walk import walk
from querykit.errors import NotExpressible
from querykit.languages import vtql
from querykit.limits import Limits
from querykit.rewrite.logic import to_total
from three_valued_truth import Row, truth

LIMITS = Limits()


@settings(max_examples=200)
@given(queries)
def test_queries(query: Query) -> None:
    text = vtql.render(query)
    assert vtql.parse(text, None, LIMITS) == query
    assert vtql.parse(text.removesuffix(";"), None, LIMITS) == query


@settings(max_examples=200)
@given(conditions)
def test_conditions(expr: Expr) -> None:
    assert vtql.parse_filter(vtql.render_filter(expr), None, LIMITS) == expr


VALUES = (None, 1, 2, 3)
ROWS: tuple[Row, ...] = tuple(
    {"a": a, "b": b, "f": f} for a, b, f in itertools.product(VALUES, VALUES, (None, True, False))
)

_numbers = st.integers(1, 3).map(lambda value: Literal("int", value))
_fields = st.sampled_from([Path(("a",)), Path(("b",))])
_lists = st.lists(_numbers | st.just(Literal("null", None)), max_size=3).map(
    lambda items: Call("list", tuple(items))
)
_names = st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"])
_families = st.sampled_from(["cmp", "cmp", "total"])
_tests = st.one_of(
    st.builds(lambda kind, name, x, y: Call(f"{kind}.{name}", (x, y)), _families, _names, _fields, _numbers),
    st.builds(lambda kind, x, items: Call(f"{kind}.in", (x, items)), _families, _fields, _lists),
    st.builds(lambda x, y, z: Call("cmp.between", (x, y, z)), _fields, _numbers, _numbers),
    st.just(Path(("f",))),
    _fields.map(lambda field: Call("bool.not", (Call("null.is", (field,)),))),
)
_trees = st.recursive(
    _tests,
    lambda inner: st.one_of(
        st.builds(logical, st.sampled_from(["bool.and", "bool.or"]), st.lists(inner, min_size=2, max_size=3)),
        inner.map(lambda part: Call("bool.not", (part,))),
    ),
    max_leaves=6,
)


def _kept(expr: Expr) -> list[int]:
    return [place for place, row in enumerate(ROWS) if truth(expr, row) is True]


@settings(max_examples=300)
@given(_trees)
def test_what_is_printed_keeps_the_same_rows(expr: Expr) -> None:
    try:
        text = vtql.render_filter(expr)
    except NotExpressible:
        return
    assert _kept(vtql.parse_filter(text, None, LIMITS)) == _kept(expr), term_notation.show(expr)


@settings(max_examples=200)
@given(conditions)
def test_a_condition_comes_back_from_the_logic_of_odata(expr: Expr) -> None:
    """What OData says of a VTQL condition, VTQL can say (an empty list is false there, and has no field)."""
    assume(Call("list") not in walk(expr))
    assert vtql.parse_filter(vtql.render_filter(to_total(expr)), None, LIMITS) == expr
