"""On which day a week begins is the calendar's to say, in memory and in statements alike."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Column, DateTime, Integer, MetaData, Table, create_engine

import querykit
from querykit import Calendar, Schema, Translator
from querykit.clock import Reading, read
from querykit.functions.python import call

#: First day, today (2024-02-25 is a Sunday), first day of this week.
WEEKS = """
    sunday    2024-02-25 2024-02-25
    sunday    2024-02-29 2024-02-25
    sunday    2024-03-02 2024-02-25
    monday    2024-02-25 2024-02-19
    monday    2024-02-26 2024-02-26
    monday    2024-02-29 2024-02-26
    monday    2024-03-03 2024-02-26
    saturday  2024-02-29 2024-02-24
    saturday  2024-03-02 2024-03-02
    thursday  2024-02-29 2024-02-29
    friday    2024-02-29 2024-02-23
    tuesday   2024-01-01 2023-12-26
    wednesday 2024-01-02 2023-12-27
"""
ROWS = [row.split() for row in WEEKS.strip().splitlines()]
#: Moment -> weeks from this one.
STARTS = {"last_week": -1, "this_week": 0, "next_week": 1, "two_weeks_away": 2}


@pytest.mark.parametrize(("first_day", "today", "start"), ROWS)
@pytest.mark.parametrize("name", STARTS)
def test_week_begins(first_day: str, today: str, start: str, name: str) -> None:
    noon = dt.datetime.fromisoformat(f"{today}T12:00")
    now = read(Calendar(first_day, now=lambda: noon))
    assert now.moment == noon
    expected = dt.datetime.fromisoformat(start) + dt.timedelta(weeks=STARTS[name])
    assert call(f"date.{name}", (), now) == expected


def test_a_plain_clock_has_weeks_from_sunday() -> None:
    assert read(lambda: dt.datetime(2024, 2, 29)) == Reading(dt.datetime(2024, 2, 29), first_day=7)


def test_a_clock_may_have_a_zone() -> None:
    east = dt.timezone(dt.timedelta(hours=3))
    calendar = Calendar("Monday", now=lambda: dt.datetime(2024, 2, 26, 1, tzinfo=east))
    assert read(calendar) == Reading(dt.datetime(2024, 2, 25, 22), first_day=1)


def test_the_clock_of_the_machine_is_utc() -> None:
    assert abs(read(None).moment - dt.datetime.now(dt.UTC).replace(tzinfo=None)) < dt.timedelta(minutes=1)


def test_no_other_days() -> None:
    with pytest.raises(ValueError, match="'day' is no day of the week"):
        Calendar("day")


_METADATA = MetaData()
_VISIT = Table("visit", _METADATA, Column("id", Integer, primary_key=True), Column("at", DateTime))
_VISITS = [
    {"id": day, "at": dt.datetime(2024, 2, 1) + dt.timedelta(days=day - 1, hours=9)} for day in range(1, 50)
]
_SCHEMA = Schema.from_sqlalchemy(_METADATA)

#: Criterion, first day -> days of February 2024 (30 is 1 March) when it is Thursday the 29th.
PERIODS = [
    ("IsThisWeek([at])", "sunday", range(25, 32)),
    ("IsThisWeek([at])", "monday", range(26, 33)),
    ("IsThisWeek([at])", "saturday", range(24, 31)),
    ("[at] >= LocalDateTimeThisWeek()", "monday", range(26, 50)),
    ("[at] >= LocalDateTimeNextWeek()", "friday", range(30, 50)),
    ("[at] < LocalDateTimeLastWeek()", "monday", range(1, 19)),
    ("[at] >= LocalDateTimeTwoWeeksAway()", "monday", range(40, 50)),
    ("IsOutlookIntervalLastWeek([at])", "monday", range(19, 26)),
    ("IsOutlookIntervalNextWeek([at])", "monday", range(33, 40)),
    ("IsOutlookIntervalNextWeek([at])", "sunday", range(32, 39)),
    ("IsOutlookIntervalLaterThisWeek([at])", "monday", range(31, 33)),
    ("IsOutlookIntervalLaterThisWeek([at])", "saturday", range(0)),
    ("IsOutlookIntervalEarlierThisWeek([at])", "monday", range(26, 28)),
    ("IsOutlookIntervalEarlierThisWeek([at])", "thursday", range(0)),
    ("IsOutlookIntervalEarlierThisMonth([at])", "monday", range(1, 19)),
    ("IsOutlookIntervalEarlierThisMonth([at])", "thursday", range(1, 22)),
    ("IsOutlookIntervalLaterThisMonth([at])", "monday", range(0)),
]


@pytest.mark.parametrize(("criterion", "first_day", "days"), PERIODS)
def test_periods(criterion: str, first_day: str, days: range) -> None:
    calendar = Calendar(first_day, now=lambda: dt.datetime(2024, 2, 29, 12))
    query = querykit.parse(criterion, "criteria")
    rows = querykit.evaluate(query, _VISITS, _SCHEMA, "visit", clock=calendar)
    assert [row["id"] for row in rows] == list(days)
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        _METADATA.create_all(connection)
        connection.execute(_VISIT.insert(), _VISITS)
        statement = querykit.to_sqlalchemy(query, _SCHEMA, "visit", clock=calendar)
        assert [row.id for row in connection.execute(statement)] == list(days)
        fetched = querykit.fetch(connection, query, _SCHEMA, "visit", clock=calendar)
        assert [row["id"] for row in fetched] == list(days)
        sql = querykit.to_sql(query, _SCHEMA, "sqlite", "visit", clock=calendar)
        raw = connection.connection.driver_connection
        assert raw is not None
        assert [row[0] for row in raw.execute(sql.text, sql.params)] == list(days)
    engine.dispose()


def test_the_calendar_changes_values_only() -> None:
    by_day = {
        day: Translator(
            _SCHEMA, "criteria", "sqlite", clock=Calendar(day, now=lambda: dt.datetime(2024, 2, 29))
        )
        for day in ("sunday", "monday")
    }
    plans = {day: item.plan("IsThisWeek([at])", entity="visit") for day, item in by_day.items()}
    assert plans["sunday"].sql == plans["monday"].sql
    assert plans["sunday"].params != plans["monday"].params
