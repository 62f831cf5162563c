"""Three-valued and, or, not (OData 4.01 Part 2, 5.1.1.1.7-9; SQL's own tables), tests for null, choice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from querykit.functions.python.comparison import equal_or_null

__all__ = ["LOGIC"]


def _and(*operands: bool | None) -> bool | None:
    if any(operand is False for operand in operands):
        return False
    return None if any(operand is None for operand in operands) else True


def _or(*operands: bool | None) -> bool | None:
    if any(operand is True for operand in operands):
        return True
    return None if any(operand is None for operand in operands) else False


def _not(operand: bool | None) -> bool | None:
    return None if operand is None else not operand


def _case(*args: Any) -> Any:
    """A null condition is not true, so its value is passed over (OData 4.01 Part 2, 5.1.1.12.1)."""
    for index in range(0, len(args) - 1, 2):
        if args[index] is True:
            return args[index + 1]
    return args[-1] if len(args) % 2 else None


def _coalesce(first: Any, second: Any) -> Any:
    return second if first is None else first


LOGIC: dict[str, Callable[..., Any]] = {
    "bool.and": _and,
    "bool.or": _or,
    "bool.not": _not,
    "bool.is_true": lambda operand: operand is True,
    "bool.is_not_true": lambda operand: operand is not True,
    "logic.case": _case,
    "null.is": lambda value: value is None,
    "null.is_not": lambda value: value is not None,
    "null.coalesce": _coalesce,
    "null.same": equal_or_null,
    "null.same_columns": equal_or_null,
    "null.differs": lambda left, right: not equal_or_null(left, right),
}
