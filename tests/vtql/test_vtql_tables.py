"""VTQL's texts and trees, as tables."""

from __future__ import annotations

import datetime as dt
import decimal
from pathlib import Path

import pytest

import term_notation
from querykit.ast.nodes import Aggregate, Call, EntitySet, Expansion, Expr, Literal, Query, Selection, SortKey
from querykit.ast.nodes import Path as Field
from querykit.ast.places import with_places
from querykit.ast.walk import walk
from querykit.errors import NotExpressible, QueryError
from querykit.languages import vtql
from querykit.limits import Limits

LIMITS = Limits()
_SHORT = {"(and ": "(bool.and ", "(or ": "(bool.or ", "(not ": "(bool.not "}


def load(name: str) -> list[str]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def pairs(name: str) -> list[tuple[str, str]]:
    lines = load(name)
    assert len(lines) % 2 == 0
    return list(zip(lines[::2], lines[1::2], strict=True))


@pytest.mark.parametrize("text", load("identity.txt"))
def test_identity(text: str) -> None:
    assert vtql.render(vtql.parse(text, None, LIMITS)) == text


@pytest.mark.parametrize(("text", "canonical"), pairs("canonical.txt"))
def test_canonical(text: str, canonical: str) -> None:
    query = vtql.parse(text, None, LIMITS)
    assert vtql.render(query) == canonical
    assert vtql.parse(canonical, None, LIMITS) == query


def summary(query: Query) -> str:
    parts = []
    if query.select == (Selection(Aggregate("count", EntitySet(None)), "count"),):
        parts.append("select count(*)")
    elif query.select is not None:
        parts.append("select " + " ".join(term_notation.show(item.expr) for item in query.select))
    if query.order:
        keys = [term_notation.show(key.expr) + " desc" * key.descending for key in query.order]
        parts.append("order " + " ".join(keys))
    parts += [f"{name} {value}" for name in ("top", "skip") if (value := getattr(query, name)) is not None]
    condition = "-" if query.filter is None else term_notation.show(query.filter)
    return f"{query.entity} | {condition} | {', '.join(parts)}"


@pytest.mark.parametrize(("text", "meaning"), pairs("accepted.txt"))
def test_accepted(text: str, meaning: str) -> None:
    query = vtql.parse(text, None, LIMITS)
    assert summary(query) == meaning
    assert vtql.parse(vtql.render(query), None, LIMITS) == query


def condition_rows() -> list[tuple[str, str]]:
    rows = []
    for line in load("conditions.txt"):
        tree, text = line.split(" | ")
        for short, long in _SHORT.items():
            tree = tree.replace(short, long)
        rows.append((tree, text))
    return rows


@pytest.mark.parametrize(("tree", "expected"), condition_rows())
def test_conditions(tree: str, expected: str) -> None:
    expr = term_notation.read(tree)
    if expected.startswith("! "):
        with pytest.raises(NotExpressible) as caught:
            vtql.render_filter(expr)
        assert caught.value.message == expected.removeprefix("! ")
        assert caught.value.hint
    else:
        text = vtql.render_filter(expr)
        assert text == expected
        assert vtql.render_filter(vtql.parse_filter(text, None, LIMITS)) == text


UTC_PLUS_2 = dt.timezone(dt.timedelta(hours=2))


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        (Literal("string", "a'b\\"), "'a''b\\\\'"),
        (Literal("string", "a\0b\n"), "'a\\0b\n'"),
        (Literal("char", "x"), "'x'"),
        (Literal("int64", -5), "-5"),
        (Literal("bool", True), "true"),
        (Literal("decimal", decimal.Decimal("5.50")), "'5.50'"),
        (Literal("decimal", decimal.Decimal("1E+3")), "'1000'"),
        (Literal("double", 1e300), "'1e+300'"),
        (Literal("double", float("inf")), "! VTQL has no infinite values"),
        (Literal("double", float("nan")), "! VTQL has no infinite values"),
        (Literal("date", dt.date(2010, 1, 31)), "'2010-01-31'"),
        (Literal("time", dt.time(10, 5)), "'10:05:00'"),
        (Literal("datetime", dt.datetime(2010, 1, 31, 10, 5)), "'2010-01-31 10:05:00'"),
        (Literal("datetime", dt.datetime(2010, 1, 31, 10, 5, tzinfo=UTC_PLUS_2)), "'2010-01-31 08:05:00'"),
        (
            Literal("datetime", dt.datetime(1, 1, 1, tzinfo=UTC_PLUS_2)),
            "! the moment lies outside the calendar in UTC",
        ),
        (Literal("datetime", "10000-01-01T00:00:00"), "! the moment lies outside the calendar"),
        (Literal("duration", dt.timedelta(1)), "! VTQL has no duration values"),
        (Literal("binary", b"x"), "! VTQL has no binary values"),
        (Literal("enum", "Red", "Ns.Color"), "! VTQL has no enumeration values"),
    ],
)
def test_values(literal: Literal, expected: str) -> None:
    expr = Call("cmp.eq", (Field(("a",)), literal))
    if expected.startswith("! "):
        with pytest.raises(NotExpressible) as caught:
            vtql.render_filter(expr)
        assert caught.value.message == expected.removeprefix("! ")
    else:
        assert vtql.render_filter(expr) == f"a = {expected}"


COUNT = Selection(Aggregate("count", EntitySet(None)), "count")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query("A"), "SELECT * FROM A;"),
        (Query("A", skip=5), "SELECT * FROM A LIMIT 5, 100;"),
        (Query("A", top=100, skip=0), "SELECT * FROM A LIMIT 0, 100;"),
        (Query("A", select=(Selection(Field(("*",))), Selection(Field(("a",))))), "SELECT * FROM A;"),
        (Query("A", select=(Selection(Field(("a",)), "a"),)), "SELECT a FROM A;"),
        (Query("A", Literal("bool", True)), "SELECT * FROM A;"),
        (Query(), "! VTQL needs the module that is asked"),
        (Query("A", top=101), "! Vtiger gives 100 rows at most"),
        (Query("Ns.A"), "! 'Ns.A' is no name in VTQL"),
        (Query("A", Literal("bool", False)), "! VTQL cannot write a condition that is never true"),
        (Query("A", count=True), "! VTQL has no count beside the rows"),
        (Query("A", expand=(Expansion(Field(("b",)), Query()),)), "! VTQL has no related rows"),
        (Query("A", select=(COUNT, Selection(Field(("a",))))), "! VTQL has no columns under another name"),
        (Query("A", select=(Selection(Field(("a",)), "b"),)), "! VTQL has no columns under another name"),
        (Query("A", select=(Selection(Field(("a", "b"))),)), "! VTQL has no fields of related rows"),
        (Query("A", select=(Selection(Field(("count",))),)), "! 'count' cannot be a name there"),
        (
            Query("A", select=(Selection(Call("str.lower", (Field(("a",)),))),)),
            "! VTQL has no function lower",
        ),
        (Query("A", order=(SortKey(Field(("desc",))),)), "! 'desc' cannot be a name there"),
        (
            Query("A", order=(SortKey(Field(("a",)), True), SortKey(Field(("b",))))),
            "! VTQL has no descending key before the last",
        ),
    ],
)
def test_queries(query: Query, expected: str) -> None:
    if not expected.startswith("! "):
        assert vtql.render(query) == expected
        return
    with pytest.raises(QueryError) as caught:
        vtql.render(query)
    assert caught.value.message == expected.removeprefix("! ")
    assert caught.value.hint


def test_spans() -> None:
    text = "select a from X where a in ('b', 2) or c like 'd' order by e limit 1"
    query = with_places(vtql.parse(text, None, LIMITS))
    spans = [text[slice(*node.span)] for node in walk(query) if node.span is not None]
    assert spans == [
        text,
        "a in ('b', 2) or c like 'd'",
        "a in ('b', 2)",
        "a",
        "('b', 2)",
        "'b'",
        "2",
        "c like 'd'",
        "c",
        "'d'",
        "e",
        "e",
        "a",
        "a",
    ]


def test_a_refusal_points_at_the_construct() -> None:
    expr: Expr = Call("cmp.eq", (Field(("owner", "name"), span=(3, 13)), Literal("int", 1)), span=(3, 17))
    with pytest.raises(NotExpressible) as caught:
        vtql.render_filter(expr)
    assert caught.value.position == (3, 13)
