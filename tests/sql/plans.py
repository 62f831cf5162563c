"""Lowered plans by name, over a small schema; the tables of statements are about them."""

from __future__ import annotations

from querykit import types as t
from querykit.plan.nodes import (
    FALSE,
    NULL_CONSTANT,
    TRUE,
    Bound,
    Column,
    Join,
    Op,
    Output,
    Plan,
    Slot,
    Sort,
    Subquery,
    Table,
)
from querykit.schema.model import Entity, Property, Relation, Through
from querykit.types import Type

STATUS = t.enumeration("Status", (("Open", 1), ("Closed", 2)))


def _entity(name: str, table: str, *properties: Property, schema: str | None = None) -> Entity:
    return Entity(name, table, {item.name: item for item in properties}, key=("id",), schema=schema)


def _p(name: str, type: Type, nullable: bool = True, column: str | None = None) -> Property:
    return Property(name, column or name, type, nullable)


ACCOUNT = _entity(
    "Account",
    "accounts",
    _p("id", t.INT, nullable=False),
    _p("name", t.STRING),
    Property("code", "code", t.STRING, collation="nocase"),
    _p("revenue", t.DECIMAL),
    _p("employees", t.INT),
    _p("active", t.BOOL, nullable=False),
    _p("vip", t.BOOL),
    _p("created", t.DATETIME),
    _p("status", STATUS),
    _p("order", t.INT),
    _p("Full Name", t.STRING, column='full"na`me]'),
    _p("owner_id", t.INT),
)
CONTACT = _entity(
    "Contact", "contacts", _p("id", t.INT, nullable=False), _p("name", t.STRING), _p("age", t.INT)
)
USER = _entity("User", "users", _p("id", t.INT, nullable=False), _p("name", t.STRING), schema="hr")
TAG = _entity("Tag", "tags", _p("id", t.INT, nullable=False), _p("label", t.STRING))

CONTACTS = Relation("contacts", "Contact", True, (("id", "account_id"),))
CHILDREN = Relation("children", "Account", True, (("id", "parent_id"),))
OWNER = Relation("owner", "User", False, (("owner_id", "id"),))
BOSS = Relation("boss", "User", False, (("boss_id", "id"),))
TAGS = Relation(
    "tags", "Tag", True, (), Through("account_tags", None, (("id", "account_id"),), (("tag_id", "id"),))
)
NOWHERE = Relation("nowhere", "User", False, ())

ROOT = Table(0, ACCOUNT)
_ENTITIES = {0: ACCOUNT, 1: CONTACT, 2: USER, 3: TAG, 4: ACCOUNT, 5: USER}


def col(name: str, table: int = 0) -> Column:
    item = _ENTITIES[table].properties[name]
    return Column(table, item, item.type, item.nullable)


def slot(index: int, type: Type = t.STRING, like: Property | None = None) -> Slot:
    return Slot(index, type, like)


def op(fn: str, *args: Bound, type: Type = t.BOOL, nullable: bool = True) -> Op:
    return Op(fn, args, type, nullable)


def number(fn: str, *args: Bound) -> Op:
    return op(fn, *args, type=t.INT)


def plan(
    where: Bound | None = None,
    outputs: tuple[Output, ...] = (Output("id", col("id")),),
    order: tuple[Sort, ...] = (),
    limit: Slot | None = None,
    offset: Slot | None = None,
    table: Table = ROOT,
    group: tuple[Bound, ...] | None = None,
) -> Plan:
    return Plan(table, outputs, where, order, limit, offset, group=group)


def related(
    function: str,
    relation: Relation | None,
    table: Table,
    condition: Bound | None = None,
    argument: Bound | None = None,
    type: Type = t.BOOL,
) -> Subquery:
    return Subquery(function, table, 0, relation, condition, argument, type, function not in ("any", "none"))


def in_list(fn: str, value: Bound, *items: Bound) -> Op:
    return op(fn, value, Op("list", items, t.ANY, False))


_NAME_IS = op("cmp.eq", col("name"), slot(0))
_EARNS = op("cmp.gt", col("revenue"), slot(1, t.DECIMAL))
_AGED = op("cmp.gt", col("age", 1), slot(0, t.INT))
_BY_NAME = (Sort(col("name"), False), Sort(col("id"), False))
_FIVE, _TEN = slot(8, t.INT), slot(9, t.INT)
_NAMED = (Output("id", col("id")), Output("name", col("name")))
_CONTACTS, _TAGS = Table(1, CONTACT), Table(3, TAG)
_OWNED = Table(0, ACCOUNT, (Join(OWNER, Table(2, USER)),))
_TWICE = Table(0, ACCOUNT, (Join(OWNER, Table(2, USER, (Join(BOSS, Table(5, USER)),))),))

PLANS: dict[str, Plan] = {
    "page": plan(_NAME_IS, _NAMED, _BY_NAME, _FIVE),
    "second page": plan(None, _NAMED, (Sort(col("name"), True), Sort(col("id"), False)), _FIVE, _TEN),
    "offset only": plan(None, order=(Sort(col("id"), False),), offset=_TEN),
    "limit without order": plan(limit=_FIVE),
    "and or not": plan(op("bool.and", op("bool.or", _NAME_IS, _EARNS), op("bool.not", _NAME_IS))),
    "or of ands": plan(op("bool.or", op("bool.and", _NAME_IS, _EARNS), op("null.is", col("name")))),
    "arithmetic": plan(
        op(
            "cmp.gt",
            number(
                "math.mul",
                number("math.sub", col("employees"), number("math.sub", slot(0, t.INT), slot(1, t.INT))),
                slot(2, t.INT),
            ),
            number("math.neg", number("math.neg", col("employees"))),
        )
    ),
    "integer division": plan(
        op("cmp.eq", number("math.idiv", col("employees"), slot(0, t.INT)), slot(1, t.INT))
    ),
    "null safe": plan(
        op(
            "bool.and",
            op("null.same", col("name"), col("code")),
            op("null.differs", col("employees"), col("order")),
        )
    ),
    "comparison of comparisons": plan(
        op("cmp.eq", op("cmp.gt", col("employees"), slot(0, t.INT)), col("active"))
    ),
    "boolean column": plan(op("bool.and", col("active"), op("bool.not", col("vip")))),
    "boolean output": plan(
        outputs=(Output("big", op("cmp.gt", col("employees"), slot(0, t.INT))), Output("yes", TRUE))
    ),
    "boolean order": plan(order=(Sort(op("cmp.gt", col("employees"), slot(0, t.INT)), True),)),
    "is true": plan(op("bool.is_true", op("cmp.eq", op("bool.is_not_true", _NAME_IS), col("vip")))),
    "constants": plan(op("bool.or", FALSE, op("cmp.eq", col("name"), NULL_CONSTANT), TRUE)),
    "case": plan(
        outputs=(
            Output(
                "size",
                op(
                    "logic.case",
                    op("cmp.gt", col("employees"), slot(0, t.INT)),
                    slot(1),
                    col("vip"),
                    slot(2),
                    slot(3),
                    type=t.STRING,
                ),
            ),
        )
    ),
    "in": plan(
        op(
            "bool.and",
            in_list("cmp.in", col("name"), slot(0), slot(1)),
            in_list("cmp.not_in", col("employees"), slot(2, t.INT)),
        )
    ),
    "in nothing": plan(op("bool.or", in_list("cmp.in", col("name")), in_list("cmp.not_in", col("name")))),
    "between": plan(
        op(
            "cmp.between",
            number("math.add", col("employees"), slot(0, t.INT)),
            slot(1, t.INT),
            slot(2, t.INT),
        )
    ),
    "contains": plan(op("str.contains", col("name"), slot(0))),
    "startswith": plan(op("str.startswith", col("name"), slot(0))),
    "startswith column": plan(op("str.startswith", col("name"), col("code"))),
    "endswith": plan(op("str.endswith", col("name"), slot(0))),
    "like": plan(op("bool.and", op("str.like", col("name"), slot(0)), op("str.like", col("code"), slot(0)))),
    "concat": plan(
        op(
            "cmp.eq",
            op(
                "str.concat", col("name"), slot(0), op("str.lower", col("code"), type=t.STRING), type=t.STRING
            ),
            slot(1),
        )
    ),
    "substring": plan(
        op("cmp.eq", op("str.substring", col("name"), slot(0, t.INT), slot(1, t.INT), type=t.STRING), slot(2))
    ),
    "year": plan(op("cmp.eq", op("date.year", col("created"), type=t.INT), slot(0, t.INT))),
    "add days": plan(
        op(
            "cmp.lt",
            op("date.add_days", col("created"), slot(0, t.INT), type=t.DATETIME),
            slot(1, t.DATETIME),
        )
    ),
    "any": plan(
        related("any", CONTACTS, _CONTACTS, op("bool.and", _AGED, op("cmp.ne", col("name", 1), col("name"))))
    ),
    "none": plan(op("bool.and", related("none", CONTACTS, _CONTACTS), _NAME_IS)),
    "any of many to many": plan(related("any", TAGS, _TAGS, op("cmp.eq", col("label", 3), slot(0)))),
    "any of the same table": plan(
        related("any", CHILDREN, Table(4, ACCOUNT), op("cmp.gt", col("revenue", 4), col("revenue")))
    ),
    "free join": plan(related("any", None, _CONTACTS, op("cmp.eq", col("name", 1), col("name")))),
    "count": plan(op("cmp.gt", related("count", CONTACTS, _CONTACTS, type=t.INT), slot(0, t.INT))),
    "average": plan(
        order=(Sort(related("avg", CONTACTS, _CONTACTS, _AGED, col("age", 1), t.DECIMAL), False),)
    ),
    "single": plan(
        op("cmp.eq", related("single", CONTACTS, _CONTACTS, None, col("name", 1), t.STRING), slot(0))
    ),
    "to one": plan(op("cmp.eq", col("name", 2), slot(0)), order=(Sort(col("name", 2), True),), table=_OWNED),
    "to one twice": plan(op("cmp.eq", col("name", 5), col("name", 2)), table=_TWICE),
    "to one in a subquery": plan(
        related(
            "any",
            CHILDREN,
            Table(4, ACCOUNT, (Join(OWNER, Table(5, USER)),)),
            op("cmp.eq", col("name", 5), col("name")),
        )
    ),
    "renamed": plan(
        op("cmp.gt", col("employees"), slot(0, t.INT)),
        (Output("Name", col("name")), Output("Full Name", col("Full Name")), Output("order", col("order"))),
    ),
    "name of another column": plan(_NAME_IS, (Output("name", col("code")),), (Sort(col("name"), False),)),
    "aggregates": plan(
        _EARNS,
        (
            Output("n", op("agg.count", type=t.INT)),
            Output("total", op("agg.sum", col("revenue"), type=t.DECIMAL)),
            Output("mean", op("agg.avg", col("employees"), type=t.DECIMAL)),
            Output("last", op("agg.max", col("created"), type=t.DATETIME)),
        ),
        group=(),
    ),
}
