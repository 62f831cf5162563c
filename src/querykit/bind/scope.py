"""Rows in scope, and the tables that paths reach from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from querykit.errors import (
    Forbidden,
    LimitExceeded,
    NotExpressible,
    ParseError,
    TypeMismatch,
    UnknownName,
    suggest,
)
from querykit.limits import Limits
from querykit.plan.nodes import Bound, Column, Join, Op, Plan, Table, Union
from querykit.plan.walk import extent
from querykit.policy import Policy
from querykit.schema.model import Entity, Relation, Schema
from querykit.source import Span
from querykit.types import BOOL

__all__ = ["Collection", "Complex", "Row", "Tables"]


class Row:
    """A row that names are looked up in, growing a to-one join for each relation a path goes over."""

    __slots__ = ("_columns", "_joins", "beside_key", "computed", "entity", "id", "optional", "rows", "tables")

    def __init__(
        self, tables: Tables, entity: Entity, optional: bool = False, rows: Plan | Union | None = None
    ) -> None:
        self.tables = tables
        self.id = tables.add(self)
        self.entity = entity
        self.optional = optional  # an outer join may have found nothing
        self.rows = rows  # a derived table, whose columns are the entity's
        self.computed: dict[str, Bound] = {}  # values that the query itself names
        self.beside_key: tuple[str, ...] = ()  # computed values in which rows of one key can differ
        self._joins: dict[str, tuple[Relation, Row]] = {}
        self._columns: dict[str, Column] = {}

    def step(self, name: str, span: Span | None) -> Bound | Row | Collection:
        """What a name means on this row.

        Raises
        ------
        UnknownName: the schema has no such property or relation.
        Forbidden: the policy hides it.
        """
        if self.tables.hides(self.entity, name):
            raise Forbidden(f"'{name}' of {self.entity.name} may not be used", code="hidden_name", span=span)
        if self._has_property(name):
            return self.column(name)
        if name in self.computed:
            return self.tables.written_out(self.computed[name], span)
        relation = self.entity.relations.get(name)
        if relation is None and any(other.startswith(f"{name}/") for other in self.entity.names()):
            return Complex(self, f"{name}/")
        if relation is None:
            raise UnknownName(
                f"{self.entity.name} has no property '{name[:128]}'",
                code="unknown_property",
                span=span,
                hint=suggest(name, self._visible()),
            )
        return Collection(self, relation) if relation.many else self.follow(relation, span)

    def joined(self, name: str, span: Span | None) -> Row:
        """The row that a to-one relation of the schema leads to, whether queries may name it or not."""
        return self.follow(self.entity.relations[name], span)

    def column(self, name: str) -> Column:
        found = self._columns.get(name)
        if found is None:  # one object for each place: plans are kept by the thousand, and full of columns
            property = self.entity.properties[name]
            found = Column(self.id, property, property.type, property.nullable or self.optional)
            self._columns[name] = found
        return found

    def define(self, name: str, value: Bound, span: Span | None) -> None:
        """A name for a value (OData 4.01 Part 1, 11.2.5.3: it must differ from every other).

        Raises
        ------
        ParseError: the row has such a name.
        """
        if self.has(name):
            raise ParseError(
                f"there is a '{name[:128]}' already",
                code="repeated_name",
                span=span,
                hint="choose another name",
            )
        self.tables.check_depth(value, span)
        self.computed[name] = value

    def has(self, name: str) -> bool:
        return self._has_property(name) or name in self.entity.relations or name in self.computed

    def _has_property(self, name: str) -> bool:
        found = self.entity.properties.get(name)
        return found is not None and found.visibility != "hidden"

    def outputs(self) -> Iterator[tuple[str, Bound]]:
        """All values that a query without a projection returns, under their names."""
        for name, item in self.entity.properties.items():
            if item.visibility == "listed" and not self.tables.hides(self.entity, name):
                yield name, self.column(name)
        yield from self.computed.items()

    def identity(self) -> Iterator[Bound]:
        """Values that no two rows have all alike; none where the schema knows of none."""
        for name in self.entity.key:
            yield self.column(name)
        if self.entity.key:
            yield from (self.computed[name] for name in self.beside_key)

    def key(self, span: Span | None) -> Column:
        """The row itself as a value: its key, where that is one property."""
        key = self.entity.named_key
        if len(key) != 1:
            raise NotExpressible(
                f"a row of {self.entity.name} is not one value, its key has {len(key)} parts",
                code="row_as_value",
                span=span,
                hint="compare its properties",
            )
        return self.column(key[0])

    def presence(self, span: Span | None) -> Column:
        """A value that is null just where there is no row: a part of its key, or what else is never null."""
        required = (name for name, item in self.entity.properties.items() if not item.nullable)
        name = next(iter(self.entity.key), None) or next(required, None)
        return self.key(span) if name is None else self.column(name)

    def freeze(self) -> Table:
        joins = tuple(Join(relation, row.freeze()) for relation, row in self._joins.values())
        return Table(self.id, self.entity, joins, self.rows)

    def follow(self, relation: Relation, span: Span | None) -> Row:
        """The row that a to-one relation leads to."""
        if relation.name not in self._joins:
            self.tables.count_join(span)
            target = self.tables.schema.entity(relation.target, span)
            row = Row(self.tables, target, self.optional or relation.nullable)
            self._joins[relation.name] = (relation, row)
        return self._joins[relation.name][1]

    def _visible(self) -> Iterator[str]:
        names = (*self.entity.names(), *self.computed)
        return (name for name in names if not self.tables.hides(self.entity, name))


class Complex(Row):
    """A complex value (CSDL 4.01, 9): the properties of a row whose names begin with its own.

    Parameters
    ----------
    owner: the row.
    prefix: the name of the value and a slash.
    """

    __slots__ = ("_owner", "_prefix")

    def __init__(self, owner: Row, prefix: str) -> None:
        # Not a table of its own, so the constructor of rows is not called.
        self.tables, self.id, self.entity, self.rows = owner.tables, owner.id, owner.entity, owner.rows
        self.optional = owner.optional
        self.computed = {}
        self._joins = {}
        self._columns = owner._columns
        self._owner = owner
        self._prefix = prefix

    def step(self, name: str, span: Span | None) -> Bound | Row | Collection:
        return self._owner.step(self._prefix + name, span)

    def has(self, name: str) -> bool:
        return self._owner.has(self._prefix + name)

    def outputs(self) -> Iterator[tuple[str, Bound]]:
        for name in self.entity.names():
            if name.startswith(self._prefix) and not self.tables.hides(self.entity, name):
                yield name, self.column(name)

    def identity(self) -> Iterator[Bound]:
        return iter(())

    def key(self, span: Span | None) -> Column:
        raise NotExpressible(
            f"'{self._prefix[:-1]}' is a complex value, not one value",
            code="complex_as_value",
            span=span,
            hint="compare its properties",
        )

    def is_null(self, span: Span | None) -> Bound:
        """Nothing is stored of the value itself: it is null where all that is in it is null."""
        tests = [Op("null.is", (value,), BOOL, False, span) for _, value in self.outputs()]
        return tests[0] if len(tests) == 1 else Op("bool.and", tuple(tests), BOOL, False, span)


@dataclass(frozen=True, slots=True)
class Collection:
    """Related rows of a row, or the values of a list, not yet asked anything.

    `entity`: of values, which no schema has an entity for. `type`: only elements of this derived type.
    """

    owner: Row
    relation: Relation
    entity: Entity | None = None
    type: Entity | None = None


class Tables:
    """Numbers the tables of one plan, and counts its joins."""

    __slots__ = ("_joins", "_limits", "_nodes", "_rows", "policy", "schema")

    def __init__(self, schema: Schema, policy: Policy, limits: Limits) -> None:
        self.schema = schema
        self.policy = policy
        self._limits = limits
        self._rows: list[Row] = []
        self._joins = 0
        self._nodes = 0

    def add(self, row: Row) -> int:
        """The id of a new row."""
        self._rows.append(row)
        return len(self._rows) - 1

    def row(self, id: int) -> Row:
        """The row of a table of the plan."""
        return self._rows[id]

    def hides(self, entity: Entity, name: str) -> bool:
        """Does the policy hide it, on the entity or on one that it is derived from?"""
        seen: Entity | None = entity
        while seen is not None:
            if self.policy.hides(seen.name, name):
                return True
            seen = self.schema.entities.get(seen.base) if seen.base else None
        return False

    def count_join(self, span: Span | None) -> None:
        self._joins += 1
        if self._joins > self._limits.joins:
            raise LimitExceeded(
                f"more than {self._limits.joins} relations to go over",
                code="joins",
                span=span,
                hint="Limits(joins=…) sets the bound",
            )

    def written_out(self, value: Bound, span: Span | None) -> Bound:
        """A value where its name stands; names of names would double it each time."""
        self._nodes += extent(value)[0]
        if self._nodes > self._limits.nodes:
            raise LimitExceeded(
                f"more than {self._limits.nodes} nodes in the query, names written out",
                code="nodes",
                span=span,
                hint="Limits(nodes=…) sets the bound",
            )
        return value

    def check_depth(self, value: Bound, span: Span | None) -> None:
        """The depth of a value that gets a name, which may stand in another one."""
        if extent(value)[1] > self._limits.depth:
            raise LimitExceeded(
                f"more than {self._limits.depth} levels, names written out",
                code="depth",
                span=span,
                hint="Limits(depth=…) sets the bound",
            )

    def new_row(self, entity: Entity, rows: Plan | Union | None = None) -> Row:
        return Row(self, entity, rows=rows)

    def no_value(self, found: Collection, span: Span | None) -> TypeMismatch:
        name = found.relation.name
        return TypeMismatch(
            f"'{name}' is a collection, not a value",
            code="collection_as_value",
            span=span,
            hint=f"ask something of it: any, all, count … over {name}",
        )
