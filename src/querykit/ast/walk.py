"""Walking a tree without recursion, and holding it against its limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from querykit.ast.nodes import Aggregate, Call, Expansion, Literal, Node, Path, Query
from querykit.errors import LimitExceeded
from querykit.limits import Limits

__all__ = ["check_limits", "surely_within", "walk"]


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below a node, in order."""
    pending: list[Any] = [getattr(node, name) for name in reversed(node.fields)]
    while pending:
        value = pending.pop()
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            pending += reversed(value)


def _below(node: Node) -> Sequence[Node]:
    """The same; the kinds that trees are mostly made of say it without looking at every field."""
    if isinstance(node, Call):
        return node.args
    if isinstance(node, Literal):
        return ()
    if isinstance(node, Path):
        return [step for step in node.steps if not isinstance(step, str)]
    return list(children(node))


def walk(root: Node) -> Iterator[Node]:
    """The node and everything below it, parents before children.

    >>> from querykit.ast.nodes import Path
    >>> [type(node).__name__ for node in walk(Call("bool.not", (Path(("a",)),)))]
    ['Call', 'Path']
    """
    pending: list[Node] = [root]
    while pending:
        node = pending.pop()
        yield node
        pending += reversed(_below(node))


def check_limits(root: Node, limits: Limits) -> None:
    """Refuse a tree that is larger than `limits` allows.

    Raises
    ------
    LimitExceeded: with the span of the first node that is over a bound.
    """
    if not _is_plain_and_within(root, limits):
        _check_each(root, limits)


def surely_within(tokens: int, limits: Limits) -> bool:
    """Is every tree of so many tokens within `limits`, but for its collections?

    A token is a level at most, and two nodes.
    """
    return tokens < limits.depth and tokens < limits.list_items and 2 * tokens < limits.nodes


def _check_each(root: Node, limits: Limits) -> None:
    nodes = 0
    pending: list[tuple[Node, int, int, int]] = [(root, 1, 0, 0)]  # node, depth, collections, expansions
    while pending:
        node, depth, collections, expansions = pending.pop()
        below = _below(node)
        nodes += 1
        if isinstance(node, Call) and node.fn == "list":
            _within(len(below), limits.list_items, "list_items", "items in a list", node)
            below = [item for item in below if not isinstance(item, Literal)]
        elif isinstance(node, Path):
            depth += max(0, len(node.steps) - 1)
        elif isinstance(node, Aggregate):
            collections += 1
        elif isinstance(node, Query):
            _within(len(node.expand), limits.expand_width, "expand_width", "expanded properties", node)
        elif isinstance(node, Expansion):
            expansions += node.levels if isinstance(node.levels, int) else 1
            _within(expansions, limits.expand_depth, "expand_depth", "levels of $expand", node)
        if depth > limits.depth or collections > limits.collection_depth or nodes > limits.nodes:
            _within(depth, limits.depth, "depth", "levels in one another", node)
            what = "collection conditions in one another"
            _within(collections, limits.collection_depth, "collection_depth", what, node)
            _within(nodes, limits.nodes, "nodes", "nodes in the query", node)
        if below:
            depth += 1
            pending += [(child, depth, collections, expansions) for child in reversed(below)]


def _is_plain_and_within(root: Node, limits: Limits) -> bool:
    """Is it made of calls, names and literals alone, and surely within its limits? All items of lists count."""
    level: list[Any] = [root]
    depth = nodes = longest = 0
    if type(root) is Query:
        if root.expand or root.apply or root.aliases or root.options or root.select or root.compute:
            return False
        level = [root.filter, root.search, *[key.expr for key in root.order]]
        level = [value for value in level if value is not None]
        depth, nodes = 2, 1 + len(level)  # the query and its sort keys
    while level:
        depth += 1
        nodes += len(level)
        below: list[Any] = []
        for node in level:
            kind = type(node)
            if kind is Call:
                below += node.args
                if node.fn == "list" and len(node.args) > limits.list_items:
                    return False
            elif kind is Path:
                longest = max(longest, len(node.steps))
                for step in node.steps:
                    if type(step) is not str:
                        return False
            elif kind is not Literal:
                return False
        level = below
        if nodes > limits.nodes:
            return False
    return depth + longest <= limits.depth


def _within(count: int, bound: int, name: str, what: str, node: Node) -> None:
    if count > bound:
        raise LimitExceeded(
            f"more than {bound} {what}", code=name, span=node.span, hint=f"Limits({name}=…) sets the bound"
        )
