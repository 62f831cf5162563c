"""Complex values: `Home/City`, in the columns of the row or nested in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import querykit
from querykit import Forbidden, NotExpressible, Policy, QueryError, Schema
from text_tables import lines

HERE = Path(__file__).parent
CASES = [line.split(" | ") for line in lines(HERE / "complex_rows.txt")]

CSDL = """
<edmx:Edmx Version="4.0"><edmx:DataServices><Schema Namespace="N">
  <ComplexType Name="Place"><Property Name="Zip" Type="Edm.Int32"/></ComplexType>
  <ComplexType Name="Address"><Property Name="City"/><Property Name="Place" Type="N.Place"/></ComplexType>
  <ComplexType Name="Phone"><Property Name="Number"/><Property Name="Kind"/></ComplexType>
  <EntityType Name="Person"><Key><PropertyRef Name="Name"/></Key>
    <Property Name="Name" Nullable="false"/><Property Name="Home" Type="N.Address"/>
    <Property Name="Phones" Type="Collection(N.Phone)"/><Property Name="BossName"/>
    <NavigationProperty Name="Boss" Type="N.Person" Partner="Staff"><ReferentialConstraint Property="BossName"
      ReferencedProperty="Name"/></NavigationProperty>
    <NavigationProperty Name="Staff" Type="Collection(N.Person)" Partner="Boss"/>
  </EntityType>
  <EntityContainer Name="C"><EntitySet Name="people" EntityType="N.Person"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>
"""
SCHEMA = Schema.from_csdl(CSDL)
NESTED: list[dict[str, Any]] = [
    {
        "Name": "Ann",
        "Home": {"City": "Gent", "Place": {"Zip": 9050}},
        "Phones": [{"Number": "1", "Kind": "home"}],
    },
    {
        "Name": "Bob",
        "Home": {"City": "Oslo"},
        "BossName": "Ann",
        "Phones": [{"Number": "2"}, {"Number": "3"}],
    },
    {"Name": "Cid", "Home": None, "Phones": []},
]


@pytest.fixture(scope="module")
def engine() -> Iterator[sa.Engine]:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE people (Name, Home_City, Home_Place_Zip, Phones, BossName)")
        for row in [
            ("Ann", "Gent", 9050, "", None),
            ("Bob", "Oslo", None, "", "Ann"),
            ("Cid", None, None, "", None),
        ]:
            connection.exec_driver_sql("INSERT INTO people VALUES (?, ?, ?, ?, ?)", row)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_rows(engine: sa.Engine, text: str, expected: str) -> None:
    assert answer(lambda query: querykit.fetch(engine, query, SCHEMA, "Person"), text) == expected
    assert answer(lambda query: querykit.evaluate(query, NESTED, SCHEMA, "Person"), text) == expected
    assert answer(lambda query: by_text(engine, query), text) == expected


def by_text(engine: sa.Engine, query: querykit.Query) -> list[dict[str, Any]]:
    sql = querykit.to_sql(query, SCHEMA, "sqlite", "Person")
    with engine.connect() as connection:
        return [dict(row) for row in connection.exec_driver_sql(sql.text, sql.params).mappings()]


def answer(ask: Any, text: str) -> str:
    try:
        return " ".join(row["Name"] for row in ask(querykit.parse(text, "odata")))
    except QueryError as error:
        return error.code


PROJECTIONS = [
    ("$select=Home", {"Home/City": "Gent", "Home/Place/Zip": 9050}),
    ("$select=Home/City", {"Home/City": "Gent"}),
    ("$select=Home/Place", {"Home/Place/Zip": 9050}),
    ("$apply=groupby((Home))&$orderby=Home/City desc&$top=1", {"Home/City": "Oslo", "Home/Place/Zip": None}),
    ("$apply=groupby((Home/Place))&$orderby=Home/Place/Zip desc", {"Home/Place/Zip": 9050}),
    (
        "$select=Name,Home&$compute=Home/Place/Zip add 1 as Next",
        {"Name": "Ann", "Home/City": "Gent", "Home/Place/Zip": 9050},
    ),
]


@pytest.mark.parametrize(("text", "row"), PROJECTIONS)
def test_projections(engine: sa.Engine, text: str, row: dict[str, Any]) -> None:
    query = querykit.parse(text, "odata")
    assert querykit.fetch(engine, query, SCHEMA, "Person")[0] == row
    assert querykit.evaluate(query, NESTED, SCHEMA, "Person")[0] == row


def test_other_languages_say_it_too(engine: sa.Engine) -> None:
    for text, language in [("[Home.City] = 'Gent'", "criteria"), ("Home/City eq 'Gent'", "odata")]:
        query = querykit.Query(filter=querykit.parse_filter(text, language))
        assert [row["Name"] for row in querykit.fetch(engine, query, SCHEMA, "Person")] == ["Ann"]


LISTS = [
    ("$filter=Phones/any(p:p/Number eq '2')", "Bob"),
    ("$filter=Phones/all(p:p/Kind eq 'home')&$orderby=Name", "Ann Cid"),
    ("$filter=Phones/$count gt 1", "Bob"),
    ("$filter=Phones/any(p:p/Kind eq null and p/Number gt '2')", "Bob"),
    ("$filter=Phones/any(p:p/Nope eq '2')", "unknown_property"),
]


@pytest.mark.parametrize(("text", "expected"), LISTS)
def test_lists_of_complex_values(engine: sa.Engine, text: str, expected: str) -> None:
    assert answer(lambda query: querykit.evaluate(query, NESTED, SCHEMA, "Person"), text) == expected
    if " " in text and "Nope" not in text:
        with pytest.raises(NotExpressible) as caught:
            querykit.fetch(engine, querykit.parse(text, "odata"), SCHEMA, "Person")
        assert caught.value.code == "list_column"


def test_a_policy_hides_all_that_is_in_a_value() -> None:
    hidden = Policy(hidden={"Person": {"Home"}})
    found = querykit.evaluate(querykit.Query(), NESTED, SCHEMA, "Person", policy=hidden)
    assert list(found[0]) == ["Name", "Phones", "BossName"]
    query = querykit.parse("$filter=Home/City eq 'Gent'", "odata")
    with pytest.raises(Forbidden):
        querykit.evaluate(query, NESTED, SCHEMA, "Person", policy=hidden)
    part = Policy(hidden={"Person": {"Home/City"}})
    found = querykit.evaluate(querykit.parse("$select=Home", "odata"), NESTED, SCHEMA, "Person", policy=part)
    assert found[0] == {"Home/Place/Zip": 9050}


def test_columns_of_plain_data() -> None:
    schema = Schema.from_dict(
        {
            "Person": {
                "properties": {
                    "home": {
                        "type": "complex!",
                        "column": "addr",
                        "properties": {
                            "city": "string!",
                            "zip": {"type": "int", "column": "postcode"},
                            "place": {"type": "complex", "properties": {"x": "float!"}},
                        },
                    },
                    "phones": {"type": "list", "of": "complex", "properties": {"number": "string!"}},
                }
            }
        }
    )
    found = {name: (item.column, item.nullable) for name, item in schema.entity("Person").properties.items()}
    assert found == {
        "home/city": ("addr_city", False),
        "home/zip": ("postcode", True),
        "home/place/x": ("addr_place_x", True),
        "phones": ("phones", True),
    }
    assert [part.name for part in schema.entity("Person").properties["phones"].parts] == ["number"]
