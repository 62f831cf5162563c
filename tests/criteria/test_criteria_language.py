"""What tables of texts cannot show: spans, parameters, empty texts, characters, limits, the grammar."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from lark import Lark
from tree_text import tree_text

from querykit._build.grammars import grammar_text
from querykit.ast.nodes import Call, Expr, Literal, Parameter, Query
from querykit.ast.places import with_places
from querykit.ast.walk import walk
from querykit.errors import LimitExceeded, ParseError, QueryError
from querykit.languages.criteria import parse, parse_filter
from querykit.limits import Limits
from work import lines


def test_grammar_has_no_conflict_and_no_terminals_that_collide() -> None:
    Lark(grammar_text("criteria"), parser="lalr", lexer="contextual", start=["query"], strict=True)


@pytest.mark.parametrize("text", ["", "   ", "\n", "/* nothing */"])
def test_empty_text_is_a_query_without_filter(text: str) -> None:
    assert parse(text) == Query()
    with pytest.raises(ParseError, match="a condition is missing"):
        parse_filter(text)


def test_query_has_a_filter_only() -> None:
    query = parse("A = 1")
    assert query == Query(filter=parse_filter("A = 1"))
    assert query.source is not None
    assert query.source.text == "A = 1"


SPANS = [
    ("a = 1 And b", "cmp.eq", "a = 1"),
    ("x Or  not (a = 1)", "bool.not", "not (a = 1)"),
    ("x Or (a And b) Or y", "bool.and", "(a And b)"),
    ("(a + b) * c = 1", "math.mul", "(a + b) * c"),
    ("a - b - c * d", "math.sub", "a - b - c * d"),
    ("a Not In (1, 2) And b", "cmp.in", "a Not In (1, 2)"),
    ("b And a Between (1, 2)", "cmp.between", "a Between (1, 2)"),
    ("b And a Is Not Null", "null.is", "a Is Not Null"),
    ("b And -a = 1", "math.neg", "-a"),
    ("b And Contains(a, 'x')", "str.contains", "Contains(a, 'x')"),
    ("b And [Orders][a].Count() > 1", "Aggregate", "[Orders][a].Count()"),
    ("b And [<Order>].Max(a) > 1", "EntitySet", "[<Order>]"),
    ("b And ^.^.Owner.[First Name] = 'x'", "Path", "^.^.Owner.[First Name]"),
    ("a = +12.5m", "Literal", "+12.5m"),
    ("a = - 1", "Literal", "- 1"),
    ("a = ##Enum#Ns.T,M#", "Literal", "##Enum#Ns.T,M#"),
    ("a = ?name", "Parameter", "?name"),
]


@pytest.mark.parametrize(("text", "what", "piece"), SPANS)
def test_every_node_knows_its_place(text: str, what: str, piece: str) -> None:
    nodes = list(walk(with_places(parse_filter(text))))
    assert all(node.span is not None for node in nodes)
    places = [
        text[slice(*node.span or (0, 0))]
        for node in nodes
        if what in (getattr(node, "fn", ""), type(node).__name__)
    ]
    assert piece in places


PARAMS: list[tuple[str, Any, str]] = [
    ("A = ? And B In (?, ?)", [1, "x", None], "(bool.and (cmp.eq [A] 1) (cmp.in [B] (list 'x' null)))"),
    ("A = ? And B = ?b", [True], "(bool.and (cmp.eq [A] true) (cmp.eq [B] ?b))"),
    ("A = ?b And B = ?b", {"b": 1.5}, "(bool.and (cmp.eq [A] double:1.5) (cmp.eq [B] double:1.5))"),
    ("A = ?b And B = ?c", {"b": 1, "unused": 2}, "(bool.and (cmp.eq [A] 1) (cmp.eq [B] ?c))"),
    ("CharIndex(?, ?) = ?", ["x", "y", 0], "(cmp.eq (str.indexof 'y' 'x') 0)"),
    ("[A][B > ?].Sum(C * ?) > ?", [1, 2, 3], "(cmp.gt (sum [A] where (cmp.gt [B] 1) of (math.mul [C] 2)) 3)"),
    ("D > ?", (dt.date(2024, 3, 22),), "(cmp.gt [D] date:2024-03-22)"),
    ("A = 1", [], "(cmp.eq [A] 1)"),
    ("A = '?' And [?] = 1", [], "(bool.and (cmp.eq [A] '?') (cmp.eq [?] 1))"),
    ("A = ? And B = ?", None, "(bool.and (cmp.eq [A] ?0) (cmp.eq [B] ?1))"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "params", "tree"), PARAMS)
def test_values_of_parameters(text: str, params: Any, tree: str) -> None:
    assert tree_text(parse_filter(text, params)) == tree


#: What each segment of a path to a collection opens a scope for: text, what it is when each collection opens one.
SEGMENTS = [
    ("Cluster.Stars[Twin.Oid = ^.^.Oid]", "Cluster.Stars[Twin.Oid = ^.Oid]"),
    ("Cluster.Stars[Mass > ^.Mass]", "Cluster.Stars[Mass > ^.Cluster.Mass]"),
    ("[A.B.C][X = ^.Y And X = ^.^.Y And X = ^.^.^.Y]", "[A.B.C][X = ^.A.B.Y And X = ^.A.Y And X = ^.Y]"),
    ("Stars[Mass > ^.Mass]", "Stars[Mass > ^.Mass]"),
    ("[<Star>][Oid = ^.Oid]", "[<Star>][Oid = ^.Oid]"),
    ("A.B[C.D[X = ^.Y]]", "A.B[C.D[X = ^.C.Y]]"),
    ("A.B[C.D[X = ^.^.Y]]", "A.B[C.D[X = ^.Y]]"),
    ("A.B[C.D[X = ^.^.^.Y]]", "A.B[C.D[X = ^.^.A.Y]]"),
    ("A.B[C.D[X = ^.^.^.^.Y]]", "A.B[C.D[X = ^.^.Y]]"),
    ("A.B[^.C[X = ^.Y]]", "A.B[^.A.C[X = ^.^.A.Y]]"),
    ("A.B[^.^.C[X = ^.Y]]", "A.B[^.C[X = ^.^.Y]]"),
    ("A.B.Sum(X * ^.Y)", "A.B.Sum(X * ^.A.Y)"),
    ("A.<T>B.C.Sum(^.Y)", "A.<T>B.C.Sum(^.A.<T>B.Y)"),
    ("A.B[X = ^.^.^.Y]", "A.B[X = ^.^.Y]"),
    ("Iif(A.B[Not X = ^], 1, Y) = 2", "Iif(A.B[Not X = ^.A.This], 1, Y) = 2"),
]


@pytest.mark.parametrize(("text", "same"), SEGMENTS)
def test_each_segment_can_open_a_scope(text: str, same: str) -> None:
    assert tree_text(parse_filter(text, scopes="segment")) == tree_text(parse_filter(same))
    assert parse(text, scopes="segment").filter == parse_filter(text, scopes="segment")


def test_no_other_scopes() -> None:
    with pytest.raises(ValueError, match="scopes is one of collection, segment, not 'all'"):
        parse("A = 1", scopes="all")


REFUSED_PARAMS: list[tuple[str, Any, str, tuple[int, int] | None]] = [
    ("A = ? And B = ?", [1], "parameter_count", (14, 15)),
    ("A = ?", [1, 2], "parameter_count", (4, 5)),
    ("A = 1", [1], "parameter_count", None),
    ("A In (?)", [[1, 2]], "parameter_value", (6, 7)),
    ("A = ?", [{"a": 1}], "parameter_value", (4, 5)),
    ("A = ?a", {"a": (1, 2)}, "parameter_value", (4, 6)),
]


@pytest.mark.parametrize(("text", "params", "code", "position"), REFUSED_PARAMS)
def test_values_that_do_not_go_with_the_text(
    text: str, params: Any, code: str, position: tuple[int, int] | None
) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text, params)
    assert (caught.value.code, caught.value.position) == (code, position)


def test_positional_parameters_are_numbered_in_text_order() -> None:
    """CharIndex takes what it looks for first, the tree has it second."""
    call = parse_filter("CharIndex(?, ?)")
    assert call == Call("str.indexof", (Parameter("1"), Parameter("0")))


@pytest.mark.parametrize(("text", "place"), [("A = 'x\0'", 6), ("\ud800", 0), ("[a\udfff] = 1", 2)])
def test_characters_no_text_can_have(text: str, place: int) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert (caught.value.code, caught.value.position) == ("character", (place, place + 1))
    assert caught.value.render()


def test_positions_are_code_points() -> None:
    with pytest.raises(ParseError) as caught:
        parse("Стоимость = '🙂🙂' And B ! 1")
    assert caught.value.position == (23, 24)


LIMITS: list[tuple[str, Limits, str]] = [
    ("A = 1", Limits(text_length=4), "text_length"),
    ("A = 1", Limits(tokens=2), "tokens"),
    ("Not Not Not A", Limits(depth=3), "depth"),
    ("A = 1 Or B = 2 Or C = 3", Limits(nodes=9), "nodes"),
    ("A In (1, 2, 3)", Limits(list_items=2), "list_items"),
    ("[A][[B][[C][D]]]", Limits(collection_depth=2), "collection_depth"),
]


@pytest.mark.parametrize(("text", "limits", "code"), LIMITS)
def test_limits(text: str, limits: Limits, code: str) -> None:
    with pytest.raises(LimitExceeded) as caught:
        parse(text, None, limits)
    assert caught.value.code == code
    assert caught.value.position is not None
    assert parse(text, None, Limits()).filter is not None


def test_brackets_that_group_cost_no_depth() -> None:
    assert parse_filter("(" * 300 + "A" + ")" * 300, None, Limits(depth=1)) == parse_filter("A")


#: A pass whose time grows with the square takes minutes for a text of this size.
MANY = 10_000
WIDE = Limits(text_length=10**7, tokens=10**6, nodes=10**6, list_items=10**6, depth=128)


def hostile(many: int) -> dict[str, str]:
    return {
        "brackets": "(" * many + "A" + ")" * many,
        "opening brackets": "(" * many,
        "not": "Not " * many + "A",
        "!": "!" * many + "A",
        "minus": "-" * many + "1",
        "complement": "~" * many + "A",
        "functions": "Abs(" * many + "A" + ")" * many,
        "custom functions": "F(" * many + "A" + ")" * many,
        "a function of many arguments": "Concat(" + "A," * many + "A)",
        "cases": "Iif(" + "A,B," * many + "C)",
        "path": ".".join("A" * many),
        "path in brackets": "[" + ".".join("A" * many) + "]",
        "path of brackets": ".".join(["[A]"] * many),
        "parents": ".".join("^" * many),
        "carets": "^" * many,
        "square brackets": "[" * many,
        "collections": "A[" * many + "B" + "]" * many,
        "open collections": "A[" * many,
        "aggregates": "A.Sum(" * many + "B" + ")" * many,
        "casts": "<T>" * many + "A",
        "terms": " Or ".join(["A = 1"] * many),
        "two operators": "A Or B And " * many + "C",
        "sum": "+".join("A" * many),
        "sum and difference": "A+B-" * many + "C",
        "equalities": "A = " * many + "B",
        "list": "A In (" + ",".join(["1"] * many) + ")",
        "list of parameters": "A In (" + ",".join("?" * many) + ")",
        "apostrophes": "'" * many,
        "an odd number of apostrophes": "'" * (many + 1),
        "open text": "A = '" + "''" * many,
        "open texts": "A='" * many,
        "sharps": "#" * many,
        "open guids": "{" * many,
        "backslashes": "[" + "\\" * many,
        "open comments": "/*" * many,
        "open comment": "/*" + "*" * many,
        "blanks": " " * many,
        "blanks before nonsense": "A Is " + " " * many + "B",
        "digits": "9" * many,
        "digits of a Decimal": "9" * many + "m",
        "decimals": "1." + "9" * many,
        "letters": "A" * many,
        "keywords": "And " * many,
        "combining marks": "A" + "\u0301" * many,
    }


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", hostile(MANY).values(), ids=hostile(MANY).keys())
@pytest.mark.parametrize("limits", [Limits(), WIDE])
def test_hostile_text_is_read_or_refused(text: str, limits: Limits) -> None:
    refusal = _refusal(text, limits)
    assert refusal is None or (refusal.position is not None and refusal.render())


@pytest.mark.parametrize("name", hostile(1))
def test_work_grows_with_the_length(name: str) -> None:
    _refusal(hostile(10)[name], WIDE)
    some, more = (lines(lambda n=n: _refusal(hostile(n)[name], WIDE)) for n in (1_600, 6_400))
    assert more < 4.5 * some


def _refusal(text: str, limits: Limits) -> QueryError | None:
    try:
        parse(text, None, limits)
    except QueryError as error:
        return error
    return None


def test_a_long_chain_is_one_node() -> None:
    expr = parse_filter(" Or ".join(["A = 1"] * 800))
    assert isinstance(expr, Call)
    assert (expr.fn, len(expr.args)) == ("bool.or", 800)


def test_one_parser_serves_all_threads() -> None:
    texts = [f"[Name{number}] = '{number}' And Price In ({number}, ?)" for number in range(100)]
    expected: list[Expr] = [parse_filter(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(parse_filter, texts)) == expected


def test_values_are_what_the_text_says() -> None:
    values = [
        node.value
        for node in walk(parse_filter("F(1, 2.5, 'x', #2024-03-22#, #00:00:01#, true, null)"))
        if isinstance(node, Literal)
    ]
    assert values == [1, 2.5, "x", dt.datetime(2024, 3, 22), dt.timedelta(seconds=1), True, None]
