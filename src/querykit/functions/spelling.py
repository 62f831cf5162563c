"""The spelling matrix: how each language writes a function.

One row per function and language. A function that has no row here for a language is an operator there (its
spelling is in the precedence table of the language), is rewritten, or cannot be said.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

__all__ = ["SPELLINGS", "Spelling", "by_id", "by_name"]


class Spelling(NamedTuple):
    """One way to write a function.

    Parameters
    ----------
    id: of the catalog row.
    name: as the language prints it.
    least, most: how many arguments this spelling takes.
    order: for each written argument, its place in the call; empty where both are in one order.

    >>> Spelling("str.indexof", "CharIndex", 2, 4, (1, 0, 2, 3)).order[0]
    1
    """

    id: str
    name: str
    least: int
    most: int
    order: tuple[int, ...] = ()


_MANY = 1_000

_ODATA = (
    Spelling("str.concat", "concat", 2, 2),
    Spelling("str.contains", "contains", 2, 2),
    Spelling("str.endswith", "endswith", 2, 2),
    Spelling("str.indexof", "indexof", 2, 2),
    Spelling("str.length", "length", 1, 1),
    Spelling("str.startswith", "startswith", 2, 2),
    Spelling("str.substring", "substring", 2, 3),
    Spelling("str.matches", "matchesPattern", 2, 2),
    Spelling("str.lower", "tolower", 1, 1),
    Spelling("str.upper", "toupper", 1, 1),
    Spelling("str.trim", "trim", 1, 1),
    Spelling("coll.hassubset", "hassubset", 2, 2),
    Spelling("coll.hassubsequence", "hassubsequence", 2, 2),
    *(Spelling(f"date.{part}", part, 1, 1) for part in ("year", "month", "day", "hour", "minute", "second")),
    Spelling("date.fraction", "fractionalseconds", 1, 1),
    Spelling("date.date", "date", 1, 1),
    Spelling("date.time", "time", 1, 1),
    Spelling("date.offset_minutes", "totaloffsetminutes", 1, 1),
    Spelling("duration.total_seconds", "totalseconds", 1, 1),
    Spelling("date.utcnow", "now", 0, 0),
    Spelling("date.min", "mindatetime", 0, 0),
    Spelling("date.max", "maxdatetime", 0, 0),
    Spelling("math.round", "round", 1, 1),
    Spelling("math.floor", "floor", 1, 1),
    Spelling("math.ceiling", "ceiling", 1, 1),
    Spelling("type.cast", "cast", 1, 2),
    Spelling("type.isof", "isof", 1, 2),
    Spelling("geo.distance", "geo.distance", 2, 2),
    Spelling("geo.intersects", "geo.intersects", 2, 2),
    Spelling("geo.length", "geo.length", 1, 1),
)

_CRITERIA = (
    Spelling("logic.case", "Iif", 3, _MANY),
    Spelling("null.is", "IsNull", 1, 1),
    Spelling("null.coalesce", "IsNull", 2, 2),
    Spelling("str.is_null_or_empty", "IsNullOrEmpty", 1, 1),
    Spelling("str.like_set", "Like", 2, 2),
    Spelling("str.ascii", "Ascii", 1, 1),
    Spelling("str.char", "Char", 1, 1),
    Spelling("str.indexof", "CharIndex", 2, 4, (1, 0, 2, 3)),
    Spelling("str.concat", "Concat", 1, _MANY),
    Spelling("str.contains", "Contains", 2, 2),
    Spelling("str.startswith", "StartsWith", 2, 2),
    Spelling("str.endswith", "EndsWith", 2, 2),
    Spelling("str.insert", "Insert", 3, 3),
    Spelling("str.length", "Len", 1, 1),
    Spelling("str.lower", "Lower", 1, 1),
    Spelling("str.upper", "Upper", 1, 1),
    Spelling("str.trim", "Trim", 1, 1),
    Spelling("str.reverse", "Reverse", 1, 1),
    Spelling("str.pad_left", "PadLeft", 2, 3),
    Spelling("str.pad_right", "PadRight", 2, 3),
    Spelling("str.remove", "Remove", 2, 3),
    Spelling("str.replace", "Replace", 3, 3),
    Spelling("str.substring", "Substring", 2, 3),
    Spelling("cast.string", "ToStr", 1, 1),
    Spelling("cast.decimal", "ToDecimal", 1, 1),
    Spelling("cast.float", "ToDouble", 1, 1),
    Spelling("cast.float", "ToFloat", 1, 1),
    Spelling("cast.int", "ToInt", 1, 1),
    Spelling("cast.int", "ToLong", 1, 1),
    Spelling("math.abs", "Abs", 1, 1),
    Spelling("math.sign", "Sign", 1, 1),
    Spelling("math.ceiling", "Ceiling", 1, 1),
    Spelling("math.floor", "Floor", 1, 1),
    Spelling("math.round", "Round", 1, 1),
    Spelling("math.round_to", "Round", 2, 2),
    Spelling("math.power", "Power", 2, 2),
    Spelling("math.sqrt", "Sqr", 1, 1),
    Spelling("math.exp", "Exp", 1, 1),
    Spelling("math.log", "Log", 1, 1),
    Spelling("math.log_base", "Log", 2, 2),
    Spelling("math.log10", "Log10", 1, 1),
    *(Spelling(f"math.{name.lower()}", name, 1, 1) for name in ("Sin", "Cos", "Tan", "Asin", "Acos")),
    *(Spelling(f"math.{name.lower()}", name, 1, 1) for name in ("Sinh", "Cosh", "Tanh")),
    Spelling("math.atan", "Atn", 1, 1),
    Spelling("math.atan2", "Atn2", 2, 2),
    Spelling("math.bigmul", "BigMul", 2, 2),
    Spelling("math.greatest", "Max", 2, 2),
    Spelling("math.least", "Min", 2, 2),
    Spelling("math.random", "Rnd", 0, 0),
    Spelling("date.now", "Now", 0, 0),
    Spelling("date.utcnow", "UtcNow", 0, 0),
    Spelling("date.today", "Today", 0, 0),
    Spelling("date.now", "LocalDateTimeNow", 0, 0),
    *(
        Spelling(f"date.{id}", f"LocalDateTime{name}", 0, 0)
        for id, name in (
            ("today", "Today"),
            ("yesterday", "Yesterday"),
            ("tomorrow", "Tomorrow"),
            ("day_after_tomorrow", "DayAfterTomorrow"),
            ("this_week", "ThisWeek"),
            ("last_week", "LastWeek"),
            ("next_week", "NextWeek"),
            ("two_weeks_away", "TwoWeeksAway"),
            ("this_month", "ThisMonth"),
            ("last_month", "LastMonth"),
            ("next_month", "NextMonth"),
            ("two_months_away", "TwoMonthsAway"),
            ("this_year", "ThisYear"),
            ("last_year", "LastYear"),
            ("next_year", "NextYear"),
            ("two_years_away", "TwoYearsAway"),
            ("year_before_today", "YearBeforeToday"),
        )
    ),
    *(
        Spelling(f"date.add_{unit.lower()}s", f"Add{unit}s", 2, 2)
        for unit in ("Year", "Month", "Day", "Hour", "Minute", "Second", "Tick")
    ),
    Spelling("date.add_milliseconds", "AddMilliSeconds", 2, 2),
    Spelling("math.add", "AddTimeSpan", 2, 2),
    *(
        Spelling(f"date.diff_{unit.lower()}s", f"DateDiff{unit}", 2, 2)
        for unit in ("Year", "Month", "Day", "Hour", "Minute", "Second", "Tick")
    ),
    Spelling("date.diff_milliseconds", "DateDiffMilliSecond", 2, 2),
    Spelling("date.midnight", "GetDate", 1, 1),
    Spelling("date.time_of_day", "GetTimeOfDay", 1, 1),
    *(
        Spelling(f"date.{id}", f"Get{name}", 1, 1)
        for id, name in (
            ("year", "Year"),
            ("month", "Month"),
            ("day", "Day"),
            ("day_of_year", "DayOfYear"),
            ("day_of_week", "DayOfWeek"),
            ("hour", "Hour"),
            ("minute", "Minute"),
            ("second", "Second"),
            ("millisecond", "MilliSecond"),
        )
    ),
    Spelling("date.from_parts", "DateTimeFromParts", 3, 7),
    Spelling("date.from_parts", "MakeDateTime", 3, 7),
    Spelling("date.is_same_day", "IsSameDay", 2, 2),
    Spelling("date.in_range", "InDateRange", 3, 3),
    *(
        Spelling(f"date.is_{name.lower()}", f"Is{name}", 1, 1)
        for name in [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ]
    ),
    *(
        Spelling(f"date.is_{which.lower()}_{unit.lower()}", f"Is{which}{unit}", 1, 1)
        for which, unit in (
            ("This", "Week"),
            ("This", "Month"),
            ("This", "Year"),
            ("Last", "Month"),
            ("Last", "Year"),
            ("Next", "Month"),
            ("Next", "Year"),
        )
    ),
    Spelling("date.is_year_to_date", "IsYearToDate", 1, 1),
    *(
        Spelling(f"date.in_{id}", f"IsOutlookInterval{name}", 1, 1)
        for id, name in (
            ("beyond_this_year", "BeyondThisYear"),
            ("later_this_year", "LaterThisYear"),
            ("later_this_month", "LaterThisMonth"),
            ("next_week", "NextWeek"),
            ("later_this_week", "LaterThisWeek"),
            ("tomorrow", "Tomorrow"),
            ("today", "Today"),
            ("yesterday", "Yesterday"),
            ("earlier_this_week", "EarlierThisWeek"),
            ("last_week", "LastWeek"),
            ("earlier_this_month", "EarlierThisMonth"),
            ("earlier_this_year", "EarlierThisYear"),
            ("prior_this_year", "PriorThisYear"),
        )
    ),
    *(
        Spelling(f"date.{id}", name, 1, 1)
        for id, name in (
            ("is_this_hour", "IsThisHour"),
            ("is_last_hour", "IsLastHour"),
            ("is_next_hour", "IsNextHour"),
            ("is_before_midday", "BeforeMidday"),
            ("is_after_midday", "AfterMidday"),
            ("is_morning", "IsMorning"),
            ("is_afternoon", "IsAfternoon"),
            ("is_evening", "IsEvening"),
            ("is_night", "IsNight"),
            ("is_lunch_time", "IsLunchTime"),
            ("is_work_time", "IsWorkTime"),
            ("is_free_time", "IsFreeTime"),
            ("to_local", "UtcToLocalTime"),
            ("to_utc", "LocalTimeToUtc"),
        )
    ),
    Spelling("date.is_same_hour", "IsSameHour", 2, 2),
    Spelling("date.is_same_time", "IsSameTime", 2, 2),
    Spelling("date.date_from_parts", "DateOnlyFromParts", 3, 3),
    Spelling("date.time_from_parts", "TimeOnlyFromParts", 2, 4),
    Spelling("type.isof", "IsInstanceOfType", 2, 2),
    Spelling("type.exactly", "IsExactType", 2, 2),
)

#: Language -> its rows. VTQL has no functions.
SPELLINGS: dict[str, tuple[Spelling, ...]] = {"odata": _ODATA, "criteria": _CRITERIA, "vtql": ()}


def by_name(language: str) -> dict[str, tuple[Spelling, ...]]:
    """Case-folded name -> the spellings that bear it.

    >>> [row.id for row in by_name("criteria")["isnull"]]
    ['null.is', 'null.coalesce']
    """
    names: defaultdict[str, list[Spelling]] = defaultdict(list)
    for row in SPELLINGS[language]:
        names[row.name.casefold()].append(row)
    return {name: tuple(rows) for name, rows in names.items()}


def by_id(language: str) -> dict[str, Spelling]:
    """Id -> the spelling that is printed: the first row of each id."""
    ids: dict[str, Spelling] = {}
    for row in SPELLINGS[language]:
        ids.setdefault(row.id, row)
    return ids
