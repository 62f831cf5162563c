"""What is made once of all plans that are alike: their lowering, and the statements of it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from querykit.clock import Clock
from querykit.engine.prepare import late_values
from querykit.plan.nodes import Plan
from querykit.plan.truth import lower

if TYPE_CHECKING:
    from querykit.targets.sqlalchemy import CompiledSelect
    from querykit.targets.sqlglot import CompiledSql

__all__ = ["Form"]

_LOCK = Lock()  # one statement for one form, whichever thread is the first


class Form:
    """A plan in SQL's logic, and the statements of a dialect once they are asked for.

    Parameters
    ----------
    plan: as bound.
    slots: how many values it takes.
    weight: characters of the text it comes from.
    """

    __slots__ = ("_dialect", "_lowered", "_select", "_sql", "is_late", "weight")

    def __init__(self, plan: Plan, slots: int, dialect: str, weight: int) -> None:
        self._lowered = lower(plan, slots)
        self.is_late = bool(self._lowered.moments)  # there are slots with values that the text has not
        self.weight = weight
        self._dialect = dialect
        self._sql: CompiledSql | None = None
        self._select: CompiledSelect | None = None

    def values(self, values: tuple[Any, ...], clock: Clock | None) -> tuple[Any, ...]:
        """Those of all slots, given those of the text."""
        return values + late_values(self._lowered, values, clock) if self.is_late else values

    def sql(self) -> CompiledSql:
        """
        Raises
        ------
        QueryError: the dialect cannot say it; spans are those of the text that the form was made of.
        """
        if self._sql is None:
            from querykit.targets.sqlglot import compile_sql

            with _LOCK:
                self._sql = self._sql or compile_sql(self._lowered.plan, self._dialect)
        return self._sql

    def select(self) -> CompiledSelect:
        """
        Raises
        ------
        QueryError: as `sql`.
        """
        if self._select is None:
            from querykit.targets.sqlalchemy import compile_select

            with _LOCK:
                self._select = self._select or compile_select(self._lowered.plan, self._dialect)
        return self._select
