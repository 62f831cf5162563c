"""The options: what each mode takes, and what AND and OR mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_vtql_tables import load, pairs, summary
from vtql_strategies import conditions, queries

import querykit
from querykit.ast.build import logical
from querykit.ast.nodes import Expr, Query
from querykit.errors import LimitExceeded, QueryError
from querykit.languages import vtql
from querykit.languages.vtql.modes import MODES
from querykit.languages.vtql.precedence import PRECEDENCES
from querykit.limits import Limits

LIMITS = Limits()


def code(text: str, mode: str) -> str:
    try:
        vtql.parse(text, None, LIMITS, mode=mode)
    except QueryError as error:
        return error.code if error.position is not None and error.render() else "no place"
    return "ok"


@pytest.mark.parametrize("row", load("strict.txt"))
def test_strict(row: str) -> None:
    expected, _, text = row.partition("|")
    assert code(text.strip(), "strict") == expected.strip()


def test_what_strict_mode_drops() -> None:
    strict = vtql.parse("select * from A order where a = 1 order limit 5;", mode="strict")
    assert strict == vtql.parse("select * from A where a = 1 limit 5;")


@pytest.mark.parametrize(("text", "meaning"), pairs("lenient.txt"))
def test_lenient(text: str, meaning: str) -> None:
    assert summary(vtql.parse(text, None, LIMITS, mode="lenient")) == meaning
    assert code(text, "default") in ("vtql_syntax", "vtql_lexical")


@pytest.mark.parametrize(("text", "message"), pairs("lenient_rejected.txt"))
def test_lenient_refusals(text: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        vtql.parse(text, None, LIMITS, mode="lenient")
    assert caught.value.message == message
    assert caught.value.hint


@pytest.mark.parametrize(("text", "meaning"), pairs("accepted.txt"))
def test_lenient_mode_takes_all_that_the_default_does(text: str, meaning: str) -> None:
    assert summary(vtql.parse(text, None, LIMITS, mode="lenient")) == meaning


@settings(max_examples=100)
@given(queries)
def test_what_is_printed_is_read_alike_in_all_modes(query: Query) -> None:
    text = vtql.render(query)
    for mode in MODES:
        if mode != "strict" or "IN (0, " not in text:  # an accident of Vtiger's parser
            assert vtql.parse(text, None, LIMITS, mode=mode) == query


@pytest.mark.parametrize(
    ("text", "sql", "left"),
    [
        ("a = 1", "a = 1", "a = 1"),
        ("a = 1 and b = 2 and c = 3", "a = 1 and b = 2 and c = 3", "a = 1 and b = 2 and c = 3"),
        ("a = 1 or b = 2 or c = 3", "a = 1 or b = 2 or c = 3", "a = 1 or b = 2 or c = 3"),
        ("a = 1 and b = 2 or c = 3", "(a = 1 and b = 2) or c = 3", "(a = 1 and b = 2) or c = 3"),
        ("a = 1 or b = 2 and c = 3", "a = 1 or (b = 2 and c = 3)", "(a = 1 or b = 2) and c = 3"),
        (
            "a = 1 or b = 2 and c = 3 and d = 4",
            "a = 1 or (b = 2 and c = 3 and d = 4)",
            "(a = 1 or b = 2) and c = 3 and d = 4",
        ),
        (
            "a = 1 or b = 2 and c = 3 or d = 4",
            "a = 1 or (b = 2 and c = 3) or d = 4",
            "((a = 1 or b = 2) and c = 3) or d = 4",
        ),
        (
            "a = 1 and b = 2 or c = 3 and d in 'x'",
            "(a = 1 and b = 2) or (c = 3 and d in 'x')",
            "((a = 1 and b = 2) or c = 3) and d in 'x'",
        ),
    ],
)
def test_precedence(text: str, sql: str, left: str) -> None:
    """The SQL of Vtiger has the second column, its documentation the third."""
    for precedence, grouped in (("sql", sql), ("left", left)):
        expected = vtql.parse_filter(grouped, None, LIMITS, mode="lenient")
        for mode in MODES:
            assert vtql.parse_filter(text, None, LIMITS, mode=mode, precedence=precedence) == expected


@settings(max_examples=100)
@given(conditions, conditions, st.sampled_from(["bool.and", "bool.or"]))
def test_brackets_group(left: Expr, right: Expr, fn: str) -> None:
    text = f"({vtql.render_filter(left)}) {fn.partition('.')[2]} (({vtql.render_filter(right)}))"
    assert vtql.parse_filter(text, None, LIMITS, mode="lenient") == logical(fn, [left, right])


def test_brackets_group_from_left_to_right_too() -> None:
    text = "a = 1 or (b = 2 or c = 3 and d = 4) and e = 5"
    left = vtql.parse_filter(text, mode="lenient", precedence="left")
    assert left == vtql.parse_filter(
        "(a = 1 or ((b = 2 or c = 3) and d = 4)) and e = 5", mode="lenient", precedence="sql"
    )


WIDE = Limits(text_length=10_000_000, tokens=1_000_000, nodes=1_000_000, list_items=1_000_000)


@pytest.mark.parametrize(
    ("text", "precedence", "refused"),
    [
        (" or ".join(["a = 1 and b = 2"] * 5_000), "left", "depth"),
        (" or ".join(["a = 1"] * 10_000), "left", None),
        (" and ".join(["a = 1"] * 10_000), "left", None),
        ("(" * 20_000 + "a = 1" + ")" * 20_000, "sql", None),
        ("(a = 1 or b = 2 and " * 1_000 + "c = 3" + ")" * 1_000, "sql", "depth"),
        ("(" * 50_000, "sql", "vtql_syntax"),
        ("a not " * 20_000, "sql", "vtql_syntax"),
        ("a = " + "." * 20_000, "sql", "vtql_lexical"),
        (f"a = {'9' * 5_000}.5", "sql", "vtql_syntax"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_hostile_texts(text: str, precedence: str, refused: str | None) -> None:
    if refused is not None:
        with pytest.raises(QueryError) as caught:
            vtql.parse_filter(text, None, WIDE, mode="lenient", precedence=precedence)
        assert caught.value.code == refused
        assert isinstance(caught.value, LimitExceeded) == (refused == "depth")
        return
    expr = vtql.parse_filter(text, None, WIDE, mode="lenient", precedence=precedence)
    assert vtql.parse_filter(vtql.render_filter(expr), None, WIDE) == expr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "lax"}, "VTQL's mode is one of default, strict, lenient, not 'lax'"),
        ({"precedence": "right"}, "VTQL's precedence is one of sql, left, not 'right'"),
    ],
)
def test_values_that_no_option_has(options: dict[str, str], message: str) -> None:
    for parse in (vtql.parse, vtql.parse_filter):
        with pytest.raises(ValueError, match=message) as caught:
            parse("a = 1", **options)
        assert not isinstance(caught.value, QueryError)


def test_options_of_the_public_functions() -> None:
    text = "select * from A where a = 1 or b <> 2 and c = 3"
    options = {"mode": "lenient", "precedence": "left"}
    criteria = "([a] = 1 Or [b] <> 2) And [c] = 3"
    assert querykit.render(querykit.parse(text, "vtql", **options).filter, "criteria") == criteria
    condition = text.partition(" where ")[2]
    assert querykit.render(querykit.parse_filter(condition, "vtql", **options), "criteria") == criteria
    assert querykit.translate(condition, "vtql", "criteria", options=options) == criteria
    printed = querykit.translate(text, "vtql", "vtql", options=options)
    assert printed == "SELECT * FROM A WHERE a = 1 AND c = 3 OR b != 2 AND c = 3;"


@pytest.mark.parametrize("name", sorted(path.name for path in Path(__file__).parent.glob("*.txt")))
def test_tables_are_read(name: str) -> None:
    """A table that no test reads would be no test."""
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert f'"{name}"' in tests


def test_every_precedence_is_tested() -> None:
    assert set(PRECEDENCES) == {"sql", "left"}
