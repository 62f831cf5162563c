"""Values on their way to the driver (encodings.txt)."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import uuid
from pathlib import Path
from typing import Any

import pytest
from plans import STATUS

from querykit import errors
from querykit import types as t
from querykit.functions.sql import encode
from querykit.schema.model import Property
from querykit.types import Type

_NAMES: dict[str, Any] = {
    "D": decimal.Decimal,
    "date": dt.date,
    "datetime": dt.datetime,
    "time": dt.time,
    "timezone": dt.timezone,
    "duration": dt.timedelta,
    "guid": uuid.UUID,
    "inf": math.inf,
    "nan": math.nan,
    **{name: name for name in ("TypeMismatch", "NotExpressible", "LimitExceeded", "ParseError")},
}


def rows() -> list[tuple[str, ...]]:
    found = []
    for line in (Path(__file__).parent / "encodings.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            dialect, kind, encoding, rest = (part.strip() for part in line.split("|", 3))
            value, _, result = rest.rpartition(" | ")
            found.append((dialect, kind, encoding, value.strip(), result.strip()))
    return found


def value_of(text: str) -> Any:
    return eval(text, {"__builtins__": {}}, _NAMES)


@pytest.mark.parametrize(("dialect", "kind", "encoding", "value", "result"), rows())
def test_row(dialect: str, kind: str, encoding: str, value: str, result: str) -> None:
    given, expected = value_of(value), value_of(result)
    if isinstance(expected, str) and expected == result:
        with pytest.raises(getattr(errors, result)):
            encode(given, Type(kind), dialect, encoding)
        return
    found = encode(given, Type(kind), dialect, encoding)
    assert found == expected or (expected != expected and found != found)
    assert isinstance(found, type(expected))


def test_what_is_encoded_is_not_encoded_again() -> None:
    once = encode("a*", t.STRING, "sqlite", "glob_prefix")
    assert encode(once, t.STRING, "sqlite", "glob_prefix") == once == "a[*]*"
    place = encode(2, t.INT, "sqlite", "position")
    assert encode(place, t.INT, "sqlite", "position") == place == 3


LIKE = [
    ("Open", STATUS, 1),
    (2, STATUS, 2),
    (dt.date(2024, 1, 1), t.DATETIME, "2024-01-01 00:00:00.000000"),
    (dt.date(2024, 1, 1), t.DATE, "2024-01-01"),
]


@pytest.mark.parametrize(("value", "type", "expected"), LIKE)
def test_as_the_column_stores_it(value: Any, type: Type, expected: Any) -> None:
    assert encode(value, t.ANY, "sqlite", "", Property("p", "p", type)) == expected
