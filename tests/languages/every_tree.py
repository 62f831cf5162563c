"""Random trees over the whole AST, for Hypothesis: every node, kind of literal, function of the catalog and option.

What is drawn is well-formed as `ast.nodes` says, and need not make sense. A `Vocabulary` says what may be drawn:
`EVERYTHING`, or what one language has words for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from hypothesis import strategies as st

from querykit.ast.build import LEFT_ASSOCIATIVE, arithmetic, logical, negation
from querykit.ast.nodes import (
    Aggregate,
    Call,
    Cast,
    EntitySet,
    Expr,
    Key,
    Literal,
    Named,
    Parameter,
    Path,
    Step,
)
from querykit.functions.catalog import CATALOG
from querykit.functions.signature import Overload
from querykit.functions.signature import Parameter as Wanted

__all__ = ["EVERYTHING", "NAMES", "STEPS", "Trees", "Vocabulary", "expressions", "literals"]

#: Words that are special somewhere: operators, constants, functions, options, sections, variables.
_SPECIAL = (
    "eq ne not and or in has is null NULL true False INF NaN add sub mul div divby mod asc desc any all case cast "
    "isof collection aggregate filter count search top skip x y z duration binary guid now with from as "
    "Is Like Between This Iif IsNull Max Count Exists Single select where order by limit orderby SELECT "
    "name attribute value entityname id OrderID UpdateDate UpdatePersonID q sort fields custom list e1"
)
KEYWORDS = _SPECIAL.split()
_ODD = st.text("aB1_é한 .-'\"[]^!<>&;%$@#,()*\\\n😀", min_size=1, max_size=4)
_PLAIN = st.text("abXZ_1é한", min_size=1, max_size=4).filter(lambda name: not name[0].isdigit())
NAMES = st.one_of(_PLAIN, _PLAIN, st.sampled_from(KEYWORDS), _ODD)
_WORDS = st.one_of(_PLAIN, st.sampled_from(KEYWORDS))
_DOTTED = st.lists(_PLAIN, min_size=2, max_size=3).map(".".join)

#: Unicode without what no text may have (`languages.text`).
TEXTS = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]) | st.sampled_from("'\"%_\\[]^&;?+ aA"),
    max_size=6,
)
_OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
_DECIMALS = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places), st.integers(-(10**9), 10**9), st.integers(0, 12)
)


def _unfolded(moment: dt.datetime | dt.time) -> dt.datetime | dt.time:
    """`fold` tells two local times apart; no text has one."""
    return moment.replace(fold=0)


_VALUES: dict[str, st.SearchStrategy] = {
    "null": st.none(),
    "bool": st.booleans(),
    "int": st.integers(-9, 9) | st.integers(-(10**30), 10**30),
    "byte": st.integers(0, 255),
    "int16": st.integers(-(2**15), 2**15 - 1),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "uint32": st.integers(0, 2**32 - 1),
    "decimal": _DECIMALS,
    "double": st.floats(),
    "single": st.floats(width=32),
    "string": TEXTS,
    "char": st.characters(exclude_characters="\0", exclude_categories=["Cs"]),
    "date": st.dates() | st.sampled_from(["0000-02-29", "12020-01-01"]),
    "time": st.times().map(_unfolded),
    "datetime": st.datetimes(timezones=st.none() | _OFFSETS).map(_unfolded),
    "duration": st.timedeltas(dt.timedelta(-(10**7)), dt.timedelta(10**7)),
    "guid": st.uuids(),
    "binary": st.binary(max_size=5),
    "enum": _WORDS | st.integers(-9, 9).map(str),
    "geo": st.sampled_from(["SRID=0;Point(1 2)", "SRID=4326;LineString(1.5 -2,3 4e1)"]),
    "type": st.one_of(st.sampled_from(["Edm.Int32", "Edm.String", "Collection(Edm.Guid)"]), _DOTTED, NAMES),
    "object": st.uuids() | st.integers(-99, 99) | _WORDS,
    "user": st.text("abc .-(){}'#", max_size=5),
}
_TYPE_NAMES = {
    "enum": st.just("") | _DOTTED | NAMES,
    "geo": st.sampled_from(["geography", "geometry"]),
    "object": _DOTTED | _PLAIN,
    "user": _PLAIN,
}


def literals(kinds: tuple[str, ...] = tuple(_VALUES)) -> st.SearchStrategy[Literal]:
    return st.one_of(
        [
            st.builds(Literal, st.just(kind), _VALUES[kind], _TYPE_NAMES.get(kind, st.just("")))
            for kind in kinds
        ]
    )


#: Type of a parameter -> kinds of literals that it takes.
_KINDS: dict[str, tuple[str, ...]] = {
    "number": ("int", "decimal", "double", "byte", "int16", "int64", "uint32", "single"),
    "int": ("int", "byte", "int16", "int64", "uint32"),
    "float": ("double", "single"),
    "string": ("string", "char"),
    "moment": ("date", "datetime"),
}

STEPS = ("name", "cast", "key", "set", "call")
AGGREGATES = ("any", "all", "count", "sum", "avg", "min", "max", "single")


class Vocabulary(NamedTuple):
    """What may be drawn.

    Parameters
    ----------
    names: of fields, parameters, entities.
    kinds: of literals.
    functions: ids of the catalog; ``custom.`` is any function that is not in it.
    aggregates: ids; ``custom.`` as above.
    nodes: of ``parameter``, ``set`` and ``named``, which may stand where a value does.
    steps: of a path, see `STEPS`.
    flat: comparisons and functions are of a field and values, as languages without expressions have them.
    phrases: what is searched for.
    keys: how many an order has at most.
    directions: of a key, is it descending?
    """

    names: st.SearchStrategy[str] = NAMES
    kinds: tuple[str, ...] = tuple(_VALUES)
    functions: tuple[str, ...] = (*CATALOG, "custom.")
    aggregates: tuple[str, ...] = (*AGGREGATES, "custom.")
    nodes: tuple[str, ...] = ("parameter", "set", "named")
    steps: tuple[str, ...] = STEPS
    flat: bool = False
    phrases: st.SearchStrategy[str] = TEXTS | NAMES
    keys: int = 2
    directions: tuple[bool, ...] = (False, True)


EVERYTHING = Vocabulary()


class Trees:
    """Draws the nodes of one tree."""

    def __init__(self, draw: st.DrawFn, words: Vocabulary) -> None:
        self.draw = draw
        self.words = words
        self._literals = literals(words.kinds)

    def chance(self, of: int) -> bool:
        return self.draw(st.integers(1, of)) == of

    def expression(self, depth: int, scopes: int = 0) -> Expr:
        """Anything that `Expr` is; `scopes` is the number of collections around."""
        if depth <= 0 or self.chance(5):
            return self.leaf(scopes)
        if self.words.aggregates and self.chance(5):
            return self.aggregate(depth, scopes)
        return self.call(depth, scopes)

    def leaf(self, scopes: int) -> Expr:
        extra = self.words.nodes
        choice = self.draw(st.sampled_from(["path", "path", "literal", "literal", *extra]))
        if choice == "path":
            return self.path(scopes)
        if choice == "parameter":
            return Parameter(self.name())
        if choice == "set":
            return EntitySet(None if self.chance(3) else self.name())
        if choice == "named":
            return Named(self.name(), self.literal()) if self.chance(8) else self.path(scopes)
        return self.literal()

    def name(self) -> str:
        return self.draw(self.words.names)

    def literal(self, kinds: tuple[str, ...] = ()) -> Expr:
        chosen = tuple(kind for kind in kinds if kind in self.words.kinds)
        return self.draw(literals(chosen) if chosen else self._literals)

    def path(self, scopes: int) -> Path:
        up = self.draw(st.integers(0, scopes + 1)) if scopes and self.chance(3) else 0
        count = 1 if self.words.steps == ("name",) else self.draw(st.sampled_from([0, 1, 1, 1, 2, 3]))
        steps = tuple(self.step(place) for place in range(count))
        if steps and isinstance(steps[0], EntitySet) and count == 1:
            steps = (*steps, self.name())  # alone it is no path
        return Path(steps, up)

    def step(self, place: int) -> Step:
        kind = self.draw(st.sampled_from([*["name"] * 6, *self.words.steps]))
        if kind == "cast":
            return Cast(self.draw(_DOTTED | self.words.names))
        if kind == "key":
            named = self.draw(st.booleans())
            args = [self.literal() for _ in range(self.draw(st.integers(1, 2)) if named else 1)]
            return Key(tuple(Named(self.name(), arg) if named else arg for arg in args))
        if kind == "call":
            return Call(
                f"custom.{self.draw(_DOTTED | self.words.names)}",
                tuple(self.leaf(0) for _ in range(self.draw(st.integers(0, 2)))),
            )
        return EntitySet(self.name()) if kind == "set" and place == 0 else self.name()

    # ---- calls, as the catalog has them

    def call(self, depth: int, scopes: int) -> Expr:
        fn = self.draw(st.sampled_from(self.words.functions))
        if fn == "custom.":
            args = [self.argument("any", depth, scopes) for _ in range(self.draw(st.integers(0, 3)))]
            if self.chance(4):
                args = [Named(self.name(), arg) for arg in args if not isinstance(arg, Named)]
            return Call(f"custom.{self.name()}", tuple(args))
        shape = _SHAPES.get(fn)
        if shape is not None:
            return shape(self, fn, depth, scopes)
        overloads = CATALOG[fn].overloads or (Overload(("any", "any"), "any", optional=1),)
        overload = self.draw(st.sampled_from(overloads))
        args = [self.argument(wanted, depth, scopes) for wanted in self._wanted(overload)]
        if self.words.flat and args:
            args = [self.path(scopes), *[self.literal() for _ in args[1:]]]
        return arithmetic(fn, args) if fn in LEFT_ASSOCIATIVE else Call(fn, tuple(args))

    def _wanted(self, overload: Overload) -> list[Wanted]:
        params = list(overload.params)
        if overload.variadic:
            least = 0 if overload.optional else 1
            return params + [params[-1]] * self.draw(st.integers(least if len(params) < 2 else 0, 2))
        return params[: len(params) - self.draw(st.integers(0, overload.optional))]

    def argument(self, wanted: Wanted, depth: int, scopes: int) -> Expr:
        """Mostly of the type that is wanted; a tree knows no types, so anything may stand there."""
        kind = wanted if isinstance(wanted, str) else wanted.kind
        if kind not in ("any", "same") and self.chance(3):
            return self.literal(_KINDS.get(kind, (kind,)))
        return self.expression(depth - 1, scopes)

    def operands(self, depth: int, scopes: int) -> list[Expr]:
        return [self.expression(depth - 1, scopes) for _ in range(self.draw(st.integers(2, 3)))]

    def list_of(self, depth: int, scopes: int) -> Expr:
        items = [self.argument("any", min(depth, 1), scopes) for _ in range(self.draw(st.integers(0, 3)))]
        if self.words.flat or self.draw(st.booleans()):
            items = [self.literal() for _ in items]
        return Call("list", tuple(items))

    def aggregate(self, depth: int, scopes: int) -> Expr:
        function = self.draw(st.sampled_from(self.words.aggregates))
        source = self.path(scopes)
        if "set" in self.words.nodes and self.chance(3):
            source = EntitySet(None if self.chance(3) else self.name())
        if function == "custom.":
            function = f"custom.{self.draw(_DOTTED | self.words.names)}"
        condition = (
            self.expression(depth - 1, scopes + 1) if function == "all" or self.draw(st.booleans()) else None
        )
        plain = function in ("any", "all", "count") or (function == "single" and self.draw(st.booleans()))
        return Aggregate(
            function, source, condition, None if plain else self.expression(depth - 1, scopes + 1)
        )

    def search(self, depth: int) -> Expr:
        fn = (
            self.draw(st.sampled_from(["search.term", "search.and", "search.or", "search.not"]))
            if depth
            else "search.term"
        )
        if fn == "search.term":
            how = self.draw(st.sampled_from(["", "", "phrase", "incomplete"]))
            return Call(fn, (Literal("string", self.draw(self.words.phrases), how),))
        if fn == "search.not":
            return Call(fn, (self.search(depth - 1),))
        return logical(fn, [self.search(depth - 1) for _ in range(self.draw(st.integers(2, 3)))])


Shape = Callable[[Trees, str, int, int], Expr]


def _run(trees: Trees, fn: str, depth: int, scopes: int) -> Expr:
    return logical(fn, trees.operands(depth, scopes))


def _case(trees: Trees, fn: str, depth: int, scopes: int) -> Expr:
    return Call(fn, tuple(trees.expression(depth - 1, scopes) for _ in range(trees.draw(st.integers(2, 5)))))


def _member(trees: Trees, fn: str, depth: int, scopes: int) -> Expr:
    value = trees.path(scopes) if trees.words.flat else trees.expression(depth - 1, scopes)
    other = (
        trees.expression(depth - 1, scopes)
        if not trees.words.flat and trees.chance(4)
        else trees.list_of(depth, scopes)
    )
    return Call(fn, (value, other))


def _typed(trees: Trees, fn: str, depth: int, scopes: int) -> Expr:
    value = () if trees.chance(3) else (trees.expression(depth - 1, scopes),)
    return Call(fn, (*value, trees.literal(("type",))))


def _object(trees: Trees, fn: str, depth: int, scopes: int) -> Expr:
    return Call(
        fn,
        tuple(
            Named(trees.name(), trees.expression(depth - 1, scopes))
            for _ in range(trees.draw(st.integers(0, 2)))
        ),
    )


def _pair(trees: Trees, fn: str, depth: int, scopes: int) -> Expr:
    return Call(fn, (trees.expression(depth - 1, scopes), trees.expression(depth - 1, scopes)))


#: Ids whose arguments are more than the parameters of their row say, or that have none there.
_SHAPES: dict[str, Shape] = {
    **dict.fromkeys(("bool.and", "bool.or"), _run),
    "bool.not": lambda trees, fn, depth, scopes: negation(trees.expression(depth - 1, scopes)),
    "logic.case": _case,
    **dict.fromkeys(("cmp.in", "total.in"), _member),
    **dict.fromkeys(("type.cast", "type.isof"), _typed),
    "list": lambda trees, fn, depth, scopes: trees.list_of(depth, scopes),
    "object": _object,
    **dict.fromkeys(
        ("search.and", "search.or", "search.not", "search.term"),
        lambda trees, fn, depth, scopes: trees.search(1),
    ),
    **dict.fromkeys(
        (fn for fn, row in CATALOG.items() if fn.startswith("coll.") and not row.overloads), _pair
    ),
}


@st.composite
def expressions(draw: st.DrawFn, words: Vocabulary = EVERYTHING, depth: int = 3) -> Expr:
    """Conditions and values, mixed as they come."""
    return Trees(draw, words).expression(depth)
