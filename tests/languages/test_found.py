"""What the properties of this folder have found, shrunk: trees that were written wrongly, or not at all."""

from __future__ import annotations

import pytest

import querykit
from querykit import NotExpressible, Query
from querykit.ast.nodes import (
    Aggregate,
    Call,
    EntitySet,
    Expansion,
    Expr,
    Literal,
    Named,
    Parameter,
    Path,
    Selection,
    SortKey,
    Transformation,
)

A, B, ALL = Path(("a",)), Path(("b",)), Path(("*",))
TYPE = Literal("type", "Edm.Int32")
WORD = Call("search.term", (Literal("string", "w"),))
IDENTITY = Transformation("identity")
TYPED = Call("search.term", (Literal("string", "w", "incomplete"),))

#: What OData's grammar has no place for, and was written all the same.
BEYOND_ODATA = {
    "a parameter with the name of a term": Query(filter=Parameter("@a")),
    "an entity set with the name of a term": Query(filter=Path((EntitySet("@a"), "b"))),
    "a type that is no argument": Query(filter=TYPE),
    "options of all relations": Query(expand=(Expansion(ALL, Query(top=1)),)),
    "the number of rows of all relations": Query(expand=(Expansion(ALL, Query(), kind="count"),)),
    "options of all properties": Query(select=(Selection(ALL, None, Query(top=1)),)),
    "a step after all properties": Query(select=(Selection(Path(("*", "a"))),)),
    "a function that is expanded": Query(expand=(Expansion(Path((Call("custom.f", (A,)),)), Query()),)),
    "an option of the whole request within it": Query(
        expand=(Expansion(A, Query(options=(Named("skiptoken", Literal("string", "t")),))),)
    ),
    "a branch of groups that nothing asks for": Query(
        apply=(Transformation("groupby", (A,), ((IDENTITY,), (IDENTITY,))),)
    ),
    "half a word in a longer search": Query(search=Call("search.and", (WORD, TYPED))),
}


@pytest.mark.parametrize("title", BEYOND_ODATA)
def test_refused(title: str) -> None:
    with pytest.raises(NotExpressible):
        querykit.render(BEYOND_ODATA[title], "odata")


#: A tree, and its text in a language.
WRITTEN: list[tuple[str, Query | Expr, str]] = [
    ("odata", Call("list", (Literal("char", "x"),)), '["x"]'),
    # null sorts before false: where the value counts, the two are kept apart
    (
        "odata",
        Query(order=(SortKey(Call("cmp.eq", (A, Literal("int", 1)))),)),
        "$orderby=case(a eq 1:true,a ne 1 and a ne null:false)",
    ),
    (
        "odata",
        Query(compute=(Named("c", Call("cmp.gt", (A, Literal("int", 1)))),)),
        "$compute=case(a gt 1:true,a le 1:false) as c",
    ),
    (
        "fetchxml",
        Query("e", skip=0),
        '<fetch>\n  <entity name="e">\n    <all-attributes />\n  </entity>\n</fetch>',
    ),
    # rewritings that were missing
    ("odata", Call("date.add_hours", (A, Literal("int", 30))), "a add duration'P1DT6H'"),
    ("criteria", Call("str.matches", (A, Literal("string", "^x"))), "StartsWith([a], 'x')"),
    ("criteria", Call("str.matches", (A, Literal("string", r"^x[\s\S]*y$"))), "[a] Like 'x%y'"),
    ("vtql", Call("str.matches", (A, Literal("string", r"^x[\s\S]y"))), "a LIKE 'x_y%'"),
]


@pytest.mark.parametrize(("language", "tree", "text"), WRITTEN)
def test_written(language: str, tree: Query | Expr, text: str) -> None:
    assert querykit.render(tree, language) == text


def test_a_join_comes_back_from_the_logic_of_odata() -> None:
    """`a eq b and a ne null` is `a = b`: FetchXML recognises its links."""
    joined = Call("cmp.eq", (A, Path(("b",), 1)))
    link = Aggregate("any", EntitySet("Order"), joined)
    text = querykit.render(link, "odata")
    assert text == "$root/Order/any(x:x/a eq b and x/a ne null)"
    back = querykit.render(querykit.parse_filter(text, "odata"), "criteria")
    assert back == "[<Order>][[a] = [^.b] And Not [a] Is Null]"
    assert 'link-type="any"' in querykit.render(querykit.parse_filter(text, "odata"), "fetchxml")
