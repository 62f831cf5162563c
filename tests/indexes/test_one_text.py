"""shapes.txt: values change, the statement does not: neither its text nor what SQLAlchemy keeps it under."""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import querykit
from querykit import Query, Schema
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


def texts(shape: str, count: int) -> list[str]:
    """Several queries of a shape; the same each time."""
    rng = random.Random(shape)
    return [written(shape, rng) for _ in range(count)]


@pytest.mark.parametrize("shape", SHAPES)
def test_one_plan(shape: str, schema: Schema) -> None:
    """What the statements are made from, and what SQLAlchemy keeps its own under."""
    language, _, shape = shape.partition(" ")
    plans, keys, values = set(), set(), set()
    for text in texts(shape, 50):
        query = querykit.parse(text, language)
        bound = bind(query, schema, "Account")
        plans.add(bound.plan)
        values.add(bound.values)
        keys.add(querykit.to_sqlalchemy(query, schema, "Account")._generate_cache_key().key)
    assert len(values) > 5
    assert len(plans) == 1
    assert len(keys) == 1


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("shape", SHAPES)
def test_one_statement(shape: str, dialect: str, schema: Schema) -> None:
    language, _, shape = shape.partition(" ")
    found = set()
    for text in texts(shape, 12):
        query = querykit.parse(text, language).replace(expand=())
        found.add(querykit.to_sql(query, schema, dialect, "Account").text)
    assert len(found) == 1


#: How many values a list has -> how many its statement has.
LENGTHS = {1: 1, 2: 2, 3: 4, 4: 4, 5: 8, 33: 64, 64: 64, 65: 100, 100: 100, 101: 200, 950: 1000, 1000: 1000}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_lists_take_few_lengths(dialect: str, schema: Schema) -> None:
    """The last value is repeated; no list is longer than the dialect allows."""
    found = set()
    for length, taken in LENGTHS.items():
        query = querykit.parse(f"$filter=employees in ({','.join(map(str, range(length)))})", "odata")
        sql = querykit.to_sql(query, schema, dialect, "Account")
        assert len(sql.params) == taken <= DIALECTS[dialect].list_items
        assert set(sql.params.values()) == set(range(length))
        found.add(sql.text)
    assert len(found) == len(set(LENGTHS.values()))


@pytest.fixture
def empty(schema: Schema, caplog: pytest.LogCaptureFixture) -> Iterator[sa.Connection]:
    """A database with the tables of the schema, an account, and SQLAlchemy telling what it does."""
    caplog.set_level(logging.INFO, "sqlalchemy.engine.Engine")
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        for entity in schema.entities.values():
            columns = ", ".join(f'"{item.column}"' for item in entity.properties.values())
            connection.exec_driver_sql(f"CREATE TABLE {entity.table} ({columns})")
        connection.exec_driver_sql("INSERT INTO accounts (id) VALUES (1)")
        yield connection
    engine.dispose()


def compiled(caplog: pytest.LogCaptureFixture) -> dict[str, int]:
    """How many statements were compiled, found in the engine's cache, and could not be kept in it."""
    ways = re.findall(r"\[(generated in|cached since|no key)", "\n".join(caplog.messages))
    return {way: ways.count(way) for way in set(ways)}


@pytest.mark.parametrize("shape", SHAPES)
def test_sqlalchemy_compiles_it_once(
    shape: str, schema: Schema, empty: sa.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    language, _, shape = shape.partition(" ")
    queries = [querykit.parse(text, language) for text in texts(shape, 12)]
    levels = 1 + len(queries[0].expand)
    runs: tuple[Callable[[Query], object], ...] = (
        lambda query: querykit.fetch(empty, query, schema, "Account"),
        lambda query: empty.execute(
            querykit.to_sqlalchemy(query.replace(expand=()), schema, "Account")
        ).all(),
    )
    for run, statements in zip(runs, (levels, 1), strict=True):
        empty.engine.clear_compiled_cache()
        caplog.clear()
        for query in queries:
            run(query)
        assert compiled(caplog) == {"generated in": statements, "cached since": 11 * statements}
