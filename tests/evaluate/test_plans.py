"""Order, pages, counts and aggregates over all rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import handmade
import pytest

from querykit import types as t
from querykit.errors import NotExpressible
from querykit.plan.nodes import BoundQuery, Output
from querykit.schema.model import Property
from querykit.targets.evaluate import evaluate_total

ROW = handmade.entity(
    "Row",
    id=t.INT,
    a=t.INT,
    s=t.STRING,
    n=Property("n", "n", t.STRING, collation="nocase"),
    f=t.FLOAT,
    flag=t.BOOL,
    at=t.DATETIME,
    any=t.ANY,
)
ROWS: list[dict[str, Any]] = [
    {"id": 1, "a": 2, "s": "b", "n": "b", "f": 1.5, "flag": True, "at": "2024-02-29", "any": "x"},
    {"id": 2, "a": None, "s": None, "n": None, "f": None, "flag": None, "at": None, "any": None},
    {"id": 3, "a": 1, "s": "B", "n": "A", "f": float("nan"), "flag": False, "at": "2023-01-01", "any": 5},
    {"id": 4, "a": 2, "s": "", "n": "B", "f": float("-inf"), "flag": True, "at": "2024-02-28", "any": 2.5},
    {"id": 5, "a": 1, "s": "é", "n": "a", "f": -1.0, "flag": False, "at": "2024-03-01", "any": "X"},
]


def ids(*order: tuple[str, bool], limit: int | None = None, offset: int | None = None) -> list[int]:
    query = handmade.Query(ROW)
    plan = query.select(
        Output("id", handmade.col(query.table, "id")),
        order=tuple(handmade.Sort(handmade.col(query.table, name), down) for name, down in order),
        limit=None if limit is None else query.number(limit),
        offset=None if offset is None else query.number(offset),
    )
    return [row["id"] for row in query.run(plan, {"Row": ROWS})]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ((), [1, 2, 3, 4, 5]),
        # Null first ascending, last descending; equals keep their order (OData 4.01 Part 1, 11.2.6.2).
        ((("a", False),), [2, 3, 5, 1, 4]),
        ((("a", True),), [1, 4, 3, 5, 2]),
        ((("a", False), ("id", True)), [2, 5, 3, 4, 1]),
        ((("a", True), ("id", True)), [4, 1, 5, 3, 2]),
        ((("s", False),), [2, 4, 3, 1, 5]),
        ((("n", False),), [2, 3, 5, 1, 4]),
        ((("n", True),), [1, 4, 3, 5, 2]),
        ((("f", False),), [2, 3, 4, 5, 1]),
        ((("f", True),), [1, 5, 4, 3, 2]),
        ((("flag", False),), [2, 3, 5, 1, 4]),
        ((("at", False),), [2, 3, 4, 1, 5]),
        ((("any", False),), [2, 4, 3, 5, 1]),
    ],
)
def test_order(order: tuple[tuple[str, bool], ...], expected: list[int]) -> None:
    assert ids(*order) == expected


def test_order_by_an_expression() -> None:
    query = handmade.Query(ROW)
    key = handmade.op("math.neg", handmade.col(query.table, "id"), type=t.INT)
    rows = query.run(query.select(order=(handmade.asc(key),)), {"Row": ROWS})
    assert [row["id"] for row in rows] == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("offset", "limit", "expected"),
    [
        (None, 2, [1, 2]),
        (None, 0, []),
        (3, None, [4, 5]),
        (1, 2, [2, 3]),
        (4, 9, [5]),
        (5, 1, []),
        (99, None, []),
        (0, 99, [1, 2, 3, 4, 5]),
    ],
)
def test_page(offset: int | None, limit: int | None, expected: list[int]) -> None:
    assert ids(("id", False), limit=limit, offset=offset) == expected


def test_total_ignores_the_page() -> None:
    query = handmade.Query(ROW)
    where = handmade.op("null.is_not", handmade.col(query.table, "a"))
    plan = query.select(where=where, limit=query.number(1), total=True)
    assert evaluate_total(BoundQuery(plan, tuple(query.values)), {"Row": ROWS}) == 4


def test_nothing_selected_gives_the_outputs_in_order() -> None:
    query = handmade.Query(ROW)
    first, *_ = query.run(query.select(), {"Row": ROWS})
    assert list(first) == ["id", "a", "s", "n", "f", "flag", "at", "any"]
    assert first["at"] == dt.datetime(2024, 2, 29)


def test_grouped() -> None:
    query = handmade.Query(ROW)
    a, f, n = (handmade.col(query.table, name) for name in "afn")
    plan = query.select(
        Output("count", handmade.op("agg.count", type=t.INT)),
        Output("counted", handmade.op("agg.count", a, type=t.INT)),
        Output("sum", handmade.op("agg.sum", a, type=t.INT)),
        Output("avg", handmade.op("agg.avg", a, type=t.DECIMAL)),
        Output("max", handmade.op("agg.max", f, type=t.FLOAT)),
        Output("min", handmade.op("agg.min", n, type=t.STRING)),
        Output("twice", handmade.op("math.mul", handmade.op("agg.count", type=t.INT), query(2), type=t.INT)),
        group=(),
    )
    assert query.run(plan, {"Row": ROWS}) == [
        {"count": 5, "counted": 4, "sum": 6, "avg": Decimal("1.5"), "max": 1.5, "min": "A", "twice": 10}
    ]


def test_grouped_over_nothing_is_one_row() -> None:
    query = handmade.Query(ROW)
    plan = query.select(
        Output("count", handmade.op("agg.count", type=t.INT)),
        Output("sum", handmade.op("agg.sum", handmade.col(query.table, "a"), type=t.INT)),
        where=query(False),
        group=(),
    )
    assert query.run(plan, {"Row": ROWS}) == [{"count": 0, "sum": None}]


def test_limit_holds_for_the_one_row_of_a_group() -> None:
    query = handmade.Query(ROW)
    count = Output("count", handmade.op("agg.count", type=t.INT))
    assert query.run(query.select(count, group=(), limit=query.number(0)), {"Row": ROWS}) == []
    assert query.run(query.select(count, group=(), limit=query.number(1)), {"Row": ROWS}) == [{"count": 5}]


def test_unknown_aggregate_is_refused() -> None:
    query = handmade.Query(ROW)
    with pytest.raises(NotExpressible):
        query.run(query.select(Output("x", handmade.op("agg.median"))), {"Row": ROWS})


def test_deep_expressions_fit_on_the_stack() -> None:
    query = handmade.Query(ROW)
    expr = handmade.op("null.is", handmade.col(query.table, "a"))
    for _ in range(128):
        expr = handmade.op("bool.not", expr)
    rows = query.run(query.select(Output("deep", expr)), {"Row": ROWS})
    assert [row["deep"] for row in rows] == [False, True, False, False, False]
