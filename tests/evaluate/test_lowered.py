"""A plan in SQL's logic keeps the rows that the bound plan keeps, for any condition over nullable columns."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import handmade
from hypothesis import given, settings
from hypothesis import strategies as st

from querykit import types as t
from querykit.plan.nodes import (
    FALSE,
    TRUE,
    Bound,
    BoundQuery,
    Column,
    Constant,
    Op,
    Plan,
    Slot,
    Subquery,
    Table,
)
from querykit.plan.truth import lower
from querykit.schema.model import Property, Relation
from querykit.targets.evaluate import evaluate_plan

ITEM = handmade.entity("Item", id=t.INT, row=t.INT, v=t.INT)
ITEMS = Relation("items", "Item", True, (("id", "row"),))
ROW = handmade.entity(
    "Row",
    id=Property("id", "id", t.INT, nullable=False),
    a=t.INT,
    b=t.INT,
    c=Property("c", "c", t.INT, nullable=False),
    p=t.BOOL,
    q=Property("q", "q", t.BOOL, nullable=False),
)
_VALUES = (None, 1, 2)
ROWS = [
    {"id": number, "a": a, "b": b, "c": 1 + number % 2, "p": p, "q": number % 3 == 0}
    for number, (a, b, p) in enumerate(product(_VALUES, _VALUES, (None, True, False)))
]
DATA: dict[str, list[dict[str, Any]]] = {
    "Row": ROWS,
    "Item": [{"id": n, "row": n % 15, "v": _VALUES[n % 3]} for n in range(25)],
}
SLOTS = (1, 2, 1)

_TABLE = Table(0, ROW)
_INNER = Table(1, ITEM)
_COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")


def _op(fn: str, *args: Bound) -> Op:
    total = fn.startswith("total.") or fn == "null.is"
    return Op(fn, args, t.BOOL, not total and any(arg.nullable for arg in args))


def _column(name: str) -> Column:
    return handmade.col(_TABLE, name)


_OUTER: tuple[Bound, ...] = (
    *(_column(name) for name in "abc"),
    *(Slot(index, t.INT) for index in range(len(SLOTS))),
    Op("math.add", (_column("a"), Slot(0, t.INT)), t.INT, True),
)
_LITERALS: st.SearchStrategy[Bound] = st.sampled_from([Slot(0, t.INT), Slot(1, t.INT), Constant(None, t.INT)])


def _membership(fn: str, value: Bound, items: list[Bound]) -> Op:
    listed = Op("list", tuple(items), t.collection(t.INT), False)
    three_valued = value.nullable or any(item.nullable for item in items)
    return Op(fn, (value, listed), t.BOOL, fn == "cmp.in" and three_valued)


def _leaves(numbers: st.SearchStrategy[Bound]) -> st.SearchStrategy[Bound]:
    families, names = st.sampled_from(["total", "cmp"]), st.sampled_from(_COMPARISONS)
    items = st.lists(st.one_of(_LITERALS, numbers), max_size=3)
    return st.one_of(
        st.builds(lambda f, n, left, right: _op(f"{f}.{n}", left, right), families, names, numbers, numbers),
        st.builds(lambda value, low, high: _op("cmp.between", value, low, high), numbers, numbers, numbers),
        st.builds(lambda f, value, listed: _membership(f"{f}.in", value, listed), families, numbers, items),
        numbers.map(lambda value: _op("null.is", value)),
        st.sampled_from([TRUE, FALSE, Constant(None, t.BOOL), _column("p"), _column("q")]),
    )


def _logic(inner: st.SearchStrategy[Bound]) -> st.SearchStrategy[Bound]:
    runs = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        st.builds(lambda fn, parts: _op(fn, *parts), st.sampled_from(["bool.and", "bool.or"]), runs),
        inner.map(lambda part: _op("bool.not", part)),
        inner.map(lambda part: _op("null.is", part)),
        st.builds(lambda left, right: _op("total.eq", left, right), inner, inner),
        st.builds(
            lambda condition, then, other: Op(
                "logic.case", (condition, then, other), t.BOOL, then.nullable or other.nullable
            ),
            inner,
            inner,
            inner,
        ),
    )


def _conditions(*more: Bound) -> st.SearchStrategy[Bound]:
    """Conditions over the columns of the row, and these."""
    return st.recursive(_leaves(st.sampled_from((*_OUTER, *more))), _logic, max_leaves=6)


def _kept(plan: Plan, values: tuple[Any, ...]) -> list[int]:
    rows = evaluate_plan(BoundQuery(plan, values), DATA, lambda: dt.datetime(2024, 2, 29))
    return [row["id"] for row in rows]


def _check(where: Bound) -> None:
    plan = Plan(_TABLE, (handmade.Output("id", _column("id")),), where)
    lowered = lower(plan, len(SLOTS))
    assert _kept(lowered.plan, SLOTS) == _kept(plan, SLOTS), where


@settings(max_examples=150, deadline=None)
@given(_conditions())
def test_condition(where: Bound) -> None:
    _check(where)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["any", "all"]), _conditions(handmade.col(_INNER, "v")), st.booleans())
def test_collection(function: str, condition: Bound, negated: bool) -> None:
    where: Bound = Subquery(function, _INNER, 0, ITEMS, condition, None, t.BOOL, False)
    _check(_op("bool.not", where) if negated else where)


def test_membership_of_a_column_as_a_value() -> None:
    """`c in (a)` is never null in OData, `c = a` is where a is."""
    inside = _membership("total.in", _column("c"), [_column("a")])
    _check(_op("total.eq", _op("null.is", _column("b")), inside))
