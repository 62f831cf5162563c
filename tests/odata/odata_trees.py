"""Random trees that OData can say, for Hypothesis."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache

from hypothesis import strategies as st

from querykit.ast.build import LEFT_ASSOCIATIVE, arithmetic, logical, negation
from querykit.ast.nodes import (
    Aggregate,
    Call,
    Cast,
    EntitySet,
    Expansion,
    Expr,
    Key,
    Literal,
    Named,
    Parameter,
    Path,
    Query,
    Selection,
    SortKey,
    Step,
)
from querykit.functions.spelling import by_id
from querykit.languages.odata.names import SEGMENT_WORDS, is_literal_word
from querykit.languages.odata.steps import RESERVED, spellings

__all__ = ["NAMES", "OWN", "QUALIFIED", "Exprs", "Scopes", "expressions", "literals", "queries"]

#: As in `languages.odata.scopes`: a lambda variable (its name does not matter), or an element of its own.
LAMBDA, OWN = "lambda", None
Scopes = tuple[str | None, ...]
Exprs = st.SearchStrategy[Expr]

_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)
_KEYWORDS = (
    "eq not null true False INF NaN and or in has asc desc any all case cast isof x y z duration binary now "
    "Collection aggregate filter count search top with guid mod Null inf geography e1"
)
NAMES = st.one_of(st.text("abXZé_한", min_size=1, max_size=4), st.sampled_from(_KEYWORDS.split()))
QUALIFIED = st.lists(NAMES, min_size=2, max_size=3).map(".".join)
_FUNCTIONS = st.one_of(NAMES, QUALIFIED).filter(
    lambda name: name.casefold() not in spellings() and name.casefold() not in (*RESERVED, "cast", "isof")
)
_GEO = ("SRID=0;Point(1 2)", "SRID=4326;LineString(1.5 -2,3 4e1)", "SRID=0;MultiPoint()")
_OFFSETS = st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)) if minutes else dt.UTC
)


def _of(kind: str, values: st.SearchStrategy[object]) -> st.SearchStrategy[Literal]:
    return values.map(lambda value: Literal(kind, value))  # type: ignore[arg-type]


def literals() -> st.SearchStrategy[Literal]:
    fractions = st.builds(
        lambda digits, places: Decimal(digits).scaleb(-places),
        st.integers(-(10**9), 10**9),
        st.integers(1, 12),
    )
    flags = st.lists(st.one_of(NAMES, st.integers(-9, 9).map(str)), min_size=1, max_size=2).map(",".join)
    return st.one_of(
        st.just(Literal("null", None)),
        _of("bool", st.booleans()),
        _of("int", st.integers(-(10**25), 10**25)),
        _of("decimal", fractions),
        _of("double", st.floats()),
        _of("string", _TEXT),
        _of("date", st.dates()),
        _of("time", st.times().map(lambda time: time.replace(fold=0))),
        _of("datetime", st.datetimes(timezones=_OFFSETS).map(lambda moment: moment.replace(fold=0))),
        _of("duration", st.timedeltas(dt.timedelta(-(10**6)), dt.timedelta(10**6))),
        _of("guid", st.uuids()),
        _of("binary", st.binary(max_size=5)),
        st.builds(lambda name, value: Literal("enum", value, name), QUALIFIED, flags),
        st.sampled_from(_GEO).map(lambda text: Literal("geo", text, "geography")),
        st.sampled_from(("Edm.Int32", "0001-02-03")).map(lambda text: Literal("string", text)),
        st.sampled_from(("0000-02-29", "12020-01-01")).map(lambda text: Literal("date", text)),
    )


def _parameters() -> st.SearchStrategy[Parameter]:
    return NAMES.map(Parameter)


def _constants() -> Exprs:
    return st.one_of(literals(), _parameters())


def _is_keyed(name: str) -> bool:
    return name.lower() not in SEGMENT_WORDS


def _keys() -> st.SearchStrategy[Key]:
    named = st.lists(st.builds(Named, NAMES, _constants()), min_size=1, max_size=2)
    return st.one_of(_constants().map(lambda value: Key((value,))), named.map(lambda args: Key(tuple(args))))


def _reachable(scopes: Scopes) -> list[int]:
    """The scopes that have a name: lambda variables, the nearest element of its own, `$it`."""
    own = {scopes.index(OWN), len(scopes) - 1}
    return sorted(own | {index for index, scope in enumerate(scopes) if scope is not OWN})


def _steps(arguments: Exprs, longest: int = 3) -> st.SearchStrategy[tuple[Step, ...]]:
    """Names (with keys or without), types, terms, and bound functions, which are qualified."""
    name = NAMES.map(lambda name: (name,))
    keyed = st.tuples(NAMES.filter(_is_keyed), _keys())
    term = st.one_of(NAMES, QUALIFIED, st.builds("{}#{}".format, QUALIFIED, NAMES)).map(lambda t: (f"@{t}",))
    function = st.builds(
        lambda name, args: (Call(f"custom.{name}", tuple(args)),), QUALIFIED, st.lists(arguments, max_size=2)
    )
    step = st.one_of(name, name, keyed, term, function, QUALIFIED.map(lambda name: (Cast(name),)))
    return st.lists(step, max_size=longest).map(lambda parts: tuple(step for part in parts for step in part))


def _paths(scopes: Scopes, arguments: Exprs) -> st.SearchStrategy[Path]:
    local = st.builds(Path, _steps(arguments), st.sampled_from(_reachable(scopes)))
    absolute = st.builds(
        lambda name, steps: Path((EntitySet(name), *steps)), NAMES, _steps(arguments).filter(bool)
    )
    return st.one_of(local, local, absolute)


def _binary(fn: str, left: Expr, right: Expr) -> Expr:
    """What `a eq null` and `a ne null` are."""
    for operand, other in ((left, right), (right, left)):
        if isinstance(other, Literal) and other.kind == "null" and fn in ("total.eq", "total.ne"):
            missing = Call("null.is", (operand,))
            return missing if fn == "total.eq" else negation(missing)
    return Call(fn, (left, right))


def _case(pairs: list[tuple[Expr, Expr]], otherwise: Expr | None) -> Expr:
    args = [part for pair in pairs for part in pair]
    last = args[-2]
    if otherwise is None and len(pairs) > 1 and last == Literal("bool", True):
        del args[-2]
    return Call("logic.case", (*args, *([] if otherwise is None else [otherwise])))


def _calls(inner: Exprs) -> Exprs:
    special = {"type.cast", "type.isof"}
    rows = [row for row in by_id("odata").values() if row.id not in special]
    known = st.sampled_from(rows).flatmap(
        lambda row: st.lists(inner, min_size=row.least, max_size=row.most).map(
            lambda args: Call(row.id, tuple(args))
        )
    )
    arguments = st.lists(st.one_of(inner, st.builds(Named, NAMES, inner)), max_size=3)
    types = st.one_of(
        NAMES.filter(lambda name: not is_literal_word(name)),
        QUALIFIED,
        QUALIFIED.map("Collection({})".format),
    ).map(lambda name: Literal("type", name))
    return st.one_of(
        known,
        st.builds(lambda name, args: Call(f"custom.{name}", tuple(args)), _FUNCTIONS, arguments),
        st.builds(
            lambda fn, value, type_: Call(fn, (type_,) if value is None else (value, type_)),
            st.sampled_from(sorted(special)),
            st.none() | inner,
            types,
        ),
        st.builds(_case, st.lists(st.tuples(inner, inner), min_size=1, max_size=3), st.none() | inner),
    )


def _lists(items: Exprs, least: int = 0) -> Exprs:
    return st.lists(items, min_size=least, max_size=3).map(lambda args: Call("list", tuple(args)))


def _collections(scopes: Scopes, inner: Exprs) -> Exprs:
    return st.one_of(
        _lists(literals()), _lists(inner, least=1), _parameters(), _paths(scopes, inner), _calls(inner)
    )


def _larger(scopes: Scopes, depth: int) -> Exprs:
    inner = expressions(scopes, depth - 1)
    runs = st.lists(inner, min_size=2, max_size=3)
    comparisons = st.sampled_from([f"total.{name}" for name in ("eq", "ne", "lt", "le", "gt", "ge")])
    operators = sorted(fn for fn in LEFT_ASSOCIATIVE if fn.startswith("math."))
    enums = literals().filter(lambda node: node.kind == "enum")
    flags = st.one_of(enums, enums.map(lambda node: Literal("string", node.value)), _parameters())
    members = st.lists(st.builds(Named, _TEXT, inner), max_size=2).map(tuple)
    return st.one_of(
        st.builds(logical, st.sampled_from(["bool.and", "bool.or"]), runs),
        st.builds(arithmetic, st.sampled_from(operators), runs),
        st.builds(_binary, comparisons, inner, inner),
        inner.map(negation),
        inner.map(lambda operand: Call("null.is", (operand,))),
        inner.map(lambda operand: Call("math.neg", (operand,))),
        st.builds(lambda left, right: Call("total.in", (left, right)), inner, _collections(scopes, inner)),
        st.builds(lambda left, right: Call("enum.has", (left, right)), inner, flags),
        _calls(inner),
        _lists(inner),
        members.map(lambda args: Call("object", args)),
        _aggregates(scopes, depth),
    )


def _aggregates(scopes: Scopes, depth: int) -> Exprs:
    inner = expressions((LAMBDA, *scopes), depth - 1)
    own = expressions((OWN, *scopes), depth - 1)
    local = st.builds(Path, _steps(_constants()), st.sampled_from(_reachable(scopes)))
    sources = st.one_of(local, local, NAMES.map(EntitySet))
    methods = st.sampled_from(["sum", "avg", "min", "max", "custom.countdistinct", "custom.Ns.median"])
    return st.one_of(
        st.builds(Aggregate, st.just("any"), sources, st.none() | inner),
        st.builds(Aggregate, st.just("all"), sources, inner),
        st.builds(Aggregate, st.just("count"), sources, st.none() | own),
        st.builds(Aggregate, methods, sources, st.none() | own, own),
        st.builds(Aggregate, methods, st.just(EntitySet(None)), st.none(), own),
    )


@cache
def _choices(scopes: Scopes, depth: int) -> Exprs:
    leaves = (_paths(scopes, _constants()), _constants(), NAMES.map(EntitySet))
    return st.one_of(*leaves, _larger(scopes, depth)) if depth else st.one_of(*leaves)


@st.composite
def expressions(draw: st.DrawFn, scopes: Scopes = (OWN,), depth: int = 3) -> Expr:
    """Conditions and values, mixed as the grammar allows; types are no business of a parser."""
    return draw(_choices(scopes, depth))


# ---- queries ----


def _property_paths() -> st.SearchStrategy[Path]:
    step = st.one_of(NAMES, NAMES, QUALIFIED.map(Cast), QUALIFIED.map("@{}".format))
    return st.lists(step, min_size=1, max_size=3).map(lambda steps: Path(tuple(steps)))


def _selections(scopes: Scopes, depth: int) -> st.SearchStrategy[tuple[Selection, ...]]:
    nested = st.none() | queries((OWN, *scopes), depth - 1, "select").filter(lambda query: query != Query())
    function = st.builds(
        lambda name, args: Path((Call(f"custom.{name}", tuple(Path((arg,)) for arg in args)),)),
        st.one_of(NAMES, QUALIFIED),
        st.lists(NAMES, min_size=1, max_size=2),
    )
    plain = st.one_of(st.sampled_from(("*", "Ns.*")).map(lambda name: Path((name,))), function).map(Selection)
    item = st.one_of(
        plain,
        st.builds(
            lambda path, query: Selection(path, None, query), _property_paths().filter(_is_property), nested
        ),
    )
    return st.lists(item, min_size=1, max_size=2).map(tuple)


def _is_property(path: Path) -> bool:
    return not (len(path.steps) == 1 and isinstance(path.steps[0], Cast))


def _expansions(scopes: Scopes, depth: int) -> st.SearchStrategy[tuple[Expansion, ...]]:
    def item(kind: str) -> st.SearchStrategy[Expansion]:
        levels = st.none() if kind else st.one_of(st.none(), st.integers(1, 2), st.just("max"))
        nested = queries((OWN, *scopes), depth - 1, kind or "expand")
        return st.builds(
            lambda path, query, levels: Expansion(path, query, levels, kind),
            _property_paths().filter(_is_property),
            nested,
            levels,
        )

    stars = st.sampled_from(
        [
            Expansion(Path(("*",)), Query()),
            Expansion(Path(("a", "*")), Query(), kind="ref"),
            Expansion(Path(("*",)), Query(), "max"),
            Expansion(Path(("$value",)), Query()),
        ]
    )
    return st.lists(st.one_of(item(""), item("ref"), item("count"), stars), max_size=2).map(tuple)


@st.composite
def queries(draw: st.DrawFn, scopes: Scopes = (OWN,), depth: int = 2, place: str = "expand") -> Query:
    """Queries for the whole text, or for what may be nested in `$expand`, `$select`, `/$ref`, `/$count`."""
    return draw(_options(scopes, depth, place))


@cache
def _options(scopes: Scopes, depth: int, place: str) -> st.SearchStrategy[Query]:
    condition = st.none() | expressions(scopes, 2)
    if place == "count":
        return st.builds(Query, filter=condition)
    keys = st.builds(SortKey, expressions(scopes, 1), st.booleans())
    numbers = st.none() | st.integers(0, 1000)
    shared = {
        "filter": condition,
        "order": st.lists(keys, max_size=2).map(tuple),
        "top": numbers,
        "skip": numbers,
        "count": st.none() | st.booleans(),
    }
    if place == "ref" or not depth:
        return st.builds(Query, **shared)
    aliases = st.lists(
        st.builds(Named, NAMES, expressions(scopes, 1)), max_size=2, unique_by=lambda alias: alias.name
    ).map(tuple)
    more = {"select": st.none() | _selections(scopes, depth), "aliases": aliases}
    if place == "expand":
        more["expand"] = _expansions(scopes, depth)
    return st.builds(Query, **shared, **more)
