"""What tables of texts cannot show: places, parameters, limits, characters, threads, what cannot be printed."""

from __future__ import annotations

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from odata_tables import rows, shape

import querykit
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
    Node,
    Parameter,
    Path,
    Query,
    Selection,
    SortKey,
    Transformation,
)
from querykit.ast.places import with_places
from querykit.ast.walk import walk
from querykit.errors import LimitExceeded, NotExpressible, ParseError, QueryError
from querykit.languages.odata import literals, parse, parse_filter, render, render_filter
from querykit.limits import Limits

A, B = Path(("a",)), Path(("b",))
ONE = Literal("int", 1)


# ---- places ----

SPANS = [
    ("x or a eq 1", "total.eq", "a eq 1"),
    ("x or not (a eq 1)", "bool.not", "not (a eq 1)"),
    ("x and a ne null", "null.is", "a ne null"),
    ("a add b sub c eq 1", "math.sub", "a add b sub c"),
    ("-a eq 1", "math.neg", "-a"),
    ("b and contains(a,'x')", "str.contains", "contains(a,'x')"),
    ("b and a in (1,2)", "list", "(1,2)"),
    ("b and a in [1,2]", "list", "[1,2]"),
    ("b and case(a:1) eq 1", "logic.case", "case(a:1)"),
    ("b and cast(a,Edm.String) eq 'x'", "type.cast", "cast(a,Edm.String)"),
    ("b and Ns.f(x=1)", "custom.Ns.f", "Ns.f(x=1)"),
    ("b and Ns.f(x=1)", "Named", "x=1"),
    ("b and c/any(x:x eq 1)", "Aggregate", "c/any(x:x eq 1)"),
    ("b and c/$count gt 1", "Aggregate", "c/$count"),
    ("b and c/$count($filter=d) gt 1", "Aggregate", "c/$count($filter=d)"),
    ("$these/aggregate(a with sum) gt 1", "EntitySet", "$these"),
    ("$root/S/a eq 1", "EntitySet", "$root/S"),
    ("b/c/d(1)/e eq 1", "Path", "b/c/d(1)/e"),
    ("a eq duration'P1D'", "Literal", "duration'P1D'"),
    ("a eq @name", "Parameter", "@name"),
]


def _kind(node: Node) -> str:
    return node.fn if isinstance(node, Call) else type(node).__name__


@pytest.mark.parametrize(("text", "kind", "part"), SPANS)
def test_span(text: str, kind: str, part: str) -> None:
    node = next(node for node in walk(with_places(parse_filter(text))) if _kind(node) == kind)
    assert node.span is not None
    assert text[slice(*node.span)] == part


def test_every_node_of_an_expression_has_a_place() -> None:
    for row in rows("shapes.txt"):
        if not row.is_query:
            assert [node for node in walk(with_places(parse_filter(row.text))) if node.span is None] == [], (
                row.text
            )


def test_places_lead_back_into_the_encoded_text() -> None:
    text = "?%24orderby=n%C3%A4me&$filter=a%20eq%20'%F0%9F%98%80'%20and%20b&@p=1"
    query = with_places(parse(text))
    assert query.source is not None
    assert query.source.text == text

    def original(node: Node) -> str:
        assert query.source is not None
        assert node.span is not None
        return text[slice(*query.source.original(node.span))]

    assert isinstance(query.filter, Call)
    assert original(query.order[0].expr) == "n%C3%A4me"
    assert original(query.filter) == "a%20eq%20'%F0%9F%98%80'%20and%20b"
    assert original(query.filter.args[1]) == "b"
    assert original(query.aliases[0].value) == "1"


def test_plain_text_keeps_its_offsets() -> None:
    text = "$top=1&$filter=a eq 1"
    query = with_places(parse(text))
    assert isinstance(query.filter, Call)
    assert query.filter.span == (15, 21)
    assert query.filter.args[1].span == (20, 21)


# ---- parameters ----

VALUES: list[tuple[Any, str]] = [
    (None, "null"),
    (True, "true"),
    (5, "5"),
    (1.5, "1.5e0"),
    (Decimal("1.50"), "1.50"),
    ("it's", "'it''s'"),
    (b"OData", "binary'T0RhdGE='"),
    (dt.date(2020, 1, 31), "2020-01-31"),
    (dt.datetime(2020, 1, 31, tzinfo=dt.UTC), "2020-01-31T00:00:00Z"),
    (dt.datetime(2020, 1, 31), "2020-01-31T00:00:00Z"),
    (dt.time(12, 30), "12:30:00"),
    (dt.timedelta(hours=1), "duration'PT1H'"),
    (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
]


@pytest.mark.parametrize(("value", "text"), VALUES)
def test_parameter_takes_a_value_of_python(value: Any, text: str) -> None:
    assert render_filter(parse_filter("a gt @p", {"p": value})) == f"a gt {text}"
    assert render(parse("$filter=a gt @p", {"@p": value})) == f"$filter=a gt @p&@p={text}"


def test_list_parameter() -> None:
    assert render_filter(parse_filter("a in @p", {"p": [1, 2]})) == "a in (1,2)"


def test_value_of_the_program_wins() -> None:
    assert parse("$filter=a eq @p&@p=1&@q=2", {"p": 5}) == parse("$filter=a eq @p&@q=2&@p=5")


def test_parameters_are_named() -> None:
    with pytest.raises(TypeError, match="by name"):
        parse_filter("a eq @p", [1])
    with pytest.raises(TypeError, match="of type object"):
        parse_filter("a eq @p", {"p": object()})


# ---- limits and characters ----

LIMITS = [
    (Limits(text_length=5), "a eq 1", "text_length"),
    (Limits(tokens=2), "a eq 1", "tokens"),
    (Limits(nodes=2), "a eq 1", "nodes"),
    (Limits(depth=2), "a add 1 eq 1", "depth"),
    (Limits(list_items=1), "a in (1,2)", "list_items"),
    (Limits(collection_depth=1), "a/any(x:x/b/any())", "collection_depth"),
]
QUERY_LIMITS = [
    (Limits(expand_depth=1), "$expand=a($expand=b)", "expand_depth"),
    (Limits(expand_depth=2), "$expand=a($levels=3)", "expand_depth"),
    (Limits(expand_width=1), "$expand=a,b", "expand_width"),
    (Limits(page_size=9), "$top=10", "page_size"),
    (Limits(page_size=9), "$expand=a($select=b($top=10))", "page_size"),
]


@pytest.mark.parametrize(("limits", "text", "code"), LIMITS)
def test_limit(limits: Limits, text: str, code: str) -> None:
    with pytest.raises(LimitExceeded) as caught:
        parse_filter(text, None, limits)
    assert caught.value.code == code
    assert caught.value.position is not None
    assert caught.value.source is not None


@pytest.mark.parametrize(("limits", "text", "code"), QUERY_LIMITS)
def test_limit_of_a_query(limits: Limits, text: str, code: str) -> None:
    with pytest.raises(LimitExceeded) as caught:
        parse(text, None, limits)
    assert caught.value.code == code
    assert caught.value.position is not None


@pytest.mark.parametrize("text", ["a eq '\0'", "a eq '\ud800'", "\udfff eq 1"])
def test_character_that_no_query_can_hold(text: str) -> None:
    for read in (parse_filter, lambda text: parse("$filter=" + text)):
        with pytest.raises(ParseError) as caught:
            read(text)
        assert caught.value.code == "character"


def test_text_has_any_other_character() -> None:
    for char in "\t\n\r\x7f\x85\u2028\ufffe\U0010ffff":
        expr = parse_filter(f"a eq '{char}'")
        assert isinstance(expr, Call)
        assert expr.args[1] == Literal("string", char)


NO_NAMES = ["²", "½", "a²", "€", "a\u2028b", "\u0301a", "a\u00adb\u2014", "\u3000"]


@pytest.mark.parametrize("name", NO_NAMES)
def test_no_name(name: str) -> None:
    with pytest.raises(ParseError):
        parse_filter(f"{name} eq 1")


@pytest.mark.parametrize("name", ["a\u0301", "ⅳ", "ª", "क्षेत्र", "a‿b", "_\u200d", "x" * 128, "𐐀1"])
def test_name(name: str) -> None:
    assert shape(parse_filter(f"{name} eq 1")) == f"(total.eq {name} 1)"


def test_threads_share_the_parser() -> None:
    texts = [row.text for row in rows("identity.txt") if not row.is_query]
    expected = [parse_filter(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            assert list(pool.map(parse_filter, texts)) == expected


# ---- printing ----

PRINTED = [
    (Call("cmp.ne", (A, ONE)), "a ne 1 and a ne null"),
    (Call("bool.not", (Call("cmp.eq", (A, B)),)), "a ne b and a ne null and b ne null"),
    (Call("cmp.between", (A, ONE, Literal("int", 5))), "a ge 1 and a le 5"),
    (Call("str.like", (A, Literal("string", "x%"))), "startswith(a,'x')"),
    (Call("str.like", (A, Literal("string", "x"))), "a eq 'x'"),
    (Call("str.like_set", (A, Literal("string", "%[a-c]_"))), "matchesPattern(a,'[a-c][\\s\\S]$')"),
    (Call("null.coalesce", (A, B)), "case(a ne null:a,true:b)"),
    (Call("str.is_null_or_empty", (A,)), "a eq null or a eq ''"),
    (Call("str.concat", (A, B, A)), "concat(concat(a,b),a)"),
    (Call("str.concat", (A,)), "a"),
    (Aggregate("all", A), "a/all(x:true)"),
    (Literal("decimal", Decimal(5)), "5.0"),
    (Literal("decimal", Decimal("1E+3")), "1000.0"),
    (Literal("char", "'"), "''''"),
    (Literal("int64", -1), "-1"),
    (Literal("single", 0.5), "0.5e0"),
    (Literal("datetime", dt.datetime(1, 1, 1)), "0001-01-01T00:00:00Z"),
    (Literal("enum", "Red"), "'Red'"),
]


@pytest.mark.parametrize(("expr", "text"), PRINTED)
def test_printed(expr: Expr, text: str) -> None:
    assert render_filter(expr) == text


DEEP = A
for _ in range(200):
    DEEP = Call("bool.not", (DEEP,))  # type: ignore[assignment]
COALESCED: Expr = A
for _ in range(40):
    COALESCED = Call("null.coalesce", (COALESCED, ONE))

UNPRINTABLE = [
    Call("math.abs", (A,)),
    Call("str.indexof", (A, B, ONE)),
    Call("str.like", (A, B)),
    Call("custom.length", (A,)),
    Call("custom.any", ()),
    Call("custom.a b", ()),
    Call("enum.has", (A, B)),
    Call("total.in", (A, ONE)),
    Call("type.cast", (A, B)),
    Call("object", (A,)),
    Named("a", A),
    Path(("a b",)),
    Path(("a",), 1),
    Path((Cast("T"), "a")),
    Path(("a", Key((ONE,)), Key((A,)))),
    Path((Key((Literal("string", "k"),)), "a")),
    Path(("a", "any", Key((ONE,)))),
    Path(("a", Call("str.length", ()))),
    Parameter("a b"),
    EntitySet(None),
    Aggregate("single", A, B, A),
    Aggregate("sum", A),
    Aggregate("any", EntitySet(None), B),
    Aggregate("custom.a b", A, None, B),
    Aggregate("count", A, Aggregate("count", A, Path(("a",), 1))),
    Literal("object", 1, "Ns.T"),
    Literal("decimal", Decimal("1E+5000")),
    Literal("int", 10**1500),
    Literal("datetime", dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(seconds=1)))),
    Literal("type", "a b"),
    Literal("enum", "Red", "Color"),
]


@pytest.mark.parametrize("expr", UNPRINTABLE, ids=repr)
def test_not_expressible(expr: Expr) -> None:
    with pytest.raises(NotExpressible) as caught:
        render_filter(expr)
    assert caught.value.message


@pytest.mark.parametrize("expr", [DEEP, COALESCED], ids=["deep", "doubled"])
def test_too_large_to_print(expr: Expr) -> None:
    with pytest.raises(LimitExceeded):
        render_filter(expr)


TERM = Call("search.term", (Literal("string", "a"),))
QUERIES = [
    Query(select=()),
    Query(select=(Selection(Call("math.add", (A, ONE)), "sum"),)),
    Query(select=(Selection(A, "b"),)),
    Query(select=(Selection(Path((), 0)),)),
    Query(select=(Selection(A, None, Query(expand=(Expansion(B, Query()),))),)),
    Query(expand=(Expansion(A, Query(select=(Selection(B),)), kind="ref"),)),
    Query(expand=(Expansion(A, Query(top=1), kind="count"),)),
    Query(expand=(Expansion(A, Query(), 2, "count"),)),
    Query(aliases=(Named("a b", ONE),)),
    Query(filter=Call("math.abs", (A,))),
    Query(search=A),
    Query(search=Call("search.and")),
    Query(search=Call("search.and", (A, TERM))),
    Query(search=Call("search.term", (Literal("int", 1),))),
    Query(search=Call("search.term", (Literal("string", 'a"b'),))),
    Query(search=Call("search.term", (Literal("string", ""),))),
    Query(compute=(Named("a b", A),)),
    Query(expand=(Expansion(A, Query(compute=(Named("b", A),)), kind="count"),)),
    Query(filter=Aggregate("count", A, Call("bool.or", (TERM, B)))),
    *[
        Query(apply=(step,))
        for step in (
            Transformation("unknown"),
            Transformation("custom.f"),
            Transformation("custom.Ns.f", (SortKey(A),)),
            Transformation("identity", (A,)),
            Transformation("filter"),
            Transformation("filter", (A, B)),
            Transformation("orderby", (A,)),
            Transformation("compute", (A,)),
            Transformation("aggregate"),
            Transformation("aggregate", (A,)),
            Transformation("aggregate", (Call("agg.sum", (A, B)),)),
            Transformation("aggregate", (Named("b", Call("agg.median", (A,))),)),
            Transformation("aggregate", (Named("a b", Call("agg.count")),)),
            Transformation("groupby"),
            Transformation("groupby", (ONE,)),
            Transformation("groupby", (Path((Cast("Ns.T"),)),)),
            Transformation("groupby", (Call("rolluprecursive", (A,)),)),
            Transformation("concat", (), ((Transformation("identity"),),)),
            Transformation("concat", (), ((Transformation("identity"),), ())),
            Transformation("join", (A,)),
            Transformation("join", (Named("b", A),), ((),)),
            Transformation("nest", (Literal("string", "a"),)),
            Transformation("nest", (A,), ((Transformation("identity"),),)),
            Transformation("addnested", (ONE, ONE), ((Transformation("identity"),),)),
            Transformation("ancestors", (EntitySet("S"), Literal("string", "H"), A)),
            Transformation("ancestors", (A, Literal("string", "H"), A), ((Transformation("identity"),),)),
            Transformation("traverse", (EntitySet("S"), Literal("string", "H"), A, A)),
        )
    ],
]


@pytest.mark.parametrize("query", QUERIES, ids=repr)
def test_query_not_expressible(query: Query) -> None:
    with pytest.raises(NotExpressible):
        render(query)


def test_a_term_of_several_words_is_printed_as_a_phrase() -> None:
    terms = [Call("search.term", (Literal("string", text),)) for text in ("a b", "OR", "a;$top=1", "c")]
    assert (
        render(Query(search=Call("search.and", tuple(terms))))
        == '$search="a b" AND "OR" AND "a;$top=1" AND c'
    )


def test_search_and_apply_have_places() -> None:
    text = "$top=1&$search=a (NOT b)&$apply=filter(c)/groupby((d),aggregate($count as e))&$compute=f as g"
    query = parse(text)
    parts = [node for root in (query.search, *query.apply, *query.compute) if root for node in walk(root)]
    assert [node for node in parts if node.span is None] == []
    groupby = query.apply[1]
    assert groupby.span is not None
    assert text[slice(*groupby.span)] == "groupby((d),aggregate($count as e))"


def test_entity_is_no_part_of_the_options() -> None:
    assert render(Query("Account", top=1)) == "$top=1"
    assert render(Query()) == ""
    assert parse("") == Query()


def test_refusal_keeps_the_place() -> None:
    text = "[a] > 1 And Abs([b]) = 2"
    with pytest.raises(QueryError) as caught:
        querykit.render(querykit.parse_filter(text, "criteria"), "odata")
    assert caught.value.span is not None
    assert text[slice(*caught.value.span)] == "Abs([b])"


def test_readers_of_literals_refuse_texts_without_a_place() -> None:
    """The shapes of known texts ask them about pieces that are no tokens."""
    for read, text in (
        (literals.enum, "Ns.Color'Red,'"),
        (literals.binary, "binary'A'"),
        (literals.duration, "duration'P1Y'"),
        (literals.date, "2020-13-01"),
        (literals.date_time, "2020-01-01T24:61:00Z"),
        (literals.time, "25:00"),
        (literals.double, "1e999"),
        (literals.geo, "geography'Point(1)'"),
        (literals.integer, "1" * 2_000),
    ):
        with pytest.raises(QueryError) as caught:
            read(text)
        assert caught.value.span is None
