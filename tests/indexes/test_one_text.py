"""shapes.txt: values change, the statement does not: neither its text nor what SQLAlchemy keeps it under."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

import querykit
from querykit import Schema
from querykit.bind import bind
from querykit.functions.sql import DIALECTS

SHAPES = [
    line
    for line in (Path(__file__).parent / "shapes.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
_LETTERS = "abAB_[]*?\\ é€😀"
_WRITERS = {
    "int": lambda rng: str(rng.choice([0, 1, 2, 7, rng.randrange(10**6)])),
    "top": lambda rng: str(rng.randrange(1, 1000)),
    "dec": lambda rng: f"{rng.randrange(10**6)}.{rng.randrange(1, 10)}",
    "word": lambda rng: "".join(rng.choices("abcXYZ", k=rng.randrange(1, 9))),
    "text": lambda rng: "'" + "".join(rng.choices(_LETTERS, k=rng.randrange(0, 9))) + "'",
    "moment": lambda rng: f"{rng.randrange(1, 9999):04}-0{rng.randrange(1, 9)}-1{rng.randrange(9)}T12:00:00Z",
    "day": lambda rng: f"{rng.randrange(1, 9999):04}-0{rng.randrange(1, 9)}-1{rng.randrange(9)}",
    "year": lambda rng: str(rng.choice([0, 1, 1999, 2020, 9999, 10_000])),
}
_LISTS = {"ints": "int", "texts": "text"}


def written(shape: str, rng: random.Random) -> str:
    """The shape with values."""

    def value(match: re.Match[str]) -> str:
        name, *bounds = match[1].split()
        if not bounds:
            return _WRITERS[name](rng)
        count = rng.randint(*map(int, bounds))
        return ",".join(_WRITERS[_LISTS[name]](rng) for _ in range(count))

    return re.sub(r"<([a-z]+(?: \d+ \d+)?)>", value, shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_one_statement(shape: str, schema: Schema) -> None:
    language, _, text = shape.partition(" ")
    rng = random.Random(shape)
    texts: dict[str, set[str]] = {name: set() for name in ("sqlite", "postgres", "mysql", "tsql")}
    plans, keys, values = set(), set(), set()
    for _ in range(50):
        query = querykit.parse(written(text, rng), language)
        bound = bind(query, schema, "Account")
        plans.add(bound.plan)
        values.add(bound.values)
        keys.add(querykit.to_sqlalchemy(query, schema, "Account")._generate_cache_key().key)
        for dialect, found in texts.items():
            found.add(querykit.to_sql(query.replace(expand=()), schema, dialect, "Account").text)
    assert len(values) > 5
    assert len(plans) == 1
    assert {name: len(found) for name, found in texts.items()} == dict.fromkeys(texts, 1)
    assert len(keys) == 1


def test_lists_take_few_lengths(schema: Schema) -> None:
    """Of up to a thousand values, and no longer than any dialect allows."""
    lengths = [2**n + more for n in range(7) for more in (0, 1)] + [100, *range(101, 1001, 33), 1000]
    found = set()
    for length in lengths:
        query = querykit.parse(f"$filter=employees in ({','.join(map(str, range(length)))})", "odata")
        sql = querykit.to_sql(query, schema, "oracle", "Account")
        assert length <= len(sql.params) <= min(DIALECTS["oracle"].list_items, max(2 * length, length + 100))
        found.add(sql.text)
    assert len(found) == 17
