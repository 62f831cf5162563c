"""Short ways to build schemas and plans by hand, so that the evaluator is tested without a binder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from querykit import types as t
from querykit.plan.nodes import (
    Bound,
    BoundQuery,
    Column,
    Constant,
    Expand,
    Join,
    Op,
    Output,
    Plan,
    Slot,
    Sort,
    Subquery,
    Table,
)
from querykit.schema.model import Entity, Property, Relation
from querykit.targets.evaluate import evaluate_plan
from querykit.types import Type

NOW = dt.datetime(2024, 2, 29, 12, 34, 56)

_TYPES: dict[type, Type] = {
    int: t.INT,
    str: t.STRING,
    float: t.FLOAT,
    Decimal: t.DECIMAL,
    dt.date: t.DATE,
    dt.datetime: t.DATETIME,
}


def entity(name: str, /, *relations: Relation, table: str = "", **types: Type | Property) -> Entity:
    """An entity whose properties have the given types; the first is the key."""
    properties = {
        key: item if isinstance(item, Property) else Property(key, key, item) for key, item in types.items()
    }
    key = tuple(properties)[:1]
    return Entity(name, table or name.lower(), properties, {item.name: item for item in relations}, key)


class Query:
    """Collects the values of slots while a plan is written down, and runs it."""

    def __init__(self, entity: Entity, *joins: Join) -> None:
        self.table = Table(0, entity, joins)
        self.values: list[Any] = []

    def __call__(self, value: Any, type: Type | None = None) -> Bound:
        """A literal."""
        if value is None or isinstance(value, bool):
            return Constant(value, t.NULL if value is None else t.BOOL)
        self.values.append(value)
        return Slot(len(self.values) - 1, type or _TYPES[value.__class__])

    def number(self, value: int) -> Slot:
        slot = self(value)
        assert isinstance(slot, Slot)
        return slot

    def select(self, *outputs: Output, where: Bound | None = None, **options: Any) -> Plan:
        shown = outputs or tuple(Output(name, col(self.table, name)) for name in self.table.entity.properties)
        return Plan(self.table, shown, where, **options)

    def run(self, plan: Plan, data: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
        return evaluate_plan(BoundQuery(plan, tuple(self.values)), data, lambda: NOW)


def col(table: Table, name: str) -> Column:
    property = table.entity.properties[name]
    return Column(table.id, property, property.type, property.nullable)


def op(fn: str, *args: Bound, type: Type = t.BOOL) -> Op:
    return Op(fn, args, type, True)


def listed(*items: Bound) -> Op:
    return op("list", *items, type=t.ANY)


def asc(expr: Bound) -> Sort:
    return Sort(expr, False)


def desc(expr: Bound) -> Sort:
    return Sort(expr, True)


def sub(
    function: str,
    table: Table,
    relation: Relation | None,
    condition: Bound | None = None,
    argument: Bound | None = None,
    outer: int = 0,
) -> Subquery:
    return Subquery(function, table, outer, relation, condition, argument, t.ANY, True)


def to_one(name: str, target: str, here: str, there: str) -> Relation:
    return Relation(name, target, False, ((here, there),))


def to_many(name: str, target: str, here: str, there: str) -> Relation:
    return Relation(name, target, True, ((here, there),))


__all__ = [
    "NOW",
    "Expand",
    "Join",
    "Output",
    "Query",
    "Table",
    "asc",
    "col",
    "desc",
    "entity",
    "listed",
    "op",
    "sub",
    "to_many",
    "to_one",
]
