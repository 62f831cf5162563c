"""What the rules for `$apply` make: a `Transformation` for each step (Data Aggregation 4.0, "Agg").

=========================  ============================================  ==================================
name                       args                                          branches
=========================  ============================================  ==================================
aggregate                  aggregates, see below                         none
groupby                    paths, `rollup` and `rolluprecursive` calls   of the groups; then one for each
                                                                         `rolluprecursive`; none if empty
filter, search             a condition, a search expression              none
compute                    `Named` values                                none
orderby                    `SortKey`s                                    none
skip, top                  an int literal                                none
topcount bottomsum …       the number (or sum, percentage), the value    none
concat                     none                                          two or more
identity                   none                                          none
join, outerjoin            ``Named(alias, path)``                        of the related rows, if any
nest                       names, as string literals                     one for each name
addnested                  the path, then names                          one for each name
ancestors, descendants     all nodes, name of the hierarchy, path to     of the nodes to begin with
                           the node's name, ``Named("levels", …)``,
                           ``Named("keep_start", true)``
traverse                   the same three, ``"preorder"`` or             of the nodes, if any
                           ``"postorder"``, `SortKey`s
custom.Ns.f                arguments                                     none
=========================  ============================================  ==================================

An aggregate is ``Call("agg.sum", (value,))`` (also `agg.min agg.max agg.avg agg.countdistinct`, or `agg.Ns.method`
of a service), ``Call("agg.count", ())`` or ``(path,)``, or ``Call("agg.custom", (path,))`` for one that the service
knows by name. With an alias it is the value of a `Named`.

`x with sum from Day with average` aggregates aggregates: ``Call("agg.avg", (Call("agg.sum", (x,)),
Call("agg.from", (Day,))))``, the average of the sums for each day (Agg 3.2.1.3).

`rollup` is ``Call("rollup", paths)``, one path for a hierarchy by name; `rolluprecursive` is
``Call("rolluprecursive", (all nodes, name, path))``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from querykit.ast.build import join_spans
from querykit.ast.nodes import (
    Call,
    Cast,
    EntitySet,
    Expr,
    Literal,
    Named,
    Path,
    SortKey,
    Transformation,
)
from querykit.errors import ParseError, suggest
from querykit.lalr import span_of
from querykit.languages.odata.names import check_identifier, check_qualified
from querykit.languages.odata.option_rules import page_number, plain_path
from querykit.languages.odata.scopes import Scoped
from querykit.languages.odata.spans import check_tight, word_of
from querykit.languages.odata.steps import Steps, collection, steps_of
from querykit.source import Span

if TYPE_CHECKING:
    from querykit.grammar import Token

__all__ = ["METHODS", "TRANSFORMATIONS", "ApplyRules"]

#: Agg 3.2.1.1: the standard methods, and their ids.
METHODS = {
    "sum": "agg.sum",
    "min": "agg.min",
    "max": "agg.max",
    "average": "agg.avg",
    "countdistinct": "agg.countdistinct",
}

#: Agg 3 and 6: those of the standard.
TRANSFORMATIONS = (
    *("aggregate", "groupby", "filter", "search", "compute", "orderby", "skip", "top", "concat", "identity"),
    *("topcount", "topsum", "toppercent", "bottomcount", "bottomsum", "bottompercent"),
    *("join", "outerjoin", "nest", "addnested", "ancestors", "descendants", "traverse"),
)

Sequence = tuple[Transformation, ...]


class _From(NamedTuple):
    """`from Day,Shop with average`."""

    groups: Call
    method: Token | None


class _RecursiveRollup(NamedTuple):
    call: Call
    branch: Sequence


class ApplyRules:
    """The part of the builder that is about `$apply`; see `Builder`."""

    def transformations(self, children: list[Transformation]) -> Sequence:
        return tuple(children)

    plain_transformations = transformations

    def sort_keys(self, children: list[SortKey]) -> tuple[SortKey, ...]:
        return tuple(children)

    def computed_values(self, children: list[Named]) -> tuple[Named, ...]:
        return tuple(children)

    # ---- aggregates: Agg 3.2.1 ----

    def aggregate_step(self, children: list[Any]) -> Transformation:
        word, *items, close = children
        return Transformation("aggregate", tuple(items), (), _whole(word, close))

    def aggregate_item(self, children: list[Any]) -> Named:
        aggregated, alias = children
        return _named(alias, aggregated)

    def unnamed_aggregate(self, children: list[Any]) -> Call:
        """One that the service knows by name needs no other."""
        return self.aggregated(children)

    def aggregated(self, children: list[Any]) -> Call:
        value, *rest = children
        method = rest.pop(0) if rest and not isinstance(rest[0], _From) else None
        call = _first_aggregate(value, method)
        known = call.fn != "agg.custom"
        for step in rest:
            if step.method is None and known:
                raise ParseError(
                    "the method is missing", span=step.groups.span, hint="write from … with average"
                )
            span = join_spans(call.span, step.groups.span)
            fn = "agg.custom" if step.method is None else _method(step.method)
            call = Call(fn, (call, step.groups), span)
        return call

    def from_groups(self, children: list[Any]) -> _From:
        method = None if isinstance(children[-1], Steps) else children.pop()
        paths = tuple([_group(path) for path in children])
        return _From(Call("agg.from", paths, join_spans(paths[0].span, paths[-1].span)), method)

    def method(self, children: list[Token]) -> Token:
        return children[0]

    def count_of_rows(self, children: list[Token]) -> Call:
        return Call("agg.count", (), span_of(children[0]))

    def type_of_rows(self, children: list[Token]) -> Path:
        name = children[0]
        check_qualified(name, span_of(name))
        return Path((Cast(str(name), span_of(name)),), 0, span_of(name))

    def count_of_type(self, children: list[Token]) -> Call:
        name, segment = children
        return Call("agg.count", (self.type_of_rows([name]),), _whole(name, segment))

    # ---- groups: Agg 3.2.3, 6.3.3 ----

    def groupby_step(self, children: list[Any]) -> Transformation:
        word, groups, *branches, close = children
        args = tuple([group.call if isinstance(group, _RecursiveRollup) else group for group in groups])
        rollups = [group.branch for group in groups if isinstance(group, _RecursiveRollup)]
        if rollups:
            branches = [*(branches or [()]), *rollups]
        return Transformation("groupby", args, tuple(branches), _whole(word, close))

    def groups(self, children: list[Any]) -> list[Path | Call | _RecursiveRollup]:
        return children[:-1]

    def group(self, children: list[Steps]) -> Path:
        return _group(children[0])

    def rollup(self, children: list[Any]) -> Call:
        word, *paths, close = children
        if len(paths) == 1 and len(paths[0].steps) > 1:
            end = span_of(close)[1]
            raise ParseError(
                "one path is no hierarchy",
                span=(end - 1, end),
                hint="rollup takes two or more properties, or the name of a hierarchy",
            )
        return Call("rollup", tuple([_group(path) for path in paths]), _whole(word, close))

    def rollup_recursive(self, children: list[Any]) -> _RecursiveRollup:
        word, tree, *branch, close = children
        return _RecursiveRollup(
            Call("rolluprecursive", tree, _whole(word, close)), branch[0] if branch else ()
        )

    # ---- other steps ----

    def simple_step(self, children: list[Any]) -> Transformation:
        """What is in the brackets is what the option of the same name has."""
        word, *args = children
        close = args.pop() if args else word
        if len(args) == 1 and isinstance(args[0], tuple):
            (args,) = args
        return Transformation(word_of(word), tuple(args), (), _whole(word, close))

    def orderby_step(self, children: list[Any]) -> Transformation:
        check_tight(children[-1])
        return self.simple_step(children)

    def page_step(self, children: list[Token]) -> Transformation:
        word, number, close = children
        value = page_number(number, span_of(number))
        return Transformation(
            word_of(word), (Literal("int", value, "", span_of(number)),), (), _whole(word, close)
        )

    def concat_step(self, children: list[Any]) -> Transformation:
        word, *branches, close = children
        return Transformation("concat", (), tuple(branches), _whole(word, close))

    def join_step(self, children: list[Any]) -> Transformation:
        word, path, alias, *branch, close = children
        return Transformation(
            word_of(word), (_named(alias, plain_path(path)),), tuple(branch), _whole(word, close)
        )

    def nested_rows(self, children: list[Any]) -> tuple[Literal, Sequence]:
        branch, name = children
        check_identifier(name, span_of(name))
        return Literal("string", str(name), "", span_of(name)), branch

    def nest_step(self, children: list[Any]) -> Transformation:
        word, *parts, close = children
        path = [plain_path(parts.pop(0))] if isinstance(parts[0], Steps) else []
        names = [name for name, _ in parts]
        branches = tuple([branch for _, branch in parts])
        return Transformation(word_of(word), (*path, *names), branches, _whole(word, close))

    def unknown_transformation(self, children: list[Token]) -> Transformation:
        """A function of the service has a namespace, so a name that goes on could still be one."""
        name, end = children[0], span_of(children[0])[1]
        message, hint = f"there is no transformation '{name[:40]}'", suggest(name, TRANSFORMATIONS)
        if name == "identity":
            message, hint = "'identity' has no brackets", None
        elif name in TRANSFORMATIONS:
            message, hint = f"'{name}' has a bracket right behind it", None
        raise ParseError(message, span=(end, end), hint=hint)

    def function_transformation(self, children: list[Any]) -> Transformation:
        name, *args, close = children
        check_qualified(name, span_of(name))
        return Transformation(f"custom.{name}", tuple(args), (), _whole(name, close))

    # ---- recursive hierarchies: Agg 6.2 ----

    def tree(self, children: list[Any]) -> tuple[Expr, ...]:
        before, name, node = children
        path = steps_of(before)
        nodes, condition = collection(path)
        if not path.rooted or condition is not None:
            raise ParseError("the nodes of a hierarchy are a $root/Set", span=path.span)
        check_identifier(name, span_of(name))
        return nodes, Literal("string", str(name), "", span_of(name)), _group(node)

    def hierarchy_step(self, children: list[Any]) -> Transformation:
        word, tree, branch, *rest, close = children
        args: list[Expr] = list(tree)
        for token in rest:
            span = span_of(token)
            if token.type == "INT":
                levels = Literal("int", page_number(token, span), "", span)
                args.append(Named("levels", levels, span))
            else:
                args.append(Named("keep_start", Literal("bool", True, "", span), span))
        return Transformation(word_of(word), tuple(args), (branch,), _whole(word, close))

    def traverse_step(self, children: list[Any]) -> Transformation:
        word, tree, order, *rest, close = children
        keys = [part for part in rest if isinstance(part, SortKey)]
        branches = tuple([part for part in rest if not isinstance(part, SortKey)])
        direction = Literal("string", str(order), "", span_of(order))
        return Transformation("traverse", (*tree, direction, *keys), branches, _whole(word, close))


def _whole(first: Token, last: Token) -> Span:
    return span_of(first)[0], span_of(last)[1]


def _named(name: Token, value: Expr) -> Named:
    check_identifier(name, span_of(name))
    return Named(str(name), value, join_spans(value.span, span_of(name)))


def _method(name: Token) -> str:
    if name in METHODS:
        return METHODS[name]
    if "." not in name:
        raise ParseError(
            f"there is no method '{name[:40]}'",
            span=span_of(name),
            hint=f"the methods are {', '.join(METHODS)}; those of a service have a namespace",
        )
    check_qualified(name, span_of(name))
    return f"agg.{name}"


def _first_aggregate(value: Expr, method: Token | None) -> Call:
    """The aggregate of single rows."""
    if method is not None:
        if isinstance(value, Call) and value.fn == "agg.count":
            raise ParseError("$count has no method", span=value.span)
        return Call(_method(method), (value,), join_spans(value.span, span_of(method)))
    if isinstance(value, Call) and value.fn == "agg.count":
        return value
    if isinstance(value, Scoped) and value.function == "count" and value.condition is value.kept is None:
        rows = value.source
        return Call("agg.count", () if isinstance(rows, EntitySet) else (rows,), value.span)
    if isinstance(value, Path) and value.steps and isinstance(value.steps[-1], str):
        return Call("agg.custom", (value,), value.span)
    raise ParseError("the method is missing", span=value.span, hint="write … with sum")


def _group(path: Steps) -> Path:
    """A path to a value of each row (ABNF groupingProperty): it ends in a property, and has no terms."""
    last = path.steps[-1]
    for step in path.steps:
        if step.name[0] == "@":
            raise ParseError(f"'{step.name[:40]}' is no property", span=step.span)
    if last.kind == "type":
        end = last.span[1]
        raise ParseError(f"a property of '{last.name[:40]}' has to follow", span=(end, end))
    return plain_path(path)
