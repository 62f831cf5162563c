"""Texts and their trees, their canonical spelling, and the errors of those that are none."""

from __future__ import annotations

import pytest
from criteria_tables import blocks, pairs
from tree_text import tree_text

from querykit.errors import ParseError
from querykit.languages.criteria import parse, parse_filter, render, render_filter


@pytest.mark.parametrize(("text", "tree"), pairs("trees.txt"))
def test_tree(text: str, tree: str) -> None:
    assert tree_text(parse_filter(text)) == tree


@pytest.mark.parametrize(("text", "canonical"), pairs("canonical.txt"))
def test_canonical_text(text: str, canonical: str) -> None:
    assert render_filter(parse_filter(text)) == canonical
    assert render_filter(parse_filter(canonical)) == canonical


@pytest.mark.parametrize("text", [text for text, _ in blocks("identity.txt")])
def test_canonical_text_stays(text: str) -> None:
    assert render(parse(text)) == text


@pytest.mark.parametrize("text", [text for text, _ in blocks("trees.txt") if "+02:00" not in text])
def test_printing_keeps_the_tree(text: str) -> None:
    """But for an offset, which becomes UTC, and a time span that is taken off: both in canonical.txt."""
    expr = parse_filter(text)
    assert parse_filter(render_filter(expr)) == expr


@pytest.mark.parametrize(("text", "lines"), blocks("errors.txt"))
def test_error(text: str, lines: list[str]) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)
    error = caught.value
    assert error.position is not None
    assert [f"{error.code} {error.position[0]}-{error.position[1]}", *error.render().splitlines()] == lines
    assert error.hint
