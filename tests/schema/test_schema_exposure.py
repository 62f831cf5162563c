"""A schema with less in it: what is left out does not exist for a query."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from schema_text import schema_text
from shop_models import Base, Kiosk, Shop, engine

import querykit
from querykit import QueryError, Schema

HERE = Path(__file__).parent
SCHEMA = Schema.from_dict(
    {
        "Account": {
            "table": "accounts",
            "key": ["id"],
            "properties": {
                "id": "int!",
                "name": {"type": "string", "searchable": True},
                "iban": {"type": "string", "searchable": True},
                "owner_id": "int",
                "home": {"type": "complex", "properties": {"city": "string", "zip": "int"}},
            },
            "relations": {
                "owner": {"target": "User", "on": [["owner_id", "id"]]},
                "contacts": {"target": "Contact", "many": True, "on": [["id", "account_id"]]},
            },
            "search_index": {"kind": "fts5", "name": "words"},
        },
        "User": {"table": "users", "key": ["id"], "properties": {"id": "int!", "login": "string"}},
        "Contact": {
            "table": "contacts",
            "key": ["id"],
            "properties": {"id": "int!", "account_id": "int"},
            "relations": {"account": {"target": "Account", "on": [["account_id", "id"]]}},
        },
    }
)


def cases() -> list[tuple[str, str]]:
    _, *blocks = (HERE / "exposed.txt").read_text(encoding="utf-8").split("\n# ")
    return [tuple(f"{block.strip()}\n".split("\n", 1)) for block in blocks]  # type: ignore[misc]


def exposed(schema: Schema, row: str) -> Schema:
    include, exclude, aliases = ([] if part == "-" else part.split() for part in row.split(" | "))
    new = dict(alias.split("=") for alias in aliases)
    return schema.expose(include or None, exclude=exclude, aliases=new)


@pytest.mark.parametrize(("row", "expected"), cases())
def test_what_is_left(row: str, expected: str) -> None:
    assert schema_text(exposed(SCHEMA, row).entities.values()) == expected


WRONG = [
    ("Nope | - | -", "unknown_entity"),
    ("- | Account.nope | -", "unknown_property"),
    ("- | - | Account.nope=x", "unknown_property"),
    ("- | - | Account.home/nope=x", "unknown_property"),
    ("- | - | Account=User", "two things called 'User'"),
    ("- | - | Account.name=iban", "two things called 'iban'"),
    ("- | - | Account.owner=name", "two things called 'name'"),
    ("- | - | Account=", "is empty"),
]


@pytest.mark.parametrize(("row", "message"), WRONG)
def test_what_cannot_be_exposed(row: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - an UnknownName is one, too
        exposed(SCHEMA, row)
    assert message in (getattr(caught.value, "code", ""), str(caught.value)) or message in str(caught.value)


def test_ids_need_their_relation() -> None:
    schema = SCHEMA.with_ids("Account", "owner_id", {"19": "owner"})
    assert schema.expose(aliases={"Account.owner": "who"}).entity("Account").properties[
        "owner_id"
    ].id_prefixes == (("19", "who"),)
    with pytest.raises(ValueError, match="'owner', which is not exposed"):
        schema.expose(exclude=["User"])


SHOP = Schema.from_sqlalchemy(Base).expose(
    ["Shop", "Sale.shop", "Sale.amount", "Kiosk", "NightKiosk.opens"],
    exclude=["Shop.id"],
    aliases={
        "Shop": "Store",
        "Shop.name": "label",
        "Sale.shop": "store",
        "Shop.address": "at",
        "Sale": "Sold",
    },
)

#: Entity, query, values of the rows; or the code of the error.
ASKED: list[tuple[str, str, Any]] = [
    ("Store", "$select=label&$orderby=label", [["Ab"], ["Cd"], ["Ef"]]),
    ("Store", "$select=label&$top=2&$orderby=founded", [["Ef"], ["Ab"]]),
    ("Store", "$select=label&$top=2&$skip=1", [["Cd"], ["Ef"]]),
    ("Store", "$select=label&$filter=at/city eq 'Oslo'", [["Cd"]]),
    ("Store", "$select=label&$filter=loud eq 'Cd!'", [["Cd"]]),
    ("Store", "$select=label&$filter=sales/any(s:s/amount eq 7)", [["Ab"]]),
    (
        "Store",
        "$select=label&$orderby=label&$top=1&$expand=sales($orderby=amount)",
        [["Ab", [{"amount": 5}, {"amount": 7}]]],
    ),
    ("Sold", "$orderby=amount&$filter=store/label eq 'Ab'", [[5], [7]]),
    ("Sold", "$orderby=amount&$top=1&$expand=store($select=label)", [[1, {"label": "Cd"}]]),
    ("NightKiosk", "", [[8]]),
    ("Store", "$filter=id eq 1", "unknown_property"),
    ("Store", "$filter=name eq 'Ab'", "unknown_property"),
    ("Store", "$filter=address/city eq 'Oslo'", "unknown_property"),
    ("Store", "$filter=sales/any(s:s/shop_id eq 7)", "unknown_property"),
    ("Store", "$filter=parent eq 1", "row_as_value"),
    ("Store", "$select=sales", "no_outputs"),
    ("Shop", "", "unknown_entity"),
    ("Sale", "", "unknown_entity"),
]


@pytest.mark.parametrize(("entity", "text", "expected"), ASKED)
def test_queries(entity: str, text: str, expected: Any) -> None:
    database = engine()
    try:
        query = querykit.parse(text, "odata") if text else querykit.Query()
        found: Any = [list(row.values()) for row in querykit.fetch(database, query, SHOP, entity)]
    except QueryError as error:
        found = error.code
    finally:
        database.dispose()
    assert found == expected


def test_hidden_names_are_never_suggested() -> None:
    with pytest.raises(QueryError) as caught:
        querykit.to_sqlalchemy(querykit.parse("$filter=ID eq 1", "odata"), SHOP, "Store")
    assert caught.value.hint is None or "'id'" not in caught.value.hint


def test_by_class_and_in_memory() -> None:
    assert SHOP.entity(Shop).name == "Store"
    assert SHOP.entity(Kiosk).name == "Kiosk"
    rows = [{"label": "x", "founded": 1}, {"label": "y", "founded": 2}]
    query = querykit.parse("$filter=founded gt 1&$select=label", "odata")
    assert querykit.evaluate(query, rows, SHOP, "Store") == [{"label": "y"}]


def test_of_every_reader() -> None:
    text = (HERE / "library.xml").read_text(encoding="utf-8")
    metadata = sa.MetaData()
    sa.Table("Author", metadata, sa.Column("Id", sa.Integer, primary_key=True), sa.Column("Name", sa.String))
    for schema in (Schema.from_csdl(text), Schema.from_sqlalchemy(metadata)):
        found = schema.expose(["Author.Name"], aliases={"Author": "Writer"})
        assert list(found.entities) == ["Writer"]
        assert list(found.entity("Writer").names()) == ["Name"]
        assert found.to_csdl().count("<Property ") == 1
