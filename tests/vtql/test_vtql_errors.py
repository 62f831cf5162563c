"""What is refused, with its picture; and texts that are meant to hurt."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vtql_strategies import pieces

from querykit.ast.nodes import Call, Literal
from querykit.ast.nodes import Path as Field
from querykit.errors import LimitExceeded, NotExpressible, ParseError, QueryError
from querykit.languages import vtql
from querykit.languages.vtql.modes import MODES
from querykit.limits import Limits

LIMITS = Limits()
WIDE = Limits(text_length=10_000_000, tokens=1_000_000, nodes=1_000_000, list_items=1_000_000)


def rejected() -> list[tuple[str, str]]:
    text = (Path(__file__).parent / "rejected.txt").read_text(encoding="utf-8")
    blocks = [block for block in text.strip().split("\n\n") if not block.startswith("#")]
    return [(block.partition("\n")[0], block.partition("\n")[2]) for block in blocks]


@pytest.mark.parametrize(("text", "picture"), rejected())
def test_pictures(text: str, picture: str) -> None:
    with pytest.raises(ParseError) as caught:
        vtql.parse(text.replace(r"\n", "\n"), None, LIMITS)
    assert caught.value.render() == picture


@pytest.mark.parametrize(
    "text", ["", " ", ";", "where a = 1", "a = 1;", "a", "a = 1 order by b", "a = 1 limit 5"]
)
def test_no_condition(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        vtql.parse_filter(text, None, LIMITS)
    assert caught.value.code == "vtql_syntax"


def chain(count: int, connective: str) -> str:
    return f" {connective} ".join(f"f{number} = {number}" for number in range(count))


LARGE = [
    chain(10_000, "and"),
    chain(10_000, "or"),
    " or ".join("a = 1 and b in (1, 2)" for _ in range(5_000)),
    f"a in ({', '.join(map(str, range(50_000)))})",
    f"a in {', '.join(map(str, range(50_000)))}",
    f"a = '{'x' * 1_000_000}'",
    f"a = '{chr(39) * 1_000_000}'",
    f"{'f' * 1_000_000} = 1",
    f"a like '{'%_' * 500_000}'",
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", LARGE, ids=lambda text: text[:12])
def test_large_texts_come_back_or_are_refused_by_a_limit(text: str) -> None:
    expr = vtql.parse_filter(text, None, WIDE)
    assert vtql.parse_filter(vtql.render_filter(expr), None, WIDE) == expr
    with pytest.raises(LimitExceeded):
        vtql.parse_filter(text, None, LIMITS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"select * from X where {chain(2_000, 'and')};", "nodes"),
        (f"select * from X where {chain(4_000, 'and')};", "tokens"),
        (f"select * from X where a in ({', '.join(['1'] * 1_001)});", "list_items"),
        (f"select * from X where a = '{'x' * 100_000}';", "text_length"),
        (f"select {', '.join(['a'] * 2_000)} from X;", "nodes"),
        (f"select * from X where a = {'9' * 5_000};", "vtql_syntax"),
        (f"select * from X limit {'9' * 5_000};", "vtql_syntax"),
        ("select * from X where a = '\0';", "character"),
        ("select * from X where a = '\ud800';", "character"),
        ("''", "vtql_lexical"),
        ("''" * 10_000, "vtql_syntax"),
        ('"', "vtql_lexical"),
        ("(" * 9_000, "vtql_syntax"),
        ("select * from X where a in " + "(" * 9_000, "vtql_syntax"),
        ("select * from X where a = " + "'x' " * 9_000, "vtql_syntax"),
        ("select * from X where a = '" + "x''" * 9_000, "vtql_lexical"),
        ("select\u00a0* from X;", "vtql_lexical"),
        ("select * from X where a\uff1d1;", "vtql_lexical"),
    ],
    ids=lambda value: value[:40],
)
def test_hostile_texts(text: str, code: str) -> None:
    with pytest.raises(QueryError) as caught:
        vtql.parse(text, None, LIMITS)
    assert caught.value.code == code
    assert caught.value.position is not None
    assert caught.value.render()


@pytest.mark.parametrize(
    "value", ["x\\", "x\\' or 1=1 -- ", "\\'; drop table y; --", "'", "\\", "\\\\'", "\0'"]
)
def test_no_value_leaves_its_apostrophes(value: str) -> None:
    """Neither for VTQL, nor for MySQL, where a backslash before an apostrophe would."""
    text = vtql.render_filter(Call("cmp.eq", (Field(("a",)), Literal("string", value))))
    inside = text.removeprefix("a = '").removesuffix("'").replace("\\\\", "").replace("''", "")
    assert "'" not in inside
    assert not inside.endswith("\\")
    expr = vtql.parse_filter(text, None, LIMITS)
    assert isinstance(expr, Call)
    assert expr.args[1] == Literal("string", value)


@pytest.mark.parametrize("name", ["a b", "a'", "a;b", "a=1 or b", "", "ä", "a.b", "a\n", "where", "-- "])
def test_no_name_breaks_out(name: str) -> None:
    with pytest.raises(NotExpressible):
        vtql.render_filter(Call("cmp.eq", (Field((name,)), Literal("int", 1))))


@settings(max_examples=300)
@given(
    st.lists(pieces, max_size=20).map(" ".join) | st.text(max_size=30),
    st.booleans(),
    st.sampled_from(sorted(MODES)),
)
def test_any_text_is_read_or_refused(text: str, statement: bool, mode: str) -> None:
    prefix = "select * from X where " if statement else ""
    try:
        query = vtql.parse(prefix + text, None, LIMITS, mode=mode)
    except QueryError as refusal:
        error = refusal
    else:
        if mode == "default":
            assert vtql.parse(vtql.render(query), None, LIMITS) == query
        return
    assert error.position is not None
    assert error.render()
