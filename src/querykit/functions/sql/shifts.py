"""Moments moved by so many units.

An amount in a kind ``…/fraction`` row may have a fraction; of months and years it is cut off. A literal amount
is made whole by its encoding where the engine takes no fraction. A day moved by hours stays a day. SQLite
moves the seconds of the text and keeps its microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping

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
        "duckdb": f"{{0}} + TO_{name}S(TRY_CAST({{1}} AS {'INT' if unit in ('year', 'month', 'day') else 'BIGINT'}))",
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


def _literal(forms: Mapping[str, Forms], encoding: str) -> dict[str, Forms]:
    """The same for a literal amount only, which is encoded."""
    return {name: Sql(form, ((1, encoding),)) for name, form in forms.items() if isinstance(form, str)}


_DS_INTERVAL = "{{0}} + NUMTODSINTERVAL({{1}}, '{}')"


def _unit_rows(unit: str) -> tuple[Row, ...]:
    """Rows of an amount in days, hours, minutes or seconds."""
    size = _SECONDS[unit]
    name = unit.upper()
    whole: dict[str, str] = _interval(unit)
    exact: dict[str, Forms] = {
        "postgres": whole["postgres"],
        "mysql": f"DATE_ADD({{0}}, INTERVAL {{1}} * {size}000000 MICROSECOND)",
        "duckdb": f"{{0}} + TO_MICROSECONDS(TRY_CAST(TRUNC({{1}} * {size}000000) AS BIGINT))",
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
        row(f"date.add_{unit}s", None, **{**_literal(whole, "whole"), **exact}).of(kind="datetime/fraction"),
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
            **{
                **_literal(days, "whole"),
                **{name: f"CAST({exact[name]} AS DATE)" for name in ("postgres", "mysql", "duckdb")},
            },
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
            **{**_literal(whole, "cut"), **{name: cut[name] for name in known}},
        ).of(kind="datetime/fraction"),
        row(f"date.add_{unit}s", None, sqlite=sqlite, **casts).of(kind="date"),
        row(
            f"date.add_{unit}s",
            None,
            sqlite=sqlite_cut,
            **{**_literal(casts, "cut"), **{name: f"CAST({cut[name]} AS DATE)" for name in known}},
        ).of(kind="date/fraction"),
    )


# Below the second: a tick is 100 ns, which only some engines keep. No day is moved by so little.
_MILLISECONDS: dict[str, Forms] = {
    "sqlite": _MOVED_MS,
    "postgres": "{0} + {1} * INTERVAL '1 MILLISECOND'",
    "mysql": "DATE_ADD({0}, INTERVAL {1} * 1000 MICROSECOND)",
    "duckdb": "{0} + TO_MICROSECONDS(TRY_CAST({1} AS BIGINT) * 1000)",
    "tsql": "DATEADD(MILLISECOND, {1}, {0})",
    "snowflake": "DATEADD(MILLISECOND, {1}, {0})",
    "bigquery": "{0} + INTERVAL {1} MILLISECOND",
    "spark": "TIMESTAMPADD(MILLISECOND, {1}, {0})",
    "trino": "DATE_ADD('millisecond', {1}, {0})",
}
_SMALL = (
    row("date.add_milliseconds", None, **_MILLISECONDS),
    row(
        "date.add_milliseconds",
        None,
        **{
            **_literal(_MILLISECONDS, "whole"),
            "postgres": _MILLISECONDS["postgres"],
            "mysql": _MILLISECONDS["mysql"],
            "duckdb": "{0} + TO_MICROSECONDS(TRY_CAST(TRUNC({1} * 1000) AS BIGINT))",
        },
    ).of(kind="datetime/fraction"),
    row(
        "date.add_ticks",
        None,
        postgres="{0} + TRUNC({1} / 10.0) * INTERVAL '1 MICROSECOND'",
        mysql="DATE_ADD({0}, INTERVAL {1} DIV 10 MICROSECOND)",
        duckdb="{0} + TO_MICROSECONDS(TRY_CAST(TRUNC({1} / 10) AS BIGINT))",
        snowflake="DATEADD(NANOSECOND, {1} * 100, {0})",
    ),
    *(
        row(f"date.add_{unit}s", None).of(kind=kind)
        for unit in ("millisecond", "tick")
        for kind in ("date", "date/fraction")
    ),
    row("date.add_ticks", None).of(kind="datetime/fraction"),
)

ROWS: tuple[Row, ...] = (
    *(item for unit in _SECONDS for item in _unit_rows(unit)),
    *(item for unit in _MONTHS for item in _month_rows(unit)),
    *_SMALL,
)
