"""Trees are read without places; where an error needs one, it is found."""

from __future__ import annotations

import pytest

import querykit
from querykit import NotExpressible, QueryError, Schema, UnknownName
from querykit.ast.build import conjunction
from querykit.ast.nodes import Call, Path, Query
from querykit.ast.places import with_places
from querykit.ast.walk import walk

SCHEMA = Schema.from_dict(
    {"Shop": {"table": "shop", "key": ["id"], "properties": {"id": "int!", "name": "string", "size": "int"}}}
)

#: Language, text, what an error about it points to.
UNKNOWN = [
    ("odata", "$filter=name eq 'x' and nme eq 'y'", "nme"),
    ("odata", "$orderby=name,sise desc&$top=1", "sise"),
    ("odata", "$filter=name%20eq%20'%C3%A4'%20and%20nme%20eq%201", "nme"),
    ("odata", "$filter=size gt 'x' or true", "'x'"),
    ("criteria", "[name] = 'x' And [nme] = 'y'", "[nme]"),
    ("vtql", "SELECT name FROM Shop WHERE nme = 'x';", "nme"),
]


@pytest.mark.parametrize(("language", "text", "part"), UNKNOWN)
def test_errors_of_binding_have_a_place(language: str, text: str, part: str) -> None:
    query = querykit.parse(text, language)
    for refused in (
        lambda: querykit.to_sql(query, SCHEMA, "sqlite", "Shop"),
        lambda: querykit.evaluate(query, [{"id": 1}], SCHEMA, "Shop"),
        lambda: querykit.Translator(SCHEMA, language, "sqlite").plan(text, "Shop"),
    ):
        with pytest.raises(QueryError) as caught:
            refused()
        assert caught.value.position is not None
        assert text[slice(*caught.value.position)] == part


def test_a_bare_condition_knows_its_text() -> None:
    expr = querykit.parse_filter("size gt 1 and isof(size,Ns.T)", "odata")
    with pytest.raises(NotExpressible) as caught:
        querykit.render(expr, "vtql")
    assert caught.value.position == (14, 29)


def test_a_tree_that_was_changed_has_the_places_of_what_was_left() -> None:
    text = "name eq 'x' and nme eq 'y'"
    expr = querykit.parse_filter(text, "odata")
    changed = conjunction(Call("null.is", (Path(("size",)),)), expr)
    with pytest.raises(UnknownName) as caught:
        querykit.to_sql(Query(filter=changed), SCHEMA, "sqlite", "Shop")
    assert caught.value.position == (16, 19)


@pytest.mark.parametrize("text", ["name", "true", "@p", "name eq 'x'", "not name/any(n:n eq 1)"])
def test_every_node_has_a_place_when_asked(text: str) -> None:
    placed = with_places(querykit.parse_filter(text, "odata"))
    assert placed.span == (0, len(text))
    assert [node for node in walk(placed) if node.span is None] == []


def test_nodes_that_texts_have_in_common_keep_no_place() -> None:
    one, other = querykit.parse_filter("name", "odata"), querykit.parse_filter("not name", "odata")
    assert one.span is not None
    assert isinstance(other, Call)
    assert other.args[0].span is None
