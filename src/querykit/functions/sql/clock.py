"""Moments moved and compared: so many units later, boundaries crossed between two, put together of parts.

An amount in a kind ``…/fraction`` row may have a fraction; of months and years it is cut off. A day moved by
hours stays a day. SQLite moves the seconds of the text and keeps its microseconds; a literal amount with a
fraction is made whole seconds by its encoding.
"""

from __future__ import annotations

from querykit.functions.sql.shape import Forms, Row, Sql, row

__all__ = ["ROWS"]

_SECONDS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
_MONTHS = {"year": 12, "month": 1}

# SQLite ---------------------------------------------------------------------------------------------------

_MOVED = "STRFTIME('%Y-%m-%d %H:%M:%S', SUBSTR({{0}}, 1, 19), {0}) || SUBSTR({{0}}, 20)"
_MOVED_MS = (
    "STRFTIME('%Y-%m-%d %H:%M:%f', SUBSTR({0}, 1, 23), ({1} / 1000.0) || ' seconds') || SUBSTR({0}, 24)"
)


def _sqlite_months(amount: str, length: int) -> str:
    """SQLite lets 31 January + 1 month run over into March: the last day of the month is the most there is."""
    day = "SUBSTR({0}, 1, 10)"
    months = f"{amount} * {length}" if length > 1 else amount
    return (
        f"MIN(DATE({day}, ({months}) || ' months'), "
        f"DATE({day}, 'start of month', ({months} + 1) || ' months', '-1 day'))"
    )


# The others -----------------------------------------------------------------------------------------------


def _interval(unit: str) -> dict[str, str]:
    """`{0}` moved by `{1}` whole units; a day becomes a moment at midnight in most."""
    name = unit.upper()
    return {
        "postgres": f"{{0}} + {{1}} * INTERVAL '1 {name}'",
        "mysql": f"DATE_ADD({{0}}, INTERVAL {{1}} {name})",
        "duckdb": f"{{0}} + TO_{name}S(CAST({{1}} AS {'INT' if unit in ('year', 'month', 'day') else 'BIGINT'}))",
        "tsql": f"DATEADD({name}, {{1}}, {{0}})",
        "snowflake": f"DATEADD({name}, {{1}}, {{0}})",
        "bigquery": f"{{0}} + INTERVAL {{1}} {name}",
        "clickhouse": f"add{unit.capitalize()}s({{0}}, {{1}})",
        "spark": f"TIMESTAMPADD({name}, {{1}}, {{0}})",
        "trino": f"DATE_ADD('{unit}', {{1}}, {{0}})",
    }


def _as_day(forms: dict[str, str], small: bool) -> dict[str, Forms]:
    """The same for a day: the time of the result is dropped. `small`: the unit is less than a day."""
    casts: dict[str, Forms] = {name: f"CAST({form} AS DATE)" for name, form in forms.items()}
    if small:  # T-SQL, ClickHouse and Trino refuse to add hours to a day
        wide = {"tsql": "DATETIME2", "trino": "TIMESTAMP(6)"}
        for name, type in wide.items():
            casts[name] = f"CAST({forms[name].replace('{0}', f'CAST({{0}} AS {type})')} AS DATE)"
        casts["clickhouse"] = None
    else:
        casts |= {name: forms[name] for name in ("tsql", "clickhouse", "trino", "mysql")}
    return casts


_DS_INTERVAL = "{{0}} + NUMTODSINTERVAL({{1}}, '{}')"


def _unit_rows(unit: str) -> tuple[Row, ...]:
    """Rows of an amount in days, hours, minutes or seconds."""
    size = _SECONDS[unit]
    name = unit.upper()
    whole: dict[str, str] = _interval(unit)
    exact: dict[str, Forms] = {
        "postgres": whole["postgres"],
        "mysql": f"DATE_ADD({{0}}, INTERVAL {{1}} * {size}000000 MICROSECOND)",
        "duckdb": f"{{0}} + TO_MICROSECONDS(CAST(TRUNC({{1}} * {size}000000) AS BIGINT))",
        "oracle": _DS_INTERVAL.format(name),
        "sqlite": Sql(_MOVED.format("{1}"), ((1, f"move_{unit}"),)),
    }
    days = _as_day(whole, small=unit != "day")
    oracle_day = f"TRUNC({_DS_INTERVAL.format(name)})"
    return (
        row(
            f"date.add_{unit}s",
            None,
            sqlite=_MOVED.format(f"{{1}} || ' {unit}s'"),
            oracle=_DS_INTERVAL.format(name),
            **whole,
        ),
        row(f"date.add_{unit}s", None, **exact).of(kind="datetime/fraction"),
        row(
            f"date.add_{unit}s",
            None,
            sqlite=f"DATE({{0}}, {{1}} || ' {unit}s')",
            oracle=oracle_day,
            **days,
        ).of(kind="date"),
        row(
            f"date.add_{unit}s",
            None,
            sqlite=f"DATE({{0}}, {{1}} || ' {unit}s')",
            oracle=oracle_day,
            **{name: f"CAST({exact[name]} AS DATE)" for name in ("postgres", "mysql", "duckdb")},
        ).of(kind="date/fraction"),
    )


def _month_rows(unit: str) -> tuple[Row, ...]:
    """Rows of an amount in months or years; Oracle's ADD_MONTHS makes the last day the last day."""
    whole = _interval(unit)
    cut = {name: form.replace("{1}", "CAST(TRUNC({1}) AS INT)") for name, form in whole.items()}
    casts = _as_day(whole, small=False)
    sqlite = _sqlite_months("{1}", _MONTHS[unit])
    sqlite_cut = _sqlite_months("CAST({1} AS INTEGER)", _MONTHS[unit])
    time = " || SUBSTR({0}, 11)"
    known = ("postgres", "duckdb")
    return (
        row(f"date.add_{unit}s", None, sqlite=sqlite + time, **whole),
        row(
            f"date.add_{unit}s",
            None,
            sqlite=sqlite_cut + time,
            **{name: cut[name] for name in known},
        ).of(kind="datetime/fraction"),
        row(f"date.add_{unit}s", None, sqlite=sqlite, **casts).of(kind="date"),
        row(
            f"date.add_{unit}s",
            None,
            sqlite=sqlite_cut,
            **{name: f"CAST({cut[name]} AS DATE)" for name in known},
        ).of(kind="date/fraction"),
    )


# Below the second: a tick is 100 ns, which only some engines keep.
_SMALL = (
    row(
        "date.add_milliseconds",
        None,
        sqlite=_MOVED_MS,
        postgres="{0} + {1} * INTERVAL '1 MILLISECOND'",
        mysql="DATE_ADD({0}, INTERVAL {1} * 1000 MICROSECOND)",
        duckdb="{0} + TO_MICROSECONDS({1} * 1000)",
        tsql="DATEADD(MILLISECOND, {1}, {0})",
        snowflake="DATEADD(MILLISECOND, {1}, {0})",
        bigquery="{0} + INTERVAL {1} MILLISECOND",
        spark="TIMESTAMPADD(MILLISECOND, {1}, {0})",
        trino="DATE_ADD('millisecond', {1}, {0})",
    ),
    row(
        "date.add_milliseconds",
        None,
        postgres="{0} + {1} * INTERVAL '1 MILLISECOND'",
        mysql="DATE_ADD({0}, INTERVAL {1} * 1000 MICROSECOND)",
        duckdb="{0} + TO_MICROSECONDS(CAST(TRUNC({1} * 1000) AS BIGINT))",
    ).of(kind="datetime/fraction"),
    row(
        "date.add_milliseconds",
        None,
    ).of(kind="date"),
    row(
        "date.add_milliseconds",
        None,
    ).of(kind="date/fraction"),
    row(
        "date.add_ticks",
        None,
        postgres="{0} + TRUNC({1} / 10.0) * INTERVAL '1 MICROSECOND'",
        mysql="DATE_ADD({0}, INTERVAL {1} DIV 10 MICROSECOND)",
        duckdb="{0} + TO_MICROSECONDS(CAST(TRUNC({1} / 10) AS BIGINT))",
        snowflake="DATEADD(NANOSECOND, {1} * 100, {0})",
    ),
    row(
        "date.add_ticks",
        None,
    ).of(kind="date"),
    row(
        "date.add_ticks",
        None,
    ).of(kind="date/fraction"),
    row(
        "date.add_ticks",
        None,
    ).of(kind="datetime/fraction"),
)

# Differences ----------------------------------------------------------------------------------------------


def _between_starts(unit: str, seconds: int) -> dict[str, Forms]:
    """Boundaries of a unit crossed, for dialects whose function counts whole units elapsed: both cut first."""
    name = unit.upper()
    clock = {3600: "%H:00:00", 60: "%H:%M:00", 1: "%H:%M:%S"}[seconds]
    epoch = f"CAST(STRFTIME('%s', STRFTIME('%Y-%m-%d {clock}', SUBSTR({{0}}, 1, 19))) AS INTEGER)"
    divided = f" / {seconds}" if seconds > 1 else ""
    second = epoch.replace("{0}", "{1}")
    return {
        "sqlite": f"({second} - {epoch}){divided}",
        "postgres": f"EXTRACT(EPOCH FROM DATE_TRUNC('{unit}', {{1}}) - DATE_TRUNC('{unit}', {{0}})){divided}",
        "mysql": f"TO_SECONDS({{1}}) DIV {seconds} - TO_SECONDS({{0}}) DIV {seconds}",
        "oracle": None,
        "spark": f"TIMESTAMPDIFF({name}, DATE_TRUNC('{name}', {{0}}), DATE_TRUNC('{name}', {{1}}))",
        "trino": f"DATE_DIFF('{unit}', DATE_TRUNC('{unit}', {{0}}), DATE_TRUNC('{unit}', {{1}}))",
        "bigquery": f"DATETIME_DIFF({{1}}, {{0}}, {name})",
    }


def _boundaries(unit: str) -> dict[str, Forms]:
    """Dialects whose function counts boundaries."""
    name = unit.upper()
    return {
        "duckdb": f"DATE_DIFF('{unit}', {{0}}, {{1}})",
        "tsql": f"DATEDIFF({name}, {{0}}, {{1}})",
        "snowflake": f"DATEDIFF({name}, {{0}}, {{1}})",
        "clickhouse": f"dateDiff('{unit}', {{0}}, {{1}})",
    }


def _cut(index: int, start: int, length: int) -> str:
    return f"CAST(SUBSTR({{{index}}}, {start}, {length}) AS INTEGER)"


_SQLITE_MS = (
    "(CAST(STRFTIME('%s', SUBSTR({0}, 1, 19)) AS INTEGER) * 1000 + CAST(SUBSTR({0}, 21, 3) AS INTEGER))"
)
_MYSQL_MS = "(TO_SECONDS({0}) * 1000 + EXTRACT(MICROSECOND FROM {0}) DIV 1000)"
_SQLITE_US = (
    "(CAST(STRFTIME('%s', SUBSTR({0}, 1, 19)) AS INTEGER) * 1000000 + CAST(SUBSTR({0}, 21, 6) AS INTEGER))"
)


def _minus(template: str) -> str:
    return f"{template.replace('{0}', '{1}')} - {template}"


_DIFFERENCES = (
    row(
        "date.diff_years",
        "EXTRACT(YEAR FROM {1}) - EXTRACT(YEAR FROM {0})",
        sqlite=f"{_cut(1, 1, 4)} - {_cut(0, 1, 4)}",
        **_boundaries("year"),
    ),
    row(
        "date.diff_months",
        "(EXTRACT(YEAR FROM {1}) - EXTRACT(YEAR FROM {0})) * 12 + EXTRACT(MONTH FROM {1}) - EXTRACT(MONTH FROM {0})",
        sqlite=f"({_cut(1, 1, 4)} - {_cut(0, 1, 4)}) * 12 + {_cut(1, 6, 2)} - {_cut(0, 6, 2)}",
        **_boundaries("month"),
    ),
    row(
        "date.diff_days",
        "CAST({1} AS DATE) - CAST({0} AS DATE)",
        sqlite="CAST(JULIANDAY(SUBSTR({1}, 1, 10)) - JULIANDAY(SUBSTR({0}, 1, 10)) AS INTEGER)",
        mysql="DATEDIFF({1}, {0})",
        oracle="TRUNC({1}) - TRUNC({0})",
        bigquery="DATE_DIFF(CAST({1} AS DATE), CAST({0} AS DATE), DAY)",
        spark="DATEDIFF({1}, {0})",
        trino="DATE_DIFF('day', CAST({0} AS DATE), CAST({1} AS DATE))",
        **_boundaries("day"),
    ),
    *(
        row(f"date.diff_{unit}s", None, **_between_starts(unit, seconds), **_boundaries(unit))
        for unit, seconds in _SECONDS.items()
        if unit != "day"
    ),
    row(
        "date.diff_milliseconds",
        None,
        sqlite=_minus(_SQLITE_MS),
        mysql=_minus(_MYSQL_MS),
        postgres="EXTRACT(EPOCH FROM DATE_TRUNC('milliseconds', {1}) - DATE_TRUNC('milliseconds', {0})) * 1000",
        bigquery="DATETIME_DIFF({1}, {0}, MILLISECOND)",
        trino="DATE_DIFF('millisecond', DATE_TRUNC('millisecond', {0}), DATE_TRUNC('millisecond', {1}))",
        **{**_boundaries("millisecond"), "tsql": "DATEDIFF_BIG(MILLISECOND, {0}, {1})"},
    ),
    row(
        "date.diff_ticks",
        None,
        sqlite=f"({_minus(_SQLITE_US)}) * 10",
        postgres="EXTRACT(EPOCH FROM {1} - {0}) * 10000000",
        mysql="TIMESTAMPDIFF(MICROSECOND, {0}, {1}) * 10",
        duckdb="DATE_DIFF('microsecond', {0}, {1}) * 10",
        bigquery="DATETIME_DIFF({1}, {0}, MICROSECOND) * 10",
        spark="TIMESTAMPDIFF(MICROSECOND, {0}, {1}) * 10",
    ),
)

# Of parts ---------------------------------------------------------------------------------------------------


def _sqlite_parts(arity: int) -> str:
    """The calendar must give the text back that the parts make: 30 February is none. PRINTF takes null for 0."""
    clock = ", ".join(f"{{{index}}}" if index < arity else "0" for index in (3, 4, 5))
    text = f"PRINTF('%04d-%02d-%02d %02d:%02d:%02d', {{0}}, {{1}}, {{2}}, {clock})"
    tests = [
        "{0} BETWEEN 1 AND 9999",
        f"DATETIME({text}, '+0 days') = {text}",
        *(f"{{{index}}} IS NOT NULL" for index in range(3, arity)),
    ]
    fraction = "'.000000'"
    if arity > 6:
        fraction = "PRINTF('.%03d000', {6})"
        tests.append("{6} BETWEEN 0 AND 999")
    return f"CASE WHEN {' AND '.join(tests)} THEN {text} || {fraction} END"


def _duckdb_parts(arity: int) -> str:
    clock = [f"{{{index}}}" if index < arity else "0" for index in (3, 4, 5)]
    if arity > 6:
        clock[2] = "{5} + {6} / 1000.0"
    tests = ["{0} BETWEEN 1 AND 9999", *("{3} BETWEEN 0 AND 23" for _ in range(arity > 3))]
    tests += ["{6} BETWEEN 0 AND 999" for _ in range(arity > 6)]
    moment = f"MAKE_TIMESTAMP({{0}}, {{1}}, {{2}}, {', '.join(clock)})"
    return f"CASE WHEN {' AND '.join(tests)} THEN TRY({moment}) END"


# Where parts that make no moment stop the statement, it cannot be said.
_OF_PARTS = (row("date.from_parts", None, sqlite=_sqlite_parts, duckdb=_duckdb_parts),)

ROWS: tuple[Row, ...] = (
    *(item for unit in _SECONDS for item in _unit_rows(unit)),
    *(item for unit in _MONTHS for item in _month_rows(unit)),
    *_SMALL,
    *_DIFFERENCES,
    *_OF_PARTS,
)
