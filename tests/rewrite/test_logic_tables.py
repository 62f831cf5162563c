"""The shape of what the rewriting makes, and what it refuses."""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import term_notation
from querykit.ast.nodes import Aggregate, Call, Expr, Literal
from querykit.ast.nodes import Path as Field
from querykit.ast.walk import walk
from querykit.errors import LimitExceeded, NotExpressible
from querykit.limits import DEPTH_CEILING
from querykit.rewrite.logic import to_three_valued, to_total

_SHORT = {"(and ": "(bool.and ", "(or ": "(bool.or ", "(not ": "(bool.not "}


def load(name: str) -> list[tuple[str, str]]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    for short, long in _SHORT.items():
        lines = [line.replace(short, long) for line in lines]
    assert len(lines) % 2 == 0
    return list(zip(lines[::2], lines[1::2], strict=True))


@pytest.mark.parametrize(("given", "expected"), load("three_valued.txt"))
def test_to_three_valued(given: str, expected: str) -> None:
    assert term_notation.show(to_three_valued(term_notation.read(given))) == expected
    assert term_notation.show(to_three_valued(term_notation.read(expected))) == expected


@pytest.mark.parametrize(("given", "expected"), load("total.txt"))
def test_to_total(given: str, expected: str) -> None:
    assert term_notation.show(to_total(term_notation.read(given))) == expected
    assert term_notation.show(to_total(term_notation.read(expected))) == expected


@pytest.mark.parametrize("rewrite", [to_three_valued, to_total])
def test_what_is_not_foreign_stays_the_same_object(rewrite: Callable[[Expr], Expr]) -> None:
    expr = term_notation.read("(bool.and (bool.not (bool.not f)) (null.is a))")
    assert rewrite(expr) is expr


def test_spans_are_kept() -> None:
    field = Field(("a",), span=(4, 5))
    expr = Call(
        "bool.not", (Call("total.lt", (field, Literal("int", 1, span=(9, 10))), span=(4, 10)),), span=(0, 10)
    )
    spans = {node.span for node in walk(to_three_valued(expr))}
    assert spans == {(4, 10), (4, 5), (9, 10)}


@pytest.mark.parametrize(
    ("rewrite", "text"),
    [(to_three_valued, "(total.in a names)"), (to_total, "(bool.not (cmp.in a names))")],
)
def test_membership_in_a_collection_is_refused(rewrite: Callable[[Expr], Expr], text: str) -> None:
    with pytest.raises(NotExpressible) as caught:
        rewrite(term_notation.read(text))
    assert caught.value.hint is not None


def test_a_tree_that_would_explode_is_refused() -> None:
    expr = term_notation.read("(total.eq a b)")
    for _ in range(40):  # each level needs its nullable operand three times
        expr = Call("total.ne", (Call("bool.and", (expr, Field(("f",)))), Field(("c",))))
    with pytest.raises(LimitExceeded):
        to_three_valued(expr)
    expr = term_notation.read("(cmp.eq a b)")
    for _ in range(40):
        expr = Call("cmp.between", (expr, Field(("f",)), Field(("g",))))
    with pytest.raises(LimitExceeded):
        to_total(expr)


@pytest.mark.parametrize("rewrite", [to_three_valued, to_total])
def test_long_chains(rewrite: Callable[[Expr], Expr]) -> None:
    family = "total" if rewrite is to_three_valued else "cmp"
    parts = [Call(f"{family}.ne", (Field(("a",)), Literal("int", number))) for number in range(20_000)]
    result = rewrite(Call("bool.and", tuple(parts)))
    assert len(list(walk(result))) > 100_000


def _nested(shape: str, depth: int) -> Expr:
    """A tree that goes down through one kind of place only."""
    expr: Expr = term_notation.read("(bool.and (total.ne a 1) (cmp.ne b 1))")
    for level in range(depth // 2):
        if shape == "logic":
            expr = Call("bool.not", (Call("bool.or" if level % 2 else "bool.and", (expr, Field(("f",)))),))
        elif shape == "case":
            expr = Call("logic.case", (Call("bool.not", (expr,)), Field(("a",)), Field(("b",))))
        elif shape == "argument":
            expr = Call("custom.f", (Call("custom.g", (expr,)),))
        elif shape == "collection":
            expr = Call("bool.not", (Aggregate("any", Field(("items",)), expr),))
        else:
            expr = Call(shape, (Call("null.is", (expr,)), Call("null.is", (Field(("a",)),))))
    return expr


@pytest.mark.parametrize("shape", ["logic", "case", "argument", "collection", "total.eq", "cmp.eq"])
@pytest.mark.parametrize("rewrite", [to_three_valued, to_total])
def test_the_deepest_tree_fits_into_half_a_stack(rewrite: Callable[[Expr], Expr], shape: str) -> None:
    expr = _nested(shape, DEPTH_CEILING)
    limit = sys.getrecursionlimit()
    frames = len(inspect.stack(0))
    sys.setrecursionlimit(frames + 650)
    try:
        with contextlib.suppress(LimitExceeded):
            rewrite(expr)
    finally:
        sys.setrecursionlimit(limit)
