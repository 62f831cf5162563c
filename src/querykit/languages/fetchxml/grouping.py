"""Groups and their aggregates, between FetchXML's attributes and the steps of `$apply`.

Conditions hold before rows are grouped. A group under another name than its attribute's, and a part of a date, is
computed first and grouped by that name, so that results have the names that FetchXML gives them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from querykit.ast.nodes import Call, Expr, Literal, Named, Path, SortKey, Transformation
from querykit.ast.walk import walk
from querykit.source import Span

__all__ = ["DATE_PARTS", "Column", "Grouping", "grouping_of", "steps"]


class Column(NamedTuple):
    """An attribute of a fetch that aggregates.

    Parameters
    ----------
    alias: its name in the result.
    path: the field; None where rows are counted.
    how: ``""`` or a part of a date for a group, the word of the aggregate for all else.
    distinct: equal values count once.
    """

    alias: str
    path: Path | None
    how: str
    span: Span | None
    distinct: bool = False


class Grouping(NamedTuple):
    """What such a fetch says: without groups, all rows make one result."""

    condition: Expr | None
    groups: tuple[Column, ...]
    aggregates: tuple[Column, ...]


def _number(value: int) -> Literal:
    return Literal("int", value)


def _quarter(path: Path) -> Expr:
    return Call("math.div", (Call("math.add", (Call("date.month", (path,)), _number(2))), _number(3)))


def _week(path: Path) -> Expr:
    """Weeks begin on Sunday, and 1 January is in the first (T-SQL's DATEPART, as Dynamics has it)."""
    year, week = Call("date.day_of_year", (path,)), Call("date.day_of_week", (path,))
    return Call("math.div", (Call("math.sub", (Call("math.add", (year, _number(12))), week)), _number(7)))


#: `dategrouping` -> the part of the date; months and days are those of every year.
DATE_PARTS: dict[str, Callable[[Path], Expr]] = {
    "year": lambda path: Call("date.year", (path,)),
    "quarter": _quarter,
    "month": lambda path: Call("date.month", (path,)),
    "week": _week,
    "day": lambda path: Call("date.day", (path,)),
}

_PLAIN = {"sum": "agg.sum", "avg": "agg.avg", "min": "agg.min", "max": "agg.max"}
_WORDS = {fn: word for word, fn in _PLAIN.items()}


def steps(grouping: Grouping) -> tuple[Transformation, ...]:
    """The steps that a fetch with groups stands for."""
    return tuple(_steps(grouping))


def _steps(grouping: Grouping) -> Iterator[Transformation]:
    if grouping.condition is not None:
        yield Transformation("filter", (grouping.condition,), (), grouping.condition.span)
    computed = [
        Named(group.alias, _part(group.how, group.path), group.span)
        for group in grouping.groups
        if group.path is not None and (group.how or group.path.steps != (group.alias,))
    ]
    if computed:
        yield Transformation("compute", tuple(computed))
    aggregates = tuple([Named(item.alias, _aggregate(item), item.span) for item in grouping.aggregates])
    aggregate = (Transformation("aggregate", aggregates),) if aggregates else ()
    if grouping.groups:
        paths = tuple([Path((group.alias,), span=group.span) for group in grouping.groups])
        yield Transformation("groupby", paths, (aggregate,) if aggregate else ())
    else:
        yield from aggregate


def _part(how: str, path: Path) -> Expr:
    return DATE_PARTS[how](path) if how else path


def _aggregate(item: Column) -> Call:
    if item.path is None:
        return Call("agg.count", (), item.span)
    if item.distinct:
        return Call("agg.countdistinct", (item.path,), item.span)
    if item.how == "countcolumn":
        one = Call("logic.case", (Call("null.is", (item.path,)), _number(0), _number(1)))
        return Call("agg.sum", (one,), item.span)
    return Call(_PLAIN[item.how], (item.path,), item.span)


def grouping_of(apply: Sequence[Transformation]) -> Grouping | None:
    """What the steps say, or None where a fetch cannot say it."""
    pending = list(apply)
    condition: Expr | None = None
    if pending and pending[0].name == "filter":
        (found,) = pending.pop(0).args
        condition = None if isinstance(found, SortKey) else found
    names = [step.name for step in pending]
    if names not in (["aggregate"], ["groupby"], ["compute", "groupby"]):
        return None
    computed = pending.pop(0).args if len(pending) == 2 else ()
    values = {item.name: item.value for item in computed if isinstance(item, Named)}
    (last,) = pending
    if last.name == "aggregate":
        aggregates = _aggregates(last)
        return None if aggregates is None else Grouping(condition, (), aggregates)
    groups = [_group(path, values) for path in last.args]
    inner = last.branches[0] if last.branches else ()
    if len(inner) > 1 or [step.name for step in inner] not in ([], ["aggregate"]) or len(last.branches) > 1:
        return None
    aggregates = _aggregates(inner[0]) if inner else ()
    aliases = {group.alias for group in groups if group is not None}
    if aggregates is None or None in groups or not values.keys() <= aliases:
        return None
    return Grouping(condition, tuple([group for group in groups if group is not None]), aggregates)


def _group(path: object, values: dict[str, Expr]) -> Column | None:
    if not isinstance(path, Path) or len(path.steps) != 1 or not isinstance(path.steps[0], str):
        return None
    alias = path.steps[0]
    value = values.get(alias, path)
    field = next((node for node in walk(value) if isinstance(node, Path)), None)
    if field is None:
        return None
    for how in ("", *DATE_PARTS):
        if _part(how, field) == value:
            return Column(alias, field, how, path.span)
    return None


def _aggregates(step: Transformation) -> tuple[Column, ...] | None:
    columns = [_column(item) for item in step.args]
    return None if None in columns else tuple([column for column in columns if column is not None])


def _column(item: object) -> Column | None:
    call = item.value if isinstance(item, Named) else None
    if not isinstance(item, Named) or not isinstance(call, Call):
        return None
    if call == Call("agg.count"):
        return Column(item.name, None, "count", item.span)
    field = next((node for node in walk(call) if isinstance(node, Path)), None)
    for how in ("countcolumn", *_PLAIN) if field is not None else ():
        for distinct in (False, True):
            column = Column(item.name, field, how, item.span, distinct)
            if _aggregate(column) == call:
                return column
    return None
