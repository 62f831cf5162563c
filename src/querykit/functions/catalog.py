"""The catalog: one row per operator and function, the same for every language and target.

A row says what a call means; `spelling` says how each language writes it, `evaluation` computes it in
Python, `sql` says it in each dialect. The binder picks the first overload whose parameters take the
arguments; `becomes` is the id of the specialised operation that the targets know (`math.add` of two
strings becomes `str.concat`).
"""

from __future__ import annotations

from querykit import types as t
from querykit.functions.signature import Function, Overload, Parameter
from querykit.types import Type

__all__ = ["CATALOG", "DAYTIMES", "MONTHS"]


def _row(id: str, doc: str, *overloads: Overload, nulls: str = "strict") -> Function:
    return Function(id, overloads, nulls, doc)


def _o(
    *params: Parameter, to: Type | str, becomes: str = "", optional: int = 0, variadic: bool = False
) -> Overload:
    return Overload(params, to, becomes, optional, variadic)


_NUM = "number"
_MOMENT = "moment"
_SAME = "same"
_S, _I, _B, _F, _DEC = t.STRING, t.INT, t.BOOL, t.FLOAT, t.DECIMAL
_DT, _D, _T, _DUR = t.DATETIME, t.DATE, t.TIME, t.DURATION

_LOGIC = (
    _row("bool.and", "all are true", _o(_B, to=_B, variadic=True), nulls="logic"),
    _row("bool.or", "one is true", _o(_B, to=_B, variadic=True), nulls="logic"),
    _row("bool.not", "is false", _o(_B, to=_B), nulls="logic"),
    _row(
        "logic.case",
        "the value after the first true condition, else the last (odd) argument, else null",
        _o(_B, "any", to="common", variadic=True),
        nulls="own",
    ),
)

_COMPARISON = (
    # Three-valued, as SQL, criteria and VTQL compare: null if an operand is.
    *(
        _row(f"cmp.{name}", f"{words}; null if an operand is null", _o("any", _SAME, to=_B))
        for name, words in (
            ("eq", "equal"),
            ("ne", "not equal"),
            ("lt", "less"),
            ("le", "less or equal"),
            ("gt", "greater"),
            ("ge", "greater or equal"),
        )
    ),
    _row("cmp.between", "low <= value <= high", _o("any", _SAME, _SAME, to=_B), nulls="own"),
    _row("cmp.in", "equal to an item of the list", _o("any", "any", to=_B), nulls="own"),
    # Total, as OData compares: null is a value (OData 4.01 Part 2, 5.1.1.1).
    *(
        _row(f"total.{name}", f"{words}", _o("any", _SAME, to=_B), nulls="total")
        for name, words in (
            ("eq", "equal; null equals null"),
            ("ne", "not equal; null differs from every value"),
            ("lt", "less; false if an operand is null"),
            ("le", "less, or equal as by total.eq"),
            ("gt", "greater; false if an operand is null"),
            ("ge", "greater, or equal as by total.eq"),
        )
    ),
    _row("total.in", "equal (as by total.eq) to an item of the list", _o("any", "any", to=_B), nulls="total"),
    _row("null.is", "is null", _o("any", to=_B), nulls="total"),
    _row(
        "null.coalesce",
        "the first, or the second where it is null",
        _o("any", _SAME, to="common"),
        nulls="own",
    ),
    _row("enum.has", "has all the flags", _o("any", _SAME, to=_B)),
)

_MATH = (
    _row(
        "math.add",
        "sum; of texts: one after the other; of a moment and a duration: later",
        _o(_NUM, _NUM, to="promoted", variadic=True),
        _o(_S, _S, to=_S, becomes="str.concat", variadic=True),
        _o(_DT, _DUR, to=_DT, becomes="date.plus", variadic=True),
        _o(_D, _DUR, to=_D, becomes="date.plus_days", variadic=True),
        _o(_DUR, _DUR, to=_DUR, becomes="duration.add", variadic=True),
    ),
    _row(
        "math.sub",
        "difference",
        _o(_NUM, _NUM, to="promoted", variadic=True),
        _o(_DT, _DUR, to=_DT, becomes="date.minus", variadic=True),
        _o(_D, _DUR, to=_D, becomes="date.minus_days", variadic=True),
        _o(_DUR, _DUR, to=_DUR, becomes="duration.sub", variadic=True),
        _o(_DT, _DT, to=_DUR, becomes="date.difference"),
        _o(_D, _D, to=_DUR, becomes="date.difference"),
    ),
    _row(
        "math.mul",
        "product",
        _o(_NUM, _NUM, to="promoted", variadic=True),
        _o(_DUR, _NUM, to=_DUR, becomes="duration.mul"),
    ),
    _row(
        "math.div",
        "quotient; of two integers truncated toward zero",
        _o(_I, _I, to=_I, becomes="math.idiv", variadic=True),
        _o(_NUM, _NUM, to="promoted", variadic=True),
        _o(_DUR, _NUM, to=_DUR, becomes="duration.div"),
    ),
    _row(
        "math.divby",
        "quotient, never truncated",
        _o(_F, _NUM, to=_F, becomes="math.div", variadic=True),
        _o(_NUM, _F, to=_F, becomes="math.div"),
        _o(_NUM, _NUM, to=_DEC, becomes="math.div", variadic=True),
    ),
    _row(
        "math.mod",
        "remainder, with the sign of the left operand",
        _o(_NUM, _NUM, to="promoted", variadic=True),
    ),
    _row("math.neg", "negative", _o(_NUM, to="same"), _o(_DUR, to=_DUR, becomes="duration.neg")),
    _row("bit.and", "bits set in both", _o(_I, _I, to=_I, variadic=True)),
    _row("bit.or", "bits set in one", _o(_I, _I, to=_I, variadic=True)),
    _row("bit.xor", "bits set in just one", _o(_I, _I, to=_I, variadic=True)),
    _row("bit.not", "all bits turned", _o(_I, to=_I)),
    _row("math.round", "nearest integer, half away from zero", _o(_NUM, to="same")),
    _row("math.round_to", "nearest with so many decimals, half away from zero", _o(_NUM, _I, to="same")),
    _row("math.floor", "largest integer below", _o(_NUM, to="same")),
    _row("math.ceiling", "smallest integer above", _o(_NUM, to="same")),
    _row("math.abs", "magnitude", _o(_NUM, to="same")),
    _row("math.sign", "-1, 0 or 1", _o(_NUM, to=_I)),
    _row("math.power", "first to the power of the second", _o(_NUM, _NUM, to=_F)),
    _row("math.sqrt", "square root", _o(_NUM, to=_F)),
    _row("math.exp", "e to the power", _o(_NUM, to=_F)),
    _row("math.log", "natural logarithm", _o(_NUM, to=_F)),
    _row("math.log_base", "logarithm, the base second", _o(_NUM, _NUM, to=_F)),
    _row("math.log10", "decimal logarithm", _o(_NUM, to=_F)),
    *(
        _row(f"math.{name}", f"{name} (radians)", _o(_NUM, to=_F))
        for name in ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh")
    ),
    _row("math.atan2", "angle of the point (y, x)", _o(_NUM, _NUM, to=_F)),
    _row("math.bigmul", "product of two integers", _o(_I, _I, to=_I)),
    _row("math.greatest", "the larger of two", _o("any", _SAME, to="common")),
    _row("math.least", "the smaller of two", _o("any", _SAME, to="common")),
    _row("math.random", "a random number in [0, 1)", _o(to=_F), nulls="total"),
)

_STRINGS = (
    _row("str.concat", "one text after the other", _o(_S, to=_S, variadic=True)),
    _row("str.contains", "has the part in it; exact, no wildcards", _o(_S, _S, to=_B)),
    _row("str.startswith", "begins with the part; exact, no wildcards", _o(_S, _S, to=_B)),
    _row("str.endswith", "ends with the part; exact, no wildcards", _o(_S, _S, to=_B)),
    _row("str.like", "matches the pattern: % any run, _ one character, backslash escapes", _o(_S, _S, to=_B)),
    _row(
        "str.like_set",
        "matches the pattern: % any run, _ one character, [a-c] [^a-c] sets",
        _o(_S, _S, to=_B),
    ),
    _row("str.matches", "the ECMAScript regular expression is found in it", _o(_S, _S, to=_B)),
    _row(
        "str.indexof",
        "zero-based place of the second text in the first (from a place on, within a count), -1 if absent",
        _o(_S, _S, _I, _I, to=_I, optional=2),
    ),
    _row("str.length", "code points", _o(_S, to=_I), _o(t.BINARY, to=_I, becomes="binary.length")),
    _row("str.lower", "in lower case", _o(_S, to=_S)),
    _row("str.upper", "in upper case", _o(_S, to=_S)),
    _row("str.trim", "without blanks at both ends", _o(_S, to=_S)),
    _row(
        "str.substring",
        "from a zero-based place on, at most so many code points",
        _o(_S, _I, _I, to=_S, optional=1),
    ),
    _row("str.replace", "every occurrence of the second text by the third", _o(_S, _S, _S, to=_S)),
    _row("str.insert", "with the third text put in at the zero-based place", _o(_S, _I, _S, to=_S)),
    _row(
        "str.remove",
        "without so many code points (or all) from a zero-based place on",
        _o(_S, _I, _I, to=_S, optional=1),
    ),
    _row("str.pad_left", "filled up on the left", _o(_S, _I, _S, to=_S, optional=1)),
    _row("str.pad_right", "filled up on the right", _o(_S, _I, _S, to=_S, optional=1)),
    _row("str.reverse", "back to front", _o(_S, to=_S)),
    _row("str.ascii", "code of the first character", _o(_S, to=_I)),
    _row("str.char", "character of a code", _o(_I, to=_S)),
    _row("str.is_null_or_empty", "null or without a character", _o(_S, to=_B), nulls="total"),
)

_PARTS = ("year", "month", "day")
_CLOCK_PARTS = ("hour", "minute", "second")
_UNITS = ("year", "month", "day", "hour", "minute", "second", "millisecond", "tick")
_PERIODS = (
    ("today", "today 00:00"),
    ("yesterday", "yesterday 00:00"),
    ("tomorrow", "tomorrow 00:00"),
    ("day_after_tomorrow", "the day after tomorrow 00:00"),
    ("this_week", "first day of this week"),
    ("last_week", "first day of last week"),
    ("next_week", "first day of next week"),
    ("two_weeks_away", "first day of the week after next"),
    ("this_month", "first of this month"),
    ("last_month", "first of last month"),
    ("next_month", "first of next month"),
    ("two_months_away", "first of the month after next"),
    ("this_year", "1 January of this year"),
    ("last_year", "1 January of last year"),
    ("next_year", "1 January of next year"),
    ("two_years_away", "1 January of the year after next"),
    ("year_before_today", "today, a year ago"),
)
#: Names of the months, January first.
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_INTERVALS = (
    ("beyond_this_year", "after this year"),
    ("later_this_year", "this year, after this month"),
    ("later_this_month", "this month, after next week"),
    ("next_week", "next week"),
    ("later_this_week", "this week, after tomorrow"),
    ("tomorrow", "tomorrow"),
    ("today", "today"),
    ("yesterday", "yesterday"),
    ("earlier_this_week", "this week, before yesterday"),
    ("last_week", "last week"),
    ("earlier_this_month", "this month, before last week"),
    ("earlier_this_year", "this year, before this month"),
    ("prior_this_year", "before this year"),
)

#: Part of the day -> the hour it begins with and the hour it ends before. The hours of lunch, work and leisure are
#: not published (criteria.md, 4.4): a working day begins where the night, as published, ends.
DAYTIMES: dict[str, tuple[int, int]] = {
    "before_midday": (0, 12),
    "after_midday": (12, 24),
    "morning": (6, 12),
    "afternoon": (12, 18),
    "evening": (18, 21),
    "night": (21, 9),
    "lunch_time": (12, 14),
    "work_time": (9, 18),
    "free_time": (18, 9),
}

_DATES = (
    *(_row(f"date.{part}", f"the {part}", _o(_MOMENT, to=_I)) for part in _PARTS),
    *(
        _row(f"date.{part}", f"the {part}", _o(_DT, to=_I), _o(_T, to=_I, becomes=f"time.{part}"))
        for part in _CLOCK_PARTS
    ),
    _row("date.millisecond", "the millisecond of the second", _o(_DT, to=_I)),
    _row(
        "date.fraction",
        "the fraction of the second, 0 <= x < 1",
        _o(_DT, to=_DEC),
        _o(_T, to=_DEC, becomes="time.fraction"),
    ),
    _row("date.day_of_year", "1 January is 1", _o(_MOMENT, to=_I)),
    _row("date.day_of_week", "Sunday is 0", _o(_MOMENT, to=_I)),
    _row("date.time_of_day", "ticks (100 ns) since midnight", _o(_DT, to=_I)),
    _row("date.date", "the day, without the time", _o(_DT, to=_D), _o(_D, to=_D)),
    _row("date.time", "the time, without the day", _o(_DT, to=_T)),
    _row("date.midnight", "the same day at 00:00", _o(_MOMENT, to=_DT)),
    _row("date.offset_minutes", "minutes from UTC", _o(_DT, to=_I)),
    _row("duration.total_seconds", "seconds of a duration", _o(_DUR, to=_DEC)),
    _row("date.now", "the moment of the request", _o(to=_DT), nulls="total"),
    _row("date.utcnow", "the moment of the request, UTC", _o(to=_DT), nulls="total"),
    _row("date.min", "the first moment there is", _o(to=_DT), nulls="total"),
    _row("date.max", "the last moment there is", _o(to=_DT), nulls="total"),
    *(_row(f"date.{name}", words, _o(to=_DT), nulls="total") for name, words in _PERIODS),
    *(
        _row(f"date.add_{unit}s", f"so many {unit}s later", _o(_DT, _NUM, to=_DT), _o(_D, _NUM, to=_D))
        for unit in _UNITS
    ),
    *(
        _row(
            f"date.diff_{unit}s",
            f"{unit} boundaries crossed from the first to the second",
            _o(_MOMENT, _MOMENT, to=_I),
        )
        for unit in _UNITS
    ),
    _row(
        "date.from_parts",
        "year, month, day [hour, minute, second, millisecond]",
        _o(_I, _I, _I, _I, _I, _I, _I, to=_DT, optional=4),
    ),
    _row("date.is_same_day", "on one day", _o(_MOMENT, _MOMENT, to=_B)),
    _row(
        "date.in_range",
        "the day lies from the second to the third",
        _o(_MOMENT, _MOMENT, _MOMENT, to=_B),
        nulls="own",
    ),
    *(_row(f"date.is_{name}", f"in {name.capitalize()}", _o(_MOMENT, to=_B)) for name in MONTHS),
    *(
        _row(f"date.is_{which}_{unit}", f"in {which} {unit}", _o(_MOMENT, to=_B))
        for unit in ("week", "month", "year")
        for which in (("this",) if unit == "week" else ("this", "last", "next"))
    ),
    _row("date.is_year_to_date", "from 1 January to today", _o(_MOMENT, to=_B)),
    *(_row(f"date.in_{name}", words, _o(_MOMENT, to=_B)) for name, words in _INTERVALS),
    *(
        _row(f"date.is_{which}_hour", f"in {which} hour", _o(_DT, to=_B))
        for which in ("this", "last", "next")
    ),
    *(
        _row(
            f"date.is_{name}", f"from {begin:02}:00 to {end:02}:00 of any day", _o(_DT, to=_B), _o(_T, to=_B)
        )
        for name, (begin, end) in DAYTIMES.items()
    ),
    _row("date.is_same_hour", "in one hour of the day", _o(_DT, _DT, to=_B), _o(_T, _T, to=_B)),
    _row("date.is_same_time", "in one minute of the day", _o(_DT, _DT, to=_B), _o(_T, _T, to=_B)),
    _row("date.date_from_parts", "the day of a year, month and day", _o(_I, _I, _I, to=_D)),
    _row("date.time_from_parts", "hour, minute [second, millisecond]", _o(_I, _I, _I, _I, to=_T, optional=2)),
    _row("date.to_local", "in local time, which is UTC", _o(_DT, to=_DT)),
    _row("date.to_utc", "in UTC, which local times are in", _o(_DT, to=_DT)),
)

_CONVERSION = (
    _row("cast.decimal", "as a decimal number", _o(_NUM, to=_DEC), _o(_S, to=_DEC)),
    _row("cast.float", "as a double", _o(_NUM, to=_F), _o(_S, to=_F)),
    _row("cast.int", "as an integer, cut toward zero", _o(_NUM, to=_I), _o(_S, to=_I)),
    _row("cast.string", "as text", _o("any", to=_S)),
    _row("type.cast", "as a value of the type, null where it is none", nulls="own"),
    _row("type.isof", "is a value of the type, a row of the class or of one derived from it", nulls="total"),
    _row("type.exactly", "is a row of the class, and of none derived from it", nulls="total"),
)

_SEARCH = (
    _row("search.and", "rows that both find", nulls="total"),
    _row("search.or", "rows that one finds", nulls="total"),
    _row("search.not", "rows that it does not find", nulls="total"),
    _row(
        "search.term",
        "rows with the word or phrase in a searchable property, in any letter case",
        nulls="total",
    ),
)

_STRUCTURE = (
    _row("list", "a list of values", _o("any", to=t.ANY, variadic=True, optional=1), nulls="total"),
    _row("object", "a JSON object", nulls="total"),
    _row("coll.hassubset", "every item of the second is one of the first", nulls="own"),
    _row("coll.hassubsequence", "the second stands in the first in order", nulls="own"),
    _row("geo.distance", "distance of two points", _o(t.GEO, t.GEO, to=_F)),
    _row("geo.length", "length of a line", _o(t.GEO, to=_F)),
    _row("geo.intersects", "the point lies in the polygon", _o(t.GEO, t.GEO, to=_B)),
)

#: Every row by its id. A call whose id is not here is `custom.Name`, a function that the user registers.
CATALOG: dict[str, Function] = {
    row.id: row
    for row in (*_LOGIC, *_COMPARISON, *_MATH, *_STRINGS, *_DATES, *_CONVERSION, *_SEARCH, *_STRUCTURE)
}
