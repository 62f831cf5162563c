"""Calls put to an engine: arguments as columns, one statement for many calls; and as values of the query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from engines.base import Engine
from engines.calls import Call
from functions import function_rows
from querykit import types as t
from querykit.engine.prepare import late_values
from querykit.errors import QueryError
from querykit.functions.catalog import CATALOG
from querykit.plan.nodes import Bound, Column, Constant, Op, Output, Plan, Slot, Table
from querykit.plan.truth import lower
from querykit.schema.model import Entity, Property
from querykit.targets.sqlglot import compile_sql
from querykit.types import Type
from sql import compared

__all__ = [
    "REFUSED",
    "SAME",
    "Answer",
    "Statement",
    "agrees",
    "asked",
    "compiled",
    "judged",
    "said",
    "written",
]

SAME = "same"
REFUSED = "refused"

_RANK = {SAME: 1, REFUSED: 2}
_ID = Property("id", "id", t.INT, nullable=False)


class Answer(NamedTuple):
    """What came of a call: `same`, `refused` before the engine was asked, or what is wrong."""

    call: Call
    outcome: str
    sql: str = ""


class Statement(NamedTuple):
    text: str
    params: dict[str, Any]


def asked(engine: Engine, calls: Sequence[Call], *, literals: bool) -> Iterator[Answer]:
    """Every call, in columns; with `literals` also with all arguments but the first as values of the query."""
    by_types = groupby(sorted(calls, key=_signature), key=lambda call: call.types)
    for types, group in by_types:
        yield from _of_types(engine, types, list(group), literals)


def _signature(call: Call) -> tuple[str, str]:
    return repr(call.types), call.fn


def _of_types(engine: Engine, types: tuple[Type, ...], calls: list[Call], literals: bool) -> Iterator[Answer]:
    columns = {"id": t.INT, **{f"c{place}": type for place, type in enumerate(types)}}
    rows = [(number, *call.flat) for number, call in enumerate(calls)]
    try:
        engine.create("calls", columns)
        engine.fill("calls", columns, rows)
    except (KeyError, QueryError, *engine.errors):  # no type for such a column, or one of the values is none
        yield from _one_by_one(engine, columns, calls)
        return
    at = 0
    for _, group in groupby(calls, key=lambda call: call.fn):
        same = list(group)
        answers = list(_in_columns(engine, same, at))
        literal = (
            [_with_literals(engine, call, at + n) for n, call in enumerate(same)] if literals else answers
        )
        yield from (_worse(*pair) for pair in zip(answers, literal, strict=True))
        at += len(same)


def _one_by_one(engine: Engine, columns: dict[str, Type], calls: list[Call]) -> Iterator[Answer]:
    """Each call with a table of its own; values that the database does not hold are not asked about."""
    if any(type.kind not in engine.types for type in columns.values()):
        yield from (Answer(call, REFUSED) for call in calls)
        return
    engine.create("calls", columns)
    for call in calls:
        try:
            engine.fill("calls", columns, [(0, *call.flat)])
        except (QueryError, *engine.errors):
            yield Answer(call, REFUSED)
        else:
            yield from _in_columns(engine, [call], 0)


def _worse(left: Answer, right: Answer) -> Answer:
    """Wrong before the same, the same before refused."""
    return min(left, right, key=lambda answer: _RANK.get(answer.outcome, 0))


def _in_columns(engine: Engine, calls: list[Call], first: int) -> Iterator[Answer]:
    """One statement for all; where the engine refuses it, one for each half."""
    try:
        statement = written(calls[0], engine.dialect, first, first + len(calls) - 1)
    except QueryError:
        yield from (Answer(call, REFUSED) for call in calls)
        return
    try:
        rows = dict(engine.run(*statement))
    except engine.errors as error:
        if len(calls) > 1:
            half = len(calls) // 2
            yield from _in_columns(engine, calls[:half], first)
            yield from _in_columns(engine, calls[half:], first + half)
        else:
            yield Answer(calls[0], said(error), statement.text)
        return
    for place, call in enumerate(calls, start=first):
        yield judged(engine, call, rows[place], statement)


def _with_literals(engine: Engine, call: Call, place: int) -> Answer:
    try:
        statement = written(call, engine.dialect, place, place, literals=True)
    except QueryError:
        return Answer(call, REFUSED)
    try:
        ((_, value),) = engine.run(*statement)
    except engine.errors as error:
        return Answer(call, said(error), statement.text)
    return judged(engine, call, value, statement)


def said(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0][:160]}"


def judged(engine: Engine, call: Call, value: Any, statement: Statement) -> Answer:
    if agrees(value, call.expected, engine.dialect):
        return Answer(call, SAME)
    return Answer(call, f"{value!r}, not {call.expected!r}", statement.text)


def agrees(answer: Any, expected: Any, dialect: str) -> bool:
    """Is it the expected value, as the engine gives such values back? Integers exactly."""
    if isinstance(expected, bool) or not isinstance(expected, int) or answer is None:
        return compared.agrees(_read(answer, expected, dialect), expected, dialect)
    return bool(answer == expected)


def _read(answer: Any, expected: Any, dialect: str) -> Any:
    """A driver may give a time as the duration since midnight, a moment that it has been given as a text."""
    if isinstance(expected, dt.time) and isinstance(answer, dt.timedelta):
        return (dt.datetime.min + answer).time()
    if isinstance(expected, dt.datetime) and isinstance(answer, str) and dialect == "mysql":
        return dt.datetime.fromisoformat(answer)
    return answer


def written(call: Call, dialect: str, first: int, last: int, *, literals: bool = False) -> Statement:
    """`SELECT id, fn(c0, c1 …) FROM calls WHERE id BETWEEN first AND last`.

    Raises
    ------
    QueryError: the dialect cannot say it.
    """
    values: list[Any] = [first, last]
    arguments = _Arguments(call, values, literals)
    bounds = (Column(0, _ID, t.INT, False), Slot(0, t.INT), Slot(1, t.INT))
    plan = Plan(
        Table(0, Entity("Call", "calls", {"id": _ID, **arguments.properties})),
        (Output("id", bounds[0]), Output("value", Op(call.fn, arguments.bound, _result(call), True))),
        where=Op("cmp.between", bounds, t.BOOL, False),
    )
    return compiled(plan, values, dialect)


def compiled(plan: Plan, values: Sequence[Any], dialect: str) -> Statement:
    """A plan as `bind` makes it, as a statement of the dialect."""
    lowered = lower(plan, len(values))
    sql = compile_sql(lowered.plan, dialect)
    late = late_values(lowered, values, lambda: function_rows.NOW.moment)
    return Statement(sql.text, sql.params([*values, *late]))


def _result(call: Call) -> Type:
    rows = [row for row in CATALOG.values() if any(o.becomes == call.fn for o in row.overloads)]
    row = CATALOG.get(call.fn)
    results = (
        {overload.result for overload in row.overloads}
        if row
        else {o.result for r in rows for o in r.overloads}
    )
    stated = {result for result in results if isinstance(result, Type)}
    return stated.pop() if len(stated) == 1 and len(results) == 1 else t.ANY


class _Arguments:
    """The arguments of a call as columns, or all but the first as values."""

    def __init__(self, call: Call, values: list[Any], literals: bool) -> None:
        self.properties: dict[str, Property] = {}
        self._values = values
        self._literals = literals
        self._types = iter(call.types)
        self.bound = tuple(self._bound(arg) for arg in call.args)

    def _bound(self, arg: Any) -> Bound:
        if isinstance(arg, tuple):
            return Op("list", tuple(self._bound(item) for item in arg), t.ANY, False)
        type = next(self._types)
        if not self._literals or not self.properties:
            name = f"c{len(self.properties)}"
            self.properties[name] = Property(name, name, type, collation="binary")
            return Column(0, self.properties[name], type, True)
        if arg is None or isinstance(arg, bool):
            return Constant(arg, t.NULL if arg is None else t.BOOL)
        self._values.append(arg)
        return Slot(len(self._values) - 1, type)
