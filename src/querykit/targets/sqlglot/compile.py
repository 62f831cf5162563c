"""Plans into SQL text."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from querykit.functions.sql import Dialect, Hole, check_nesting
from querykit.functions.sql import dialect as find_dialect
from querykit.plan.nodes import BoundQuery, Column, Output, Plan, Sort
from querykit.targets.sqlglot.expressions import Expressions
from querykit.targets.sqlglot.names import identifier
from querykit.targets.sqlglot.parameters import CompiledSql, Parameters
from querykit.targets.sqlglot.printer import print_sql, template
from querykit.targets.sqlglot.sources import Names, Sources
from querykit.targets.sqlglot.statement import filtered, from_table, subquery

__all__ = ["compile_sql", "count_sql", "sql_with_values"]

_KEY = Hole(0, 0)


def compile_sql(plan: Plan, dialect: str) -> CompiledSql:
    """The statement of a lowered plan, without its expansions.

    Parameters
    ----------
    dialect: name or alias.

    Raises
    ------
    NotExpressible: the dialect cannot say it, or the schema does not say how a relation is linked.
    LimitExceeded: the statement would be too large for the dialect.
    """
    statement = _Statement(plan, find_dialect(dialect))
    return statement.select()


def count_sql(plan: Plan, dialect: str) -> CompiledSql:
    """A statement that counts the rows of a lowered plan, whatever its page (OData 4.01 Part 2, 5.1.7)."""
    return _Statement(plan, find_dialect(dialect)).count()


def sql_with_values(bound: BoundQuery, dialect: str) -> tuple[str, dict[str, Any]]:
    """The text of a lowered plan, and the values of its placeholders."""
    compiled = compile_sql(bound.plan, dialect)
    return compiled.text, compiled.params(bound.values)


class _Statement:
    """One plan for one dialect."""

    def __init__(self, plan: Plan, dialect: Dialect) -> None:
        self._plan = plan
        self._dialect = dialect
        self._parameters = Parameters(dialect)
        sources = Sources(dialect, Names(dialect), qualified=_hides_columns(plan))
        self._scope = Expressions(dialect, self._parameters, sources, subquery)

    def select(self) -> CompiledSql:
        statement = from_table(self._scope, self._plan.table)
        statement.set("expressions", [self._output(output) for output in self._plan.outputs])
        self._filter(statement)
        if self._plan.order:
            keys = [self._sort(key) for key in self._plan.order]
            statement.set("order", exp.Order(expressions=keys))
        self._page(statement)
        return self._written(statement)

    def count(self) -> CompiledSql:
        statement = from_table(self._scope, self._plan.table)
        statement.set("expressions", [self._scope.call("agg.count", ()).node])
        self._filter(statement)
        return self._written(statement)

    def _written(self, statement: exp.Select) -> CompiledSql:
        if self._dialect.join_setting and any(True for _ in statement.find_all(exp.Join)):
            statement.set("settings", [exp.Var(this=self._dialect.join_setting)])
        text = print_sql(statement, self._dialect)
        check_nesting(text, self._dialect.parser_stack, self._dialect.name)
        return self._parameters.written(text)

    def _filter(self, statement: exp.Select) -> None:
        if self._plan.where is not None:
            filtered(self._scope, statement, [self._scope.condition(self._plan.where)])

    def _output(self, output: Output) -> exp.Expr:
        node = self._scope.value(output.expr).node
        if isinstance(output.expr, Column) and output.expr.property.column == output.name:
            return node
        return exp.Alias(this=node, alias=identifier(output.name, self._dialect))

    def _sort(self, key: Sort) -> exp.Expr:
        """Nulls lowest, said only where the dialect would put them elsewhere."""
        part = self._scope.value(key.expr)
        words = " DESC" if key.descending else ""
        if key.expr.nullable and self._dialect.nulls != "low":
            if not key.descending:
                words += " NULLS FIRST"
            elif self._dialect.nulls == "high":
                words += " NULLS LAST"
        return template((_KEY, words), (part.node,), (part.level,))

    def _page(self, statement: exp.Select) -> None:
        plan = self._plan
        if plan.limit is not None:
            # T-SQL's FETCH takes no 0, its TOP does.
            fetched = self._dialect.name == "tsql" and plan.offset is not None
            node = self._parameters.node(plan.limit, "positive" if fetched else "")
            statement.set("limit", exp.Limit(expression=node))
        elif plan.offset is not None and self._dialect.all_rows:
            statement.set("limit", exp.Limit(expression=exp.Var(this=self._dialect.all_rows)))
        if plan.offset is not None:
            statement.set("offset", exp.Offset(expression=self._parameters.node(plan.offset)))


def _hides_columns(plan: Plan) -> bool:
    """Is a result named like a column that it is not? ORDER BY would mean the result, in ClickHouse WHERE too."""
    columns = {item.column.casefold() for item in plan.table.entity.properties.values()}
    return any(output.name.casefold() in columns and not _is_own(output) for output in plan.outputs)


def _is_own(output: Output) -> bool:
    expr = output.expr
    return isinstance(expr, Column) and expr.property.column.casefold() == output.name.casefold()
