"""The transformations that make one statement of another, and those that make several."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import chain, product
from typing import TypeAlias

from querykit import types as t
from querykit.ast.nodes import Call, Expr, Literal, Named, Path, SortKey, Transformation
from querykit.bind.apply.aggregates import aggregated
from querykit.bind.apply.ranking import RANKINGS, ranked
from querykit.bind.expressions import Binder
from querykit.bind.results import Result
from querykit.bind.rows import Rows, concatenated
from querykit.bind.search import search
from querykit.bind.sorting import sort_key
from querykit.errors import LimitExceeded, NotExpressible
from querykit.limits import APPLY_CEILING
from querykit.plan.nodes import Bound, Op, Slot, Window

__all__ = ["transformed"]

#: Makes the statement so far, anew for each of the branches that go on from it.
Make: TypeAlias = Callable[[], Rows]

_Sequence: TypeAlias = tuple[Transformation, ...]
_Paths: TypeAlias = tuple[Path, ...]


def transformed(binder: Binder, make: Make, steps: _Sequence) -> Rows:
    """The rows that a `$apply` makes of those that it starts from.

    Raises
    ------
    NotExpressible: a transformation that cannot be run.
    LimitExceeded: the statement would be made of too many.
    """
    return _Steps(binder).sequence(make, steps, ())()


class _Steps:
    """Runs transformations; `partition` are the groups inside which a step works (`groupby((p),top(1))`)."""

    def __init__(self, binder: Binder) -> None:
        self.binder = binder
        self._made = 0

    def sequence(self, make: Make, steps: _Sequence, partition: _Paths) -> Make:
        for place, step in enumerate(steps):
            if partition and step.name in _KEEPING and _is_aggregated(steps[place + 1 :]):
                make = partial(self._step, make, step, partition, _Steps.keep_in_groups)
            else:
                make = partial(self._step, make, step, partition, None)
        return make

    def _step(self, make: Make, step: Transformation, partition: _Paths, handler: _Handler | None) -> Rows:
        """Each branch begins with the statement before it, so that they multiply: what is made is counted."""
        self._count(step)
        handler = handler or _HANDLERS.get(step.name)
        if handler is None:
            name = step.name.removeprefix("custom.")
            raise NotExpressible(
                f"{name[:128]} cannot be run", code="transformation", span=step.span, hint=_hint(step.name)
            )

        def made() -> Rows:
            rows = make()
            self.binder.all_rows = not partition and rows.all_of_entity
            return rows

        return handler(self, made, step, partition)

    def _count(self, step: Transformation) -> None:
        self._made += 1
        if self._made > APPLY_CEILING:
            message = f"$apply takes more than {APPLY_CEILING} steps, counted in each branch"
            raise LimitExceeded(message, code="apply", span=step.span)

    # -- rows ---------------------------------------------------------------------------------------

    def identity(self, make: Make, step: Transformation, partition: _Paths) -> Rows:
        return make()

    def filter(self, make: Make, step: Transformation, partition: _Paths) -> Rows:
        rows = make()
        rows.before_condition()
        rows.keep(self._condition(rows, step))
        return rows

    def _condition(self, rows: Rows, step: Transformation) -> Bound:
        (expr,) = _exprs(step)
        with self.binder.scope(rows.row):
            if step.name == "filter":
                return self.binder.condition(expr)
            if isinstance(rows.row, Result):
                message = "only rows of an entity are searched"
                raise NotExpressible(message, code="not_searchable", span=step.span)
            return search(self.binder, expr, rows.row)

    def keep_in_groups(self, make: Make, step: Transformation, partition: _Paths) -> Rows:
        """Rows that a group leaves out of its aggregates: the group is there all the same (Agg 3.2.3.1)."""
        rows = make()
        rows.before_group()
        rows.left_out = [*rows.left_out, self._condition(rows, step)]
        return rows

    def compute(self, make: Make, step: Transformation, partition: _Paths) -> Rows:
        """Each value may use those before it (OData 4.01 Part 1, 11.2.5.3)."""
        rows = make()
        with self.binder.scope(rows.row):
            for item in step.args:
                if not isinstance(item, Named):
                    raise NotExpressible("a computed value needs a name", code="no_name", span=item.span)
                rows.row.define(item.name, self.binder.scalar(item.value), item.span)
        return rows

    # -- order and page -------------------------------------------------------------------------------

    def orderby(self, make: Make, step: Transformation, partition: _Paths) -> Rows:
        rows = make()
        rows.before_sort()
        with self.binder.scope(rows.row):
            rows.sort([sort_key(self.binder, key) for key in step.args if isinstance(key, SortKey)])
        return rows

    def page(self, make: Make, step: Transformation, partition: _Paths) -> Rows:
        rows = make()
        (number,) = _exprs(step)
        assert isinstance(number, Literal)
        slot = self.binder.slot(number, t.INT)
        assert isinstance(slot, Slot)
        if partition:
            self.numbered(rows, "cmp.gt" if step.name == "skip" else "cmp.le", slot, partition)
        elif step.name == "skip":
            rows.skip(slot)
        else:
            rows.take(slot)
        return rows

    def numbered(self, rows: Rows, fn: str, slot: Slot, partition: _Paths) -> None:
        """Rows by their place within the partition."""
        if rows.group is not None or rows.paged:
            rows.derive()
        rows.settle_order()
        with self.binder.scope(rows.row):
            groups = tuple(self.binder.scalar(path) for path in partition)
        place = Window("row_number", None, groups, tuple(rows.order), t.INT, False)
        (column,) = rows.derive([place])
        rows.keep(Op(fn, (column, slot), t.BOOL, False))

    def rank(self, make: Make, step: Transformation, partition: _Paths) -> Rows:
        rows = make()
        if rows.paged or (rows.group is not None and (partition or not step.name.endswith("count"))):
            rows.derive()
        number, value = _exprs(step)
        ranking = ranked(self.binder, rows, step, number, value, partition)
        if ranking is not None:
            if partition:
                self.numbered(rows, "cmp.le", ranking, partition)
            else:
                rows.take(ranking)
        return rows

    # -- groups -------------------------------------------------------------------------------------

    def aggregate(self, make: Make, step: Transformation, partition: _Paths) -> Rows:
        rows = make()
        aggregated(self.binder, rows, partition, step.args)
        return rows

    def groupby(self, make: Make, step: Transformation, partition: _Paths) -> Rows:
        """A rollup is the groupings of its levels, one behind the other (Agg 3.2.3.2)."""
        levels = [self._levels(arg) for arg in _exprs(step)]
        made: list[Rows] = []
        for chosen in product(*levels):
            if made:
                self._count(step)
            made.append(self._grouping(make, step, (*partition, *chain.from_iterable(chosen))))
        return made[0] if len(made) == 1 else concatenated(made, step.span)

    def _levels(self, arg: Expr) -> list[_Paths]:
        if isinstance(arg, Path):
            return [(arg,)]
        paths = tuple(path for path in arg.args if isinstance(path, Path)) if isinstance(arg, Call) else ()
        if isinstance(arg, Call) and arg.fn == "rollup" and len(paths) > 1:
            return [paths[:count] for count in range(len(paths), 0, -1)]
        raise NotExpressible(
            "hierarchies cannot be run",
            code="hierarchy",
            span=arg.span,
            hint="name the properties of the levels: rollup(Country,City)",
        )

    def _grouping(self, make: Make, step: Transformation, paths: _Paths) -> Rows:
        if step.branches:
            return self.sequence(make, step.branches[0], paths)()
        rows = make()
        aggregated(self.binder, rows, paths, ())
        return rows

    def concat(self, make: Make, step: Transformation, partition: _Paths) -> Rows:
        return concatenated([self.sequence(make, branch, partition)() for branch in step.branches], step.span)


def _hint(name: str) -> str:
    """What to ask instead of a step that cannot be run."""
    if name in ("join", "outerjoin"):
        return "a path does it row by row: Sales/Amount with sum; or ask the other entity"
    if name in ("nest", "addnested"):
        return "ask for the parts one by one; $expand has related rows"
    if name in ("ancestors", "descendants", "traverse"):
        return "$expand with $levels has the rows below"
    return "a function of a service is known there only"


def _exprs(step: Transformation) -> list[Expr]:
    return [arg for arg in step.args if not isinstance(arg, SortKey)]


def _is_aggregated(steps: _Sequence) -> bool:
    """Are the rows, but for conditions and values, what an aggregate is of?"""
    for step in steps:
        if step.name == "aggregate":
            return True
        if step.name not in (*_KEEPING, "compute", "identity"):
            return False
    return False


_KEEPING = ("filter", "search")
_Handler: TypeAlias = Callable[[_Steps, Make, Transformation, _Paths], Rows]
_HANDLERS: dict[str, _Handler] = {
    "identity": _Steps.identity,
    "filter": _Steps.filter,
    "search": _Steps.filter,
    "compute": _Steps.compute,
    "orderby": _Steps.orderby,
    "skip": _Steps.page,
    "top": _Steps.page,
    "aggregate": _Steps.aggregate,
    "groupby": _Steps.groupby,
    "concat": _Steps.concat,
    **dict.fromkeys(RANKINGS, _Steps.rank),
}
