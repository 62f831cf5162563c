"""FetchXML's texts and trees, as tables."""

from __future__ import annotations

import pytest
from fetchxml_tables import blocks, pairs

import querykit
import term_notation
from querykit.ast.nodes import (
    Aggregate,
    Call,
    EntitySet,
    Expansion,
    Expr,
    Literal,
    Named,
    Path,
    Query,
    Selection,
    SortKey,
)
from querykit.ast.walk import walk
from querykit.errors import NotExpressible, QueryError
from querykit.languages import fetchxml
from querykit.languages.fetchxml.operators import _RULES


def flat(text: str) -> str:
    return "".join(line.strip() for line in text.splitlines())


@pytest.mark.parametrize("text", blocks("identity.txt"), ids=flat)
def test_identity(text: str) -> None:
    assert fetchxml.render(fetchxml.parse(text)) == text


@pytest.mark.parametrize(("text", "tree"), pairs("trees.txt"))
def test_trees(text: str, tree: str) -> None:
    expr = fetchxml.parse_filter(text)
    assert expr == term_notation.read(tree)
    again = fetchxml.render_filter(expr)
    assert fetchxml.render_filter(fetchxml.parse_filter(again)) == again
    assert fetchxml.parse_filter(again) == expr or "<filter/>" in text


def test_every_operator_has_a_tree() -> None:
    written = "".join(text for text, _ in pairs("trees.txt"))
    same = {
        "neq": "ne",
        "lt": "le",
        "gt": "le",
        "ge": "le",
        "ne-userid": "eq-userid",
        "eq-businessid": "eq-userid",
    }
    periods = {name for name in _RULES if name.partition("-")[0] in ("this", "last", "next")}
    names = _RULES.keys() - periods - {"yesterday", "tomorrow", "ne"} | {"neq"}
    assert [name for name in names if f'"{same.get(name, name)}"' not in written] == []


@pytest.mark.parametrize(("text", "criteria"), pairs("links.txt"))
def test_links(text: str, criteria: str) -> None:
    distinct = ' distinct="true"' if text.startswith("+") else ""
    query = fetchxml.parse(
        f'<fetch{distinct}><entity name="account">{text.removeprefix("+")}</entity></fetch>'
    )
    assert query.filter == querykit.parse_filter(criteria, "criteria")
    if "(^" not in criteria and "= ^.a" not in criteria and "^.^" not in criteria:
        assert fetchxml.parse(fetchxml.render(query)) == query
        return
    with pytest.raises(NotExpressible, match="fields of the row around"):
        fetchxml.render(query)


@pytest.mark.parametrize(("text", "expected"), pairs("rendered.txt"))
def test_rendered(text: str, expected: str) -> None:
    language, _, condition = text.partition(" ")
    expr = querykit.parse_filter(condition, language)
    if not expected.startswith("! "):
        assert fetchxml.render_filter(expr) == expected
        assert fetchxml.render_filter(fetchxml.parse_filter(expected)) == expected
        return
    with pytest.raises(NotExpressible) as caught:
        querykit.render(expr, "fetchxml")
    assert caught.value.message == expected.removeprefix("! ")
    assert caught.value.hint
    assert caught.value.position is not None


ROWS = EntitySet(None)
A = Path(("a",))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query("x"), '<fetch><entity name="x"><all-attributes /></entity></fetch>'),
        (Query("x", Literal("bool", True)), '<fetch><entity name="x"><all-attributes /></entity></fetch>'),
        (
            Query("x", select=(Selection(A), Selection(Path(("*",))))),
            '<fetch><entity name="x"><all-attributes /></entity></fetch>',
        ),
        (Query("x", top=5), '<fetch count="5"><entity name="x"><all-attributes /></entity></fetch>'),
        (
            Query("x", top=5, skip=5),
            '<fetch count="5" page="2"><entity name="x"><all-attributes /></entity></fetch>',
        ),
        (
            Query("x", select=(Selection(Aggregate("count", ROWS)),)),
            '<fetch aggregate="true"><entity name="x">'
            '<attribute name="xid" alias="count" aggregate="count" /></entity></fetch>',
        ),
        (Query(), "! FetchXML needs the entity that is asked"),
        (Query("x", top=5, skip=6), "! FetchXML skips whole pages only"),
        (Query("x", skip=6), "! FetchXML skips whole pages only"),
        (Query("x", top=0, skip=6), "! FetchXML skips whole pages only"),
        (Query("x", Literal("bool", False)), "! FetchXML cannot write a condition that is never true"),
        (Query("x", expand=(Expansion(A, Query()),)), "! FetchXML has no related rows in the answer"),
        (Query("x", select=(Selection(Path(("a", "b"))),)), "! FetchXML has no fields of related rows"),
        (Query("x", select=(Selection(Call("str.lower", (A,))),)), "! FetchXML has no function lower"),
        (Query("x", select=(Selection(A, None, Query()),)), "! FetchXML has no options of a column"),
        (Query("x", order=(SortKey(Call("str.lower", (A,))),)), "! FetchXML has no function lower"),
        (
            Query("x", order=(SortKey(A),), select=(Selection(Aggregate("count", ROWS), "n"),)),
            "! FetchXML has no order of one row",
        ),
        (
            Query("x", select=(Selection(Aggregate("count", ROWS), "n"), Selection(A))),
            "! FetchXML has no columns beside aggregates, or aggregates of related rows",
        ),
        (
            Query("x", select=(Selection(Aggregate("custom.Median", ROWS, None, A)),)),
            "! FetchXML has no aggregate Median",
        ),
        (Query("x", search=Call("search.term", (Literal("string", "a"),))), "! FetchXML has no search"),
        (
            Query("x", compute=(Named("b", Call("math.neg", (A,))),)),
            "! FetchXML has no computed values",
        ),
        (Query("\ufffe"), "! XML cannot hold the character U+FFFE"),
    ],
)
def test_queries(query: Query, expected: str) -> None:
    if not expected.startswith("! "):
        assert flat(fetchxml.render(query)) == expected
        return
    with pytest.raises(QueryError) as caught:
        fetchxml.render(query)
    assert caught.value.message == expected.removeprefix("! ")


@pytest.mark.parametrize(
    ("options", "page"),
    [
        ("", (None, None)),
        ('top="5"', (5, None)),
        ('count="5"', (5, None)),
        ('count="5" page="1"', (5, 0)),
        ('count="5" page="3"', (5, 10)),
        ('page="1"', (None, None)),
    ],
)
def test_pages(options: str, page: tuple[int | None, int | None]) -> None:
    query = fetchxml.parse(f'<fetch {options}><entity name="x"/></fetch>')
    assert (query.top, query.skip) == page


def test_what_says_nothing_about_the_rows_is_dropped() -> None:
    text = (
        '<fetch version="1.0" output-format="xml-platform" mapping="logical" no-lock="true" distinct="false" '
        'paging-cookie="" xmlns:generator="x"><entity name="a"></entity></fetch>'
    )
    assert fetchxml.parse(text) == Query("a")


@pytest.mark.parametrize("attributes", ["", '<attribute name="accountid"/>', '<attribute name="id"/>'])
def test_distinct_rows_with_their_key(attributes: str) -> None:
    text = f'<fetch distinct="1"><entity name="account">{attributes}</entity></fetch>'
    assert fetchxml.parse(text) == fetchxml.parse(text.replace(' distinct="1"', ""))


def test_spans() -> None:
    test = '<condition attribute="nâme" operator="eq" value = \'&lt;x\' />'
    text = f'<fetch>\n<entity name="ä"><filter>{test}</filter></entity></fetch>'
    query = fetchxml.parse(text)
    spans = [text[slice(*node.span)] for node in walk(query) if node.span is not None]
    assert spans == [text, test, "nâme", "&lt;x"]


def test_a_refusal_points_at_the_construct() -> None:
    test: Expr = Call("cmp.eq", (Path(("owner", "name"), span=(3, 13)), Literal("int", 1)), span=(3, 17))
    with pytest.raises(NotExpressible) as caught:
        fetchxml.render_filter(test)
    assert caught.value.position == (3, 13)
