"""SQLAlchemy: plans into Core statements, and the rows that they fetch."""

from __future__ import annotations

from querykit.targets.sqlalchemy.compile import CompiledSelect, compile_select, count_select

__all__ = ["CompiledSelect", "compile_select", "count_select"]
