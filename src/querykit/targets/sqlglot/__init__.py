"""SQL text by way of sqlglot: a tree of clauses for each plan, printed for the dialect; what stands in them is text."""

from __future__ import annotations

from querykit.targets.sqlglot.compile import compile_sql, count_sql, sql_with_values
from querykit.targets.sqlglot.parameters import Bind, CompiledSql

__all__ = ["Bind", "CompiledSql", "compile_sql", "count_sql", "sql_with_values"]
