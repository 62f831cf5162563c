"""Rows in scope, and the tables that paths reach from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from querykit.errors import Forbidden, LimitExceeded, NotExpressible, TypeMismatch, UnknownName, suggest
from querykit.limits import Limits
from querykit.plan.nodes import Bound, Column, Join, Table
from querykit.policy import Policy
from querykit.schema.model import Entity, Relation, Schema
from querykit.source import Span

__all__ = ["Collection", "Row", "Tables"]


class Row:
    """A row that names are looked up in, growing a to-one join for each relation a path goes over."""

    __slots__ = ("_joins", "computed", "entity", "id", "optional", "tables")

    def __init__(self, tables: Tables, entity: Entity, optional: bool) -> None:
        self.tables = tables
        self.id = tables.next_id()
        self.entity = entity
        self.optional = optional  # an outer join may have found nothing
        self.computed: dict[str, Bound] = {}  # values that the query itself names
        self._joins: dict[str, tuple[Relation, Row]] = {}

    def step(self, name: str, span: Span | None) -> Bound | Row | Collection:
        """What a name means on this row.

        Raises
        ------
        UnknownName: the schema has no such property or relation.
        Forbidden: the policy hides it.
        """
        if self.tables.policy.hides(self.entity.name, name):
            raise Forbidden(f"'{name}' of {self.entity.name} may not be used", code="hidden_name", span=span)
        if name in self.entity.properties:
            return self.column(name)
        if name in self.computed:
            return self.computed[name]
        relation = self.entity.relations.get(name)
        if relation is None:
            raise UnknownName(
                f"{self.entity.name} has no property '{name[:128]}'",
                code="unknown_property",
                span=span,
                hint=suggest(name, self._visible()),
            )
        return Collection(self, relation) if relation.many else self._joined(relation, span)

    def column(self, name: str) -> Column:
        property = self.entity.properties[name]
        return Column(self.id, property, property.type, property.nullable or self.optional)

    def key(self, span: Span | None) -> Column:
        """The row itself as a value: its key, where that is one property."""
        if len(self.entity.key) != 1:
            raise NotExpressible(
                f"a row of {self.entity.name} is not one value, its key has {len(self.entity.key)} parts",
                code="row_as_value",
                span=span,
                hint="compare its properties",
            )
        return self.column(self.entity.key[0])

    def freeze(self) -> Table:
        joins = tuple(Join(relation, row.freeze()) for relation, row in self._joins.values())
        return Table(self.id, self.entity, joins)

    def _joined(self, relation: Relation, span: Span | None) -> Row:
        if relation.name not in self._joins:
            self.tables.count_join(span)
            target = self.tables.schema.entity(relation.target, span)
            row = Row(self.tables, target, self.optional or relation.nullable)
            self._joins[relation.name] = (relation, row)
        return self._joins[relation.name][1]

    def _visible(self) -> Iterator[str]:
        hides = self.tables.policy.hides
        names = (*self.entity.names(), *self.computed)
        return (name for name in names if not hides(self.entity.name, name))


@dataclass(frozen=True, slots=True)
class Collection:
    """Related rows of a row, not yet asked anything."""

    owner: Row
    relation: Relation


class Tables:
    """Numbers the tables of one plan, and counts its joins."""

    __slots__ = ("_ids", "_joins", "_limits", "policy", "schema")

    def __init__(self, schema: Schema, policy: Policy, limits: Limits) -> None:
        self.schema = schema
        self.policy = policy
        self._limits = limits
        self._ids = 0
        self._joins = 0

    def next_id(self) -> int:
        self._ids += 1
        return self._ids - 1

    def count_join(self, span: Span | None) -> None:
        self._joins += 1
        if self._joins > self._limits.joins:
            raise LimitExceeded(
                f"more than {self._limits.joins} relations to go over",
                code="joins",
                span=span,
                hint="Limits(joins=…) sets the bound",
            )

    def new_row(self, entity: Entity, *, optional: bool = False) -> Row:
        return Row(self, entity, optional)

    def no_value(self, found: Collection, span: Span | None) -> TypeMismatch:
        name = found.relation.name
        return TypeMismatch(
            f"'{name}' is a collection, not a value",
            code="collection_as_value",
            span=span,
            hint=f"ask something of it: any, all, count … over {name}",
        )
