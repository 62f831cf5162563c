"""`$apply` (Data Aggregation 4.0, "Agg"): transformations, one after the other, into statements."""

from __future__ import annotations

from querykit.bind.apply.steps import transformed

__all__ = ["transformed"]
