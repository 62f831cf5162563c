"""Schemas read off rows, and queries over rows that nobody described."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from querykit import types as t
from querykit.ast.nodes import Aggregate, Call, Expansion, Expr, Literal, Path, Query, SortKey
from querykit.bind import bind
from querykit.errors import UnknownName
from querykit.schema.infer import infer_data, infer_schema
from querykit.schema.model import Schema
from querykit.targets.evaluate import evaluate_plan, in_memory
from querykit.types import Type


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2], t.INT),
        ([1, None], t.INT),
        ([None, None], t.ANY),
        ([], t.ANY),
        ([1, 2.5], t.FLOAT),
        ([1, Decimal("2.5")], t.DECIMAL),
        ([True, False], t.BOOL),
        ([True, 1], t.ANY),
        (["a", 1], t.ANY),
        (["a", "b"], t.STRING),
        ([dt.date(2024, 1, 1)], t.DATE),
        ([dt.date(2024, 1, 1), dt.datetime(2024, 1, 1)], t.DATETIME),
        ([dt.time(1)], t.TIME),
        ([dt.timedelta(1)], t.DURATION),
        ([b"x"], t.BINARY),
        ([["a"], ["b", "c"]], t.collection(t.STRING)),
        ([[], ["b"]], t.collection(t.STRING)),
        ([["a"], [1]], t.collection(t.ANY)),
        ([[]], t.collection(t.ANY)),
        ([["a"], "b"], t.ANY),
        ([{"a": 1}, 5], t.ANY),
        ([[{"a": 1}, 5]], t.collection(t.ANY)),
        ([object()], t.ANY),
    ],
)
def test_type_of_a_property(values: list[Any], expected: Type) -> None:
    schema = infer_schema([{"v": value} for value in values] + [{"v": None}], "Row")
    found = schema.entity("Row").properties["v"]
    assert (found.type, found.nullable) == (expected, True)


def test_keys_of_all_rows_in_order() -> None:
    schema = infer_schema([{"b": 1}, {"a": 1, "b": 2}, {5: "no name"}], "Row")  # type: ignore[list-item]
    assert list(schema.entity("Row").properties) == ["b", "a"]


def test_nested_rows_become_entities() -> None:
    schema = infer_schema(
        [
            {"owner": {"name": "Ann", "boss": {"name": "Bob"}}, "orders": [{"city": "Wien"}, {"paid": True}]},
            {"owner": None, "orders": []},
            {"orders": [{"lines": [{"n": 1}]}]},
        ],
        "Account",
    )
    assert {name: list(item.names()) for name, item in schema.entities.items()} == {
        "Account": ["owner", "orders"],
        "Account.owner": ["name", "boss"],
        "Account.orders": ["city", "paid", "lines"],
        "Account.owner.boss": ["name"],
        "Account.orders.lines": ["n"],
    }
    relations = schema.entity("Account").relations
    assert (relations["owner"].many, relations["orders"].many) == (False, True)


def test_several_lists() -> None:
    assert list(infer_data({"A": [{"x": 1}], "B": []}).entities) == ["A", "B"]


def test_rows_that_hold_themselves_end() -> None:
    row: dict[str, Any] = {"id": 1}
    row["self"] = row
    assert len(infer_schema([row], "Row").entities) == 17


ROWS: list[dict[str, Any]] = [
    {
        "name": "Acme",
        "revenue": 5,
        "address": {"city": "Wien", "zip": None},
        "orders": [{"total": 3, "lines": [{"n": 1}]}, {"total": 4, "lines": []}],
    },
    {"name": "Best", "revenue": 7.5, "address": None, "orders": []},
    {"name": None, "revenue": None, "address": {"city": "Graz", "zip": 8010}},
]


def names(where: Expr, rows: Any = ROWS) -> list[Any]:
    data, schema, entity = in_memory(rows, None)
    bound = bind(Query(filter=where), schema, entity)
    return [row["name"] for row in evaluate_plan(bound, data)]


def path(*steps: str, up: int = 0) -> Path:
    return Path(steps, up)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Call("total.ne", (path("name"), Literal("string", "Acme"))), ["Best", None]),
        (Call("total.gt", (path("revenue"), Literal("int", 5))), ["Best"]),
        (Call("total.eq", (path("address", "city"), Literal("string", "Wien"))), ["Acme"]),
        (Call("total.ne", (path("address", "city"), Literal("string", "Wien"))), ["Best", None]),
        (Call("null.is", (path("address"),)), ["Best"]),
        (Call("null.is", (path("address", "zip"),)), ["Acme", "Best"]),
        (Aggregate("any", path("orders")), ["Acme"]),
        (
            Aggregate("all", path("orders"), Call("cmp.gt", (path("total"), Literal("int", 3)))),
            ["Best", None],
        ),
        (Aggregate("any", path("orders"), Aggregate("any", path("lines"))), ["Acme"]),
        (
            Call(
                "total.eq",
                (Aggregate("sum", path("orders"), argument=path("total")), Literal("int", 7)),
            ),
            ["Acme"],
        ),
    ],
)
def test_filter_over_undescribed_rows(where: Expr, expected: list[Any]) -> None:
    assert names(where) == expected


def test_expand_of_undescribed_rows() -> None:
    data, schema, entity = in_memory(ROWS, None)
    query = Query(
        order=(SortKey(path("revenue"), True),),
        expand=(Expansion(path("orders"), Query(top=1)), Expansion(path("address"), Query())),
    )
    first, second, third = evaluate_plan(bind(query, schema, entity), data)
    assert (first["name"], first["orders"], first["address"]) == ("Best", [], None)
    assert (second["orders"], second["address"]["city"]) == ([{"total": 3}], "Wien")
    assert third["orders"] == []


def test_rows_by_entity_name_need_one() -> None:
    data, schema, entity = in_memory({"A": [{"x": 1}], "B": [{"y": 2}]}, None, "B")
    assert (entity, evaluate_plan(bind(Query(), schema, entity), data)) == ("B", [{"y": 2}])
    assert in_memory({"A": [{"x": 1}]}, None)[2] == "A"
    data, schema, entity = in_memory({"A": [], "B": []}, None)
    with pytest.raises(UnknownName):
        bind(Query(), schema, entity)


def test_plain_rows_with_a_schema() -> None:
    schema = Schema.from_dict({"Account": {"table": "accounts", "properties": {"day": "date"}}})
    for entity in (None, "Account", "accounts"):
        data, known, found = in_memory([{"day": "2024-02-29"}], schema, entity)
        assert evaluate_plan(bind(Query(), known, found), data) == [{"day": dt.date(2024, 2, 29)}]
    with pytest.raises(UnknownName):
        in_memory([], schema, "Nothing")
