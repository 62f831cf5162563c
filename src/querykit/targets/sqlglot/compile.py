"""Plans into SQL text."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from querykit.functions.sql import Dialect, check_nesting
from querykit.functions.sql import dialect as find_dialect
from querykit.plan.counting import counted
from querykit.plan.nodes import BoundQuery, Plan
from querykit.targets.sqlglot.parameters import CompiledSql, Parameters
from querykit.targets.sqlglot.printer import print_sql
from querykit.targets.sqlglot.select import Select

__all__ = ["compile_sql", "count_sql", "sql_with_values"]


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
    found = find_dialect(dialect)
    parameters = Parameters(found)
    return _written(Select(plan, found, parameters).tree(), found, parameters)


def count_sql(plan: Plan, dialect: str) -> CompiledSql:
    """A statement that counts the rows of a lowered plan, whatever its page (OData 4.01 Part 2, 5.1.7)."""
    found = find_dialect(dialect)
    parameters = Parameters(found)
    return _written(Select(counted(plan), found, parameters).count(), found, parameters)


def sql_with_values(bound: BoundQuery, dialect: str) -> tuple[str, dict[str, Any]]:
    """The text of a lowered plan, and the values of its placeholders."""
    compiled = compile_sql(bound.plan, dialect)
    return compiled.text, compiled.params(bound.values)


def _written(statement: exp.Select, dialect: Dialect, parameters: Parameters) -> CompiledSql:
    if dialect.join_setting and any(True for _ in statement.find_all(exp.Join)):
        statement.set("settings", [exp.Var(this=dialect.join_setting)])
    text = print_sql(statement, dialect)
    check_nesting(text, dialect.parser_stack, dialect.name)
    return parameters.written(text)
