"""Where docs/support.md says "other words", the words find the same rows."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

import querykit
from querykit import Query, QueryError
from querykit.cli.support.constructs import Sample, constructs
from querykit.cli.support.findings import OTHERWISE, Said, tried
from querykit.cli.support.model import ENTITY, schema
from querykit.languages.registry import LANGUAGES

SCHEMA = schema()
NOTHING = dict.fromkeys(SCHEMA.entity(ENTITY).properties)
ORDERS: list[dict[str, Any]] = [
    {
        "OrderID": 1,
        "Pieces": 1,
        "Stock": 2,
        "CustomerID": 1,
        "Title": "x",
        "Note": "x",
        "Code": "y",
        "Price": Decimal("1.5"),
        "Weight": 1.5,
        "Height": 1500.0,
        "Paid": True,
        "Sent": False,
        "UpdateDate": dt.datetime(2020, 2, 29, 12),
        "Created": dt.datetime(2020, 2, 29, 10),
        "Due": dt.date(2020, 2, 29),
        "Opens": dt.time(12, 30),
        "Took": dt.timedelta(seconds=90),
        "Ident": uuid.UUID("12345678-1234-1234-1234-123456789abc"),
        "Color": "Red",
        "Tags": ["x"],
    },
    {
        "OrderID": 2,
        "Pieces": 5,
        "Stock": 2,
        "CustomerID": 2,
        "Title": "it's",
        "Code": "",
        "Price": Decimal(7),
        "Weight": 1500.0,
        "Paid": False,
        "Sent": True,
        "UpdateDate": dt.datetime(2020, 2, 29, 10),
        "Delivered": dt.datetime(2021, 1, 1),
        "Due": dt.date(2021, 2, 28),
        "Begun": dt.date(2020, 1, 1),
        "Color": "Blue",
        "Tags": [],
    },
    {"OrderID": 3, "Pieces": 2, "Title": "yx", "Note": ""},
]
DATA = {
    ENTITY: [NOTHING | row for row in ORDERS],
    "Customer": [
        {"CustomerID": 1, "Name": "a", "City": "x", "ManagerID": 2},
        {"CustomerID": 2, "Name": "b", "City": None, "ManagerID": None},
    ],
    "Company": [{"CustomerID": 1, "Name": "a", "City": "x", "ManagerID": 2, "Seats": 5}],
    "OrderItem": [
        {"OrderItemID": 1, "OrderID": 1, "Product": "x", "Pieces": 5, "Price": Decimal(3)},
        {"OrderItemID": 2, "OrderID": 1, "Product": None, "Pieces": 1, "Price": None},
        {"OrderItemID": 3, "OrderID": 2, "Product": "it's", "Pieces": 2, "Price": Decimal(9)},
    ],
}


def rows(asked: Sample) -> list[dict[str, Any]]:
    return querykit.evaluate(asked, DATA, SCHEMA, ENTITY)


def reworded(language: str) -> list[tuple[Sample, Said]]:
    samples = [sample for construct in constructs() for sample in construct.samples]
    found = [(sample, tried(sample, language)) for sample in samples]
    return [(sample, said) for sample, said in found if said.how == OTHERWISE]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_rows(language: str) -> None:
    different = []
    for sample, said in reworded(language):
        try:
            expected = rows(sample)
        except QueryError:  # a value that is no condition, or a function that nothing runs
            continue
        read = querykit.parse if isinstance(sample, Query) else querykit.parse_filter
        if rows(read(said.text, language)) != expected:
            different.append(said.text)
    assert different == []
