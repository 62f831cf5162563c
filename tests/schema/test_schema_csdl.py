"""OData metadata documents as schemas."""

from __future__ import annotations

from pathlib import Path

import pytest
from schema_text import schema_text

import querykit
from querykit.schema.csdl import read_csdl
from querykit.schema.model import Schema

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", ["library", "resco_style", "shop_style", "dynamics_style", "namespaces"])
def test_documents(name: str) -> None:
    found = read_csdl((HERE / f"{name}.xml").read_text(encoding="utf-8"))
    assert schema_text(found) == (HERE / f"{name}.txt").read_text(encoding="utf-8")


def test_the_namespaces_may_be_missing() -> None:
    text = (HERE / "library.xml").read_text(encoding="utf-8")
    bare = text.replace(' xmlns="http://docs.oasis-open.org/odata/ns/edm"', "")
    bare = bare.replace(' xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"', "")
    assert "xmlns" not in bare
    assert schema_text(read_csdl(bare)) == schema_text(read_csdl(text))


def test_entities_by_the_name_of_their_set() -> None:
    schema = Schema.from_csdl((HERE / "library.xml").read_text(encoding="utf-8"))
    assert schema.entity("Books") is schema.entity("Book")


#: A type as queries name it, and the accounts, by id, that are of it.
CASTS = {
    "firm.hub.security.user": ["2"],
    "hub.security.user": ["2"],
    "security.user": ["2"],
    "firm.hub.user": ["1", "2"],
    "user": ["1", "2"],
}


@pytest.mark.parametrize("name", CASTS)
def test_types_of_one_name_are_told_apart_by_their_namespaces(name: str) -> None:
    schema = Schema.from_csdl((HERE / "namespaces.xml").read_text(encoding="utf-8"))
    data = {"user": [{"id": "1"}, {"id": "2"}], "security_user": [{"id": "2", "risk": 3}]}
    found = querykit.evaluate(querykit.parse(f"$filter=isof({name})", "odata"), data, schema, "users")
    assert [row["id"] for row in found] == CASTS[name]


def rows() -> list[tuple[str, str]]:
    lines = (HERE / "csdl_refused.txt").read_text(encoding="utf-8").splitlines()
    return [(text, message) for text, _, message in (line.rpartition("\t") for line in lines[1:])]


@pytest.mark.parametrize(("text", "message"), rows())
def test_refused(text: str, message: str) -> None:
    if text.startswith("!"):
        document = text[1:]
    else:
        document = (
            '<edmx:Edmx Version="4.0"><edmx:DataServices><Schema Namespace="N">'
            f"{text}</Schema></edmx:DataServices></edmx:Edmx>"
        )
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared
        read_csdl(document)
    assert message in str(caught.value)


def test_a_deep_document_is_no_danger() -> None:
    deep = "<a>" * 100_000 + "</a>" * 100_000
    with pytest.raises(ValueError, match="the root element"):
        read_csdl(deep)
