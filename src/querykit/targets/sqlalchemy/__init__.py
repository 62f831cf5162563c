"""SQLAlchemy: plans into Core statements, and the rows that they fetch."""

from __future__ import annotations

from querykit.targets.sqlalchemy.compile import (
    CompiledSelect,
    compile_select,
    count_select,
    select_with_values,
)
from querykit.targets.sqlalchemy.fetch import CompiledFetch, compile_fetch, fetch_plan

__all__ = [
    "CompiledFetch",
    "CompiledSelect",
    "compile_fetch",
    "compile_select",
    "count_select",
    "fetch_plan",
    "select_with_values",
]
