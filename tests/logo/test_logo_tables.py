"""LogoCRM's requests and trees, as tables."""

from __future__ import annotations

from pathlib import Path

import pytest

import querykit
from querykit.ast.nodes import (
    Aggregate,
    Call,
    Cast,
    EntitySet,
    Expansion,
    Literal,
    Named,
    Query,
    Selection,
    SortKey,
)
from querykit.ast.nodes import Path as Field
from querykit.ast.walk import walk
from querykit.errors import LimitExceeded, NotExpressible, QueryError
from querykit.languages import logo
from querykit.limits import Limits
from text_tables import lines, pairs, pictures, summary

HERE = Path(__file__).parent


@pytest.mark.parametrize(("text", "meaning"), pairs(HERE / "accepted.txt"))
def test_accepted(text: str, meaning: str) -> None:
    query = logo.parse(text)
    assert summary(query) == meaning
    assert logo.parse(logo.render(query)) == query


@pytest.mark.parametrize("text", lines(HERE / "identity.txt"))
def test_identity(text: str) -> None:
    assert logo.render(logo.parse(text)) == text


@pytest.mark.parametrize(("text", "canonical"), pairs(HERE / "canonical.txt"))
def test_canonical(text: str, canonical: str) -> None:
    assert logo.render(logo.parse(text)) == canonical
    assert logo.parse(canonical) == logo.parse(text)


@pytest.mark.parametrize(("text", "picture"), pictures(HERE / "rejected.txt"))
def test_rejected(text: str, picture: str) -> None:
    with pytest.raises(QueryError) as caught:
        logo.parse(text)
    assert caught.value.render() == picture


A = Field(("a",))
EVERYTHING = Expansion(Field(("*",)), Query())
COUNT = Aggregate("count", EntitySet(None))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(), ""),
        (Query("Firm"), ""),
        (Query(top=25), ""),
        (Query(select=(Selection(Field(("*",))), Selection(A))), ""),
        (Query(select=(Selection(A, "a"),)), "fields=a"),
        (Query(expand=(Expansion(Field(("*",)), Query(), 1),)), "expandLevel=full"),
        (Query(filter=Call("total.ne", (A, Literal("int", 1)))), "q=[a] <> 1 Or [a] Is Null"),
        (Query(top=101), "! Logo gives 100 rows at most"),
        (Query(select=()), "! Logo has no selection of nothing"),
        (Query(select=(Selection(A, "b"),)), "! Logo has no fields under another name"),
        (Query(select=(Selection(A, None, Query(top=1)),)), "! Logo has no options of a field"),
        (Query(select=(Selection(COUNT, "n"),)), "! Logo has no fields under another name"),
        (Query(select=(Selection(COUNT),)), "! Logo has no computed fields"),
        (Query(select=(Selection(Field(("a b",))),)), "! 'a b' is no name in Logo"),
        (Query(order=(SortKey(Field((Cast("T"), "a"))),)), "! such a step is no name in Logo"),
        (
            Query(order=(SortKey(Call("str.length", (A,))),)),
            "! Logo has no order by computed values",
        ),
        (Query(expand=(Expansion(A, Query()),)), "! Logo has no choice of what to expand"),
        (Query(expand=(EVERYTHING, Expansion(A, Query()))), "! Logo has no choice of what to expand"),
        (
            Query(expand=(Expansion(Field(("*",)), Query(top=1)),)),
            "! Logo has no choice of what to expand",
        ),
        (Query(compute=(Named("b", A),)), "! Logo has no compute"),
        (Query(search=Call("search.term", (Literal("string", "x"),))), "! Logo has no search"),
    ],
)
def test_what_logo_can_say(query: Query, expected: str) -> None:
    if expected.startswith("! "):
        with pytest.raises(NotExpressible) as caught:
            logo.render(query)
        assert caught.value.message == expected.removeprefix("! ")
    else:
        assert logo.render(query) == expected


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("limit=5&q=Name+%3d+'x'", ["Name", "'x'"]),
        ("?%71=a%20>%20b.c", ["a", "b.c"]),
        ("sort=a.b+DESC,%20c", ["a.b+DESC", "a.b", "c"]),
        ("q=&fields=%61%C3%A9,b", ["%61%C3%A9", "b"]),
        ("expandLevel=full", ["full"]),
        ("Filters=a[EQ]=x%2By", ["a", "x%2By"]),
        ("q=a In (1,2) And b Between (3,4)&limit=1", ["a", "1", "2", "b", "3", "4"]),
    ],
)
def test_places(text: str, pieces: list[str]) -> None:
    """Every node knows its place in the text as given."""
    query = logo.parse(text)
    assert query.source is not None
    spans = {query.source.original(node.span) for node in walk(query) if node.span is not None}
    assert {text[start:end] for start, end in spans} >= set(pieces)


def test_a_name_that_the_schema_does_not_have(schema: querykit.Schema) -> None:
    query = querykit.parse("limit=5&sort=%6Emae", "logo")
    with pytest.raises(QueryError) as caught:
        querykit.to_sql(query, schema, "sqlite", "Account")
    assert caught.value.position == (13, 19)


def test_parameters() -> None:
    positional = logo.parse("q=a = ? And b = ?", [1, "x"])
    assert positional == logo.parse("q=a = 1 And b = 'x'")
    assert logo.parse("q=a = ?p", {"p": 1}) == logo.parse("q=a = 1")


def test_a_bare_expression_is_criteria() -> None:
    assert logo.render_filter(logo.parse_filter("a='x' && b")) == "[a] = 'x' And [b]"


def test_pages_are_no_longer_than_the_limits_allow() -> None:
    assert logo.parse("limit=50", None, Limits(page_size=10)).top == 10


@pytest.mark.parametrize(
    ("text", "limits", "code"),
    [
        ("q=" + "a=1 or " * 100 + "b=1", Limits(nodes=100), "nodes"),
        ("q=" + "(" * 20_000, Limits(), "tokens"),
        ("sort=" + "a," * 10_000 + "b", Limits(), "tokens"),
        ("sort=" + "a." * 1_000 + "b", Limits(), "depth"),
        ("x=" + "a" * 100_000, Limits(), "text_length"),
        ("limit=" + "9" * 50_000, Limits(), "page_size"),
    ],
)
def test_limits(text: str, limits: Limits, code: str) -> None:
    with pytest.raises(LimitExceeded) as caught:
        logo.parse(text, None, limits)
    assert caught.value.code == code
    assert caught.value.render()


@pytest.mark.parametrize(("request_line", "expected"), pairs(HERE / "translated.txt"))
def test_translated(request_line: str, expected: str) -> None:
    source, _, text = request_line.partition(" | ")
    target, _, said = expected.partition(" | ")
    if said.startswith("! "):
        with pytest.raises(NotExpressible) as caught:
            querykit.translate(text, source, target, entity="Account")
        assert caught.value.message == said.removeprefix("! ")
    else:
        assert querykit.translate(text, source, target, entity="Account") == said
