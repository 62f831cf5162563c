"""Random requests through text and back, and random texts."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark

from querykit._build.grammars import grammar_text
from querykit.ast.build import logical
from querykit.ast.nodes import Call, Expansion, Literal, Path, Query, Selection, SortKey
from querykit.errors import QueryError
from querykit.languages import logo
from querykit.languages.logo.builder import NAMES

names = st.from_regex(r"[A-Za-zÀ-ÖŠ_][A-Za-z0-9_À-ÖŠ]{0,6}", fullmatch=True) | st.sampled_from(
    ["asc", "DESC", "q", "limit", "true"]
)
paths = st.lists(names, min_size=1, max_size=3).map(lambda steps: Path(tuple(steps)))
texts = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]) | st.sampled_from("%&=#+'? ")
)
tests = st.builds(
    lambda fn, path, value: Call(fn, (path, value)),
    st.sampled_from(["cmp.eq", "cmp.ne", "cmp.lt", "str.contains", "str.like_set"]),
    paths,
    texts.map(lambda text: Literal("string", text)),
)
conditions = st.builds(
    logical, st.sampled_from(["bool.and", "bool.or"]), st.lists(tests, min_size=1, max_size=3)
)
queries = st.builds(
    Query,
    filter=st.none() | conditions,
    order=st.lists(st.builds(SortKey, paths, st.booleans()), max_size=3).map(tuple),
    select=st.none() | st.lists(paths.map(Selection), min_size=1, max_size=3).map(tuple),
    expand=st.sampled_from([(), (Expansion(Path(("*",)), Query()),)]),
    top=st.integers(0, 100),
    skip=st.none() | st.integers(0, 10**6),
    count=st.sampled_from([None, True, False]),
)


@settings(max_examples=300, deadline=None)
@given(queries)
def test_requests(query: Query) -> None:
    text = logo.render(query)
    assert logo.parse(text) == query
    assert logo.render(logo.parse(text)) == text


WORDS = [
    "q=",
    "sort=",
    "Fields=",
    "limit=",
    "offset=",
    "filters=",
    "[EQ]=",
    "withCount=",
    "expandLevel=full",
    "&",
    "&&",
    "=",
    "?",
    "+",
    ",",
    ".",
    "'",
    "%",
    "%2",
    "%20",
    "%C3",
    "%C3%A9",
    "a",
    "=",
    "1",
    "DESC",
    "And",
    "99999999999999999999",
]
words = st.sampled_from([*WORDS, " "]) | st.text(string.printable, max_size=5)


@settings(max_examples=300, deadline=None)
@given(st.lists(words, max_size=12).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        query = logo.parse(text)
    except QueryError as refusal:
        error = refusal
    else:
        assert logo.parse(logo.render(query)) == query
        return
    assert error.position is not None
    assert error.render()


def test_lalr_without_conflicts() -> None:
    pytest.importorskip("interegular")  # without it lark cannot compare terminals
    Lark(grammar_text("logo"), parser="lalr", strict=True, start=["sort", "fields"], maybe_placeholders=False)


def test_every_terminal_has_a_name() -> None:
    lark = Lark(grammar_text("logo"), parser="lalr", start=["sort", "fields"])
    assert {terminal.name for terminal in lark.terminals} - set(lark.ignore_tokens) == set(NAMES)
