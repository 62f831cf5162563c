"""Laws of `$apply`: one pipeline says what another does (Agg 3.2.3, 3.4.1), whatever the rows."""

from __future__ import annotations

import re
from typing import Any

from crm import SCHEMA, databases
from hypothesis import event, given
from hypothesis import strategies as st
from pipelines import Steps, View, pipelines
from test_apply_rows import PIPELINES, bag, plain

import querykit
from querykit import Query, QueryError
from querykit.ast.nodes import Call, Expr, Literal, Named, Path, Transformation

_Data = dict[str, list[dict[str, Any]]]
_Sequence = tuple[Transformation, ...]


def rows_of(data: _Data, *steps: Transformation) -> list[dict] | None:
    """None: the pipeline is refused."""
    try:
        return querykit.evaluate(Query(apply=steps), data, SCHEMA, "Shop")
    except QueryError as error:
        event(f"refused: {error.code}")
        return None


def with_names(rows: list[dict], names: set[str]) -> list[dict]:
    return [dict.fromkeys(names) | row for row in rows]


@given(data=databases(), drawn=st.data(), pipeline=pipelines())
@PIPELINES
def test_a_filter_is_fewer_rows(data: _Data, drawn: st.DataObject, pipeline: tuple[_Sequence, View]) -> None:
    """`filter(c)/T` is T of the rows for which c holds, where T asks nothing of the other shops."""
    condition = Steps(drawn.draw, False).condition(View("Shop"))
    kept = rows_of(data, Transformation("filter", (condition,)))
    steps = pipeline[0]
    one = rows_of(data, Transformation("filter", (condition,)), *steps)
    ids = {row["id"] for row in kept or ()}
    listed = tuple(Literal("int", id) for id in sorted(ids))
    other = rows_of(
        data, Transformation("filter", (Call("total.in", (Path(("id",)), Call("list", listed))),)), *steps
    )
    if one is not None and other is not None:
        assert list(map(plain, one)) == list(map(plain, other))


@given(data=databases(), pair=st.tuples(pipelines(), pipelines()))
@PIPELINES
def test_concat_is_both(data: _Data, pair: tuple[Any, Any]) -> None:
    branches = tuple(_renamed(steps, prefix) for (steps, _), prefix in zip(pair, "xy", strict=True))
    both = rows_of(data, Transformation("concat", (), branches))
    each = [rows_of(data, *steps) for steps in branches]
    if both is None or each[0] is None or each[1] is None:
        return
    names = {name for rows in (both, *each) for row in rows for name in row}
    assert bag(with_names(both, names)) == bag(with_names([*each[0], *each[1]], names))


@given(data=databases(), drawn=st.data(), pipeline=pipelines())
@PIPELINES
def test_groupby_is_one_group_after_the_other(
    data: _Data, drawn: st.DataObject, pipeline: tuple[_Sequence, View]
) -> None:
    """`groupby((p),T)` is T of each group, p beside its results."""
    names = ["name", "note", "size", "rank", "open", "vip", "price"]
    name = drawn.draw(st.sampled_from(names))
    steps, view = pipeline
    if _aggregates_what_is_left(steps) or f"'{name}'" in repr(steps):
        return  # T of a group alone may have lost p, which is there again behind it
    grouped = rows_of(data, Transformation("groupby", (Path((name,)),), (steps,)))
    groups = rows_of(data, Transformation("groupby", (Path((name,)),)))
    if grouped is None or groups is None:
        return
    expected: list[dict] = []
    for group in groups:
        found = rows_of(data, Transformation("filter", (_is(name, group[name]),)), *steps)
        if found is None:
            return
        expected += [row | {name: group[name]} if view.entity is None else row for row in found]
    names_of_all = {name for row in (*grouped, *expected) for name in row}
    assert bag(with_names(grouped, names_of_all)) == bag(with_names(expected, names_of_all))


@given(data=databases(), drawn=st.data(), pipeline=pipelines(), number=st.integers(1, 4))
@PIPELINES
def test_the_top_and_the_rest_are_all(
    data: _Data, drawn: st.DataObject, pipeline: tuple[_Sequence, View], number: int
) -> None:
    """The rows that topcount keeps, and those that skip keeps behind the same order."""
    steps, view = pipeline
    path = Steps(drawn.draw, False).path(view, "integer", "number")
    if path is None:
        return
    every = rows_of(data, *steps)
    top = rows_of(data, *steps, Transformation("topcount", (Literal("int", number), path)))
    count = rows_of(data, *steps, Transformation("topcount", (Literal("int", 1_000_000), path)))
    if every is None or top is None or count is None:
        return
    assert bag(count) == bag(every)
    assert list(map(plain, top)) == list(map(plain, count[:number]))


def _aggregates_what_is_left(steps: _Sequence) -> bool:
    """Can there be an aggregate of all rows, where a page or ranking before it has left none?"""
    for place, step in enumerate(steps):
        if step.name == "aggregate" and any(one.name not in _PLAIN for one in steps[:place]):
            return True
        if step.name == "aggregate" and place and any(map(_is_of_finer_groups, step.args)):
            return True
        if step.name != "groupby" and place and any(map(_aggregates, step.branches)):
            return True
        if any(map(_aggregates_what_is_left, step.branches)):
            return True
    return False


_PLAIN = ("filter", "compute", "identity", "search")


def _is_of_finer_groups(item: Any) -> bool:
    return isinstance(item, Named) and isinstance(item.value, Call) and len(item.value.args) == 2


def _aggregates(steps: _Sequence) -> bool:
    return any(step.name == "aggregate" or any(map(_aggregates, step.branches)) for step in steps)


def _is(name: str, value: Any) -> Expr:
    if value is None:
        return Call("null.is", (Path((name,)),))
    kinds = {bool: "bool", int: "int", str: "string"}
    return Call("total.eq", (Path((name,)), Literal(kinds.get(type(value), "decimal"), value)))


def _renamed(steps: _Sequence, prefix: str) -> _Sequence:
    """The steps with other aliases, so that no name is for two values."""
    text = querykit.render(Query(apply=steps), "odata")
    for number in range(60, 0, -1):
        text = re.sub(rf"\ba{number}\b", f"{prefix}{number}", text)
    return querykit.parse(text, "odata").apply
