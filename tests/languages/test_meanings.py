"""meanings.txt: one condition in every language, and the same in each translation."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

import querykit
from querykit import NotExpressible, Query, Schema, TypeMismatch
from querykit.ast.nodes import Expr

ACCOUNTS = [
    (1, "Alpha", "Oslo", Decimal(10), 4, True, dt.datetime(2020, 1, 31), 1, 1),
    (2, "beta", "Gent", Decimal("12.5"), 7, True, dt.datetime(2020, 2, 29, 12), 1, 1),
    (3, "O'Neil", None, None, -3, True, dt.datetime(2021, 1, 1), 2, 2),
    (4, None, "Gent", Decimal("-1"), None, False, None, None, None),
    (5, "50% off", "", Decimal(100), 0, False, dt.datetime(1969, 7, 20), 2, None),
    (6, "a_b", "Łódź", Decimal(0), 2, False, dt.datetime(2019, 12, 31, 23, 59), None, None),
]
NAMES = ("id", "name", "city", "revenue", "employees", "active", "createdon", "status", "owner_id")
DATA = {
    "Account": [dict(zip(NAMES, row, strict=True)) for row in ACCOUNTS],
    "Contact": [
        {"id": 1, "email": "Oslo", "age": 40, "account_id": 1},
        {"id": 2, "email": None, "age": None, "account_id": 1},
        {"id": 3, "email": "x@y.z", "age": 30, "account_id": 2},
    ],
    "User": [{"id": 1, "login": "ann", "city": "Oslo"}, {"id": 2, "login": "bob", "city": None}],
}


class Meaning(NamedTuple):
    title: str
    texts: dict[str, str]
    rows: list[int]


def _read() -> list[Meaning]:
    text = (Path(__file__).parent / "meanings.txt").read_text(encoding="utf-8")
    meanings = []
    for block in text.split("\n\n")[1:]:
        title, *lines = block.strip().splitlines()
        parts = dict(line.split(": ", 1) for line in lines)
        meanings.append(Meaning(title, parts, [int(number) for number in parts.pop("rows").split()]))
    return meanings


MEANINGS = _read()


def kept(condition: Expr, schema: Schema) -> list[int]:
    rows = querykit.evaluate(Query(filter=condition), DATA, schema, "Account")
    return [row["id"] for row in rows]


@pytest.mark.parametrize("meaning", MEANINGS, ids=[meaning.title for meaning in MEANINGS])
def test_the_same_rows_in_every_language(meaning: Meaning, schema: Schema) -> None:
    for language, text in meaning.texts.items():
        assert kept(querykit.parse_filter(text, language), schema) == meaning.rows, f"{language}: {text}"


@pytest.mark.parametrize("meaning", MEANINGS, ids=[meaning.title for meaning in MEANINGS])
def test_the_same_rows_in_every_translation(meaning: Meaning, schema: Schema) -> None:
    for source, target in itertools.product(meaning.texts, ("odata", "criteria", "vtql", "fetchxml")):
        try:
            text = querykit.render(querykit.parse_filter(meaning.texts[source], source), target)
        except NotExpressible:
            assert source != target
            continue
        try:
            rows = kept(querykit.parse_filter(text, target), schema)
        except TypeMismatch:  # values in quotes, which only a schema can tell from texts
            assert source in ("vtql", "fetchxml")
            assert target == "odata"
            continue
        assert rows == meaning.rows, f"{source} → {target}: {text}"
