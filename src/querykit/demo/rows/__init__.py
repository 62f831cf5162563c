"""The rows of the sample CRM: the same on every machine, on every run. Nothing here reads a clock."""

from __future__ import annotations

from typing import Any, TypeAlias

__all__ = ["Row"]

#: Column -> value.
Row: TypeAlias = dict[str, Any]
