"""The disjunctive normal form."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import term_notation
from querykit.ast.build import logical
from querykit.ast.nodes import Call, Expr, Literal
from querykit.ast.nodes import Path as Field
from querykit.errors import NotExpressible
from querykit.rewrite.normalforms import disjunctive


def shown(expr: Expr) -> str:
    return " | ".join(" ".join(map(term_notation.show, term)) for term in disjunctive(expr))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", "a"),
        ("(bool.and a b)", "a b"),
        ("(bool.or a b)", "a | b"),
        ("(bool.or a (bool.and b c))", "a | b c"),
        ("(bool.and a (bool.or b c))", "a b | a c"),
        ("(bool.and (bool.or a b) (bool.or c d))", "a c | a d | b c | b d"),
        ("(bool.and a (bool.or b (bool.and c (bool.or d e))))", "a b | a c d | a c e"),
        ("(bool.and a true)", "a"),
        ("(bool.and a false)", ""),
        ("(bool.or a false)", "a"),
    ],
)
def test_terms(text: str, expected: str) -> None:
    assert shown(term_notation.read(text)) == expected


def test_constants() -> None:
    assert disjunctive(Literal("bool", False)) == []
    assert disjunctive(Literal("bool", True)) == [[]]
    assert disjunctive(term_notation.read("(bool.or a true)")) == [[]]


def test_multiplying_out_has_a_bound() -> None:
    pair = term_notation.read("(bool.or a b)")
    assert len(disjunctive(Call("bool.and", (pair,) * 6))) == 64
    with pytest.raises(NotExpressible):
        disjunctive(Call("bool.and", (pair,) * 7))
    with pytest.raises(NotExpressible):
        disjunctive(Call("bool.and", (pair,) * 5_000))


def test_what_is_flat_already_has_none() -> None:
    parts = tuple([Field((f"f{number}",)) for number in range(10_000)])
    assert len(disjunctive(Call("bool.or", parts))) == 10_000
    assert len(disjunctive(Call("bool.and", (parts[0], Call("bool.or", parts))))) == 10_000


names = "abcd"
trees = st.recursive(
    st.sampled_from([Field((name,)) for name in names]),
    lambda inner: st.builds(
        logical, st.sampled_from(["bool.and", "bool.or"]), st.lists(inner, min_size=2, max_size=3)
    ),
    max_leaves=6,
)


def holds(expr: Expr, values: dict[str, bool]) -> bool:
    if isinstance(expr, Field):
        return values[str(expr.steps[0])]
    assert isinstance(expr, Call)
    return (all if expr.fn == "bool.and" else any)(holds(part, values) for part in expr.args)


@settings(max_examples=100)
@given(trees)
def test_the_same_truth_table(expr: Expr) -> None:
    form = disjunctive(expr)
    for row in itertools.product([True, False], repeat=len(names)):
        values = dict(zip(names, row, strict=True))
        assert any(all(holds(part, values) for part in term) for term in form) == holds(expr, values)
