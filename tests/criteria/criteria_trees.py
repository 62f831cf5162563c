"""Random trees that criteria can say, for Hypothesis."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from querykit.ast.build import LEFT_ASSOCIATIVE, arithmetic, logical
from querykit.ast.nodes import Aggregate, Call, Cast, EntitySet, Expr, Literal, Parameter, Path
from querykit.functions.spelling import Spelling, by_id, by_name
from querykit.languages.criteria.calls import TYPE_TESTS

__all__ = ["expressions", "literals"]

_FOLDED = {"int", "int16", "int64", "double", "single", "decimal"}  # a minus before them is part of them
_LETTERS = "abcXYZéßЖ한_"
_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
_NAMES = st.one_of(
    st.text(_LETTERS, min_size=1, max_size=5),
    st.text("a .[]\\'!^<>#@,()\n-", min_size=1, max_size=5),
    st.sampled_from(["In", "And", "null", "This", "Count", "Contains", "Customer!Key"]),
)
_WORDS = st.text(_LETTERS, min_size=2, max_size=6).filter(
    lambda word: word.casefold() not in by_name("criteria")
)
_CLASSES = st.lists(_WORDS, min_size=1, max_size=2).map(".".join)
_DATA = st.text("abc .-(){}'", max_size=6)


def _decimals() -> st.SearchStrategy[Decimal]:
    return st.builds(
        lambda digits, places: Decimal(digits).scaleb(-places),
        st.integers(-(10**12), 10**12),
        st.integers(0, 6),
    )


def _of(kind: str, values: st.SearchStrategy[object]) -> st.SearchStrategy[Literal]:
    return values.map(lambda value: Literal(kind, value))


def _unfolded(value: dt.datetime | dt.time) -> dt.datetime | dt.time:
    """`fold` tells two local times apart; texts have none."""
    return value.replace(fold=0)


def literals() -> st.SearchStrategy[Literal]:
    return st.one_of(
        st.just(Literal("null", None)),
        _of("bool", st.booleans()),
        _of("int", st.integers(-(10**20), 10**20)),
        _of("byte", st.integers(0, 255)),
        _of("int16", st.integers(-(2**15) + 1, 2**15 - 1)),
        _of("int64", st.integers(-(2**63) + 1, 2**63 - 1)),
        _of("uint32", st.integers(0, 2**32 - 1)),
        _of("double", st.floats(allow_nan=False, allow_infinity=False)),
        _of("single", st.floats(allow_nan=False, allow_infinity=False, width=32)),
        _of("decimal", _decimals()),
        _of("string", _TEXT),
        _of("char", st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
        _of("datetime", st.datetimes().map(_unfolded)),
        _of("date", st.dates()),
        _of("time", st.times().map(_unfolded)),
        _of("duration", st.timedeltas(dt.timedelta(-10_000_000), dt.timedelta(10_000_000))),
        _of("guid", st.uuids()),
        st.builds(lambda name, member: Literal("enum", member, name), _CLASSES, _WORDS),
        st.builds(
            lambda name, key: Literal("object", key, name),
            _CLASSES,
            st.one_of(st.uuids(), st.integers(-99, 99), _WORDS),
        ),
        st.builds(lambda tag, data: Literal("user", data, f"Tag{tag}"), st.text("abc", max_size=2), _DATA),
    )


def _paths() -> st.SearchStrategy[Path]:
    steps = st.lists(st.one_of(_NAMES, _CLASSES.map(Cast)), max_size=3)
    return st.builds(lambda steps, up: Path(tuple(steps), up), steps, st.integers(0, 2))


def _call(fn: str, *args: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.tuples(*args).map(lambda values: Call(fn, values))


def _functions(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    rows = [row for row in by_id("criteria").values() if row.id not in LEFT_ASSOCIATIVE]

    def arguments(row: Spelling) -> st.SearchStrategy[Expr]:
        counts = range(row.least, min(row.most, row.least + 2) + 1)
        if row.id == "logic.case":
            counts = range(3, 8, 2)
        made = st.sampled_from(counts).flatmap(lambda count: _call(row.id, *[inner] * count))
        return st.builds(_with_class, made, _CLASSES) if row.id in TYPE_TESTS else made

    custom = st.builds(
        lambda name, args: Call(f"custom.{name}", tuple(args)), _WORDS, st.lists(inner, max_size=3)
    )
    return st.one_of(
        st.sampled_from(rows).flatmap(arguments), custom.filter(lambda call: call.fn != "custom.In")
    )


def _with_class(call: Expr, name: str) -> Expr:
    """What names a class in a text comes back as a literal of its own kind."""
    assert isinstance(call, Call)
    named = call.args[-1]
    if isinstance(named, Literal) and named.kind == "string":
        return Call(call.fn, (*call.args[:-1], Literal("type", name)))
    return call


def _run(fn: str, operands: list[Expr]) -> Expr:
    last = operands[-1]
    if fn == "math.sub" and isinstance(last, Literal) and last.kind == "duration":
        fn = "math.add"  # what is printed: AddTimeSpan of the negative
    return arithmetic(fn, operands)


def _negative(operand: Expr) -> Expr:
    folded = isinstance(operand, Literal) and operand.kind in _FOLDED
    return operand if folded else Call("math.neg", (operand,))


def _aggregates(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    sources = st.one_of(_paths(), _CLASSES.map(EntitySet), st.just(EntitySet(None)))
    conditions = st.none() | inner
    several = st.lists(inner, min_size=2, max_size=3).map(lambda items: Call("list", tuple(items)))

    def build(functions: list[str], arguments: st.SearchStrategy[Expr | None]) -> st.SearchStrategy[Expr]:
        return st.builds(Aggregate, st.sampled_from(functions), sources, conditions, arguments)

    return st.one_of(
        build(["any", "count", "single"], st.none()),
        build(["sum", "avg", "min", "max", "single"], inner),
        st.builds(
            Aggregate, _WORDS.map("custom.{}".format), sources, conditions, st.none() | inner | several
        ),
    )


def _larger(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    runs = st.lists(inner, min_size=2, max_size=4)
    lists = st.lists(inner, min_size=1, max_size=3).map(lambda items: Call("list", tuple(items)))
    comparisons = st.sampled_from(
        ["cmp.eq", "cmp.ne", "cmp.lt", "cmp.le", "cmp.gt", "cmp.ge", "str.like_set"]
    )
    return st.one_of(
        st.builds(logical, st.sampled_from(["bool.and", "bool.or"]), runs),
        st.builds(_run, st.sampled_from(sorted(LEFT_ASSOCIATIVE - {"math.divby"})), runs),
        st.builds(lambda fn, left, right: Call(fn, (left, right)), comparisons, inner, inner),
        _call("bool.not", inner),
        _call("bit.not", inner),
        _call("null.is", inner),
        _call("cmp.in", inner, lists),
        _call("cmp.between", inner, inner, inner),
        inner.map(_negative),
        _functions(inner),
        _aggregates(inner),
    )


def expressions() -> st.SearchStrategy[Expr]:
    """Conditions and values, mixed as the grammar allows; types are no business of a parser."""
    parameters = st.text("abcé_", min_size=1, max_size=4).map(Parameter)
    return st.recursive(st.one_of(literals(), _paths(), parameters), _larger, max_leaves=12)
