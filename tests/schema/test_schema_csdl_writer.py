"""What is written as CSDL is read back as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shop_models as shop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from querykit import Schema
from querykit.schema.model import Entity
from querykit.schema.plain import _SCALARS

HERE = Path(__file__).parent
DOCUMENTS = ["library", "resco_style", "shop_style", "dynamics_style", "namespaces"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents(name: str) -> None:
    schema = Schema.from_csdl((HERE / f"{name}.xml").read_text(encoding="utf-8"))
    again = Schema.from_csdl(schema.to_csdl("Other.Name"))
    assert again.entities == schema.entities
    assert again.to_csdl() == schema.to_csdl()


def test_mapped_classes() -> None:
    schema = Schema.from_sqlalchemy(shop.Base)
    assert Schema.from_csdl(schema.to_csdl()).entities == {
        name: plain(item) for name, item in schema.entities.items()
    }


def plain(entity: Entity) -> Entity:
    """A document does not say what computes a value, or a row."""
    found = {name: replace(item, computed=False) for name, item in entity.properties.items()}
    return replace(entity, properties=found, derived=False)


def test_what_a_client_reads() -> None:
    schema = Schema.from_dict(
        {
            "Account": {
                "table": "accounts",
                "key": ["id"],
                "properties": {
                    "id": "int!",
                    "owner_id": "int",
                    "home": {"type": "complex", "properties": {"city": "string"}},
                },
                "relations": {
                    "owner": {"target": "Account", "on": [["owner_id", "id"]]},
                    "owned": {"target": "Account", "many": True, "on": [["id", "owner_id"]]},
                },
            }
        }
    )
    assert schema.to_csdl("Crm") == (HERE / "written.xml").read_text(encoding="utf-8")


NAMES = st.sampled_from(["id", "name", "City", "_x", "état", "owner", "n1", "Home"])
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=6) | NAMES
SCALARS = st.sampled_from(sorted(_SCALARS))
FLAGS = st.booleans()


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> Any:
    kind = draw(st.sampled_from(["plain", "plain", "body", "enum", "list", "complex", "complexes"]))
    if kind == "plain":
        return draw(SCALARS) + draw(st.sampled_from(["", "!"]))
    if kind == "enum":
        stored = draw(st.sampled_from([st.integers(-9, 9), TEXTS]))
        members = draw(st.dictionaries(TEXTS, stored, min_size=1, max_size=3))
        return {"type": "enum", "members": members, "name": draw(TEXTS)}
    if kind == "list":
        return {"type": "list", "of": draw(SCALARS), "nullable": draw(FLAGS)}
    if kind in ("complex", "complexes") and depth:
        parts = draw(st.dictionaries(NAMES, values(depth - 1), min_size=1, max_size=2))
        if kind == "complexes":
            return {"type": "list", "of": "complex", "properties": parts}
        return {"type": "complex", "properties": parts, "nullable": draw(FLAGS)}
    return {
        "type": draw(SCALARS),
        "column": draw(TEXTS),
        "nullable": draw(FLAGS),
        "collation": draw(st.sampled_from([None, "binary", "nocase"])),
        "searchable": draw(FLAGS),
    }


def columns(entity: Entity) -> list[str]:
    return [item.column for item in entity.properties.values()]


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    names = draw(
        st.lists(st.sampled_from(["Account", "Person", "Tag", "id"]), min_size=1, max_size=3, unique=True)
    )
    data: dict[str, dict[str, Any]] = {}
    for name in names:
        properties = draw(st.dictionaries(NAMES, values(), min_size=1, max_size=4))
        data[name] = {"table": draw(TEXTS), "schema": draw(st.none() | TEXTS), "properties": properties}
        if data and draw(FLAGS):
            base = draw(st.sampled_from(list(data)))
            if base != name:
                data[name]["base"] = base
                if draw(FLAGS):
                    data[name]["properties"] = {**properties, **data[base]["properties"]}
    known = Schema.from_dict(data).entities
    for name in names:
        found = known[name]
        data[name]["key"] = draw(st.lists(st.sampled_from(list(found.properties)), max_size=2, unique=True))
        data[name]["relations"] = draw(relations(known, found))
        if any(item.searchable for item in found.properties.values()) and draw(FLAGS):
            data[name]["search_index"] = {
                "kind": draw(st.sampled_from(["fts5", "tsvector"])),
                "name": draw(TEXTS),
            }
    return Schema.from_dict(data)


@st.composite
def relations(draw: st.DrawFn, known: Any, here: Entity) -> dict[str, Any]:
    taken = {name.partition("/")[0] for name in here.properties}
    found: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(["way", "back", "all", "tags"]), max_size=3, unique=True)):
        there = known[draw(st.sampled_from(list(known)))]
        pair = [draw(st.sampled_from(columns(here))), draw(st.sampled_from(columns(there)))]
        body: dict[str, Any] = {
            "target": there.name,
            "many": draw(FLAGS),
            "nullable": draw(FLAGS),
            "on": [pair],
        }
        if body["many"] and draw(FLAGS):
            del body["on"]
            body["through"] = {
                "table": draw(TEXTS),
                "local": [[pair[0], draw(TEXTS)]],
                "remote": [[draw(TEXTS), pair[1]]],
            }
        if name not in taken:
            found[name] = body
    return found


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schemas())
def test_any_schema(schema: Schema) -> None:
    assert Schema.from_csdl(schema.to_csdl()).entities == schema.entities


REFUSED = [
    ({"a b": {"properties": {"id": "int"}}}, "'a b'"),
    ({"A": {"properties": {"first name": "int"}}}, "'first name'"),
    ({"A": {"properties": {"id": {"type": "int", "column": "a\0b"}}}}, "XML cannot hold"),
    ({"A": {"properties": {"a": "int", "a/b": "int"}}}, "no complex value"),
]


@pytest.mark.parametrize(("data", "message"), REFUSED)
def test_names_that_csdl_does_not_have(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Schema.from_dict(data).to_csdl()


def test_complex_types_that_hold_one_another_twice() -> None:
    types = "".join(
        f'<ComplexType Name="C{n}"><Property Name="a" Type="N.C{n + 1}"/>'
        f'<Property Name="b" Type="N.C{n + 1}"/></ComplexType>'
        for n in range(30)
    )
    text = (
        '<edmx:Edmx Version="4.0"><edmx:DataServices><Schema Namespace="N">'
        f'{types}<ComplexType Name="C30"><Property Name="x"/></ComplexType>'
        '<EntityType Name="A"><Property Name="c" Type="N.C0"/></EntityType></Schema></edmx:DataServices></edmx:Edmx>'
    )
    with pytest.raises(ValueError, match="more than 100000 properties"):
        Schema.from_csdl(text)
