"""A syntax tree as a drawing for people and as plain data for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from querykit.ast import nodes as ast
from querykit.cli.plain import plain

__all__ = ["as_data", "draw"]

#: What hangs below a node: a word for what it is there, and a node, or a text where nothing hangs below that.
Branch = tuple[str, ast.Node | str]


def draw(root: ast.Node) -> list[str]:
    """The tree, a line for each node, without recursion.

    >>> from querykit.ast.nodes import Call, Literal, Path
    >>> print(*draw(Call("bool.not", (Call("null.is", (Path(("Customer", "City")),)),))), sep="\\n")
    bool.not
    └─ null.is
       └─ Customer/City
    """
    lines: list[str] = []
    pending: list[tuple[str, str, Branch]] = [("", "", ("", root))]
    while pending:
        here, below, (role, node) = pending.pop()
        lines.append(here + (f"{role}: " if role else "") + _label(node))
        branches = [] if isinstance(node, str) else list(_BRANCHES[type(node)](node))
        for index in range(len(branches) - 1, -1, -1):
            last = index == len(branches) - 1
            pending.append(
                (below + ("└─ " if last else "├─ "), below + ("   " if last else "│  "), branches[index])
            )
    return lines


def as_data(node: Any) -> Any:
    """The tree as dicts and lists: ``{"node": "Call", "fn": …, "args": […], "span": [start, end]}``.

    Fields that say nothing (None, nothing selected …) are left out.
    """
    if isinstance(node, ast.Literal):
        return {
            "node": "Literal",
            "kind": node.kind,
            "value": plain(node.value),
            **_named(node),
            **_span(node),
        }
    if isinstance(node, ast.Node):
        fields = {name: as_data(getattr(node, name)) for name in node.fields}
        said = {name: value for name, value in fields.items() if value not in (None, [])}
        return {"node": type(node).__name__, **said, **_span(node)}
    if isinstance(node, tuple):
        return [as_data(item) for item in node]
    return node


def _named(node: ast.Literal) -> dict[str, Any]:
    return {"name": node.name} if node.name else {}


def _span(node: ast.Node) -> dict[str, Any]:
    return {"span": list(node.span)} if node.span is not None else {}


def _label(node: ast.Node | str) -> str:
    return node if isinstance(node, str) else _LABELS[type(node)](node)


def _literal(node: ast.Literal) -> str:
    if node.kind == "null":
        return "null"
    value = repr(node.value) if isinstance(node.value, str | bytes) else str(plain(node.value))
    if node.kind == "string" and node.name:
        return f"{node.name} {value}"  # a phrase of $search
    return f"{node.kind} {node.name}{value}"


def _path(node: ast.Path) -> str:
    return "^." * node.up + ("/".join(_step(step) for step in node.steps) or "$this")


def _step(step: ast.Step) -> str:
    match step:
        case str():
            return step
        case ast.Cast():
            return f"<{step.type}>"
        case ast.Key():
            return "(key)"
        case ast.EntitySet():
            return _entity_set(step)
        case ast.Call():
            return f"{step.fn}()"


def _entity_set(node: ast.EntitySet) -> str:
    return f"all {node.name}" if node.name else "all rows of the query"


def _selection(node: ast.Selection) -> str:
    shown = _path(node.expr) if isinstance(node.expr, ast.Path) else "value"
    return f"{shown} as {node.name}" if node.name else shown


def _expansion(node: ast.Expansion) -> str:
    levels = f" ({node.levels} levels)" if node.levels is not None else ""
    return f"{_path(node.path)}{'/$' + node.kind if node.kind else ''}{levels}"


def _argument_branches(args: Sequence[ast.Node], role: str = "") -> Iterator[Branch]:
    for argument in args:
        yield role, argument


def _path_branches(node: ast.Path) -> Iterator[Branch]:
    for step in node.steps:
        if isinstance(step, ast.Key):
            yield from _argument_branches(step.args, "key")
        elif isinstance(step, ast.Call):
            yield from _argument_branches(step.args, "argument")


def _aggregate_branches(node: ast.Aggregate) -> Iterator[Branch]:
    yield "of", node.source
    if node.argument is not None:
        yield "value", node.argument
    if node.condition is not None:
        yield "where", node.condition


def _selection_branches(node: ast.Selection) -> Iterator[Branch]:
    if isinstance(node.expr, ast.Path):
        yield from _path_branches(node.expr)
    else:
        yield "", node.expr
    if node.query is not None:
        yield from _query_branches(node.query)


def _expansion_branches(node: ast.Expansion) -> Iterator[Branch]:
    yield from _path_branches(node.path)
    yield from _query_branches(node.query)


def _transformation_branches(node: ast.Transformation) -> Iterator[Branch]:
    yield from _argument_branches(node.args)
    for number, branch in enumerate(node.branches, start=1):
        yield from _argument_branches(branch, f"branch {number}" if len(node.branches) > 1 else "then")


def _query_branches(node: ast.Query) -> Iterator[Branch]:
    yield from _argument_branches(node.apply, "apply")
    yield from _argument_branches(node.compute, "compute")
    if node.search is not None:
        yield "search", node.search
    if node.filter is not None:
        yield "filter", node.filter
    for key in node.order:
        yield "order", key
    for item in node.select or ():
        yield "select", item
    for expansion in node.expand:
        yield "expand", expansion
    for role, value in (("top", node.top), ("skip", node.skip), ("count", node.count)):
        if value is not None:
            yield role, str(value).lower()
    for option in node.options:
        yield "option", option
    for alias in node.aliases:
        yield "alias", alias


_LABELS: dict[type[ast.Node], Callable[[Any], str]] = {
    ast.Aggregate: lambda node: f"{node.function}()",
    ast.Call: lambda node: node.fn,
    ast.EntitySet: _entity_set,
    ast.Expansion: _expansion,
    ast.Literal: _literal,
    ast.Named: lambda node: f"{node.name} =",
    ast.Parameter: lambda node: f"parameter {node.name}",
    ast.Path: _path,
    ast.Query: lambda node: f"query of {node.entity}" if node.entity else "query",
    ast.Selection: _selection,
    ast.Transformation: lambda node: node.name,
    ast.SortKey: lambda node: "descending" if node.descending else "ascending",
}

_BRANCHES: dict[type[ast.Node], Callable[[Any], Iterator[Branch]]] = {
    ast.Aggregate: _aggregate_branches,
    ast.Call: lambda node: _argument_branches(node.args),
    ast.EntitySet: lambda node: iter(()),
    ast.Expansion: _expansion_branches,
    ast.Literal: lambda node: iter(()),
    ast.Named: lambda node: _argument_branches((node.value,)),
    ast.Parameter: lambda node: iter(()),
    ast.Path: _path_branches,
    ast.Query: _query_branches,
    ast.Selection: _selection_branches,
    ast.SortKey: lambda node: _argument_branches((node.expr,)),
    ast.Transformation: _transformation_branches,
}
