"""What has been looked up once for many values gives what is looked up for each."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from querykit import QueryError
from querykit import types as t
from querykit.functions.sql import DIALECTS, encode, encoder
from querykit.functions.sql.patterns import PATTERNS
from querykit.schema.model import Property
from querykit.types import Type

STATUS = t.enumeration("Ns.Status", (("Open", 1), ("Closed", 2)))
VALUES: list[tuple[Type, Any]] = [
    (t.STRING, "a%_*[b]"),
    (t.STRING, "é"),
    (t.STRING, "\0"),
    (t.STRING, "\ud800"),
    (t.INT, 5),
    (t.INT, 2**70),
    (t.DECIMAL, Decimal("1.50")),
    (t.DECIMAL, Decimal(10) ** 30),
    (t.FLOAT, float("inf")),
    (t.BOOL, True),
    (t.DATETIME, dt.datetime(2020, 1, 2, 3, 4, 5)),
    (t.DATETIME, dt.datetime(2020, 1, 2, tzinfo=dt.UTC)),
    (t.DATETIME, dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=1)))),
    (t.DATETIME, dt.date(2020, 1, 2)),
    (t.DATE, dt.date(2020, 1, 2)),
    (t.TIME, dt.time(1, 2)),
    (t.DURATION, dt.timedelta(days=1)),
    (t.GUID, uuid.UUID(int=5)),
    (t.BINARY, b"ab"),
    (STATUS, "Open"),
    (STATUS, 2),
    (t.STRING, None),
]
LIKE = [None, *(Property("p", "p", type) for type in (t.STRING, t.DATETIME, t.DATE, STATUS))]
ENCODINGS = ["", *PATTERNS, "position", "count", "member", "move", "seconds"]


def shown(make: Any, *args: Any) -> Any:
    try:
        value = make(*args)
    except QueryError as error:
        return type(error), error.code, error.message, error.hint
    return type(value), repr(value)


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_the_same_value(dialect: str) -> None:
    for type, value in VALUES:
        for like in LIKE:
            for encoding in ENCODINGS:
                once = encoder(type, dialect, encoding, like)
                expected = shown(encode, value, type, dialect, encoding, like)
                assert shown(once, value) == expected, (type, value, like, encoding)
