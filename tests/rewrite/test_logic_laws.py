"""The laws of the rewriting, by brute force over all small rows: the same rows are kept."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from querykit.ast.build import logical
from querykit.ast.nodes import Aggregate, Call, Expr, Literal, Path
from querykit.ast.walk import walk
from querykit.rewrite.logic import to_three_valued, to_total
from three_valued_truth import Row, truth

NUMBERS = (None, 1, 2)
BOOLS = (None, True, False)
INNERMOST: tuple[Row, ...] = ({"a": None, "f": None, "g": True}, {"a": 1, "f": True, "g": None})
ELEMENTS: tuple[Row, ...] = tuple(
    {"a": value, "f": flag, "g": None, "items": list(INNERMOST[: value or 0])}
    for value in NUMBERS
    for flag in (None, True)
)


def rows() -> Iterator[Row]:
    collections: list[list[Row]] = [
        [],
        [ELEMENTS[0]],
        [ELEMENTS[3]],
        [ELEMENTS[1], ELEMENTS[5]],
        list(ELEMENTS),
    ]
    for a, b, f, g in itertools.product(NUMBERS, NUMBERS, BOOLS, BOOLS):
        yield {"a": a, "b": b, "f": f, "g": g, "items": collections[((a or 0) + (b or 0)) % len(collections)]}


ROWS = tuple(rows())

numbers = st.sampled_from([Path(("a",)), Path(("b",)), Literal("int", 1), Literal("int", 2)])
flags = st.sampled_from([Path(("f",)), Path(("g",))])


def comparisons(family: str, operands: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    names = st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"])
    null = st.just(Literal("null", None))
    items = st.lists(operands | null, max_size=3).map(lambda each: Call("list", tuple(each)))
    compared = st.builds(lambda name, x, y: Call(f"{family}.{name}", (x, y)), names, operands, operands)
    within = st.builds(lambda x, y: Call(f"{family}.in", (x, y)), operands, items)
    options = [compared, within, operands.map(lambda x: Call("null.is", (x,)))]
    if family == "cmp":
        options.append(
            st.builds(lambda x, y, z: Call("cmp.between", (x, y, z)), operands, operands, operands)
        )
    return st.one_of(options)


def conditions(family: str) -> st.SearchStrategy[Expr]:
    element = st.sampled_from([Path(("a",)), Path(("b",), 1), Literal("int", 1)])

    def wider(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        several = st.lists(inner, min_size=2, max_size=3)
        truths = st.sampled_from([Literal("bool", True), Literal("bool", False), Path(("f",))])
        equal = st.sampled_from(["eq", "ne"])
        return st.one_of(
            several.map(lambda parts: logical("bool.and", parts)),
            several.map(lambda parts: logical("bool.or", parts)),
            inner.map(lambda part: Call("bool.not", (part,))),
            st.builds(lambda name, x, y: Call(f"{family}.{name}", (x, y)), equal, inner, inner | truths),
            st.builds(lambda x, y: Call("cmp.le", (_count(x), y)), inner_of_items, numbers),
            st.builds(lambda x, y: Call("logic.case", (x, y, x)), inner, inner),
        )

    inner_of_items = st.recursive(
        comparisons(family, element) | flags,
        lambda inner: st.one_of(
            inner.map(lambda part: Call("bool.not", (part,))),
            st.lists(inner, min_size=2, max_size=2).map(lambda parts: logical("bool.and", parts)),
        ),
        max_leaves=3,
    )
    quantified = st.builds(
        lambda fn, part: Aggregate(fn, Path(("items",)), part),
        st.sampled_from(["any", "all"]),
        inner_of_items,
    )
    return st.recursive(comparisons(family, numbers) | flags | quantified, wider, max_leaves=6)


def _count(condition: Expr) -> Expr:
    return Aggregate("count", Path(("items",)), condition)


def kept(expr: Expr) -> list[int]:
    return [place for place, row in enumerate(ROWS) if truth(expr, row) is True]


def ids(expr: Expr) -> set[str]:
    return {node.fn if isinstance(node, Call) else getattr(node, "function", "") for node in walk(expr)}


def assert_rewritten(rewrite: Callable[[Expr], Expr], expr: Expr, foreign: str) -> None:
    result = rewrite(expr)
    assert not [fn for fn in ids(result) if fn.startswith(foreign)]
    assert kept(result) == kept(expr)
    assert rewrite(result) == result


@settings(max_examples=200, deadline=None)
@given(conditions("total"))
@example(Call("bool.not", (Call("total.le", (Path(("a",)), Path(("b",)))),)))
def test_three_valued_keeps_the_rows(expr: Expr) -> None:
    assert_rewritten(to_three_valued, expr, "total")
    assert "all" not in ids(to_three_valued(expr))


@settings(max_examples=200, deadline=None)
@given(conditions("cmp"))
def test_total_keeps_the_rows(expr: Expr) -> None:
    assert_rewritten(to_total, expr, "cmp")


@settings(max_examples=100, deadline=None)
@given(conditions("total"))
def test_there_and_back(expr: Expr) -> None:
    assert kept(to_total(to_three_valued(expr))) == kept(expr)


@settings(max_examples=100, deadline=None)
@given(conditions("cmp"))
def test_back_and_there(expr: Expr) -> None:
    assert kept(to_three_valued(to_total(expr))) == kept(expr)


@settings(max_examples=100, deadline=None)
@given(st.lists(conditions("cmp") | conditions("total"), min_size=2, max_size=2))
def test_mixed_trees(parts: list[Expr]) -> None:
    expr = Call("bool.not", (logical("bool.or", parts),))
    assert_rewritten(to_three_valued, expr, "total")
    assert_rewritten(to_total, expr, "cmp")


@pytest.mark.parametrize("name", ["eq", "ne", "lt", "le", "gt", "ge", "in"])
@pytest.mark.parametrize("family", ["cmp", "total"])
@pytest.mark.parametrize("negated", [False, True])
def test_every_comparison_of_every_pair(name: str, family: str, negated: bool) -> None:
    operands = [Path(("a",)), Path(("b",)), Literal("int", 1), Literal("int", 2)]
    for left, right in itertools.product(operands, operands):
        second = Call("list", (right,)) if name == "in" else right
        expr: Expr = Call(f"{family}.{name}", (left, second))
        expr = Call("bool.not", (expr,)) if negated else expr
        assert_rewritten(to_three_valued, expr, "total")
        assert_rewritten(to_total, expr, "cmp")


def _small_conditions(family: str) -> list[Expr]:
    compare = Call(f"{family}.eq", (Path(("a",)), Literal("int", 1)))
    both = Call("bool.and", (compare, Path(("f",))))
    within = Call(f"{family}.in", (Path(("a",)), Call("list", (Literal("int", 1), Literal("null", None)))))
    return [compare, both, within, Aggregate("all", Path(("items",)), compare), Call("bool.not", (both,))]


@pytest.mark.parametrize("other", [Literal("bool", True), Literal("bool", False), Path(("f",))], ids=str)
@pytest.mark.parametrize("name", ["eq", "ne"])
@pytest.mark.parametrize("outer", ["cmp", "total"])
@pytest.mark.parametrize("inner", ["cmp", "total"])
def test_conditions_as_operands(inner: str, outer: str, name: str, other: Expr) -> None:
    for condition in _small_conditions(inner):
        for operands in ((condition, other), (other, condition)):
            expr = Call(f"{outer}.{name}", operands)
            for each in (expr, Call("bool.not", (expr,)), Aggregate("all", Path(("items",)), expr)):
                assert_rewritten(to_three_valued, each, "total")
                assert_rewritten(to_total, each, "cmp")
