"""A derived table in the making: which values of its rows it has as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from querykit import types as t
from querykit.plan.columns import Columns
from querykit.plan.nodes import TRUE, Bound, Column, Op, Output, Plan, Sort, Subquery, Table, Window
from querykit.plan.walk import tables
from querykit.schema.model import Entity, Property, Relation

__all__ = ["Inside"]


class Inside:
    """The rows of a table and of those it joins, as a derived table.

    Parameters
    ----------
    table: whose id the derived one gets.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._tables = {here.id: here for here in tables(table)}
        self._columns = Columns()

    def derived(self, where: Bound | None = None) -> Table:
        """The table, with the columns that were asked for."""
        outputs = self._columns.outputs() or [Output("value", TRUE)]  # there is no SELECT of nothing
        plan = Plan(self._table, tuple(outputs), where)
        return Table(self._table.id, Entity("result", "", self._columns.properties), rows=plan)

    def column(self, value: Bound, name: str = "value") -> Column:
        """The column of a value; one of the table keeps its name."""
        name = value.property.column if isinstance(value, Column) else name
        known = [output.name for output in self._columns.outputs() if _key(output.expr) == _key(value)]
        item = self._columns.properties[known[0]] if known else self._columns.add(name, value)
        return Column(self._table.id, item, value.type, value.nullable)

    def outside(self, expr: Bound, *, nested: bool = False) -> Bound:
        """The expression over the derived table.

        Parameters
        ----------
        nested: it stands in a subquery, where a null of the rows around arrives only in a wrapping that is none.
        """
        if isinstance(expr, Column) and expr.table in self._tables:
            if not (nested and expr.nullable):
                return self.column(expr)
            wrapped = self.column(Op("row.wrapped", (expr,), expr.type, False))
            return Op("row.unwrapped", (wrapped,), expr.type, True)
        if isinstance(expr, Op):
            return replace(expr, args=tuple([self.outside(arg, nested=nested) for arg in expr.args]))
        if isinstance(expr, Subquery):
            return self._subquery(expr)
        return self._window(expr) if isinstance(expr, Window) else expr

    def _window(self, expr: Window) -> Window:
        return replace(
            expr,
            argument=None if expr.argument is None else self.outside(expr.argument),
            partition=tuple([self.outside(item) for item in expr.partition]),
            order=tuple([Sort(self.outside(key.expr), key.descending) for key in expr.order]),
        )

    def _subquery(self, expr: Subquery) -> Subquery:
        found = replace(
            expr,
            condition=None if expr.condition is None else self.outside(expr.condition, nested=True),
            argument=None if expr.argument is None else self.outside(expr.argument, nested=True),
        )
        if expr.relation is None or expr.outer not in self._tables:
            return found
        return replace(found, outer=self._table.id, relation=self._from_here(expr.relation, expr.outer))

    def _from_here(self, relation: Relation, table: int) -> Relation:
        """The relation, starting at the columns of the derived table."""
        if relation.through is None:
            return replace(relation, pairs=self._renamed(relation.pairs, table))
        through = relation.through
        return replace(relation, through=replace(through, local=self._renamed(through.local, table)))

    def to_here(self, relation: Relation) -> Relation:
        """The relation to the table, ending at the columns of the derived one."""
        table = self._table.id
        if relation.through is None:
            swapped = [(theirs, mine) for mine, theirs in relation.pairs]
            pairs = self._renamed(swapped, table)
            return replace(relation, pairs=tuple([(mine, theirs) for theirs, mine in pairs]))
        through = relation.through
        swapped = [(theirs, middle) for middle, theirs in through.remote]
        remote = tuple([(middle, theirs) for theirs, middle in self._renamed(swapped, table)])
        return replace(relation, through=replace(through, remote=remote))

    def _renamed(self, pairs: Sequence[tuple[str, str]], table: int) -> tuple[tuple[str, str], ...]:
        """The pairs, whose first is a column of a table, with the derived one's."""
        return tuple([(self._link(table, here), there) for here, there in pairs])

    def _link(self, table: int, column: str) -> str:
        properties = self._tables[table].entity.properties.values()
        item = next((item for item in properties if item.column == column), Property(column, column, t.ANY))
        return self.column(Column(table, item, item.type, True)).property.column


def _key(value: Bound) -> object:
    return (value.table, value.property.column) if isinstance(value, Column) else value
