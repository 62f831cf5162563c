"""What a count of the rows of a plan is a count of (OData 4.01 Part 2, 5.1.7: whatever its page)."""

from __future__ import annotations

from dataclasses import replace

from querykit.plan.nodes import Plan, Table
from querykit.plan.prune import pruned
from querykit.schema.model import Entity

__all__ = ["counted"]


def counted(plan: Plan) -> Plan:
    """A plan without groups, and with nothing to select, that has as many rows as the plan without its page."""
    whole = replace(plan, order=(), limit=None, offset=None, expand=(), total=False)
    if plan.group is None:
        return pruned(replace(whole, outputs=()))
    return pruned(Plan(Table(0, Entity("result", "", {}), (), whole), ()))
