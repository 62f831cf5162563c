"""Parts of moments, days and times, and the tests made of them.

SQLite keeps moments as text in one fixed form (`Dialect.storage`), so parts are cut out of the text: exact to
the microsecond, where its date functions know milliseconds.
"""

from __future__ import annotations

import re

from querykit.functions.sql.shape import Forms, Row, row

__all__ = ["ROWS"]


def _cut(start: int, length: int) -> str:
    return f"CAST(SUBSTR({{0}}, {start}, {length}) AS INTEGER)"


#: Part -> where it stands in the text of a date-time, and how many digits it has.
_TEXT = {
    "year": (1, 4),
    "month": (6, 2),
    "day": (9, 2),
    "hour": (12, 2),
    "minute": (15, 2),
    "second": (18, 2),
}


def _part(name: str) -> Row:
    base = f"EXTRACT({name.upper()} FROM {{0}})"
    return row(
        f"date.{name}",
        base,
        sqlite=_cut(*_TEXT[name]),
        tsql=f"DATEPART({name.upper()}, {{0}})",
        **(_SECOND if name == "second" else {}),
    )


# The second has a fraction in three engines.
_SECOND: dict[str, Forms] = {
    "postgres": "FLOOR(EXTRACT(SECOND FROM {0}))",
    "oracle": "FLOOR(EXTRACT(SECOND FROM {0}))",
    "spark": "SECOND({0})",
}
#: No type for a time of day.
_NO_TIME: dict[str, Forms] = {"oracle": None, "clickhouse": None, "spark": None}


def _time_part(name: str, start: int) -> Row:
    forms: dict[str, Forms] = {**(_SECOND if name == "second" else {}), **_NO_TIME}
    base = f"EXTRACT({name.upper()} FROM {{0}})"
    return row(f"time.{name}", base, sqlite=_cut(start, 2), tsql=f"DATEPART({name.upper()}, {{0}})", **forms)


_FRACTION: dict[str, Forms] = {
    "postgres": "MOD(EXTRACT(SECOND FROM {0}), 1)",
    "mysql": "EXTRACT(MICROSECOND FROM {0}) * 0.000001",
    "duckdb": "(EXTRACT(MICROSECOND FROM {0}) % 1000000) * 0.000001",
    "tsql": "DATEPART(MICROSECOND, {0}) * 0.000001",
    "snowflake": "EXTRACT(NANOSECOND FROM {0}) * 0.000000001",
    "bigquery": "EXTRACT(MICROSECOND FROM {0}) / 1000000",
}

_PARTS = (
    *(_part(name) for name in _TEXT),
    *(_time_part(name, start) for name, start in (("hour", 1), ("minute", 4), ("second", 7))),
    row(
        "date.millisecond",
        None,
        sqlite=_cut(21, 3),
        postgres="MOD(FLOOR(EXTRACT(MILLISECONDS FROM {0})), 1000)",
        mysql="EXTRACT(MICROSECOND FROM {0}) DIV 1000",
        duckdb="EXTRACT(MILLISECOND FROM {0}) % 1000",
        tsql="DATEPART(MILLISECOND, {0})",
        oracle="TRUNC(MOD(EXTRACT(SECOND FROM {0}), 1) * 1000)",
        snowflake="FLOOR(EXTRACT(NANOSECOND FROM {0}) / 1000000)",
        bigquery="EXTRACT(MILLISECOND FROM {0})",
        clickhouse="toMillisecond({0})",
        spark="FLOOR(MOD(EXTRACT(SECOND FROM {0}), 1) * 1000)",
        trino="MILLISECOND({0})",
    ),
    row(
        "date.fraction",
        None,
        sqlite="CAST('0' || SUBSTR({0}, 20) AS REAL)",
        oracle="MOD(EXTRACT(SECOND FROM {0}), 1)",
        spark="MOD(EXTRACT(SECOND FROM {0}), 1)",
        **_FRACTION,
    ),
    row("time.fraction", None, sqlite="CAST('0' || SUBSTR({0}, 9) AS REAL)", **_FRACTION),
    row(
        "date.day_of_year",
        "EXTRACT(DOY FROM {0})",
        sqlite="CAST(STRFTIME('%j', SUBSTR({0}, 1, 10)) AS INTEGER)",
        mysql="DAYOFYEAR({0})",
        tsql="DATEPART(DAYOFYEAR, {0})",
        oracle="TO_NUMBER(TO_CHAR({0}, 'DDD'))",
        snowflake="DAYOFYEAR({0})",
        bigquery="EXTRACT(DAYOFYEAR FROM {0})",
        clickhouse="toDayOfYear({0})",
        spark="DAYOFYEAR({0})",
        trino="DAY_OF_YEAR({0})",
    ),
    # Engines begin the week where they like, some where the session says: only settings-free forms are used.
    # T-SQL: 1 January of year 1 was a Monday. Oracle: Julian day 0 was a Monday.
    row(
        "date.day_of_week",
        "EXTRACT(DOW FROM {0})",
        sqlite="CAST(STRFTIME('%w', SUBSTR({0}, 1, 10)) AS INTEGER)",
        mysql="DAYOFWEEK({0}) - 1",
        tsql="(DATEDIFF(DAY, '0001-01-01', {0}) + 1) % 7",
        oracle="MOD(TO_NUMBER(TO_CHAR({0}, 'J')) + 1, 7)",
        snowflake="MOD(DAYOFWEEKISO({0}), 7)",
        bigquery="EXTRACT(DAYOFWEEK FROM {0}) - 1",
        clickhouse="toDayOfWeek({0}) % 7",
        spark="DAYOFWEEK({0}) - 1",
        trino="MOD(DAY_OF_WEEK({0}), 7)",
    ),
    row(
        "date.time_of_day",
        None,
        sqlite=f"(({_cut(12, 2)} * 60 + {_cut(15, 2)}) * 60 + {_cut(18, 2)}) * 10000000 + {_cut(21, 6)} * 10",
        postgres="EXTRACT(EPOCH FROM CAST({0} AS TIME)) * 10000000",
        mysql="((EXTRACT(HOUR FROM {0}) * 60 + EXTRACT(MINUTE FROM {0})) * 60 + EXTRACT(SECOND FROM {0})) * 10000000"
        " + EXTRACT(MICROSECOND FROM {0}) * 10",
        duckdb="(EXTRACT(HOUR FROM {0}) * 60 + EXTRACT(MINUTE FROM {0})) * 600000000"
        " + EXTRACT(MICROSECOND FROM {0}) * 10",
        tsql="DATEDIFF_BIG(NANOSECOND, CAST(CAST({0} AS DATE) AS DATETIME2), {0}) / 100",
        bigquery="TIME_DIFF(TIME({0}), TIME(0, 0, 0), MICROSECOND) * 10",
        spark="((HOUR({0}) * 60 + MINUTE({0})) * 60 + EXTRACT(SECOND FROM {0})) * 10000000",
    ),
    # Every stored moment is UTC.
    row("date.offset_minutes", "CASE WHEN {0} IS NOT NULL THEN 0 END"),
)

_DAY = "CAST({0} AS DATE)"
_DAYS: dict[str, str] = {
    "sqlite": "SUBSTR({0}, 1, 10)",
    "oracle": "TRUNC({0})",
    "clickhouse": "toDate32({0})",
}


def _days_in(template: str, day: str) -> str:
    """`<0>`, `<1>` … in the template are the days of the arguments."""
    return re.sub(r"<(\d)>", lambda match: day.replace("{0}", f"{{{match[1]}}}"), template)


_CUTS = (
    row("date.date", _DAY, **_DAYS),
    row(
        "date.date",
        "{0}",
    ).of(kind="date"),
    row(
        "date.time",
        "CAST({0} AS TIME)",
        sqlite="SUBSTR({0}, 12)",
        mysql="TIME({0})",
        trino="CAST({0} AS TIME(6))",
        **_NO_TIME,
    ),
    row(
        "date.midnight",
        "CAST(CAST({0} AS DATE) AS TIMESTAMP)",
        sqlite="SUBSTR({0}, 1, 10) || ' 00:00:00.000000'",
        mysql="CAST(CAST({0} AS DATE) AS DATETIME)",
        tsql="CAST(CAST({0} AS DATE) AS DATETIME2)",
        oracle="CAST(TRUNC({0}) AS TIMESTAMP)",
        snowflake="CAST(CAST({0} AS DATE) AS TIMESTAMPNTZ)",
        bigquery="CAST(CAST({0} AS DATE) AS DATETIME)",
        clickhouse="toDateTime64(toDate32({0}), 6)",  # toStartOfDay knows no day before 1970
    ),
)


def _day_row(fn: str, template: str) -> Row:
    forms: dict[str, Forms] = {name: _days_in(template, day) for name, day in _DAYS.items()}
    return row(fn, _days_in(template, _DAY), **forms).of(predicate=True)


_MONTHS = "january february march april may june july august september october november december"

_TESTS = (
    _day_row("date.is_same_day", "<0> = <1>"),
    _day_row("date.in_range", "<0> BETWEEN <1> AND <2>"),
    *(
        row(
            f"date.is_{name}",
            f"EXTRACT(MONTH FROM {{0}}) = {number}",
            sqlite=f"SUBSTR({{0}}, 6, 2) = '{number:02}'",
            tsql=f"DATEPART(MONTH, {{0}}) = {number}",
        ).of(predicate=True)
        for number, name in enumerate(_MONTHS.split(), start=1)
    ),
)

ROWS: tuple[Row, ...] = (*_PARTS, *_CUTS, *_TESTS)
