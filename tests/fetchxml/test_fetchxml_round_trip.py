"""Random trees through text and back, and random conditions of other languages into FetchXML."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

import term_notation
from querykit.ast.build import logical
from querykit.ast.nodes import Aggregate, Call, EntitySet, Expr, Literal, Path, Query, Selection, SortKey
from querykit.errors import NotExpressible
from querykit.languages import fetchxml
from three_valued_truth import Row, truth

_characters = st.characters(
    exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"
) | st.sampled_from("\t\n\r")
names = st.text(st.sampled_from("abc_é.&<>\"' "), min_size=1, max_size=5).filter(
    lambda name: name.strip() == name
)
texts = st.text(_characters | st.sampled_from("&<>\"'%_[]"), max_size=8)
_values = texts.map(lambda text: Literal("string", text))
_plain_names = names.filter(lambda name: "." not in name)  # `valueof` reads a dot as that of an alias
_fields = _plain_names.map(lambda name: Path((name,)))


def _or_null(test: Call, field: Path) -> Expr:
    return logical("bool.or", (test, Call("null.is", (field,))))


def _not_or_null(test: Call) -> Expr:
    field = test.args[0]
    assert isinstance(field, Path)
    return _or_null(Call("bool.not", (test,)), field)


_lists = st.lists(_values, min_size=1, max_size=3).map(lambda items: Call("list", tuple(items)))
_positive = st.one_of(
    st.builds(
        lambda name, field, value: Call(f"cmp.{name}", (field, value)),
        st.sampled_from(["eq", "lt", "le", "gt", "ge"]),
        _fields,
        _values | _fields,
    ),
    st.builds(lambda field, value: Call("str.like_set", (field, value)), _fields, _values),
    st.builds(lambda field, low, high: Call("cmp.between", (field, low, high)), _fields, _values, _values),
    st.builds(lambda field, items: Call("cmp.in", (field, items)), _fields, _lists),
    st.builds(
        lambda fn, field: Call(fn, (field,)), st.sampled_from(["date.in_today", "date.is_last_year"]), _fields
    ),
)
_negative = st.one_of(
    st.builds(
        lambda field, value: _or_null(Call("cmp.ne", (field, value)), field), _fields, _values | _fields
    ),
    _positive.filter(lambda test: test.fn in ("str.like_set", "cmp.between", "cmp.in")).map(_not_or_null),
)
_empty = _fields.map(lambda field: Call("bool.not", (Call("null.is", (field,)),)))
_tests = st.one_of(_positive, _negative, _empty)


def _runs(fn: str, parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.lists(parts, min_size=1, max_size=3).map(lambda run: logical(fn, run))


_conditions = _runs("bool.or", _runs("bool.and", _tests))


def _related(entity: str, inner: Path, outer: str, condition: Expr | None) -> Aggregate:
    parts = [Call("cmp.eq", (inner, Path((outer,), 1))), *([] if condition is None else [condition])]
    return Aggregate("any", EntitySet(entity), logical("bool.and", parts))


_links = st.builds(_related, names, _fields, names, st.none() | _conditions)
conditions = _runs(
    "bool.and", st.one_of(_conditions, _links, _links.map(lambda link: Call("bool.not", (link,))))
)


@settings(max_examples=200, deadline=None)
@given(conditions)
def test_conditions(expr: Expr) -> None:
    assert fetchxml.parse_filter(fetchxml.render_filter(expr)) == expr


_columns = st.lists(st.builds(Selection, _fields, st.none()), min_size=1, max_size=3).map(tuple)
_aggregates = st.lists(
    st.builds(
        lambda fn, field, alias: Selection(Aggregate(fn, EntitySet(None), None, field), alias),
        st.sampled_from(["count", "sum", "avg", "min", "max"]),
        _fields,
        names,
    ),
    min_size=1,
    max_size=2,
).map(tuple)
_pages = st.one_of(
    st.just((None, None)),
    st.tuples(st.integers(0, 10**9 - 1), st.none()),
    st.builds(lambda count, page: (count, count * page), st.integers(1, 99), st.integers(0, 99)),
)


@settings(max_examples=150, deadline=None)
@given(names, st.none() | _conditions, st.none() | _columns | _aggregates, _pages, st.data())
def test_queries(
    entity: str,
    condition: Expr | None,
    select: tuple[Selection, ...] | None,
    page: tuple[int | None, int | None],
    data: st.DataObject,
) -> None:
    grouped = select is not None and isinstance(select[0].expr, Aggregate)
    keys = [] if grouped else data.draw(st.lists(st.builds(SortKey, _fields, st.booleans()), max_size=2))
    count = data.draw(st.sampled_from([None, True]))
    query = Query(entity, condition, tuple(keys), select, (), *page, count)
    assert fetchxml.parse(fetchxml.render(query)) == query


VALUES = (None, 1, 2, 3)
ROWS: tuple[Row, ...] = tuple(
    {"a": a, "b": b, "f": f} for a, b, f in itertools.product(VALUES, VALUES, (None, True, False))
)

_numbers = st.integers(1, 3).map(lambda value: Literal("int", value))
_ab = st.sampled_from([Path(("a",)), Path(("b",))])
_families = st.sampled_from(["cmp", "cmp", "total"])
_number_lists = st.lists(_numbers | st.just(Literal("null", None)), max_size=3).map(
    lambda items: Call("list", tuple(items))
)
_leaves = st.one_of(
    st.builds(
        lambda kind, name, x, y: Call(f"{kind}.{name}", (x, y)),
        _families,
        st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]),
        _ab,
        _numbers | _ab,
    ),
    st.builds(lambda kind, x, items: Call(f"{kind}.in", (x, items)), _families, _ab, _number_lists),
    st.builds(lambda x, y, z: Call("cmp.between", (x, y, z)), _ab, _numbers, _numbers),
    st.just(Path(("f",))),
    _ab.map(lambda field: Call("null.is", (field,))),
)
_trees = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.builds(logical, st.sampled_from(["bool.and", "bool.or"]), st.lists(inner, min_size=2, max_size=3)),
        inner.map(lambda part: Call("bool.not", (part,))),
    ),
    max_leaves=6,
)


def _kept(expr: Expr) -> list[int]:
    return [place for place, row in enumerate(ROWS) if truth(expr, row) is True]


def _with_numbers(expr: Expr) -> Expr:
    """The texts of FetchXML as the binder reads them."""
    if isinstance(expr, Literal) and expr.kind == "string":
        return Literal("int", int(str(expr.value)))
    return Call(expr.fn, tuple(map(_with_numbers, expr.args))) if isinstance(expr, Call) else expr


@settings(max_examples=400, deadline=None)
@given(_trees)
def test_what_is_printed_keeps_the_same_rows(expr: Expr) -> None:
    text = _text(expr)
    if text is not None:
        assert _kept(_with_numbers(fetchxml.parse_filter(text))) == _kept(expr), term_notation.show(expr)


def _text(expr: Expr) -> str | None:
    """None where the condition is a constant, which FetchXML cannot write."""
    try:
        return fetchxml.render_filter(expr)
    except NotExpressible as refusal:
        if "always true" in refusal.message or "never true" in refusal.message:
            return None
        raise
