"""A plan as the tree of a SELECT statement, its derived tables inside."""

from __future__ import annotations

from sqlglot import exp

from querykit.errors import NotExpressible
from querykit.functions.sql import Dialect
from querykit.plan.nodes import Column, Constant, Output, Plan, Slot, Subquery, Table, Union
from querykit.targets.sqlglot.derived import sayable
from querykit.targets.sqlglot.expressions import Expressions, Part
from querykit.targets.sqlglot.names import identifier
from querykit.targets.sqlglot.parameters import Parameters
from querykit.targets.sqlglot.repeated import repeated
from querykit.targets.sqlglot.sources import Names, Sources
from querykit.targets.sqlglot.statement import filtered, from_table, subquery

__all__ = ["Select"]


class Select:
    """One plan for one dialect.

    Parameters
    ----------
    parameters: of the whole statement.
    is_derived: it is a derived table, whose results sqlglot has to see by name.
    """

    def __init__(
        self, plan: Plan, dialect: Dialect, parameters: Parameters, is_derived: bool = False
    ) -> None:
        self._plan = plan = sayable(plan, dialect)
        self._dialect = dialect
        self._parameters = parameters
        self._is_derived = is_derived
        taken = repeated(plan) if dialect.loose_aliases else ()
        sources = Sources(dialect, Names(dialect, taken), qualified=_hides_columns(plan))
        self._scope = Expressions(dialect, parameters, sources, self._subquery)

    def tree(self) -> exp.Select:
        """The whole statement."""
        if not self._plan.outputs:
            raise NotExpressible("nothing is selected of the rows", code="no_outputs")
        statement = self.filtered()
        statement.set("expressions", [self._output(output) for output in self._plan.outputs])
        if self._plan.group:
            groups = [self._scope.value(expr).node for expr in self._plan.group]
            statement.set("group", exp.Group(expressions=groups))
        if self._plan.having is not None:
            statement.set("having", exp.Having(this=self._scope.condition(self._plan.having).node))
        if self._plan.order:
            keys = [self._scope.sort_key(key) for key in self._plan.order]
            statement.set("order", exp.Order(expressions=keys))
        self._page(statement)
        return statement

    def count(self) -> exp.Select:
        """How many rows there are, whatever the page."""
        statement = self.filtered()
        statement.set("expressions", [self._scope.call("agg.count", ()).node])
        return statement

    def filtered(self) -> exp.Select:
        """FROM and WHERE; what is selected is to be set."""
        table = self._plan.table
        statement = from_table(self._scope, table, self._derived(self._scope.sources, table))
        if self._plan.where is not None:
            filtered(self._scope, statement, [self._scope.condition(self._plan.where)])
        return statement

    def _subquery(self, outer: Expressions, bound: Subquery) -> Part:
        return subquery(outer, bound, self._derived)

    def _derived(self, sources: Sources, table: Table) -> exp.Subquery | None:
        """The derived table that a table stands for, put in sight; None where it is one of the database."""
        if table.rows is None:
            return None
        plans = table.rows.plans if isinstance(table.rows, Union) else (table.rows,)
        trees = [Select(plan, self._dialect, self._parameters, is_derived=True).tree() for plan in plans]
        found: exp.Query = trees[0]
        for tree in trees[1:]:
            found = exp.Union(this=found, expression=tree, distinct=False)
        alias = identifier(sources.derive(table), self._dialect)
        return exp.Subquery(this=found, alias=exp.TableAlias(this=alias))

    def _output(self, output: Output) -> exp.Expr:
        expr = output.expr
        if isinstance(expr, Constant) and expr.value is None:
            node = self._scope.call(f"null.{expr.type.kind}", ()).node
        else:
            node = self._scope.value(expr).node
        if isinstance(expr, Column) and expr.property.column == output.name:
            if self._is_derived:
                node = self._scope.sources.node(expr.table, expr.property.column)
            if not (self._scope.sources.are_qualified and self._dialect.long_names):
                return node
        return exp.Alias(this=node, alias=identifier(output.name, self._dialect))

    def _page(self, statement: exp.Select) -> None:
        plan = self._plan
        if plan.limit is not None:
            # T-SQL's FETCH takes no 0, its TOP does.
            fetched = self._dialect.name == "tsql" and plan.offset is not None
            mark = self._parameters.mark(plan.limit, "positive" if fetched else "")
            statement.set("limit", exp.Limit(expression=exp.Var(this=mark)))
        elif plan.offset is not None and self._dialect.all_rows:
            statement.set("limit", exp.Limit(expression=exp.Var(this=self._dialect.all_rows)))
        if plan.offset is not None:
            statement.set("offset", self._offset(plan.offset))

    def _offset(self, slot: Slot) -> exp.Offset:
        return exp.Offset(expression=exp.Var(this=self._parameters.mark(slot)))


def _hides_columns(plan: Plan) -> bool:
    """Is a result named like a column that it is not? ORDER BY would mean the result, in ClickHouse WHERE too."""
    columns = {item.column.casefold() for item in plan.table.entity.properties.values()}
    return any(output.name.casefold() in columns and not _is_own(output) for output in plan.outputs)


def _is_own(output: Output) -> bool:
    expr = output.expr
    return isinstance(expr, Column) and expr.property.column.casefold() == output.name.casefold()
