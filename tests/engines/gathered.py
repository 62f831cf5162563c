"""Aggregates put to an engine: of groups of rows (`agg.sum`), and of the rows related to one (`related.sum`).

The groups of values are those of `groups.txt`; what the evaluator says of the same plan is expected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from engines.asked import REFUSED, Answer, Statement, compiled, judged, said
from engines.base import Engine
from engines.calls import Call, literals_of
from querykit import types as t
from querykit.errors import QueryError
from querykit.plan.nodes import Bound, BoundQuery, Column, Op, Output, Plan, Slot, Subquery, Table
from querykit.schema.model import Entity, Property, Relation
from querykit.targets.evaluate import evaluate_plan
from querykit.types import Type

__all__ = ["GATHERING", "gathered", "gatherings", "said_by"]

#: How the names of these calls begin.
GATHERING = ("agg.", "related.")
_NUMBERS = ("int", "decimal", "float")
_ORDERED = (*_NUMBERS, "bool", "string", "date", "datetime", "time", "duration", "guid")
#: Aggregate of the values that are not null -> kinds that it takes.
_OF_VALUES: dict[str, tuple[str, ...]] = {
    "count": _ORDERED,
    "countdistinct": _ORDERED,
    "sum": (*_NUMBERS, "duration"),
    "avg": (*_NUMBERS, "duration"),
    "min": _ORDERED,
    "max": _ORDERED,
}
#: The same of related rows, which are there also where their values are null.
_OF_ROWS: dict[str, tuple[str, ...]] = {
    "any": _ORDERED,
    "all": ("bool", "int"),
    "count": _ORDERED,
    **{name: kinds for name, kinds in _OF_VALUES.items() if name not in ("count", "countdistinct")},
    "single": _ORDERED,
}
#: Which of the related rows: those for which a truth holds, a number is larger than a value, a text is one.
_CONDITIONS = {"bool": None, "int": ("cmp.gt", 1), "string": ("total.eq", "a")}
_TWO_VALUED = ("any", "all", "count")


class Asked(NamedTuple):
    """A statement as a plan, with the values of its slots."""

    plan: Plan
    values: list[Any]


@cache
def gatherings() -> tuple[Call, ...]:
    """Every call: the group is its first argument, a condition on the rows the second."""
    return tuple(_calls())


def _calls() -> Iterator[Call]:
    types = {type.kind: type for type in (getattr(t, kind.upper()) for kind in _ORDERED)}
    for kind, groups in literals_of("groups.txt").items():
        for fn, kept in _functions(kind):
            for group in groups:
                yield from _expected(Call(fn, (types[kind],), (group, kept) if kept else (group,), None))


def _functions(kind: str) -> Iterator[tuple[str, str]]:
    """The aggregates of values of a kind, also of those that a condition keeps."""
    yield from ((f"agg.{name}", "") for name, kinds in _OF_VALUES.items() if kind in kinds)
    for name, kinds in _OF_ROWS.items():
        if kind in kinds:
            yield from ([(f"related.{name}", "")] if name != "all" else [])
            yield from ([(f"related.{name}", "kept")] if kind in _CONDITIONS else [])


def _expected(call: Call) -> Iterator[Call]:
    """With the evaluator's value, if it has one."""
    owner, group = {"id": 0}, call.args[0]
    items = [{"id": number, "owner": 0, "value": value} for number, value in enumerate(group)]
    asked = _all_of(call, 0) if call.fn.startswith("agg.") else _of_each(call, 0, 0)
    try:
        (row,) = evaluate_plan(BoundQuery(asked.plan, tuple(asked.values)), {"Owner": [owner], "Item": items})
    except QueryError:
        return
    yield call._replace(expected=row["value"])


# Plans ----------------------------------------------------------------------------------------------------

_ID = Property("id", "id", t.INT, nullable=False)
_OWNER = Property("owner", "owner", t.INT, nullable=False)
_ITEMS = Relation("items", "Item", True, (("id", "owner"),))
_OWNERS = Entity("Owner", "owners", {"id": _ID}, {"items": _ITEMS}, ("id",))


def _item(type: Type) -> tuple[Entity, Property]:
    value = Property("value", "value", type, collation="binary")
    return Entity("Item", "items", {"id": _ID, "owner": _OWNER, "value": value}, key=("id",)), value


def _over(call: Call, table: int) -> tuple[Table, Column]:
    entity, value = _item(call.types[0])
    return Table(table, entity), Column(table, value, call.types[0], True)


def _result(fn: str, type: Type) -> tuple[Type, bool]:
    name = fn.partition(".")[2]
    if name in ("any", "all"):
        return t.BOOL, False
    if name in ("count", "countdistinct"):
        return t.INT, False
    return (t.DECIMAL if name == "avg" and type == t.INT else type), True


def _between(column: Column, first: int, last: int) -> tuple[Bound, list[Any]]:
    return Op("cmp.between", (column, Slot(0, t.INT), Slot(1, t.INT)), t.BOOL, False), [first, last]


def _of_groups(call: Call, first: int, last: int) -> Asked:
    """One result for each owner that has items."""
    table, value = _over(call, 0)
    owner = Column(0, _OWNER, t.INT, False)
    where, values = _between(owner, first, last)
    aggregate = Op(call.fn, (value,), *_result(call.fn, value.type))
    return Asked(
        Plan(table, (Output("id", owner), Output("value", aggregate)), where, group=(owner,)), values
    )


def _all_of(call: Call, owner: int) -> Asked:
    """One result for all items of an owner, also if there are none."""
    table, value = _over(call, 0)
    where, values = _between(Column(0, _OWNER, t.INT, False), owner, owner)
    aggregate = Op(call.fn, (value,), *_result(call.fn, value.type))
    return Asked(Plan(table, (Output("value", aggregate),), where, group=()), values)


def _of_each(call: Call, first: int, last: int) -> Asked:
    """A subquery beside each owner."""
    table, value = _over(call, 1)
    owner = Column(0, _ID, t.INT, False)
    where, values = _between(owner, first, last)
    name = call.fn.removeprefix("related.")
    condition = _condition(value, values) if len(call.args) > 1 else None
    argument = None if name in _TWO_VALUED else value
    type, nullable = _result(call.fn, value.type)
    found = Subquery(name, table, 0, _ITEMS, condition, argument, type, nullable)
    return Asked(Plan(Table(0, _OWNERS), (Output("id", owner), Output("value", found)), where), values)


def _condition(value: Column, values: list[Any]) -> Bound:
    compared = _CONDITIONS[value.type.kind]
    if compared is None:
        return value
    values.append(compared[1])
    return Op(compared[0], (value, Slot(len(values) - 1, value.type)), t.BOOL, True)


# Asking ---------------------------------------------------------------------------------------------------


def gathered(engine: Engine) -> Iterator[Answer]:
    """Every aggregate: groups in one statement, what has no rows (and on quick engines each) in one of its own."""
    for types, same in groupby(gatherings(), key=lambda call: call.types):
        calls = list(same)
        groups = {call.args[0]: number for number, call in enumerate(calls) if _is_new(calls, number)}
        stored = _stored(engine, types[0], groups)
        yield from (Answer(call, REFUSED) for call in calls if call.args[0] not in stored)
        kept = [call for call in calls if call.args[0] in stored]
        for _, alike in groupby(kept, key=lambda call: (call.fn, call.args[1:])):
            yield from _answers(engine, list(alike), stored)


def _is_new(calls: Sequence[Call], number: int) -> bool:
    return all(call.args[0] != calls[number].args[0] for call in calls[:number])


def _stored(engine: Engine, type: Type, groups: Mapping[tuple[Any, ...], int]) -> dict[tuple[Any, ...], int]:
    """Put each group's values under its owner; without the groups that the engine has no column or value for."""
    columns = {"id": t.INT, "owner": t.INT, "value": type}
    if type.kind not in engine.types:
        return {}
    engine.create("owners", {"id": t.INT})
    engine.create("items", columns)
    stored: dict[tuple[Any, ...], int] = {}
    for group, owner in groups.items():
        try:
            engine.fill("items", columns, _rows({group: owner}) or [(0, 0, None)])
        except (QueryError, *engine.errors):
            continue
        stored[group] = owner
    engine.fill("items", columns, _rows(stored))
    engine.fill("owners", {"id": t.INT}, [(owner,) for owner in stored.values()])
    return stored


def _rows(groups: Mapping[tuple[Any, ...], int]) -> list[tuple[Any, ...]]:
    rows = [(owner, value) for group, owner in groups.items() for value in group]
    return [(number, *row) for number, row in enumerate(rows)]


def _answers(engine: Engine, calls: list[Call], owners: Mapping[tuple[Any, ...], int]) -> Iterator[Answer]:
    is_related = calls[0].fn.startswith("related.")
    build = _of_each if is_related else _of_groups
    full = [call for call in calls if call.args[0] or is_related]
    yield from _together(engine, full, owners, build)
    if not is_related:
        yield from (_alone(engine, call, owners) for call in calls if engine.quick or not call.args[0])


def _together(
    engine: Engine, calls: list[Call], owners: Mapping[tuple[Any, ...], int], build: Any
) -> Iterator[Answer]:
    """One statement for all; where the engine refuses it, one for each half."""
    places = [owners[call.args[0]] for call in calls]
    try:
        statement = compiled(*build(calls[0], min(places), max(places)), engine.dialect)
    except QueryError:
        yield from (Answer(call, REFUSED) for call in calls)
        return
    try:
        rows = dict(engine.run(*statement))
    except engine.errors as error:
        if len(calls) == 1:
            yield Answer(calls[0], said(error), statement.text)
            return
        half = len(calls) // 2
        yield from _together(engine, calls[:half], owners, build)
        yield from _together(engine, calls[half:], owners, build)
        return
    for call, place in zip(calls, places, strict=True):
        yield judged(engine, call, rows[place], statement)


def _alone(engine: Engine, call: Call, owners: Mapping[tuple[Any, ...], int]) -> Answer:
    try:
        statement = compiled(*_all_of(call, owners[call.args[0]]), engine.dialect)
    except QueryError:
        return Answer(call, REFUSED)
    try:
        ((value,),) = engine.run(*statement)
    except engine.errors as error:
        return Answer(call, said(error), statement.text)
    return judged(engine, call, value, statement)


def said_by(dialect: str, call: Call) -> Statement:
    """The statement of an aggregate.

    Raises
    ------
    QueryError: the dialect cannot say it.
    """
    build = _of_each if call.fn.startswith("related.") else _of_groups
    return compiled(*build(call, 0, 0), dialect)
