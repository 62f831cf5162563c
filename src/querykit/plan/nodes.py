"""The plan: a query bound to a schema, with every decision taken and no value in it.

`bind` builds it, targets compile it. There are two dialects of one tree:

* what `bind` returns still has the operators of the language (`total.eq`, `cmp.in`, `any`, `all`) and is what
  the evaluator runs: the semantics, word for word;
* what `plan.truth.lower` returns has only what SQL has, three-valued throughout, and gives the same rows.

Literals are `Slot`s, numbered as the binder met them; their values travel beside the plan. Equal plans
compile to equal statements, so a plan is a cache key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from querykit.functions.custom import CustomFunction
from querykit.schema.model import Entity, Property, Relation
from querykit.source import Source, Span
from querykit.types import BOOL, NULL, Type

__all__ = [
    "FALSE",
    "NULL_CONSTANT",
    "TRUE",
    "Bound",
    "Column",
    "Constant",
    "Expand",
    "Join",
    "Op",
    "Output",
    "Plan",
    "Slot",
    "Sort",
    "Subquery",
    "Table",
    "Union",
    "Window",
]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of an entity under an id that is unique in the plan, with the to-one joins that paths need.

    `rows`: a statement whose results they are (a derived table) instead of all rows that the entity has. Its
    outputs are named like the columns of the entity, which is the schema's own where each result still is a row
    of it, and else one made of the outputs.
    """

    id: int
    entity: Entity
    joins: tuple[Join, ...] = ()
    rows: Plan | Union | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """A left outer join over a to-one relation; shared by every path that goes this way."""

    relation: Relation
    table: Table


@dataclass(frozen=True, slots=True)
class Column:
    """A property of the table with this id, which is in this query or in one around it."""

    table: int
    property: Property
    type: Type
    nullable: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """A literal or parameter: the value with this index, of this type.

    `like` is the property it is compared with, whose way of storing values it must follow. Only what a function
    of the user computes can be null: a literal null is a `Constant`.
    """

    index: int
    type: Type
    like: Property | None = None
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Constant:
    """Null, true or false: these decide the shape of a statement and so stay in the plan."""

    value: bool | None
    type: Type

    @property
    def nullable(self) -> bool:
        return self.value is None


TRUE = Constant(True, BOOL)
FALSE = Constant(False, BOOL)
NULL_CONSTANT = Constant(None, NULL)


@dataclass(frozen=True, slots=True)
class Op:
    """An operation on values: an id of the catalog, or one that an overload `becomes`.

    After lowering also: `null.is_not`, `null.same` / `null.differs` (null-safe equality),
    `null.same_columns` (the same of two columns),
    `bool.is_true` / `bool.is_not_true` (two-valued), `cmp.not_in`.

    `custom`: the user's function, whose id is `fn`.
    """

    fn: str
    args: tuple[Bound, ...]
    type: Type
    nullable: bool
    span: Span | None = None
    custom: CustomFunction | None = None

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Op)
            and self.fn == other.fn
            and self.args == other.args
            and self.type == other.type
            and self.nullable == other.nullable
            and self.custom == other.custom
        )

    def __hash__(self) -> int:
        return hash((self.fn, self.args))


@dataclass(frozen=True, slots=True)
class Subquery:
    """One value from related rows, correlated with the row of table `outer`.

    `function`: ``any all count sum avg min max single``; after lowering also ``none`` (not exists), never ``all``.
    `relation` None: every row of the table's entity, related only by the condition (free join).
    """

    function: str
    table: Table
    outer: int
    relation: Relation | None
    condition: Bound | None
    argument: Bound | None
    type: Type
    nullable: bool
    span: Span | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Subquery) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return (
            self.function,
            self.table,
            self.outer,
            self.relation,
            self.condition,
            self.argument,
            self.type,
            self.nullable,
        )


@dataclass(frozen=True, slots=True)
class Window:
    """A value that a row has among the other rows of the statement; only in outputs, never in a condition.

    `function`: ``row_number``, from 1; ``sum``, of the argument, null of nothing. With an order, a sum is that of
    the rows before this one.
    `partition`: rows that have these values alike are numbered or summed by themselves; null is alike with null.
    """

    function: str
    argument: Bound | None
    partition: tuple[Bound, ...]
    order: tuple[Sort, ...]
    type: Type
    nullable: bool
    span: Span | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Window) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return (self.function, self.argument, self.partition, self.order, self.type, self.nullable)


Bound: TypeAlias = Column | Slot | Constant | Op | Subquery | Window


@dataclass(frozen=True, slots=True)
class Sort:
    """Nulls below every value, whatever the database's habit."""

    expr: Bound
    descending: bool


@dataclass(frozen=True, slots=True)
class Output:
    """A column of the result, under its name."""

    name: str
    expr: Bound


@dataclass(frozen=True, slots=True)
class Expand:
    """Related rows, nested in each parent under a name; `plan`'s limit and offset hold per parent."""

    name: str
    relation: Relation
    plan: Plan


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole statement.

    `total`: a count of all matching rows is asked for beside the page. `group`: rows with these values alike
    make one result (null is alike with null), of which the outputs are these values and aggregates
    (``agg.count`` …); empty: all rows make one, also none. `having` keeps results.
    """

    table: Table
    outputs: tuple[Output, ...]
    where: Bound | None = None
    order: tuple[Sort, ...] = ()
    limit: Slot | None = None
    offset: Slot | None = None
    total: bool = False
    group: tuple[Bound, ...] | None = None
    having: Bound | None = None
    expand: tuple[Expand, ...] = ()


@dataclass(frozen=True, slots=True)
class Union:
    """The results of several statements, one behind the other; their outputs agree in names and types."""

    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class BoundQuery:
    """A plan and the values of its slots, by index: Python values of the slot's type.

    `source` is the text that spans refer to, for errors that only a dialect causes.
    """

    plan: Plan
    values: tuple[Any, ...]
    source: Source | None = None
