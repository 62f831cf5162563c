"""Reading rows and slots: what JSON, drivers and programs give for each type."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Any

import handmade
import pytest

from querykit import types as t
from querykit.errors import TypeMismatch
from querykit.plan.nodes import BoundQuery, Output
from querykit.schema.model import Property
from querykit.source import Source
from querykit.targets.evaluate import evaluate_plan
from querykit.types import Type

_COLOR = t.enumeration("Color", (("Red", 1), ("Blue", 2)))
_PLUS_TWO = dt.timezone(dt.timedelta(hours=2))


class Color(enum.Enum):
    RED = 1


@pytest.mark.parametrize(
    ("type", "value", "expected"),
    [
        (t.BOOL, 1, True),
        (t.BOOL, 0, False),
        (t.BOOL, True, True),
        (t.INT, 5.0, 5),
        (t.INT, Decimal("5"), 5),
        (t.INT, 5.5, 5.5),
        (t.INT, "5", 5),
        (t.INT, True, 1),
        (t.DECIMAL, 1.1, Decimal("1.1")),
        (t.DECIMAL, 1, Decimal(1)),
        (t.DECIMAL, "1.10", Decimal("1.10")),
        (t.FLOAT, Decimal("2.5"), 2.5),
        (t.FLOAT, 2, 2.0),
        (t.STRING, "ä", "ä"),
        (t.DATE, "2024-02-29", dt.date(2024, 2, 29)),
        (t.DATE, dt.datetime(2024, 2, 29, 5), dt.date(2024, 2, 29)),
        (t.DATETIME, "2024-02-29T01:00:00+02:00", dt.datetime(2024, 2, 28, 23)),
        (t.DATETIME, "2024-02-29 01:02:03.500", dt.datetime(2024, 2, 29, 1, 2, 3, 500000)),
        (t.DATETIME, "2024-02-29", dt.datetime(2024, 2, 29)),
        (t.DATETIME, dt.datetime(2024, 2, 29, 1, tzinfo=_PLUS_TWO), dt.datetime(2024, 2, 28, 23)),
        (t.DATETIME, dt.date(2024, 2, 29), dt.datetime(2024, 2, 29)),
        (t.TIME, "01:02", dt.time(1, 2)),
        (t.TIME, dt.time(1, 2, tzinfo=_PLUS_TWO), dt.time(1, 2)),
        (t.DURATION, "PT90S", dt.timedelta(seconds=90)),
        (t.GUID, "0" * 31 + "a", uuid.UUID(int=10)),
        (t.BINARY, "AAE", b"\x00\x01"),
        (t.BINARY, memoryview(b"x"), b"x"),
        (_COLOR, "Red", 1),
        (_COLOR, 2, 2),
        (_COLOR, Color.RED, 1),
        (t.collection(t.DATE), ["2024-02-29", None], [dt.date(2024, 2, 29), None]),
        (t.ANY, dt.datetime(2024, 2, 29, 1, tzinfo=_PLUS_TWO), dt.datetime(2024, 2, 28, 23)),
        (t.ANY, [1, "a"], [1, "a"]),
        (t.ANY, Color.RED, 1),
        (t.INT, None, None),
    ],
)
def test_value_of_a_row(type: Type, value: Any, expected: Any) -> None:
    query = handmade.Query(handmade.entity("Row", v=type))
    (row,) = query.run(query.select(), {"Row": [{"v": value}]})
    assert (row["v"], row["v"].__class__) == (expected, expected.__class__)


@pytest.mark.parametrize(
    ("type", "value"),
    [
        (t.BOOL, 2),
        (t.BOOL, "true"),
        (t.INT, "x"),
        (t.INT, []),
        (t.DECIMAL, "x"),
        (t.FLOAT, {}),
        (t.STRING, 5),
        (t.DATE, "2023-02-29"),
        (t.DATE, 5),
        (t.DATETIME, "yesterday"),
        (t.DATETIME, dt.datetime(1, 1, 1, tzinfo=_PLUS_TWO)),
        (t.TIME, "25:00"),
        (t.DURATION, "P1Y"),
        (t.GUID, "x"),
        (t.BINARY, "!"),
        (t.collection(t.INT), 5),
        (t.collection(t.INT), ["x"]),
    ],
)
def test_row_that_does_not_fit_its_schema(type: Type, value: Any) -> None:
    query = handmade.Query(handmade.entity("Row", v=type))
    with pytest.raises(TypeMismatch, match="'v' holds") as caught:
        query.run(query.select(), {"Row": [{"v": value}]})
    assert caught.value.code == "bad_row"


def test_column_name_stands_in_for_the_property_name() -> None:
    query = handmade.Query(handmade.entity("Row", id=Property("id", "ROW_ID", t.INT)))
    rows = [{"id": 1, "ROW_ID": 9}, {"ROW_ID": 2}, {}]
    assert query.run(query.select(), {"Row": rows}) == [{"id": 1}, {"id": 2}, {"id": None}]


def test_rows_may_go_by_the_name_of_the_table() -> None:
    query = handmade.Query(handmade.entity("Account", id=t.INT, table="accounts"))
    assert query.run(query.select(), {"accounts": [{"id": 1}]}) == [{"id": 1}]
    assert query.run(query.select(), {}) == []


def test_rows_are_not_changed() -> None:
    row = {"v": "2024-02-29"}
    query = handmade.Query(handmade.entity("Row", v=t.DATE))
    query.run(query.select(), {"Row": [row]})
    assert row == {"v": "2024-02-29"}


def test_error_names_its_place() -> None:
    query = handmade.Query(handmade.entity("Row", v=t.ANY))
    sum_ = handmade.Op("math.add", (handmade.col(query.table, "v"), query(1)), t.INT, True, span=(2, 7))
    bound = BoundQuery(query.select(Output("s", sum_)), tuple(query.values), Source("a v add 1"))
    with pytest.raises(TypeMismatch) as caught:
        evaluate_plan(bound, {"Row": [{"v": "text"}]})
    assert caught.value.position == (2, 7)
    assert "^^^^^" in caught.value.render()


@pytest.mark.parametrize(
    ("fn", "left", "right", "binary", "nocase"),
    [
        ("cmp.eq", "Ab", "aB", False, True),
        ("cmp.eq", "É", "é", False, False),
        ("total.eq", "Ab", "aB", False, True),
        ("total.ne", "Ab", "aB", True, False),
        ("cmp.lt", "B", "a", True, False),
        ("cmp.ge", "a", "B", True, False),
        ("str.like", "ABC", "a%", False, True),
        ("str.like_set", "ABC", "[a]%", False, True),
        ("str.contains", "ABC", "b", False, False),
        ("str.startswith", "ABC", "a", False, False),
        ("str.endswith", "ABC", "c", False, False),
        ("str.matches", "ABC", "a", False, False),
        ("null.same", "a", "A", False, True),
    ],
)
def test_collation(fn: str, left: str, right: str, binary: bool, nocase: bool) -> None:
    for collation, expected in (("binary", binary), ("nocase", nocase), (None, binary)):
        query = handmade.Query(handmade.entity("Row", v=Property("v", "v", t.STRING, collation=collation)))
        test = handmade.op(fn, handmade.col(query.table, "v"), query(right))
        assert query.run(query.select(Output("is", test)), {"Row": [{"v": left}]}) == [{"is": expected}]


def test_collation_of_lists_and_of_the_first_column() -> None:
    row = handmade.entity(
        "Row",
        a=Property("a", "a", t.STRING, collation="nocase"),
        b=Property("b", "b", t.STRING, collation="binary"),
    )
    query = handmade.Query(row)
    a, b = handmade.col(query.table, "a"), handmade.col(query.table, "b")
    plan = query.select(
        Output("in", handmade.op("cmp.in", a, handmade.listed(query("x"), query("Y")))),
        Output("a=b", handmade.op("cmp.eq", a, b)),
        Output("b=a", handmade.op("cmp.eq", b, a)),
        Output("value=a", handmade.op("cmp.eq", query("Y"), a)),
        Output("lower", handmade.op("cmp.eq", handmade.op("str.concat", a, type=t.STRING), query("Y"))),
    )
    assert query.run(plan, {"Row": [{"a": "y", "b": "Y"}]}) == [
        {"in": True, "a=b": True, "b=a": False, "value=a": True, "lower": False}
    ]


def test_clock_is_read_once_and_taken_as_utc() -> None:
    query = handmade.Query(handmade.entity("Row", id=t.INT))
    plan = query.select(Output("now", handmade.op("date.now", type=t.DATETIME)))
    readings = iter([dt.datetime(2024, 2, 29, 1, tzinfo=_PLUS_TWO)])
    rows = evaluate_plan(BoundQuery(plan, ()), {"Row": [{}, {}]}, lambda: next(readings))
    assert rows == [{"now": dt.datetime(2024, 2, 28, 23)}] * 2


def test_default_clock_is_utc() -> None:
    query = handmade.Query(handmade.entity("Row", id=t.INT))
    plan = query.select(Output("now", handmade.op("date.utcnow", type=t.DATETIME)))
    (row,) = evaluate_plan(BoundQuery(plan, ()), {"Row": [{}]})
    assert abs(dt.datetime.now(dt.UTC).replace(tzinfo=None) - row["now"]) < dt.timedelta(minutes=1)
