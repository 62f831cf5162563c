"""Trees of other languages as criteria texts, and those that criteria cannot say."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from querykit.ast.nodes import (
    Aggregate,
    Call,
    Cast,
    EntitySet,
    Expansion,
    Expr,
    Key,
    Literal,
    Named,
    Parameter,
    Path,
    Query,
    Selection,
    SortKey,
)
from querykit.errors import LimitExceeded, NotExpressible
from querykit.languages.criteria import parse_filter, render, render_filter


def path(*steps: str, up: int = 0) -> Path:
    return Path(steps, up)


def text(value: str) -> Literal:
    return Literal("string", value)


def call(fn: str, *args: Expr) -> Call:
    return Call(fn, args)


A, B, X, Y = path("a"), path("b"), path("x"), path("y", up=1)
ONE = Literal("int", 1)
DAY = Literal("date", dt.date(2024, 3, 22))
EAST = dt.timezone(dt.timedelta(hours=2))
HOUR = Literal("duration", dt.timedelta(hours=1))

SAID: list[tuple[Expr, str]] = [
    # OData compares totally: null is a value
    (call("total.eq", A, ONE), "[a] = 1"),
    (call("total.ne", A, ONE), "[a] <> 1 Or [a] Is Null"),
    (call("bool.not", call("total.gt", A, ONE)), "[a] <= 1 Or [a] Is Null"),
    (call("total.in", A, call("list", ONE, text("x"))), "[a] In (1, 'x')"),
    (call("bool.and", A, call("bool.not", call("total.eq", B, ONE))), "[a] And ([b] <> 1 Or [b] Is Null)"),
    # for all elements: there is none for which it is not true
    (Aggregate("all", path("O"), call("cmp.gt", X, Y)), "Not [O][[x] <= [^.y] Or [x] Is Null Or [^.y] Is Null]"),
    (Aggregate("all", path("Orders"), call("null.is", X)), "Not [Orders][Not [x] Is Null]"),
    # SQL's LIKE has an escape character, criteria's has sets
    (call("str.like", A, text("x%_")), "[a] Like 'x%_'"),
    (call("str.like", A, text(r"100\%\_\\[a]\x")), r"[a] Like '100[%][_]\[[]a]x'"),
    (call("str.like", A, text("x\\")), "[a] Like 'x\\'"),
    (call("math.divby", A, B), "ToDecimal([a]) / [b]"),
    (call("math.divby", call("math.add", A, B), ONE, B), "ToDecimal([a] + [b]) / 1 / [b]"),
    (call("math.divby", Literal("decimal", Decimal("1.5")), B), "1.5m / [b]"),
    (call("cmp.le", call("date.date", A), DAY), "GetDate([a]) <= #2024-03-22#"),
    (call("cmp.in", call("date.date", A), call("list", DAY)), "GetDate([a]) In (#2024-03-22#)"),
    (call("cmp.le", A, DAY), "[a] <= #!2024-03-22!#"),
    (call("null.is", call("date.date", A)), "GetDate([a]) Is Null"),
    (call("math.neg", Literal("int", -3)), "3"),
    (call("math.neg", Literal("byte", 3)), "- 3b"),
    (call("math.sub", A, HOUR), "AddTimeSpan([a], #-01:00:00#)"),
    (call("math.add", A, B, HOUR), "AddTimeSpan([a] + [b], #01:00:00#)"),
    (call("math.add", HOUR, HOUR), "#01:00:00# + #01:00:00#"),
    (call("cmp.in", A, call("list")), "False"),
    (call("logic.case", A, ONE), "Iif([a], 1, null)"),
    (call("str.concat", A, B, text("x")), "Concat([a], [b], 'x')"),
    (call("str.indexof", A, text("x")), "CharIndex('x', [a])"),
    (Path((Cast("Ns.T"),)), "[<Ns.T>This]"),
    (Path((Cast("Ns.T"), Cast("Ns.U"), "b")), "[<Ns.T>This.<Ns.U>b]"),
    (path("a.b", "c]"), r"[a\.b.c\]]"),
    (path("This"), r"[\This]"),
    (path(" "), r"[\ ]"),
    (Parameter("@p"), "?p"),
    (Literal("datetime", dt.datetime(2024, 3, 22, 1, tzinfo=EAST)), "#2024-03-21 23:00:00#"),
    (Literal("double", 1e22), "10000000000000000000000.0"),
    (Literal("decimal", Decimal("1E+3")), "1000m"),
    (Literal("enum", "Red"), "'Red'"),
    (Literal("duration", "PT0.0000001S"), "#00:00:00.0000001#"),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "expected"), SAID, ids=[expected for _, expected in SAID])
def test_said_in_criteria(expr: Expr, expected: str) -> None:
    assert render_filter(expr) == expected
    assert render_filter(parse_filter(expected)) == expected


UNSAID: list[tuple[Expr, str]] = [
    (call("str.matches", A, text("^x+y")), "str.matches"),
    (call("enum.has", A, Literal("enum", "Red", "Ns.C")), "enum.has"),
    (call("geo.length", A), "geo.length"),
    (call("coll.hassubset", A, B), "coll.hassubset"),
    (call("type.cast", A, Literal("type", "Edm.Int32")), "type.cast"),
    (call("date.time", A), "date.time"),
    (call("str.like", A, B), "the pattern must be a constant"),
    (call("cmp.in", A, B), "in a list only"),
    (call("list", ONE), "lists only after In"),
    (call("str.substring", A), "str.substring"),
    (call("custom.Ns.F", A), "'Ns.F' is no name"),
    (call("custom.Len", A), "'Len' is no name"),
    (call("custom.in", A), "'in' is no name"),
    (call("custom.f", Named("n", ONE)), "named arguments"),
    (Aggregate("countdistinct", A), "no aggregate countdistinct"),
    (Aggregate("custom.count", A), "no aggregate count"),
    (Aggregate("count", EntitySet("a b")), "'a b' is no name of a class"),
    (EntitySet("Orders"), "sets of rows"),
    (Path(("Orders", Key((ONE,)))), "no step of a path"),
    (Path((Cast("a b"), "c")), "no step of a path"),
    (path(""), "empty names"),
    (Parameter("a b"), "no name of a parameter"),
    (call("cmp.eq", Parameter("1"), Parameter("0")), "each other's values"),
    (call("cmp.eq", Parameter("0"), Parameter("0")), "each other's values"),
    (Literal("geo", "Point(1 2)", "geography"), "no geo constant"),
    (Literal("binary", b"x"), "no binary constant"),
    (Literal("double", float("inf")), "no number inf"),
    (Literal("decimal", Decimal("1E+999999")), "no number"),
    (Literal("int", 10**5000), "integers of that size"),
    (Literal("int16", -(10**6)), "integers of that size"),
    (Literal("user", "a#b", "Tag"), "cannot hold the character #"),
    (Literal("date", "-0001-01-01"), "no date -0001-01-01"),
    (Literal("datetime", "10000-01-01T00:00:00"), "no datetime"),
    (Literal("duration", dt.timedelta(days=99_999_999)), "no duration"),
    (Literal("duration", "P999999999999D"), "no duration"),
]


@pytest.mark.parametrize(("expr", "words"), UNSAID, ids=[words for _, words in UNSAID])
def test_not_expressible(expr: Expr, words: str) -> None:
    with pytest.raises(NotExpressible) as caught:
        render_filter(expr)
    assert words in caught.value.message


OPTIONS: list[tuple[Query, str]] = [
    (Query(order=(SortKey(A),)), "an order"),
    (Query(select=(Selection(A),)), "a selection"),
    (Query(expand=(Expansion(A, Query()),)), "an expansion"),
    (Query(skip=0), "rows to skip"),
    (Query(count=True), "a count"),
]


@pytest.mark.parametrize(("query", "words"), OPTIONS, ids=[words for _, words in OPTIONS])
def test_a_request_is_more_than_a_condition(query: Query, words: str) -> None:
    with pytest.raises(NotExpressible, match=words) as caught:
        render(query)
    assert caught.value.hint == "use logo for whole requests"


def test_a_query_of_a_filter_alone() -> None:
    assert render(Query()) == ""
    assert render(Query(entity="Account", filter=call("cmp.eq", A, ONE), count=False)) == "[a] = 1"


def test_aliases_are_replaced_by_their_values() -> None:
    aliases = (Named("p", call("math.add", Parameter("q"), ONE)), Named("q", Literal("int", 2)))
    query = Query(filter=call("cmp.eq", A, Parameter("p")), aliases=aliases)
    assert render(query) == "[a] = 2 + 1"


def test_aliases_that_double_each_time_are_refused() -> None:
    doubled = [
        Named(f"p{n}", call("math.mul", Parameter(f"p{n + 1}"), Parameter(f"p{n + 1}"))) for n in range(60)
    ]
    with pytest.raises(LimitExceeded):
        render(Query(filter=Parameter("p0"), aliases=tuple(doubled)))


def test_a_tree_too_deep_to_print_is_refused() -> None:
    expr: Expr = A
    for _ in range(5_000):
        expr = call("math.neg", expr)
    with pytest.raises(LimitExceeded):
        render_filter(expr)


def test_a_tree_as_deep_as_allowed_is_printed() -> None:
    expr: Expr = A
    for _ in range(127):
        expr = call("str.trim", expr)
    assert render_filter(expr) == "Trim(" * 127 + "[a]" + ")" * 127
