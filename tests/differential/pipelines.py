"""Random `$apply` over the schema of `crm`, as trees: steps of every kind, in any order and nested.

What a step may name is what the steps before it have made, so the generator keeps a `View`: what rows are now, and
which names of which kind they have. Names with the collation NOCASE are left out: which of two spellings stands for
a group is the engine's choice.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count

from crm import DECIMALS, INTEGERS, TEXTS
from hypothesis import strategies as st
from queries import FIELDS, TO_MANY, TO_ONE, Trees, literal

from querykit.ast.build import logical, negation
from querykit.ast.nodes import (
    Aggregate,
    Call,
    Expr,
    Literal,
    Named,
    Path,
    Query,
    Selection,
    SortKey,
    Transformation,
)

__all__ = ["View", "pipelines", "requests"]

_Sequence = tuple[Transformation, ...]
_NUMBERS = ("integer", "number")
_PLAIN = {"name": "text", "note": "text", "size": "integer", "rank": "integer", "price": "number"}
_PLAIN |= {"rate": "number", "open": "bool", "vip": "bool", "id": "integer"}


@dataclass(frozen=True)
class View:
    """What a step sees: rows of an entity with names for computed values, or results with names alone."""

    entity: str | None
    names: dict[tuple[str, ...], str] = field(default_factory=dict)

    def all(self) -> dict[tuple[str, ...], str]:
        return self.names if self.entity is None else {**_fields(self.entity), **self.names}


def _fields(entity: str, depth: int = 2) -> dict[tuple[str, ...], str]:
    """The columns of an entity, and of those that it refers to."""
    columns = {name for names in FIELDS[entity].values() for name in names}
    found = {(name,): kind for name, kind in _PLAIN.items() if name in columns}
    if depth:
        for name, target in TO_ONE[entity].items():
            found |= {(name, *steps): kind for steps, kind in _fields(target, depth - 1).items()}
    return found


class Steps:
    """Draws transformations.

    Parameters
    ----------
    rich: conditions of every operator and function of SQLite, else comparisons that all engines have.
    """

    def __init__(self, draw: st.DrawFn, rich: bool) -> None:
        self.draw = draw
        self.rich = rich
        self._aliases = count(1)

    def alias(self) -> str:
        return f"a{next(self._aliases)}"

    def sequence(self, view: View, length: int, depth: int) -> tuple[_Sequence, View]:
        steps: list[Transformation] = []
        for _ in range(length):
            names = sorted(_STEPS) if depth else sorted(set(_STEPS) - {"concat"})
            step, view = _STEPS[self.draw(st.sampled_from(names))](self, view, depth)
            steps.append(step)
        return tuple(steps), view

    # -- values -------------------------------------------------------------------------------------

    def path(self, view: View, *kinds: str) -> Path | None:
        found = sorted(steps for steps, kind in view.all().items() if not kinds or kind in kinds)
        return Path(self.draw(st.sampled_from(found))) if found else None

    def measure(self, view: View) -> Expr:
        """A number: mostly a name, sometimes computed, of rows sometimes from what refers to them."""
        found = self.path(view, *_NUMBERS)
        choice = self.draw(st.integers(0, 7))
        if found is None:
            return literal(self.draw(INTEGERS))
        if choice == 0:
            fn = self.draw(st.sampled_from(["math.add", "math.sub", "math.mul"]))
            return Call(fn, (found, literal(self.draw(INTEGERS | DECIMALS))))
        if choice == 1 and view.entity and TO_MANY[view.entity]:
            name = self.draw(st.sampled_from(sorted(TO_MANY[view.entity])))
            return Aggregate("count", Path((name,)))
        return found

    def comparison(self, view: View) -> Expr:
        kind = self.draw(st.sampled_from(["text", "number", "number", "null"]))
        if kind == "null":
            path = self.path(view)
            return literal(True) if path is None else Call("null.is", (path,))
        path = self.path(view, "text") if kind == "text" else self.path(view, *_NUMBERS)
        if path is None:
            return literal(True)
        value = literal(self.draw(TEXTS if kind == "text" else INTEGERS))
        name = self.draw(st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]))
        return Call(f"total.{name}", (path, value))

    def condition(self, view: View) -> Expr:
        if self.rich and view.entity:
            return Trees(self.draw).condition([view.entity], 2)
        choice = self.draw(st.integers(0, 6))
        if choice == 0:
            return logical("bool.or", [self.comparison(view), self.comparison(view)])
        if choice == 1:
            return negation(self.comparison(view))
        if choice == 2 and view.entity and TO_MANY[view.entity]:
            name = self.draw(st.sampled_from(sorted(TO_MANY[view.entity])))
            inner = self.comparison(View(TO_MANY[view.entity][name]))
            return Aggregate(self.draw(st.sampled_from(["any", "all"])), Path((name,)), inner)
        return self.comparison(view)

    def paths(self, view: View, least: int, most: int) -> tuple[Path, ...]:
        found = sorted(view.all())
        if len(found) < least:
            return ()
        chosen = self.draw(st.lists(st.sampled_from(found), min_size=least, max_size=most, unique=True))
        return tuple(Path(steps) for steps in chosen if not _inside(steps, chosen))

    # -- steps --------------------------------------------------------------------------------------

    def filter(self, view: View, depth: int) -> tuple[Transformation, View]:
        return Transformation("filter", (self.condition(view),)), view

    def identity(self, view: View, depth: int) -> tuple[Transformation, View]:
        return Transformation("identity"), view

    def compute(self, view: View, depth: int) -> tuple[Transformation, View]:
        items, names = [], dict(view.names)
        for _ in range(self.draw(st.integers(1, 2))):
            alias = self.alias()
            if self.draw(st.booleans()):
                value, kind = self.measure(replace(view, names=names)), "number"
            else:
                text = self.path(view, "text") or literal("a")
                value, kind = Call("str.concat", (text, literal(self.draw(TEXTS)))), "text"
            items.append(Named(alias, value))
            names[alias,] = kind
        return Transformation("compute", tuple(items)), replace(view, names=names)

    def orderby(self, view: View, depth: int) -> tuple[Transformation, View]:
        paths = self.paths(view, 1, 2)
        if not paths:
            return self.identity(view, depth)
        return Transformation(
            "orderby", tuple(SortKey(path, self.draw(st.booleans())) for path in paths)
        ), view

    def page(self, view: View, depth: int) -> tuple[Transformation, View]:
        name = self.draw(st.sampled_from(["skip", "top"]))
        return Transformation(name, (literal(self.draw(st.integers(0, 4))),)), view

    def rank(self, view: View, depth: int) -> tuple[Transformation, View]:
        end = self.draw(st.sampled_from(["top", "bottom"]))
        what = self.draw(st.sampled_from(["count", "sum", "percent"]))
        goals = {
            "count": st.integers(1, 4),
            "sum": st.integers(1, 12),
            "percent": st.sampled_from([1, 25, 50, 75, 100]),
        }
        goal = literal(self.draw(goals[what]))
        return Transformation(f"{end}{what}", (goal, self.measure(view))), view

    def aggregate(self, view: View, depth: int) -> tuple[Transformation, View]:
        step, names = self._aggregate(view, self.draw(st.booleans()))
        return step, View(None, names)

    def _aggregate(self, view: View, levels: bool) -> tuple[Transformation, dict[tuple[str, ...], str]]:
        finer = self.paths(view, 1, 2) if levels and self.draw(st.booleans()) else ()
        items, names = [], {}
        for _ in range(self.draw(st.integers(1, 3))):
            call, kind = self._method(view)
            plain = call.fn not in ("agg.countdistinct",) and call.args
            if finer and (not plain or self.draw(st.booleans())):
                fn = self.draw(st.sampled_from(["agg.sum", "agg.min", "agg.max", "agg.avg"]))
                call, kind = Call(fn, (call, Call("agg.from", finer))), "number" if kind in _NUMBERS else kind
                if kind not in _NUMBERS:
                    call = Call("agg.max", call.args)
            alias = self.alias()
            items.append(Named(alias, call))
            names[alias,] = kind
        return Transformation("aggregate", tuple(items)), names

    def _method(self, view: View) -> tuple[Call, str]:
        choice = self.draw(st.integers(0, 6))
        number = self.measure(view)
        if choice <= 1 and not isinstance(number, Literal):
            return Call(self.draw(st.sampled_from(["agg.sum", "agg.avg"])), (number,)), "number"
        if choice == 2:
            path = self.path(view)
            if path is not None:
                return Call("agg.countdistinct", (path,)), "integer"
        if choice == 3:
            path = self.path(view, "text", *_NUMBERS)
            if path is not None:
                kind = view.all()[_names(path)]
                return Call(self.draw(st.sampled_from(["agg.min", "agg.max"])), (path,)), kind
        if choice == 4 and view.entity and TO_MANY[view.entity]:
            name = self.draw(st.sampled_from(sorted(TO_MANY[view.entity])))
            if self.draw(st.booleans()):
                return Call("agg.count", (Path((name,)),)), "integer"
            fn = self.draw(st.sampled_from(["agg.sum", "agg.min", "agg.max"]))
            return Call(fn, (Path((name, "rank")),)), "integer"
        return Call("agg.count"), "integer"

    def groupby(self, view: View, depth: int) -> tuple[Transformation, View]:
        paths = self.paths(view, 1, 3)
        if not paths:
            return self.identity(view, depth)
        rolled = len(paths) > 1 and self.draw(st.integers(0, 3)) == 0
        args: tuple[Expr, ...] = (Call("rollup", paths[:2]), *paths[2:]) if rolled else paths
        groups = {_names(path): view.all()[_names(path)] for path in paths}
        choice = self.draw(st.integers(0, 5))
        if choice == 0:
            return Transformation("groupby", args), View(None, groups)
        if choice == 1 and depth and not rolled:  # what a step makes of each of the groups by itself
            steps, after = self.sequence(view, self.draw(st.integers(1, 2)), depth - 1)
            names = after.names if after.entity else {**groups, **after.names}
            return Transformation("groupby", args, (steps,)), View(after.entity, names)
        step, names = self._aggregate(view, not rolled)
        return Transformation("groupby", args, ((step,),)), View(None, {**groups, **names})

    def concat(self, view: View, depth: int) -> tuple[Transformation, View]:
        branches, views = [], []
        for _ in range(self.draw(st.integers(2, 3))):
            steps, after = self.sequence(view, self.draw(st.integers(1, 2)), depth - 1)
            branches.append(steps)
            views.append(after)
        names: dict[tuple[str, ...], str] = {}
        whole = all(after.entity for after in views)
        for after in views:
            own = {steps: kind for steps, kind in after.all().items() if len(steps) == 1 or not after.entity}
            names |= after.names if whole else own
        return Transformation("concat", (), tuple(branches)), View(view.entity if whole else None, names)


def _names(path: Path) -> tuple[str, ...]:
    return tuple(map(str, path.steps))


def _inside(steps: tuple[str, ...], others: list[tuple[str, ...]]) -> bool:
    """Is a path part of another, so that one name would be a value and a group of values?"""
    return any(other != steps and other[: len(steps)] == steps for other in others)


_STEPS = {
    name: getattr(Steps, name)
    for name in ("aggregate", "compute", "concat", "filter", "groupby", "identity", "orderby", "page", "rank")
}


@st.composite
def pipelines(draw: st.DrawFn, entity: str = "Shop", rich: bool = False) -> tuple[_Sequence, View]:
    """A sequence of transformations, and what rows are behind it."""
    return Steps(draw, rich).sequence(View(entity), draw(st.integers(1, 4)), 2)


@st.composite
def requests(draw: st.DrawFn, entity: str = "Shop", rich: bool = False) -> Query:
    """A whole request, often with options behind `$apply`."""
    apply, view = draw(pipelines(entity, rich))
    steps = Steps(draw, False)
    query = Query(apply=apply)
    if draw(st.booleans()):
        query = query.replace(filter=steps.condition(view))
    if draw(st.booleans()):
        query = query.replace(compute=(Named("extra", steps.measure(view)),))
        view = replace(view, names={**view.names, ("extra",): "number"})
    if draw(st.booleans()):
        query = query.replace(
            order=tuple(SortKey(path, draw(st.booleans())) for path in steps.paths(view, 1, 2))
        )
    if draw(st.integers(0, 2)) == 0:
        query = query.replace(select=tuple(Selection(path) for path in steps.paths(view, 1, 3)) or None)
    page = draw(st.integers(0, 3))
    if page == 0:
        query = query.replace(top=draw(st.integers(0, 4)), skip=draw(st.none() | st.integers(0, 3)))
    return query.replace(count=draw(st.sampled_from([None, True])))
