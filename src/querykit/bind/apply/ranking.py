"""`topcount bottomcount topsum bottomsum toppercent bottompercent` (Agg 3.3.3).

Rows are sorted by a value and taken from the front: a number of them, or until their values add up to a sum or to a
percentage of the sum over all. A null adds nothing.
"""

from __future__ import annotations

import math
from decimal import Decimal

from querykit import types as t
from querykit.ast.nodes import Expr, Literal, Path, Transformation
from querykit.bind.expressions import Binder
from querykit.bind.literals import natural_type
from querykit.bind.rows import Rows
from querykit.errors import NotExpressible, ParseError, TypeMismatch
from querykit.functions.catalog import CATALOG
from querykit.plan.conditions import both, either
from querykit.plan.nodes import Bound, Op, Slot, Sort, Window

__all__ = ["RANKINGS", "ranked"]

RANKINGS = tuple(f"{end}{what}" for end in ("top", "bottom") for what in ("count", "sum", "percent"))


def ranked(
    binder: Binder, rows: Rows, step: Transformation, number: Expr, value: Expr, partition: tuple[Path, ...]
) -> Slot | None:
    """Sort the rows, and keep those whose values make up the sum; or say how many to take."""
    with binder.scope(rows.row):
        goal = _goal(binder, step, number)
        measure = binder.scalar(value)
        groups = tuple(binder.scalar(path) for path in partition)
    rows.sort([Sort(measure, step.name.startswith("top"))])
    if step.name.endswith("count"):
        return goal
    if measure.type not in (*t.NUMBERS, t.ANY):
        raise TypeMismatch(f"{step.name} needs numbers, not {measure.type} values", span=value.span)
    rows.settle_order()
    _keep(rows, step.name, goal, _Sums(binder, rows, measure, groups))
    return None


def _keep(rows: Rows, name: str, goal: Slot, sums: _Sums) -> None:
    """The rows before which the sum has not reached the goal."""
    if name == "bottomsum":
        (before,) = sums.over("before")
        rows.keep(_less(before, goal))
    elif name == "bottompercent":  # of nothing, or less than nothing, there is no part
        before, total = sums.over("before", "total")
        part = sums.times(goal, total)
        rows.keep(both(_less(sums.times(before, sums.hundred), part), _less(sums.zero, total)))
    elif name == "topsum":
        amount, before, peak = sums.over("amount", "before", "peak")
        rows.keep(_falling(sums.zero, amount, _less(before, goal), _less(peak, goal)))
    else:
        amount, before, peak, total = sums.over("amount", "before", "peak", "total")
        part = sums.times(goal, total)
        reached = [_less(sums.times(value, sums.hundred), part) for value in (before, peak)]
        rows.keep(_falling(sums.zero, amount, *reached))


def _falling(zero: Bound, amount: Bound, within: Bound, enough: Bound) -> Bound:
    """From the top, sums rise, and fall once values are negative: those are taken if the peak is not enough."""
    return either(both(_less(zero, amount), within), both(_not_less(zero, amount), enough))


class _Sums:
    """The value of each row, and sums over rows: of those before it, at their peak, of all."""

    def __init__(self, binder: Binder, rows: Rows, measure: Bound, groups: tuple[Bound, ...]) -> None:
        self._binder = binder
        self._rows = rows
        self.zero = binder.slot(Literal("int", 0), t.INT)
        self.hundred = binder.slot(Literal("int", 100), t.INT)
        amount = self._or_zero(measure)
        positive = Op("logic.case", (_less(self.zero, amount), amount), amount.type, True)
        self._values: dict[str, Bound] = {
            "amount": amount,
            "before": Window("sum", amount, groups, tuple(rows.order), amount.type, True),
            "peak": Window("sum", positive, groups, (), amount.type, True),
            "total": Window("sum", amount, groups, (), amount.type, True),
        }

    def over(self, *names: str) -> list[Bound]:
        """Columns for them, behind which the rows can be told apart; a sum of nothing is 0."""
        return [self._or_zero(column) for column in self._rows.derive([self._values[name] for name in names])]

    def _or_zero(self, value: Bound) -> Bound:
        if not value.nullable:
            return value
        return Op("null.coalesce", (value, self.zero), value.type, False)

    def times(self, left: Bound, right: Bound) -> Bound:
        return self._binder.apply(CATALOG["math.mul"], [left, right], None)


def _less(left: Bound, right: Bound) -> Op:
    return Op("cmp.lt", (left, right), t.BOOL, left.nullable or right.nullable)


def _not_less(left: Bound, right: Bound) -> Op:
    return Op("cmp.ge", (left, right), t.BOOL, left.nullable or right.nullable)


def _goal(binder: Binder, step: Transformation, number: Expr) -> Slot:
    """
    Raises
    ------
    NotExpressible: it is no number of the text.
    ParseError: it is not positive (Agg 3.3.3), no whole number for a count, or more than all in percent.
    """
    literal = binder.operand(number)
    if not isinstance(literal, Literal) or literal.kind not in ("int", "decimal", "double", "int64"):
        message = f"{step.name} takes a number that is written out"
        raise NotExpressible(message, code="ranking_number", span=number.span)
    if step.name.endswith("count") and literal.kind not in ("int", "int64"):
        raise ParseError(f"{step.name} takes a whole number", code="ranking_number", span=number.span)
    slot = binder.slot(literal, t.INT if step.name.endswith("count") else natural_type(literal))
    value = literal.value
    assert isinstance(slot, Slot)
    bound = 100 if step.name.endswith("percent") else math.inf
    if not isinstance(value, (int, float, Decimal)) or not 0 < value <= bound:
        most = " up to 100" if step.name.endswith("percent") else ""
        raise ParseError(
            f"{step.name} takes a positive number{most}", code="ranking_number", span=number.span
        )
    return slot
