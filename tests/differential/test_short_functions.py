"""Functions that lowering spells out: a database gives the rows that the evaluator gives, hour by hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Connection, DateTime, Integer, MetaData, StaticPool, Table, Time, create_engine

import querykit
from querykit import Query, Schema

NOW = dt.datetime(2024, 2, 29, 12, 34, 56, 789000)

METADATA = MetaData()
SHIFT = Table(
    "shift",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("begin", DateTime),
    Column("end", DateTime),
    Column("clock", Time),
    Column("hour", Integer),
)
SCHEMA = Schema.from_sqlalchemy(METADATA)

_MOMENTS = [NOW.replace(hour=hour, minute=minute) for hour in range(24) for minute in (0, 34, 59)]
_MOMENTS += [NOW - dt.timedelta(days=1), NOW.replace(minute=0, second=0, microsecond=0)]
ROWS = [
    {
        "id": number,
        "begin": moment,
        "end": _MOMENTS[number * 7 % len(_MOMENTS)],
        "clock": moment.time(),
        "hour": number % 30,
    }
    for number, moment in enumerate(_MOMENTS)
]
ROWS += [{"id": 900, "begin": None, "end": NOW, "clock": None, "hour": None}]

#: Functions of a moment, and of a moment or a time of day.
OF_MOMENTS = ["IsThisHour", "IsLastHour", "IsNextHour"]
OF_TIMES = [
    *("BeforeMidday", "AfterMidday", "IsMorning", "IsAfternoon", "IsEvening", "IsNight"),
    *("IsLunchTime", "IsWorkTime", "IsFreeTime"),
]
CONDITIONS = [
    *(f"{name}([begin])" for name in OF_MOMENTS),
    *(f"{name}([{column}])" for name in OF_TIMES for column in ("begin", "clock")),
    "IsSameHour([begin], [end])",
    "IsSameTime([begin], [end])",
    "IsSameHour([clock], #!12:00:00!#)",
    "IsSameTime([clock], #!12:34:00!#)",
    "IsSameHour(UtcToLocalTime([begin]), LocalTimeToUtc([end]))",
    "UtcToLocalTime([begin]) < [end]",
    "TimeOnlyFromParts([hour], 0) > #!11:00:00!#",
    "TimeOnlyFromParts(12, [hour] * 3, 56, 789) <= [clock]",
    "DateOnlyFromParts(2024, 2, [hour]) = DateOnlyFromParts(2024, 2, 29)",
    "DateOnlyFromParts(2024, 2, [hour]) Is Null",
    "Iif(IsNight([begin]), 1, 2) = 1",
    "IsNull(IsNight([begin]), True)",
]


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        METADATA.create_all(connection)
        connection.execute(SHIFT.insert(), ROWS)
        yield connection
    engine.dispose()


@pytest.mark.parametrize("negated", [False, True])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_same_rows(connection: Connection, condition: str, negated: bool) -> None:
    text = f"Not ({condition})" if negated else condition
    query = Query(filter=querykit.parse_filter(text, "criteria"))
    kept = {row["id"] for row in querykit.evaluate(query, ROWS, SCHEMA, "shift", clock=lambda: NOW)}
    fetched = querykit.fetch(connection, query, SCHEMA, "shift", clock=lambda: NOW)
    assert {row["id"] for row in fetched} == kept
    assert 0 < len(kept) < len(ROWS)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_one_statement_for_one_condition(condition: str) -> None:
    """Nothing that lowering brings in changes with the clock but a bound value."""
    moments = iter([NOW, NOW + dt.timedelta(days=40)])
    translator = querykit.Translator(SCHEMA, "criteria", "sqlite", clock=lambda: next(moments, NOW))
    first, second = (translator.plan(condition, entity="shift") for _ in range(2))
    assert first.statement is second.statement
    assert first.sql == second.sql
