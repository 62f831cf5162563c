"""No field of a query is dropped: a language says it, or says that it cannot."""

from __future__ import annotations

import pytest

import querykit
from querykit import NotExpressible, Query
from querykit.ast.nodes import Call, Expansion, Literal, Named, Path, Selection, SortKey, Transformation
from querykit.languages.registry import LANGUAGES

NAME = Path(("name",))
ONE = Literal("int", 1)

FIELDS = {
    "filter": Call("cmp.gt", (NAME, ONE)),
    "order": (SortKey(NAME, True),),
    "select": (Selection(NAME),),
    "expand": (Expansion(Path(("orders",)), Query()),),
    "top": 5,
    "skip": 10,
    "count": True,
    "aliases": (Named("p", ONE),),
    "search": Call("search.term", (Literal("string", "word"),)),
    "compute": (Named("twice", Call("math.mul", (NAME, ONE))),),
    "apply": (Transformation("identity"),),
    "options": (Named("skiptoken", Literal("string", "token")),),
}


#: What is no part of a text: every answer of Resengo has the count; a data source is given the number of rows
#: beside the criterion.
BESIDE = {("resengo", "count"), ("criteria", "top")}


def test_every_field_has_a_value() -> None:
    assert {*FIELDS, "entity"} == set(Query.fields)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_said_or_refused(language: str, field: str) -> None:
    query = Query(entity="Account", **{field: FIELDS[field]})
    try:
        text = querykit.render(query, language)
    except NotExpressible:
        return
    back = querykit.parse(text, language)
    said = getattr(back, field)
    if field == "aliases":  # one that nothing uses says nothing
        assert said in ((), FIELDS[field])
    elif field == "filter":  # OData compares totally: the same rows, another tree
        assert said is not None
    elif (language, field) not in BESIDE:
        assert said == FIELDS[field], text
