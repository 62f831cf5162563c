"""Plans run over rows in memory: the meaning of every query, which the other targets are tested against.

Simple and slow on purpose: each expression is computed for each row, related rows are found by looking at
all of them. It takes plans as `bind` returns them and lowered ones alike.
"""

from __future__ import annotations

from querykit.targets.evaluate.memory import in_memory
from querykit.targets.evaluate.plans import evaluate_plan, evaluate_total

__all__ = ["evaluate_plan", "evaluate_total", "in_memory"]
