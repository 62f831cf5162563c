"""Moments moved by so many units.

An amount in a kind ``…/fraction`` row may have a fraction; of months and years it is cut off. A literal amount
is made whole by its encoding where the engine takes no fraction. A day moved by hours stays a day. SQLite
moves the seconds of the text and keeps its microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping

from querykit.functions.sql.shape import Forms, Row, Sql, row

__all__ = ["FURTHEST", "ROWS"]

_SECONDS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
_MONTHS = {"year": 12, "month": 1}

#: So many units are longer than all years there are.
FURTHEST = {
    "year": 10_000,
    "month": 120_000,
    **{unit: 10_000 * 366 * 86_400 // seconds for unit, seconds in _SECONDS.items()},
    "millisecond": 10_000 * 366 * 86_400_000,
    "tick": 10_000 * 366 * 86_400_000 * 10_000,
}
#: Dialects where larger amounts stop the statement or count around the end.
_STUMBLING = ("postgres", "mysql", "duckdb", "clickhouse", "spark")


def _within_years(forms: Mapping[str, Forms], unit: str) -> dict[str, Forms]:
    """Null for amounts that lead beyond all years: the encoder sees to it, or the engine."""
    return {
        name: (Sql(form, ((1, f"amount_{unit}"),)), _guarded(form, unit))
        if name in _STUMBLING and isinstance(form, str)
        else form
        for name, form in forms.items()
    }


def _guarded(form: str, unit: str, amount: str = "{1}") -> str:
    most = FURTHEST[unit]
    return form.replace("{1}", f"CASE WHEN {{1}} BETWEEN -{most} AND {most} THEN {amount} END")


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


def _literal(forms: Mapping[str, Forms], encoding: str) -> dict[str, Forms]:
    """The same for a literal amount only, which is encoded."""
    return {name: Sql(form, ((1, encoding),)) for name, form in forms.items() if isinstance(form, str)}


def _microseconds(dialect: str, size: str) -> str:
    """`{1}` units of so many, what is left over cut off: 0.29 seconds are 290,000, whatever 0.29 is as a double."""
    return {
        "postgres": f"TRUNC(CAST({{1}} * {size} AS DECIMAL))",  # of 15 digits
        "mysql": f"TRUNCATE(ROUND({{1}} * {size}, 3), 0)",
        "duckdb": f"TRUNC(ROUND({{1}} * {size}, 3))",
    }[dialect]


_DS_INTERVAL = "{{0}} + NUMTODSINTERVAL({{1}}, '{}')"


def _unit_rows(unit: str) -> tuple[Row, ...]:
    """Rows of an amount in days, hours, minutes or seconds."""
    size = _SECONDS[unit]
    name = unit.upper()
    whole: dict[str, str] = _interval(unit)
    exact: dict[str, Forms] = {
        "postgres": f"{{0}} + {_microseconds('postgres', f'{size}000000')} * INTERVAL '1 MICROSECOND'",
        "mysql": f"DATE_ADD({{0}}, INTERVAL {_microseconds('mysql', f'{size}000000')} MICROSECOND)",
        "duckdb": f"{{0}} + TO_MICROSECONDS(CAST({_microseconds('duckdb', f'{size}000000')} AS BIGINT))",
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
            **_within_years(whole, unit),
        ),
        row(f"date.add_{unit}s", None, **_within_years({**_literal(whole, "whole"), **exact}, unit)).of(
            kind="datetime/fraction"
        ),
        row(
            f"date.add_{unit}s",
            None,
            sqlite=f"DATE({{0}}, {{1}} || ' {unit}s')",
            oracle=oracle_day,
            **_within_years(days, unit),
        ).of(kind="date"),
        row(
            f"date.add_{unit}s",
            None,
            sqlite=f"DATE({{0}}, {{1}} || ' {unit}s')",
            oracle=oracle_day,
            **_within_years(
                {
                    **_literal(days, "whole"),
                    **{name: f"CAST({exact[name]} AS DATE)" for name in ("postgres", "mysql", "duckdb")},
                },
                unit,
            ),
        ).of(kind="date/fraction"),
    )


def _month_rows(unit: str) -> tuple[Row, ...]:
    """Rows of an amount in months or years; Oracle's ADD_MONTHS makes the last day the last day."""
    whole = _interval(unit)
    casts = _as_day(whole, small=False)
    sqlite = _sqlite_months("{1}", _MONTHS[unit])
    sqlite_cut = _sqlite_months("CAST({1} AS INTEGER)", _MONTHS[unit])
    time = " || SUBSTR({0}, 11)"
    return (
        row(f"date.add_{unit}s", None, sqlite=sqlite + time, **_within_years(whole, unit)),
        row(f"date.add_{unit}s", None, sqlite=sqlite_cut + time, **_cut(whole, unit)).of(
            kind="datetime/fraction"
        ),
        row(f"date.add_{unit}s", None, sqlite=sqlite, **_within_years(casts, unit)).of(kind="date"),
        row(f"date.add_{unit}s", None, sqlite=sqlite_cut, **_cut(casts, unit)).of(kind="date/fraction"),
    )


def _cut(forms: Mapping[str, Forms], unit: str) -> dict[str, Forms]:
    """The fraction of a literal is cut off by the encoder, that of a column by two engines."""
    cut = _literal(forms, f"cut_{unit}")
    for name in ("postgres", "duckdb"):
        form = str(forms[name])
        cut[name] = (Sql(form, ((1, f"cut_{unit}"),)), _guarded(form, unit, "CAST(TRUNC({1}) AS INT)"))
    return cut


# Below the second: a tick is 100 ns, which only some engines keep. No day is moved by so little.
_MILLISECONDS: dict[str, Forms] = {
    "sqlite": _MOVED_MS,
    "postgres": "{0} + {1} * INTERVAL '1 MILLISECOND'",
    "mysql": "DATE_ADD({0}, INTERVAL {1} * 1000 MICROSECOND)",
    "duckdb": "{0} + TO_MICROSECONDS(CAST({1} AS BIGINT) * 1000)",
    "tsql": "DATEADD(MILLISECOND, {1}, {0})",
    "snowflake": "DATEADD(MILLISECOND, {1}, {0})",
    "bigquery": "{0} + INTERVAL {1} MILLISECOND",
    "spark": "TIMESTAMPADD(MILLISECOND, {1}, {0})",
    "trino": "DATE_ADD('millisecond', {1}, {0})",
}
_SMALL = (
    row("date.add_milliseconds", None, **_within_years(_MILLISECONDS, "millisecond")),
    row(
        "date.add_milliseconds",
        None,
        **_within_years(
            {
                **_literal(_MILLISECONDS, "whole"),
                "postgres": f"{{0}} + {_microseconds('postgres', '1000')} * INTERVAL '1 MICROSECOND'",
                "mysql": f"DATE_ADD({{0}}, INTERVAL {_microseconds('mysql', '1000')} MICROSECOND)",
                "duckdb": f"{{0}} + TO_MICROSECONDS(CAST({_microseconds('duckdb', '1000')} AS BIGINT))",
            },
            "millisecond",
        ),
    ).of(kind="datetime/fraction"),
    row(
        "date.add_ticks",
        None,
        **_within_years(
            {
                "postgres": "{0} + TRUNC({1} / 10.0) * INTERVAL '1 MICROSECOND'",
                "mysql": "DATE_ADD({0}, INTERVAL {1} DIV 10 MICROSECOND)",
                "duckdb": "{0} + TO_MICROSECONDS(CAST(TRUNC({1} / 10) AS BIGINT))",
            },
            "tick",
        ),
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
