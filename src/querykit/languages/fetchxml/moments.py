"""Dates that depend on the day of the request: FetchXML's operators, and the trees that say the same.

Microsoft's words are short ("the value is within the last X days"). As Dynamics has it, and its tools compute
it: days, weeks, months and years back begin at midnight so many ago and end now; ahead they begin now and end
with the last of the days; "older" is before that midnight. Hours and minutes count from the moment (Dynamics
cuts it to the hour). A week begins on Sunday, and all is UTC.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from querykit.ast.nodes import Call, Expr, Literal, Path
from querykit.source import Span

__all__ = ["FROM_NOW", "PERIODS", "Distance", "distance_asked", "distance_test", "named_distance"]

#: Operator -> the test of the catalog.
PERIODS: dict[str, str] = {
    "today": "date.in_today",
    "yesterday": "date.in_yesterday",
    "tomorrow": "date.in_tomorrow",
    "this-week": "date.is_this_week",
    "last-week": "date.in_last_week",
    "next-week": "date.in_next_week",
    "this-month": "date.is_this_month",
    "last-month": "date.is_last_month",
    "next-month": "date.is_next_month",
    "this-year": "date.is_this_year",
    "last-year": "date.is_last_year",
    "next-year": "date.is_next_year",
}

_NOW = Call("date.utcnow")
_TODAY = Call("date.today")
_FROM_NOW_UNITS = ("hours", "minutes")

_OPERATOR = re.compile(
    r"(last|next)-x-(hours|days|weeks|months|years)|(olderthan)-x-(minutes|hours|days|weeks|months|years)"
)


class Distance(NamedTuple):
    """How far from the moment of the request: ``last``, ``next`` or ``olderthan``, so many units."""

    which: str
    unit: str
    number: int

    @property
    def operator(self) -> str:
        return f"{self.which}-x-{self.unit}"


def named_distance(operator: str) -> tuple[str, str] | None:
    """Which way and in which unit an operator counts, or None.

    >>> named_distance("olderthan-x-months")
    ('olderthan', 'months')
    """
    found = _OPERATOR.fullmatch(operator)
    return None if found is None else (found[1] or found[3], found[2] or found[4])


def distance_test(distance: Distance, field: Path, span: Span) -> Expr:
    """The condition on a field."""
    unit, count = ("days", 7 * distance.number) if distance.unit == "weeks" else distance[1:]
    if distance.which != "next":
        past = _away(unit, -count)
        if distance.which == "olderthan":
            return Call("cmp.lt", (field, past), span)
        return Call("cmp.between", (field, past, _NOW), span)
    future = _away(unit, count)
    if unit in _FROM_NOW_UNITS:
        return Call("cmp.between", (field, _NOW, future), span)
    end = Call("date.add_days", (future, Literal("int", 1)))  # the last of the days counts whole
    return Call("bool.and", (Call("cmp.ge", (field, _NOW), span), Call("cmp.lt", (field, end), span)), span)


def _away(unit: str, count: int) -> Call:
    start = _NOW if unit in _FROM_NOW_UNITS else _TODAY
    return Call(f"date.add_{unit}", (start, Literal("int", count)))


#: The first half of "next so many days"; the second alone is a `Distance` that is "ahead".
FROM_NOW = Distance("from now", "", 0)


def distance_asked(test: Call) -> Distance | None:
    """What a comparison of a field with moments asks, or None.

    Two comparisons make "next so many days": the first is `FROM_NOW`, the second a distance ``ahead``.

    >>> distance_asked(distance_test(Distance("last", "weeks", 2), Path(("a",)), (0, 1)))
    Distance(which='last', unit='days', number=14)
    """
    bounds = test.args[1:]
    if test.fn == "cmp.between" and _NOW in bounds:
        count = _counted(bounds[0] if bounds[1] == _NOW else bounds[1])
        if count is None or (bounds[1] == _NOW) != (count[1] < 0) or bounds[0] == bounds[1]:
            return None
        if count[1] > 0 and count[0] not in _FROM_NOW_UNITS:
            return None
        return _operator("last" if count[1] < 0 else "next", *count)
    if test.fn == "cmp.ge" and bounds == (_NOW,):
        return FROM_NOW
    return _before(bounds[0]) if test.fn == "cmp.lt" else None


def _before(bound: Expr) -> Distance | None:
    if isinstance(bound, Call) and bound.fn == "date.add_days" and bound.args[1] == Literal("int", 1):
        count = _counted(bound.args[0])
        if count is not None and count[1] > 0 and count[0] not in _FROM_NOW_UNITS:
            return Distance("ahead", *count)
    count = _counted(bound)
    return _operator("olderthan", *count) if count is not None and count[1] < 0 else None


def _operator(which: str, unit: str, count: int) -> Distance | None:
    distance = Distance(which, unit, abs(count))
    return distance if named_distance(distance.operator) is not None else None


def _counted(bound: Expr) -> tuple[str, int] | None:
    """Unit and number of an addition to the moment, or the day, of the request."""
    if not isinstance(bound, Call) or not bound.fn.startswith("date.add_") or len(bound.args) != 2:
        return None
    unit = bound.fn.removeprefix("date.add_")
    start, number = bound.args
    if start != (_NOW if unit in _FROM_NOW_UNITS else _TODAY):
        return None
    if not isinstance(number, Literal) or not isinstance(number.value, int) or number.kind != "int":
        return None
    return unit, number.value
