"""The table of odata.md, 4, line by line, and what a filter keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import handmade
import pytest

from querykit import types as t
from querykit.plan.nodes import Bound, Output

ROW = handmade.entity("Row", id=t.INT, x=t.INT, y=t.INT, f=t.FLOAT, flag=t.BOOL, owner_id=t.INT)

#: A row where x is 5 and y is null; f is NaN or infinite where a line needs it.
LINES: list[tuple[str, dict[str, Any], Callable[[handmade.Query], Bound], Any]] = [
    ("null eq null", {}, lambda q: handmade.op("total.eq", q(None), q(None)), True),
    ("y eq null", {}, lambda q: handmade.op("total.eq", _x(q, "y"), q(None)), True),
    ("x eq null", {}, lambda q: handmade.op("total.eq", _x(q, "x"), q(None)), False),
    ("null ne x", {}, lambda q: handmade.op("total.ne", q(None), _x(q, "x")), True),
    ("null ne null", {}, lambda q: handmade.op("total.ne", q(None), q(None)), False),
    ("null gt x", {}, lambda q: handmade.op("total.gt", _x(q, "y"), _x(q, "x")), False),
    ("null lt x", {}, lambda q: handmade.op("total.lt", _x(q, "y"), _x(q, "x")), False),
    ("null ge x", {}, lambda q: handmade.op("total.ge", _x(q, "y"), _x(q, "x")), False),
    ("x le null", {}, lambda q: handmade.op("total.le", _x(q, "x"), _x(q, "y")), False),
    ("null ge null", {}, lambda q: handmade.op("total.ge", _x(q, "y"), _x(q, "y")), True),
    ("null le null", {}, lambda q: handmade.op("total.le", _x(q, "y"), _x(q, "y")), True),
    ("false and null", {}, lambda q: handmade.op("bool.and", q(False), _x(q, "flag")), False),
    ("true and null", {}, lambda q: handmade.op("bool.and", q(True), _x(q, "flag")), None),
    ("true or null", {}, lambda q: handmade.op("bool.or", q(True), _x(q, "flag")), True),
    ("false or null", {}, lambda q: handmade.op("bool.or", q(False), _x(q, "flag")), None),
    ("not null", {}, lambda q: handmade.op("bool.not", _x(q, "flag")), None),
    ("x has null", {}, lambda q: handmade.op("enum.has", _x(q, "x"), q(None)), None),
    ("null has x", {}, lambda q: handmade.op("enum.has", _x(q, "y"), _x(q, "x")), None),
    ("x add null", {}, lambda q: handmade.op("math.add", _x(q, "x"), _x(q, "y")), None),
    ("length(null)", {}, lambda q: handmade.op("str.length", q(None)), None),
    ("NaN eq NaN", {"f": float("nan")}, lambda q: handmade.op("total.eq", _x(q, "f"), _x(q, "f")), False),
    ("NaN ne NaN", {"f": float("nan")}, lambda q: handmade.op("total.ne", _x(q, "f"), _x(q, "f")), True),
    ("INF eq INF", {"f": float("inf")}, lambda q: handmade.op("total.eq", _x(q, "f"), _x(q, "f")), True),
    ("true gt false", {}, lambda q: handmade.op("total.gt", q(True), q(False)), True),
    ("undeclared", {}, lambda q: handmade.op("null.is", _x(q, "owner_id")), True),
    ("cast fails", {}, lambda q: handmade.op("cast.int", q("x")), None),
    # criteria and VTQL: null is the answer.
    ("y = null", {}, lambda q: handmade.op("cmp.eq", _x(q, "y"), q(None)), None),
    ("x <> null", {}, lambda q: handmade.op("cmp.ne", _x(q, "x"), q(None)), None),
    ("Not (y > 1)", {}, lambda q: handmade.op("bool.not", handmade.op("cmp.gt", _x(q, "y"), q(1))), None),
    ("y Is Null", {}, lambda q: handmade.op("null.is", _x(q, "y")), True),
]


def _x(query: handmade.Query, name: str) -> Bound:
    return handmade.col(query.table, name)


@pytest.mark.parametrize(("line", "values", "build", "expected"), LINES, ids=[line[0] for line in LINES])
def test_line(
    line: str, values: dict[str, Any], build: Callable[[handmade.Query], Bound], expected: bool | None
) -> None:
    query = handmade.Query(ROW)
    plan = query.select(Output("answer", build(query)))
    assert query.run(plan, {"Row": [{"id": 1, "x": 5, **values}]}) == [{"answer": expected}]


#: Three rows: 1, 2, null.
KEPT: list[tuple[str, Callable[[handmade.Query], Bound], list[int]]] = [
    ("a eq 1", lambda q: handmade.op("total.eq", _x(q, "x"), q(1)), [1]),
    ("a ne 1", lambda q: handmade.op("total.ne", _x(q, "x"), q(1)), [2, 3]),
    ("not (a gt 1)", lambda q: handmade.op("bool.not", handmade.op("total.gt", _x(q, "x"), q(1))), [1, 3]),
    ("not (a eq 1)", lambda q: handmade.op("bool.not", handmade.op("total.eq", _x(q, "x"), q(1))), [2, 3]),
    (
        "not (a add 1 gt 2)",
        lambda q: handmade.op(
            "bool.not", handmade.op("total.gt", handmade.op("math.add", _x(q, "x"), q(1), type=t.INT), q(2))
        ),
        [1, 3],
    ),
    ("a in (1,null)", lambda q: handmade.op("total.in", _x(q, "x"), handmade.listed(q(1), q(None))), [1, 3]),
    (
        "not (a in (1,null))",
        lambda q: handmade.op(
            "bool.not", handmade.op("total.in", _x(q, "x"), handmade.listed(q(1), q(None)))
        ),
        [2],
    ),
    ("a in ()", lambda q: handmade.op("total.in", _x(q, "x"), handmade.listed()), []),
    (
        "not (a in ())",
        lambda q: handmade.op("bool.not", handmade.op("total.in", _x(q, "x"), handmade.listed())),
        [1, 2, 3],
    ),
    ("a <> 1", lambda q: handmade.op("cmp.ne", _x(q, "x"), q(1)), [2]),
    ("Not (a = 1)", lambda q: handmade.op("bool.not", handmade.op("cmp.eq", _x(q, "x"), q(1))), [2]),
    ("a In (1, null)", lambda q: handmade.op("cmp.in", _x(q, "x"), handmade.listed(q(1), q(None))), [1]),
    (
        "Not (a In (1, null))",
        lambda q: handmade.op("bool.not", handmade.op("cmp.in", _x(q, "x"), handmade.listed(q(1), q(None)))),
        [],
    ),
    (
        "Not (a Between (2, 9))",
        lambda q: handmade.op("bool.not", handmade.op("cmp.between", _x(q, "x"), q(2), q(9))),
        [1],
    ),
    (
        "(a eq 1) eq null",
        lambda q: handmade.op("total.eq", handmade.op("total.eq", _x(q, "x"), q(1)), q(None)),
        [],
    ),
    ("(a = 1) is null", lambda q: handmade.op("null.is", handmade.op("cmp.eq", _x(q, "x"), q(1))), [3]),
    ("a not_in (1)", lambda q: handmade.op("cmp.not_in", _x(q, "x"), handmade.listed(q(1))), [2]),
    ("a same null", lambda q: handmade.op("null.same", _x(q, "x"), _x(q, "y")), [3]),
    ("a differs null", lambda q: handmade.op("null.differs", _x(q, "x"), _x(q, "y")), [1, 2]),
    (
        "is_not_true",
        lambda q: handmade.op("bool.is_not_true", handmade.op("cmp.eq", _x(q, "x"), q(1))),
        [2, 3],
    ),
    ("is_true", lambda q: handmade.op("bool.is_true", handmade.op("cmp.eq", _x(q, "x"), q(1))), [1]),
    ("null", lambda q: q(None), []),
    ("true", lambda q: q(True), [1, 2, 3]),
    ("a Boolean null", lambda q: _x(q, "flag"), []),
]


@pytest.mark.parametrize(("line", "build", "expected"), KEPT, ids=[line[0] for line in KEPT])
def test_filter_keeps(line: str, build: Callable[[handmade.Query], Bound], expected: list[int]) -> None:
    query = handmade.Query(ROW)
    plan = query.select(Output("id", _x(query, "id")), where=build(query))
    rows = [{"id": 1, "x": 1}, {"id": 2, "x": 2}, {"id": 3, "x": None}]
    assert [row["id"] for row in query.run(plan, {"Row": rows})] == expected
