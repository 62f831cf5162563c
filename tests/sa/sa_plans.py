"""Lowered plans over the models, built by hand."""

from __future__ import annotations

import sa_models as crm

from querykit import types as t
from querykit.plan.nodes import (
    Bound,
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
from querykit.schema.model import Entity, Schema
from querykit.types import Type

SCHEMA = Schema.from_sqlalchemy(crm.Base)
ACCOUNT, CONTACT, USER, TAG, LINE = (SCHEMA.entity(n) for n in ("Account", "Contact", "User", "Tag", "Line"))
NULL = Constant(None, t.NULL)


def col(name: str, entity: Entity = ACCOUNT, table: int = 0) -> Column:
    item = entity.properties[name]
    return Column(table, item, item.type, item.nullable or table > 0)


def op(fn: str, *args: Bound, type: Type = t.BOOL, nullable: bool = True) -> Op:
    return Op(fn, args, type, nullable)


def slot(index: int, type: Type = t.STRING, like: str | None = None, entity: Entity = ACCOUNT) -> Slot:
    return Slot(index, type, None if like is None else entity.properties[like])


def out(*names: str, entity: Entity = ACCOUNT) -> tuple[Output, ...]:
    return tuple(Output(name, col(name, entity)) for name in names)


def plan(
    *outputs: Output,
    entity: Entity = ACCOUNT,
    table: Table | None = None,
    where: Bound | None = None,
    order: tuple[Sort, ...] = (),
    limit: Slot | None = None,
    offset: Slot | None = None,
    group: tuple[Bound, ...] | None = None,
    expand: tuple[Expand, ...] = (),
) -> Plan:
    rows = table or Table(0, entity)
    return Plan(
        rows,
        outputs or out("id", entity=rows.entity),
        where,
        order,
        limit,
        offset,
        False,
        group,
        None,
        expand,
    )


def by(name: str, entity: Entity = ACCOUNT, *, descending: bool = False) -> Sort:
    return Sort(col(name, entity), descending)


def related(
    function: str,
    relation: str,
    target: Entity,
    condition: Bound | None = None,
    argument: Bound | None = None,
    type: Type = t.BOOL,
    table: int = 5,
    outer: int = 0,
    entity: Entity = ACCOUNT,
) -> Subquery:
    return Subquery(
        function, Table(table, target), outer, entity.relations[relation], condition, argument, type, False
    )


_OWNER = Table(
    0,
    ACCOUNT,
    (Join(ACCOUNT.relations["owner"], Table(1, USER, (Join(USER.relations["boss"], Table(2, USER)),))),),
)
_REVENUE = col("revenue")
_IS_RED = op("cmp.eq", col("color"), slot(0, col("color").type, "color"))
_SAME = op("null.same", col("title"), col("city"), nullable=False)
_HAS = op("str.contains", col("title"), slot(0))

PLANS: dict[str, Plan] = {
    "columns under their names": plan(*out("id", "title", "revenue")),
    "equal": plan(where=op("cmp.eq", col("title"), slot(0, like="title"))),
    "compared with null": plan(where=op("cmp.eq", col("title"), NULL)),
    "not equal to null": plan(where=op("bool.not", op("cmp.ne", col("title"), NULL))),
    "is null": plan(where=op("bool.or", op("null.is", col("title")), op("null.is_not", col("city")))),
    "same": plan(where=op("null.same", col("title"), col("city"))),
    "in": plan(
        where=op("cmp.in", col("id"), op("list", slot(0, t.INT, "id"), slot(1, t.INT, "id"), type=t.ANY))
    ),
    "not in": plan(where=op("cmp.not_in", col("title"), op("list", slot(0), slot(1), type=t.ANY))),
    "in nothing": plan(where=op("cmp.in", col("title"), op("list", type=t.ANY))),
    "between": plan(where=op("cmp.between", _REVENUE, slot(0, t.DECIMAL), slot(1, t.DECIMAL))),
    "not between": plan(
        where=op("bool.not", op("cmp.between", _REVENUE, slot(0, t.DECIMAL), slot(1, t.DECIMAL)))
    ),
    "and of or": plan(
        where=op(
            "bool.and",
            op("bool.or", op("cmp.lt", _REVENUE, slot(0, t.DECIMAL)), op("null.is", _REVENUE)),
            op("cmp.ne", col("id"), slot(1, t.INT)),
        )
    ),
    "arithmetic": plan(
        where=op(
            "cmp.gt",
            op(
                "math.mul",
                op("math.add", _REVENUE, slot(0, t.INT), type=t.DECIMAL),
                slot(1, t.INT),
                type=t.DECIMAL,
            ),
            op("math.neg", col("id"), type=t.INT),
        )
    ),
    "long sum": plan(
        where=op(
            "cmp.gt", op("math.add", _REVENUE, slot(0, t.INT), slot(1, t.INT), type=t.DECIMAL), slot(2, t.INT)
        )
    ),
    "boolean column": plan(where=col("active")),
    "not boolean column": plan(where=op("bool.not", col("active"))),
    "boolean columns": plan(where=op("bool.and", col("active"), op("bool.not", col("active")))),
    "boolean as value": plan(
        Output("red", _IS_RED), Output("same", _SAME), Output("yes", Constant(True, t.BOOL))
    ),
    "boolean equals boolean": plan(where=op("cmp.eq", _SAME, _IS_RED)),
    "contains": plan(where=_HAS),
    "not contains": plan(where=op("bool.not", _HAS)),
    "starts with": plan(where=op("str.startswith", col("title"), slot(0))),
    "not true": plan(where=op("bool.is_not_true", _HAS)),
    "not true of a column": plan(where=op("bool.is_not_true", col("active"))),
    "function": plan(
        Output("small", op("str.lower", col("title"), type=t.STRING)),
        order=(Sort(op("str.length", col("title"), type=t.INT), True),),
    ),
    "case": plan(
        Output(
            "size",
            op("logic.case", op("cmp.gt", _REVENUE, slot(0, t.DECIMAL)), slot(1), slot(2), type=t.STRING),
        )
    ),
    "case of a function": plan(
        Output("size", op("logic.case", _SAME, slot(0), op("null.is", col("city")), slot(1), type=t.STRING))
    ),
    "case of a boolean column": plan(
        Output(
            "size",
            op("logic.case", col("active"), slot(0), op("bool.not", col("active")), slot(1), type=t.STRING),
        )
    ),
    "function of null": plan(Output("none", op("str.lower", NULL, type=t.STRING))),
    "day and moment": plan(where=op("cmp.le", col("birthday"), col("created"))),
    "coalesce": plan(where=op("cmp.eq", op("null.coalesce", col("title"), slot(0), type=t.STRING), slot(1))),
    "joins": plan(
        Output("owner/name", col("name", USER, 1)),
        table=_OWNER,
        where=op("cmp.eq", col("name", USER, 2), slot(0, like="name", entity=USER)),
        order=(Sort(col("name", USER, 2), True), by("id")),
    ),
    "any": plan(where=related("any", "contacts", CONTACT, op("cmp.eq", col("name", CONTACT, 5), slot(0)))),
    "none": plan(where=related("none", "contacts", CONTACT)),
    "any of many to many": plan(
        where=related("any", "tags", TAG, op("cmp.eq", col("label", TAG, 5), col("title")))
    ),
    "any within any": plan(
        where=related(
            "any",
            "contacts",
            CONTACT,
            Subquery(
                "any",
                Table(6, ACCOUNT),
                5,
                CONTACT.relations["account"],
                op("cmp.eq", col("id", ACCOUNT, 6), col("id")),
                None,
                t.BOOL,
                False,
            ),
        )
    ),
    "count": plan(
        Output("n", related("count", "contacts", CONTACT, type=t.INT)),
        where=op("cmp.ge", related("count", "contacts", CONTACT, type=t.INT, table=7), slot(0, t.INT)),
    ),
    "largest": plan(
        Output("last", related("max", "contacts", CONTACT, None, col("name", CONTACT, 5), t.STRING)),
    ),
    "the only one": plan(
        Output("one", related("single", "contacts", CONTACT, None, col("name", CONTACT, 5), t.STRING)),
    ),
    "free join": plan(
        where=Subquery(
            "any",
            Table(5, CONTACT),
            0,
            None,
            op("cmp.eq", col("name", CONTACT, 5), col("title")),
            None,
            t.BOOL,
            False,
        )
    ),
    "any through a join": plan(
        where=Subquery(
            "any",
            Table(5, CONTACT, (Join(CONTACT.relations["account"], Table(6, ACCOUNT)),)),
            0,
            ACCOUNT.relations["contacts"],
            op("cmp.eq", col("title", ACCOUNT, 6), slot(0)),
            None,
            t.BOOL,
            False,
        )
    ),
    "page": plan(
        order=(by("revenue", descending=True), by("city"), by("id")),
        limit=slot(0, t.INT),
        offset=slot(1, t.INT),
    ),
    "offset only": plan(order=(by("id"),), offset=slot(0, t.INT)),
    "page without order": plan(limit=slot(0, t.INT)),
    "grouped": plan(
        Output("count", op("agg.count", type=t.INT, nullable=False)),
        Output("total", op("agg.sum", _REVENUE, type=t.DECIMAL)),
        Output("mean", op("agg.avg", _REVENUE, type=t.DECIMAL)),
        Output("first", op("agg.min", col("created"), type=t.DATETIME)),
        where=col("active"),
        group=(),
    ),
}
