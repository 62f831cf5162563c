"""ranges.txt: parts of moments are asked as ranges, and give the rows that the parts give."""

from __future__ import annotations

import datetime as dt
import pathlib
from collections.abc import Iterator

import pytest

import querykit
from engines.base import Engine
from querykit import Query, Schema
from querykit.ast.nodes import Path, Selection

SCHEMA = Schema.from_dict(
    {
        "Event": {
            "table": "events",
            "key": ["id"],
            "properties": {"id": "int!", "at": "datetime", "day": "date"},
        }
    }
)
NOON = dt.datetime(2020, 2, 29, 12)
_MOMENTS = [
    dt.datetime(1, 1, 1),
    dt.datetime(1, 1, 1, 23, 59, 59, 999_999),
    dt.datetime(1, 12, 31, 23, 59, 59),
    dt.datetime(2, 1, 1),
    dt.datetime(1969, 12, 31, 23, 59, 59, 999_999),
    dt.datetime(2019, 12, 31, 23, 59, 59, 999_999),
    dt.datetime(2020, 1, 1),
    dt.datetime(2020, 2, 28, 23, 59, 59, 999_999),
    dt.datetime(2020, 2, 29),
    NOON,
    dt.datetime(2020, 2, 29, 12, 0, 0, 500_000),
    dt.datetime(2020, 3, 1),
    dt.datetime(2020, 12, 31, 23, 59, 59, 999_999),
    dt.datetime(2021, 1, 1),
    dt.datetime(9998, 12, 31, 23, 59, 59, 999_999),
    dt.datetime(9999, 1, 1),
    dt.datetime(9999, 12, 31),
    dt.datetime.max,
]
ROWS = [
    {"id": 0, "at": None, "day": None},
    *({"id": n, "at": at, "day": at.date()} for n, at in enumerate(_MOMENTS, 1)),
    {"id": 100, "at": NOON, "day": None},
    {"id": 101, "at": None, "day": NOON.date()},
    {"id": 102, "at": NOON, "day": dt.date(1969, 12, 31)},
]


def _conditions() -> Iterator[str]:
    values: dict[str, list[str]] = {}
    for line in (pathlib.Path(__file__).parent / "ranges.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            name, _, listed = line[2:].partition(": ")
            values[name] = listed.split(" ")
        elif line and not line.startswith("#"):
            texts = [line]
            for name, listed in values.items():
                texts = [
                    text.replace(f"<{name}>", value)
                    for text in texts
                    for value in (listed if f"<{name}>" in text else [""])
                ]
            yield from texts


CONDITIONS = list(_conditions())


@pytest.fixture(scope="module")
def events(database: Engine) -> Engine:
    columns = {item.column: item.type for item in SCHEMA.entities["Event"].properties.values()}
    database.create("events", columns)
    database.fill("events", columns, [list(row.values()) for row in ROWS])
    return database


def _queries(text: str) -> Iterator[Query]:
    language, _, condition = text.partition(": ")
    negated = f"not ({condition})" if language == "odata" else f"Not ({condition})"
    for asked in (condition, negated):
        yield Query(filter=querykit.parse_filter(asked, language), select=(Selection(Path(("id",))),))


def _wrong(engine: Engine, text: str) -> Iterator[str]:
    for query in _queries(text):
        expected = querykit.evaluate(query, {"Event": ROWS}, SCHEMA, "Event", clock=lambda: NOON)
        sql = querykit.to_sql(query, SCHEMA, engine.dialect, "Event", clock=lambda: NOON)
        found = sorted(row[0] for row in engine.run(sql.text, sql.params))
        if found != [row["id"] for row in expected]:
            yield f"{text}: {found}, not {[row['id'] for row in expected]}: {sql.text} {sql.params}"


def test_the_same_rows(events: Engine) -> None:
    wrong = [line for text in CONDITIONS for line in _wrong(events, text)]
    assert not wrong, "\n".join(wrong)


def test_there_are_many() -> None:
    assert len(CONDITIONS) > 400
