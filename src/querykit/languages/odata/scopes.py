"""Whose field a name is: OData names lambda variables, the tree counts scopes.

The builder works from the inside out and does not know yet which variables are around a path, so it leaves
them as first steps; this pass turns them into `Path.up` from the outside in. It recurses three Python frames
per level of the tree and runs only after `check_limits`.

A scope is the name of a lambda variable, or `OWN` where un-prefixed names belong to the element itself: the
whole option, an option inside `$expand` or `$select`, `/$count(…)`, `/$filter(…)`, `aggregate(…)`.
Within a lambda un-prefixed names belong to the next `OWN` scope outwards (P2 5.1.1.13).
"""

from __future__ import annotations

from collections.abc import Mapping

from querykit.ast.build import logical, negation
from querykit.ast.fresh import call, path
from querykit.ast.nodes import (
    Aggregate,
    Call,
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
    Transformation,
)
from querykit.source import Span

__all__ = ["IT", "OWN", "THIS", "Scoped", "branch_scopes", "resolve", "resolve_query"]

OWN = None
#: First steps that are no names: P2 5.1.1.14.3 and 5.1.1.14.4.
IT, THIS = "$it", "$this"

Scopes = tuple[str | None, ...]
_OUTERMOST: Scopes = (OWN,)
#: Transformations whose branches work on related rows, or on the nodes of a hierarchy.
_OF_OTHER_ROWS = frozenset({"join", "outerjoin", "addnested", "ancestors", "descendants", "traverse"})


class Scoped(Aggregate):
    """An aggregate of the builder, which never leaves this package.

    `variable` is its lambda variable (or `OWN`); `kept` is the condition of the `/$filter(…)` before it, in which
    un-prefixed names belong to the element whatever the variable is.
    """

    __slots__ = ("kept", "variable")
    fields = (*Aggregate.fields, "kept")  # type: ignore[assignment]  # so that every walk comes by

    kept: Expr | None
    variable: str | None

    def __init__(
        self,
        variable: str | None,
        function: str,
        source: Path | EntitySet,
        condition: Expr | None = None,
        argument: Expr | None = None,
        kept: Expr | None = None,
        span: Span | None = None,
    ) -> None:
        super().__init__(function, source, condition, argument, span)
        object.__setattr__(self, "kept", kept)
        object.__setattr__(self, "variable", variable)


def resolve(expr: Expr, values: Mapping[str, Expr] | None = None, scopes: Scopes = _OUTERMOST) -> Expr:
    """The expression with counted scopes, and with values in place of the parameters that have one."""
    return _Resolver(values or {}).expr(expr, scopes)


def resolve_query(query: Query) -> Query:
    """The same for all expressions of a query."""
    return _Resolver({}).query(query, _OUTERMOST)


class _Resolver:
    def __init__(self, values: Mapping[str, Expr]) -> None:
        self._values = values

    def expr(self, node: Expr, scopes: Scopes) -> Expr:
        if type(node) is Path:
            return self._path(node, scopes)
        if type(node) is Literal:
            return node
        if type(node) is Call:
            args = self._all(node.args, scopes)
            return node if args is node.args else call(node.fn, args, node.span)
        if isinstance(node, Aggregate):
            return self._aggregate(node, scopes)
        if isinstance(node, Named):
            return Named(node.name, self.expr(node.value, scopes), node.span)
        if isinstance(node, Parameter):
            return self._values.get(node.name, node)
        return node

    def _all(self, nodes: tuple[Expr, ...], scopes: Scopes) -> tuple[Expr, ...]:
        out: list[Expr] = []
        changed = False
        for node in nodes:
            resolved = self.expr(node, scopes)
            changed = changed or resolved is not node
            out.append(resolved)
        return tuple(out) if changed else nodes

    def _aggregate(self, node: Aggregate, scopes: Scopes) -> Aggregate:
        assert isinstance(node, Scoped)  # the builder makes no others
        within = (node.variable, *scopes)
        source = self._path(node.source, scopes) if isinstance(node.source, Path) else node.source
        condition = None if node.condition is None else self.expr(node.condition, within)
        argument = None if node.argument is None else self.expr(node.argument, within)
        if node.kept is not None:
            condition = _whole_filter(node.function, self.expr(node.kept, (OWN, *scopes)), condition)
        return Aggregate(node.function, source, condition, argument, node.span)

    def _path(self, node: Path, scopes: Scopes) -> Path:
        steps = node.steps
        first = steps[0] if steps else None
        up = scopes.index(OWN)
        if first == IT:
            steps, up = steps[1:], len(scopes) - 1
        elif first == THIS:
            steps = steps[1:]
        elif isinstance(first, str) and first in scopes:
            steps, up = steps[1:], scopes.index(first)
        elif isinstance(first, EntitySet):
            up = 0  # from `$root` on nothing depends on the scope
        for step in steps:
            if isinstance(step, (Key, Call)):
                steps = tuple([self._step(step, scopes) for step in steps])
                break
        return node if up == 0 and steps is node.steps else path(steps, up, node.span)

    def _step(self, step: Step, scopes: Scopes) -> Step:
        if isinstance(step, Key):
            return Key(self._all(step.args, scopes), step.span)
        return Call(step.fn, self._all(step.args, scopes), step.span) if isinstance(step, Call) else step

    def query(self, query: Query, scopes: Scopes) -> Query:
        return query.replace(
            filter=None if query.filter is None else self.expr(query.filter, scopes),
            order=tuple(self._sort_key(key, scopes) for key in query.order),
            select=None
            if query.select is None
            else tuple(self._selection(item, scopes) for item in query.select),
            expand=tuple(self._expansion(item, scopes) for item in query.expand),
            aliases=self._named(query.aliases, scopes),
            options=self._named(query.options, scopes),
            compute=self._named(query.compute, scopes),
            apply=self._sequence(query.apply, scopes),
        )

    def _sort_key(self, key: SortKey, scopes: Scopes) -> SortKey:
        return SortKey(self.expr(key.expr, scopes), key.descending, key.span)

    def _sequence(self, steps: tuple[Transformation, ...], scopes: Scopes) -> tuple[Transformation, ...]:
        return tuple([self._transformation(step, scopes) for step in steps])

    def _transformation(self, step: Transformation, scopes: Scopes) -> Transformation:
        args: list[Expr | SortKey] = []
        for arg in step.args:
            args.append(self._sort_key(arg, scopes) if isinstance(arg, SortKey) else self.expr(arg, scopes))
        branches: list[tuple[Transformation, ...]] = []
        for index, branch in enumerate(step.branches):
            branches.append(self._sequence(branch, branch_scopes(step.name, index, scopes)))
        return Transformation(step.name, tuple(args), tuple(branches), step.span)

    def _named(self, items: tuple[Named, ...], scopes: Scopes) -> tuple[Named, ...]:
        return tuple(Named(item.name, self.expr(item.value, scopes), item.span) for item in items)

    def _selection(self, item: Selection, scopes: Scopes) -> Selection:
        if item.query is None:
            return item
        return Selection(item.expr, item.name, self.query(item.query, (OWN, *scopes)), item.span)

    def _expansion(self, item: Expansion, scopes: Scopes) -> Expansion:
        query = self.query(item.query, (OWN, *scopes))
        return Expansion(item.path, query, item.levels, item.kind, item.span)


def branch_scopes(name: str, index: int, scopes: Scopes) -> Scopes:
    """The scopes of a branch of a transformation: that of other rows than its input is one of its own."""
    others = name in _OF_OTHER_ROWS or (name == "groupby" and index > 0)
    return (OWN, *scopes) if others else scopes


def _whole_filter(function: str, kept: Expr, condition: Expr | None) -> Expr | None:
    """The condition of an aggregate over a filtered collection, P2 5.1.1.13.

    `C/$filter(k)/all(p)` asks p of the rows for which k is *true*, hence `p or not (k eq true)`.
    """
    if condition is None:
        return kept
    if function == "all":
        is_true = Call("total.eq", (kept, Literal("bool", True, "", kept.span)), kept.span)
        return logical("bool.or", (condition, negation(is_true, kept.span)), condition.span)
    return logical("bool.and", (kept, condition), condition.span)
