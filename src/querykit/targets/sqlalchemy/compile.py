"""Plans into SQLAlchemy statements that run on every dialect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from querykit.errors import NotExpressible
from querykit.plan.counting import counted
from querykit.plan.nodes import BoundQuery, Column, Constant, Output, Plan, Table, Union
from querykit.targets.sqlalchemy.binds import Binds, DriverBinds
from querykit.targets.sqlalchemy.coltypes import result_type
from querykit.targets.sqlalchemy.expressions import Expressions
from querykit.targets.sqlalchemy.shapes import Operation, Shaped
from querykit.targets.sqlalchemy.sources import Names, Source
from querykit.targets.sqlalchemy.subqueries import joined

__all__ = ["CompiledSelect", "Statement", "compile_select", "count_select", "select_with_values"]


class CompiledSelect(NamedTuple):
    """A statement, and which slot each of its placeholders takes the value of.

    Compiling or running it raises NotExpressible on a dialect that cannot say a part of it.
    """

    statement: sa.Select[Any]
    slots: Mapping[str, int]

    def params(self, values: Sequence[Any]) -> dict[str, Any]:
        """The values of the placeholders, given the values of all slots."""
        return {name: values[slot] for name, slot in self.slots.items()}


def compile_select(plan: Plan, dialect: str | None = None) -> CompiledSelect:
    """The statement of a lowered plan, without its expansions.

    Parameters
    ----------
    dialect: the one for whose driver the values will be ready when they come, as those of its SQL text are
        (`CompiledSql.params`). Without it they come as Python values, and the statement runs everywhere.

    Raises
    ------
    NotExpressible: the schema does not say how a relation is linked.
    """
    binds = Binds() if dialect is None else DriverBinds(dialect)
    statement = Statement(plan, binds, Names())
    return CompiledSelect(statement.select(), binds.slots)


def select_with_values(bound: BoundQuery) -> sa.Select[Any]:
    """The statement of a lowered plan, with the values of its slots in its bound parameters.

    Raises
    ------
    NotExpressible: the schema does not say how a relation is linked.
    """
    return Statement(bound.plan, Binds(bound.values), Names()).select()


def count_select(plan: Plan) -> CompiledSelect:
    """A statement that counts the rows of a lowered plan, whatever its page (OData 4.01 Part 2, 5.1.7)."""
    binds = Binds()
    statement = Statement(counted(plan), binds, Names())
    return CompiledSelect(statement.filtered(sa.func.count().label("count")), binds.slots)


class Statement:
    """One plan in the making: its tables, and the parts that its statement is put together from.

    Parameters
    ----------
    binds, names: of the statement, shared where statements are put into one another.
    outside: statements that this one is a derived table of, one inside the other.
    """

    def __init__(self, plan: Plan, binds: Binds, names: Names, outside: int = 0) -> None:
        self.plan = plan
        self.binds = binds
        self._expressions = Expressions(binds, names, outside)
        self.rows = joined(self._expressions, plan.table, _derived(plan.table, binds, names, outside + 1))
        self.source = self._expressions.sources[plan.table.id]

    def select(self, hidden: Sequence[ColumnElement[Any]] = ()) -> sa.Select[Any]:
        """The whole statement, with hidden columns behind its outputs."""
        return self.paged(*self.outputs(), *hidden)

    def paged(self, *columns: ColumnElement[Any]) -> sa.Select[Any]:
        """The columns of the rows of the page, in order."""
        if not columns:
            raise NotExpressible("nothing is selected of the rows", code="no_outputs")
        order = self.order()
        if not order and self.plan.group != () and (self.plan.limit or self.plan.offset):
            order = list(columns[:1])  # SQL Server has no page without an order, and no row a key to order by
        statement = self._grouped(self.filtered(*columns)).order_by(*order)
        if self.plan.limit is not None:
            statement = statement.limit(self.binds.limit(self.plan.limit))
        if self.plan.offset is not None:
            statement = statement.offset(self.binds.count(self.plan.offset))
        return statement

    def filtered(self, *columns: ColumnElement[Any]) -> sa.Select[Any]:
        """The columns of all rows that the condition keeps."""
        statement = sa.select(*columns).select_from(self.rows)
        if self.plan.where is None:
            return statement
        return statement.where(self._expressions.guarded(self._expressions.condition(self.plan.where)))

    def _grouped(self, statement: sa.Select[Any]) -> sa.Select[Any]:
        if self.plan.group:
            statement = statement.group_by(*(self._expressions.value(expr) for expr in self.plan.group))
        if self.plan.having is None:
            return statement
        return statement.having(self._expressions.guarded(self._expressions.condition(self.plan.having)))

    def outputs(self) -> list[ColumnElement[Any]]:
        return [self._output(output) for output in self.plan.outputs]

    def _output(self, output: Output) -> ColumnElement[Any]:
        if isinstance(output.expr, Constant) and output.expr.value is None:
            type = output.expr.type
            return Shaped(Operation(f"null.{type.kind}", 0), [], result_type(type)).label(output.name)
        expr = self._expressions.value(output.expr)
        if not isinstance(output.expr, Column):
            expr = self._expressions.guarded(expr)
            return sa.type_coerce(expr, result_type(output.expr.type)).label(output.name)
        if isinstance(expr.type, sa.Enum):  # as it is stored, which is what all the other targets give
            expr = sa.type_coerce(expr, result_type(output.expr.type))
        if output is self.plan.outputs[0]:  # one of each statement, so that derived tables are counted
            expr = self._expressions.guarded(expr)
        same = isinstance(expr, sa.ColumnClause) and (expr.name, expr.key) == (output.name, output.name)
        return expr if same else expr.label(output.name)

    def order(self) -> list[ColumnElement[Any]]:
        return [self._expressions.sort_key(key) for key in self.plan.order]


def _derived(table: Table, binds: Binds, names: Names, outside: int) -> Source | None:
    """The derived table that a table of the plan stands for."""
    if table.rows is None:
        return None
    plans = table.rows.plans if isinstance(table.rows, Union) else (table.rows,)
    statements = [Statement(plan, binds, names, outside).select() for plan in plans]
    name = table.entity.table or table.entity.name
    return Source(names.derived(statements[0] if len(statements) == 1 else sa.union_all(*statements), name))
