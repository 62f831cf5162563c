"""Tables fit the terminal, and values of any kind go into JSON."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from querykit.cli.plain import to_json
from querykit.cli.table import rows_table, table
from querykit.demo.models import OrderStatus
from querykit.source import cells

VALUES: list[tuple[Any, Any]] = [
    (None, None),
    (True, True),
    (2**63, 2**63),
    (1.5, 1.5),
    (float("nan"), "NaN"),
    (float("-inf"), "-INF"),
    (Decimal("1.50"), 1.5),
    (Decimal("-0.10"), -0.1),
    (Decimal("100.0000"), 100),
    (Decimal("12345678901234567.89"), "12345678901234567.89"),
    (Decimal(2**60), "1152921504606846976"),
    (dt.date(2020, 2, 29), "2020-02-29"),
    (dt.datetime(2020, 2, 29, 12), "2020-02-29T12:00:00"),
    (dt.time(1, 2, 3), "01:02:03"),
    (UUID(int=0), "00000000-0000-0000-0000-000000000000"),
    (b"\xff\xfe", "__4="),
    (OrderStatus.placed, "placed"),
    ({"a": [Decimal(1), {"b": dt.date(2020, 1, 1)}]}, {"a": [1, {"b": "2020-01-01"}]}),
]


@pytest.mark.parametrize(("value", "expected"), VALUES, ids=repr)
def test_json(value: Any, expected: Any) -> None:
    assert json.loads(to_json(value)) == expected


def test_wide_letters_are_aligned() -> None:
    lines = table(("name", "n"), [("東京", 1), ("Cafe\u0301", 20), ("abc", None)], 40)
    assert [cells(line) for line in lines[1:]] == [10, 10, 10, 10]


def test_long_cells_are_cut() -> None:
    lines = table(("id", "text", "tail"), [(1, "東" * 60, "x" * 60)], 40)
    assert max(map(cells, lines)) <= 40
    assert lines[2].count("…") == 2


def test_signs_for_the_terminal_are_shown_not_sent() -> None:
    assert table(("a",), [("\x1b[2J\n",)], 40)[2] == "\\x1b[2J\\x0a"


def test_columns_that_do_not_fit_are_named() -> None:
    lines = rows_table([{f"column{number}": "some text" for number in range(12)}], 50)
    assert max(map(cells, lines)) <= 50
    assert lines[3].startswith("… and column4, column5")


def test_related_rows() -> None:
    rows = [
        {"id": 1, "owner": {"name": "A"}, "orders": [{"n": 1}, {"n": None}]},
        {"id": 2, "owner": None, "orders": []},
    ]
    assert rows_table(rows, 60) == [
        "id  owner.name  orders",
        "──  ──────────  ──────────────",
        " 1  A           2: n=1; n=null",
        " 2  null        0",
    ]


def test_no_rows() -> None:
    assert rows_table([], 60) == []
