"""Random whole requests over the whole AST, for Hypothesis: every option, and every transformation of `$apply`."""

from __future__ import annotations

from collections.abc import Callable

from every_tree import EVERYTHING, Trees, Vocabulary
from hypothesis import strategies as st

from querykit.ast.nodes import (
    Aggregate,
    Call,
    EntitySet,
    Expansion,
    Expr,
    Literal,
    Named,
    Path,
    Query,
    Selection,
    SortKey,
    Transformation,
)

__all__ = ["FIELDS", "TRANSFORMATIONS", "queries"]

FIELDS = tuple(Query.fields)
_METHODS = ["agg.sum", "agg.min", "agg.max", "agg.avg", "agg.countdistinct", "agg.Ns.m"]


class _Requests(Trees):
    """Draws one request; an expression in it is at most `depth` deep."""

    def __init__(self, draw: st.DrawFn, words: Vocabulary, depth: int) -> None:
        super().__init__(draw, words)
        self.depth = depth

    def several(self, build: Callable[[], object], least: int = 1, most: int = 2) -> tuple:
        return tuple(build() for _ in range(self.draw(st.integers(least, most))))

    def value(self) -> Expr:
        return self.expression(self.depth)

    def named(self) -> Named:
        return Named(self.name(), self.value())

    def sort_key(self) -> SortKey:
        plain = self.words.flat or self.chance(2)
        descending = self.draw(st.sampled_from(self.words.directions))
        return SortKey(self.path(0) if plain else self.value(), descending)

    def query(self, fields: tuple[str, ...], levels: int = 2) -> Query:
        chosen = [name for name in fields if self.chance(3)]
        return Query(**{name: _OPTIONS[name](self, levels) for name in chosen})

    def number(self, levels: int = 0) -> int:
        return self.draw(st.integers(0, 9) | st.sampled_from([25, 50, 100, 1000]))

    def selection(self, levels: int) -> Selection:
        if self.chance(6):
            return Selection(Path(("*",)))
        if not self.words.flat and self.chance(8):
            return Selection(self.value(), self.name() if self.draw(st.booleans()) else None)
        query = self.query(FIELDS, levels - 1) if levels and not self.words.flat and self.chance(4) else None
        return Selection(
            self.path(0), self.name() if self.chance(8) else None, None if query == Query() else query
        )

    def selections(self, levels: int) -> tuple[Selection, ...]:
        if self.chance(8):
            path = self.path(0) if self.draw(st.booleans()) else None
            function = self.draw(st.sampled_from(["count", "sum", "avg", "min", "max"])) if path else "count"
            return (
                Selection(
                    Aggregate(function, EntitySet(None), None, path),
                    self.draw(st.just("count") | self.words.names),
                ),
            )
        return self.several(lambda: self.selection(levels), 0 if self.chance(9) else 1)

    def expansion(self, levels: int) -> Expansion:
        kind = self.draw(st.sampled_from(["", "", "ref", "count"]))
        depth = self.draw(st.sampled_from([None, None, None, 1, 2, "max"]))
        path = Path(("*",)) if self.chance(5) else self.path(0)
        return Expansion(path, self.query(FIELDS, levels - 1) if levels else Query(), depth, kind)

    # ---- $apply

    def sequence(self, levels: int) -> tuple[Transformation, ...]:
        return self.several(lambda: self.transformation(levels))

    def transformation(self, levels: int) -> Transformation:
        name = self.draw(st.sampled_from(sorted(TRANSFORMATIONS)))
        args, branches = TRANSFORMATIONS[name](self)
        count = self.draw(st.integers(*branches))
        if not levels:
            return Transformation(name, args, ((Transformation("identity"),),) * count)
        return Transformation(name, args, tuple(self.sequence(levels - 1) for _ in range(count)))

    def group(self) -> Path:
        return self.path(0)

    def text(self) -> Literal:
        return Literal("string", self.name())

    def tree(self) -> tuple[Expr, ...]:
        return EntitySet(self.name()), self.text(), self.group()

    def groups(self) -> Expr:
        choice = self.draw(st.integers(0, 5))
        if choice == 0:
            return Call("rollup", self.several(self.group))
        return Call("rolluprecursive", self.tree()) if choice == 1 else self.group()

    def aggregated(self) -> Expr:
        call = self.draw(
            st.sampled_from(
                [Call("agg.count"), Call("agg.count", (self.group(),)), Call("agg.custom", (self.group(),))]
            )
        )
        if self.chance(2):
            call = Call(self.draw(st.sampled_from(_METHODS)), (self.value(),))
        if self.chance(4):
            call = Call(
                self.draw(st.sampled_from(_METHODS)), (call, Call("agg.from", self.several(self.group)))
            )
        return call if self.chance(5) else Named(self.name(), call)

    def option(self) -> Named:
        name = self.draw(st.sampled_from(["skiptoken", "deltatoken", "id", "index"]))
        return Named(name, Literal("int", self.number()) if name == "index" else self.text())

    def extras(self) -> tuple[Expr, ...]:
        levels = (Named("levels", Literal("int", 2)),) if self.draw(st.booleans()) else ()
        return (*levels, *((Named("keep_start", Literal("bool", True)),) if self.draw(st.booleans()) else ()))

    def word(self, *words: str) -> Literal:
        return Literal("string", self.draw(st.sampled_from(words)))


Parts = tuple[tuple[Expr | SortKey, ...], tuple[int, int]]

#: Name -> its arguments, and the numbers of branches that it may have: the table of `odata.apply_rules`.
TRANSFORMATIONS: dict[str, Callable[[_Requests], Parts]] = {
    "aggregate": lambda it: (it.several(it.aggregated), (0, 0)),
    "groupby": lambda it: (it.several(it.groups), (0, 2)),
    "filter": lambda it: ((it.value(),), (0, 0)),
    "search": lambda it: ((it.search(1),), (0, 0)),
    "compute": lambda it: (it.several(it.named), (0, 0)),
    "orderby": lambda it: (it.several(it.sort_key), (0, 0)),
    **dict.fromkeys(("skip", "top"), lambda it: ((Literal("int", it.number()),), (0, 0))),
    **{
        f"{end}{what}": lambda it: ((it.value(), it.value()), (0, 0))
        for end in ("top", "bottom")
        for what in ("count", "sum", "percent")
    },
    "concat": lambda it: ((), (2, 3)),
    "identity": lambda it: ((), (0, 0)),
    **dict.fromkeys(("join", "outerjoin"), lambda it: ((Named(it.name(), it.group()),), (0, 1))),
    "nest": lambda it: ((it.text(),), (1, 1)),
    "addnested": lambda it: ((it.group(), it.text()), (1, 1)),
    **dict.fromkeys(("ancestors", "descendants"), lambda it: ((*it.tree(), *it.extras()), (1, 1))),
    "traverse": lambda it: (
        (*it.tree(), it.word("preorder", "postorder"), *it.several(it.sort_key, 0)),
        (0, 1),
    ),
    "custom.Ns.f": lambda it: (it.several(it.value, 0), (0, 0)),
}

_OPTIONS: dict[str, Callable[[_Requests, int], object]] = {
    "entity": lambda it, levels: it.name(),
    "filter": lambda it, levels: it.value(),
    "order": lambda it, levels: it.several(it.sort_key, most=it.words.keys),
    "select": lambda it, levels: it.selections(levels),
    "expand": lambda it, levels: it.several(lambda: it.expansion(levels)),
    "top": lambda it, levels: it.number(),
    "skip": lambda it, levels: it.number(),
    "count": lambda it, levels: it.draw(st.booleans()),
    "aliases": lambda it, levels: tuple({named.name: named for named in it.several(it.named)}.values()),
    "options": lambda it, levels: (it.option(),),
    "search": lambda it, levels: it.search(1),
    "compute": lambda it, levels: it.several(it.named),
    "apply": lambda it, levels: it.sequence(levels - 1),
}


@st.composite
def queries(
    draw: st.DrawFn, words: Vocabulary = EVERYTHING, fields: tuple[str, ...] = FIELDS, depth: int = 2
) -> Query:
    """Whole requests, with these fields set or not."""
    return _Requests(draw, words, depth).query(fields)
