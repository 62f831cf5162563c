"""Patterns and functions, as tables and against Python's own matching."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import term_notation
from querykit.ast.nodes import Call, Literal
from querykit.ast.nodes import Path as Field
from querykit.rewrite.patterns import escaped, functions_to_like, like_set_to_like, like_to_functions


def load(name: str) -> list[tuple[str, str]]:
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if line and not line.startswith("#")]
    return [(given.strip(), expected.strip()) for given, expected in rows]


@pytest.mark.parametrize(("given", "expected"), load("patterns.txt"))
def test_like_to_functions(given: str, expected: str) -> None:
    call = term_notation.read(given)
    assert isinstance(call, Call)
    result = like_to_functions(call)
    assert (term_notation.show(result) if result is not None else "-") == expected


@pytest.mark.parametrize(("given", "expected"), load("likes.txt"))
def test_to_like(given: str, expected: str) -> None:
    call = term_notation.read(given)
    assert isinstance(call, Call)
    result = like_set_to_like(call) if call.fn == "str.like_set" else functions_to_like(call)
    assert (term_notation.show(result) if result is not None else "-") == expected


def like(pattern: str, text: str) -> bool:
    """What SQL's LIKE says, by a table of reachable places."""
    places = {0}
    signs = iter(pattern)
    for sign in signs:
        if sign == "%":
            places = set(range(min(places), len(text) + 1)) if places else places
        elif sign == "_":
            places = {place + 1 for place in places if place < len(text)}
        else:
            wanted = next(signs, "\\") if sign == "\\" else sign
            places = {place + 1 for place in places if text[place : place + 1] == wanted}
    return len(text) in places


def evaluated(call: Call, text: str) -> bool:
    part = call.args[1]
    assert isinstance(part, Literal)
    assert isinstance(part.value, str)
    if call.fn == "str.matches":
        return (
            re.search(part.value.removesuffix("$") + (r"\Z" if part.value.endswith("$") else ""), text)
            is not None
        )
    return {
        "cmp.eq": text == part.value,
        "str.startswith": text.startswith(part.value),
        "str.endswith": text.endswith(part.value),
        "str.contains": part.value in text,
    }[call.fn]


small = st.text(alphabet="ab%_\\\n.[", max_size=6)


@given(pattern=small, text=small)
def test_the_functions_match_what_the_pattern_does(pattern: str, text: str) -> None:
    result = like_to_functions(Call("str.like", (Field(("a",)), Literal("string", pattern))))
    assert isinstance(result, Call)
    assert evaluated(result, text) == like(pattern, text)


@given(fn=st.sampled_from(["str.startswith", "str.endswith", "str.contains"]), part=small)
def test_there_and_back(fn: str, part: str) -> None:
    call = Call(fn, (Field(("a",)), Literal("string", part)))
    pattern = functions_to_like(call)
    assert pattern is not None
    assert like_to_functions(pattern) == (call if part else Call("str.startswith", call.args))


@given(small)
def test_an_escaped_text_matches_itself_only(text: str) -> None:
    assert like(escaped(text), text)
    assert not like(escaped(text), text + "x")


def test_a_hostile_pattern_takes_linear_time() -> None:
    for pattern in ("[" * 100_000, "%_" * 50_000, "\\" * 100_000, "[^" * 50_000 + "]"):
        for fn in ("str.like", "str.like_set"):
            assert like_to_functions(Call(fn, (Field(("a",)), Literal("string", pattern)))) is not None
