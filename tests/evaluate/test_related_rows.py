"""Joins, collections, free joins and expansions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import handmade
import pytest

from querykit import types as t
from querykit.errors import TypeMismatch
from querykit.plan.nodes import Bound, Output, Plan
from querykit.schema.model import Property, Relation, Through

OWNER = handmade.to_one("owner", "User", "owner_id", "id")
BOSS = handmade.to_one("boss", "User", "boss_id", "id")
ORDERS = handmade.to_many("orders", "Order", "id", "ACC")
LINES = handmade.to_many("lines", "Line", "id", "order_id")
LABELS = Relation(
    "labels",
    "Label",
    True,
    (),
    Through("account_label", None, (("id", "account_id"),), (("label_id", "id"),)),
)

USER = handmade.entity("User", BOSS, id=t.INT, name=t.STRING, boss_id=t.INT)
LINE = handmade.entity("Line", id=t.INT, order_id=t.INT, amount=t.DECIMAL)
# The link column of an order is no property; it goes by its column name.
ORDER = handmade.entity("Order", LINES, id=t.INT, city=t.STRING, paid=t.BOOL, total=t.INT)
LABEL = handmade.entity("Label", id=t.INT, text=t.STRING)
ACCOUNT = handmade.entity(
    "Account",
    OWNER,
    ORDERS,
    LABELS,
    id=t.INT,
    name=t.STRING,
    city=t.STRING,
    owner_id=Property("ownerId", "owner_id", t.INT),
)

DATA: dict[str, list[dict[str, Any]]] = {
    "Account": [
        {"id": 1, "name": "Acme", "city": "Wien", "ownerId": 10},
        {"id": 2, "name": "Best", "city": "Graz", "ownerId": 11},
        {"id": 3, "name": "Cold", "city": None, "ownerId": None},
        {"id": 4, "name": "Dead", "city": "Wien", "ownerId": 99},
    ],
    "User": [
        {"id": 10, "name": "Ann", "boss_id": 11},
        {"id": 11, "name": None, "boss_id": None},
    ],
    "Order": [
        {"id": 100, "ACC": 1, "city": "Wien", "paid": True, "total": 5},
        {"id": 101, "ACC": 1, "city": "Linz", "paid": False, "total": 7},
        {"id": 102, "ACC": 2, "city": None, "paid": None, "total": None},
        {"id": 103, "ACC": None, "city": "Wien", "paid": True, "total": 50},
    ],
    "Line": [
        {"id": 1, "order_id": 100, "amount": "1.10"},
        {"id": 2, "order_id": 100, "amount": "2.20"},
        {"id": 3, "order_id": 101, "amount": None},
    ],
    "Label": [{"id": 1, "text": "new"}, {"id": 2, "text": "hot"}],
    "account_label": [
        {"account_id": 1, "label_id": 1},
        {"account_id": 1, "label_id": 2},
        {"account_id": 1, "label_id": 2},
        {"account_id": 2, "label_id": 2},
        {"account_id": None, "label_id": 1},
    ],
}


def ids(query: handmade.Query, where: Bound | None) -> list[int]:
    return [row["id"] for row in query.run(query.select(where=where), DATA)]


def answers(query: handmade.Query, expr: Bound) -> list[Any]:
    return [row["a"] for row in query.run(query.select(Output("a", expr)), DATA)]


# -- to-one paths ---------------------------------------------------------------------------------------


def joined() -> tuple[handmade.Query, handmade.Table, handmade.Table]:
    boss = handmade.Table(2, USER)
    owner = handmade.Table(1, USER, (handmade.Join(BOSS, boss),))
    return handmade.Query(ACCOUNT, handmade.Join(OWNER, owner)), owner, boss


def test_path_over_two_relations() -> None:
    query, owner, boss = joined()
    assert answers(query, handmade.col(owner, "name")) == ["Ann", None, None, None]
    assert answers(query, handmade.col(owner, "id")) == [10, 11, None, None]
    assert answers(query, handmade.col(boss, "id")) == [11, None, None, None]


def test_path_through_a_missing_row_is_null() -> None:
    query, _, boss = joined()
    assert ids(query, handmade.op("total.ne", handmade.col(boss, "id"), query(11))) == [2, 3, 4]
    assert ids(query, handmade.op("cmp.ne", handmade.col(boss, "id"), query(11))) == []
    assert ids(query, handmade.op("null.is", handmade.col(boss, "id"))) == [2, 3, 4]


def test_joins_do_not_multiply_rows() -> None:
    query, owner, _ = joined()
    assert len(ids(query, None)) == 4
    assert ids(query, handmade.op("total.eq", handmade.col(owner, "name"), query("Ann"))) == [1]


# -- collections ----------------------------------------------------------------------------------------

INNER = handmade.Table(5, ORDER)
CITY, PAID, TOTAL = (handmade.col(INNER, name) for name in ("city", "paid", "total"))


@pytest.mark.parametrize(
    ("function", "condition", "argument", "expected"),
    [
        ("any", None, None, [True, True, False, False]),
        ("any", PAID, None, [True, False, False, False]),
        ("any", handmade.op("bool.not", PAID), None, [True, False, False, False]),
        ("any", handmade.op("null.is", PAID), None, [False, True, False, False]),
        ("none", None, None, [False, False, True, True]),
        ("none", PAID, None, [False, True, True, True]),
        # All is true of nothing, and false if the condition is false or null for one.
        ("all", PAID, None, [False, False, True, True]),
        ("all", handmade.op("null.is_not", CITY), None, [True, False, True, True]),
        ("count", None, None, [2, 1, 0, 0]),
        ("count", PAID, None, [1, 0, 0, 0]),
        ("count", None, TOTAL, [2, 0, 0, 0]),
        ("sum", None, TOTAL, [12, None, None, None]),
        ("sum", PAID, TOTAL, [5, None, None, None]),
        ("avg", None, TOTAL, [Decimal(6), None, None, None]),
        ("min", None, TOTAL, [5, None, None, None]),
        ("max", None, TOTAL, [7, None, None, None]),
        ("min", None, CITY, ["Linz", None, None, None]),
        ("single", None, CITY, [None, None, None, None]),
        ("single", handmade.op("bool.not", PAID), CITY, ["Linz", None, None, None]),
    ],
)
def test_collection(
    function: str, condition: Bound | None, argument: Bound | None, expected: list[Any]
) -> None:
    query = handmade.Query(ACCOUNT)
    assert answers(query, handmade.sub(function, INNER, ORDERS, condition, argument)) == expected


def test_condition_sees_the_outer_row() -> None:
    query = handmade.Query(ACCOUNT)
    elsewhere = handmade.op("total.ne", CITY, handmade.col(query.table, "city"))
    assert ids(query, handmade.sub("any", INNER, ORDERS, elsewhere)) == [1, 2]


def test_nested_collections() -> None:
    query = handmade.Query(ACCOUNT)
    line = handmade.Table(6, LINE)
    most = handmade.sub("max", line, LINES, argument=handmade.col(line, "amount"), outer=5)
    assert answers(query, handmade.sub("sum", INNER, ORDERS, argument=most)) == [
        Decimal("2.20"),
        None,
        None,
        None,
    ]
    empty = handmade.op("bool.not", handmade.sub("any", line, LINES, outer=5))
    assert ids(query, handmade.sub("any", INNER, ORDERS, empty)) == [2]


def test_innermost_row_sees_the_outermost() -> None:
    query = handmade.Query(ACCOUNT)
    line = handmade.Table(6, LINE)
    deep = handmade.sub(
        "any", line, LINES, handmade.op("cmp.eq", handmade.col(query.table, "id"), query(1)), outer=5
    )
    assert ids(query, handmade.sub("any", INNER, ORDERS, deep)) == [1]


def test_collection_of_a_joined_row() -> None:
    query, owner, _ = joined()
    report = handmade.Table(7, USER)
    reports = handmade.to_many("reports", "User", "id", "boss_id")
    assert answers(query, handmade.sub("count", report, reports, outer=owner.id)) == [0, 1, 0, 0]


def test_path_inside_a_collection() -> None:
    query = handmade.Query(USER)
    owner = handmade.Table(9, USER)
    account = handmade.Table(8, ACCOUNT, (handmade.Join(OWNER, owner),))
    owned = handmade.to_many("accounts", "Account", "id", "owner_id")
    condition = handmade.op("cmp.eq", handmade.col(owner, "name"), query("Ann"))
    assert ids(query, handmade.sub("any", account, owned, condition)) == [10]


def test_many_to_many() -> None:
    query = handmade.Query(ACCOUNT)
    label = handmade.Table(5, LABEL)
    assert answers(query, handmade.sub("count", label, LABELS)) == [2, 1, 0, 0]
    hot = handmade.op("cmp.eq", handmade.col(label, "text"), query("new"))
    assert ids(query, handmade.sub("any", label, LABELS, hot)) == [1]


def test_free_join() -> None:
    query = handmade.Query(ACCOUNT)
    same_city = handmade.op("cmp.eq", CITY, handmade.col(query.table, "city"))
    assert answers(query, handmade.sub("count", INNER, None, same_city)) == [2, 0, 0, 2]
    assert answers(query, handmade.sub("sum", INNER, None, argument=TOTAL)) == [62] * 4


def test_aggregate_over_the_set_itself() -> None:
    query = handmade.Query(ACCOUNT)
    other = handmade.Table(5, ACCOUNT)
    newest = handmade.sub("max", other, None, argument=handmade.col(other, "id"))
    assert ids(query, handmade.op("cmp.eq", handmade.col(query.table, "id"), newest)) == [4]


def test_aggregate_of_texts_is_refused_where_it_stands() -> None:
    query = handmade.Query(ACCOUNT)
    with pytest.raises(TypeMismatch):
        answers(query, handmade.sub("sum", INNER, ORDERS, argument=CITY))


def test_nested_rows_are_related_rows() -> None:
    query, owner, _ = joined()
    rows = [
        {"id": 1, "owner": {"id": 7, "name": "Eve"}, "orders": [{"city": "Bonn"}, {"city": None}]},
        {"id": 2, "owner": None, "orders": []},
        {"id": 3},
    ]
    plan = query.select(
        Output("owner", handmade.col(owner, "name")), Output("orders", handmade.sub("count", INNER, ORDERS))
    )
    assert query.run(plan, {"Account": rows}) == [
        {"owner": "Eve", "orders": 2},
        {"owner": None, "orders": 0},
        {"owner": None, "orders": 0},
    ]


def test_links_of_different_spelling_match() -> None:
    """A hidden column that holds a text links to a property that is a number."""
    query = handmade.Query(ACCOUNT)
    data = {"Account": [{"id": 1}], "Order": [{"id": 5, "ACC": "1"}]}
    (row,) = query.run(query.select(Output("n", handmade.sub("count", INNER, ORDERS))), data)
    assert row == {"n": 1}


# -- expansions -----------------------------------------------------------------------------------------


def orders_plan(**options: Any) -> Plan:
    table = handmade.Table(0, ORDER)
    outputs = (Output("id", handmade.col(table, "id")),)
    return Plan(table, outputs, **options)


def test_expand_to_many_and_to_one() -> None:
    query = handmade.Query(ACCOUNT)
    user = handmade.Table(0, USER)
    owner = Plan(user, (Output("name", handmade.col(user, "name")),))
    plan = query.select(
        Output("id", handmade.col(query.table, "id")),
        expand=(handmade.Expand("orders", ORDERS, orders_plan()), handmade.Expand("owner", OWNER, owner)),
    )
    assert query.run(plan, DATA) == [
        {"id": 1, "orders": [{"id": 100}, {"id": 101}], "owner": {"name": "Ann"}},
        {"id": 2, "orders": [{"id": 102}], "owner": {"name": None}},
        {"id": 3, "orders": [], "owner": None},
        {"id": 4, "orders": [], "owner": None},
    ]


def test_expand_options_hold_per_parent() -> None:
    query = handmade.Query(ACCOUNT)
    table = handmade.Table(0, ORDER)
    newest = orders_plan(order=(handmade.desc(handmade.col(table, "id")),), limit=query.number(1))
    plan = query.select(
        Output("id", handmade.col(query.table, "id")),
        where=handmade.op("cmp.le", handmade.col(query.table, "id"), query(2)),
        expand=(handmade.Expand("orders", ORDERS, newest),),
    )
    assert query.run(plan, DATA) == [{"id": 1, "orders": [{"id": 101}]}, {"id": 2, "orders": [{"id": 102}]}]
    skipping = orders_plan(offset=query.number(1))
    plan = query.select(expand=(handmade.Expand("orders", ORDERS, skipping),))
    assert [row["orders"] for row in query.run(plan, DATA)] == [[{"id": 101}], [], [], []]


def test_expand_filter_leaves_parents_alone() -> None:
    query = handmade.Query(ACCOUNT)
    paid = orders_plan(where=handmade.col(handmade.Table(0, ORDER), "paid"))
    user = handmade.Table(0, USER)
    nobody = Plan(user, (), where=handmade.op("cmp.eq", handmade.col(user, "name"), query("Zoe")))
    expand = (handmade.Expand("orders", ORDERS, paid), handmade.Expand("owner", OWNER, nobody))
    rows = query.run(query.select(expand=expand), DATA)
    assert [row["orders"] for row in rows] == [[{"id": 100}], [], [], []]
    assert [row["owner"] for row in rows] == [None] * 4


def test_expand_inside_expand() -> None:
    query = handmade.Query(ACCOUNT)
    line = handmade.Table(0, LINE)
    lines = Plan(line, (Output("amount", handmade.col(line, "amount")),))
    orders = orders_plan(expand=(handmade.Expand("lines", LINES, lines),))
    first, *_ = query.run(query.select(expand=(handmade.Expand("orders", ORDERS, orders),)), DATA)
    assert first["orders"] == [
        {"id": 100, "lines": [{"amount": Decimal("1.10")}, {"amount": Decimal("2.20")}]},
        {"id": 101, "lines": [{"amount": None}]},
    ]


def test_expand_many_to_many_gives_each_row_once() -> None:
    query = handmade.Query(ACCOUNT)
    label = handmade.Table(0, LABEL)
    labels = Plan(label, (Output("text", handmade.col(label, "text")),))
    first, *_ = query.run(query.select(expand=(handmade.Expand("labels", LABELS, labels),)), DATA)
    assert first["labels"] == [{"text": "new"}, {"text": "hot"}]
