"""Putting values in the place of parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from querykit.ast.nodes import Aggregate, Expr, Node, Parameter, Path, Query
from querykit.ast.walk import check_limits, walk
from querykit.errors import NotExpressible
from querykit.limits import DEPTH_CEILING, Limits

__all__ = ["inlined", "replaced"]

N = TypeVar("N", bound=Node)

_BOUNDS = Limits(depth=DEPTH_CEILING)


def inlined(query: Query) -> Query:
    """The query without aliases: their values, which may have aliases themselves, stand where they are used.

    Raises
    ------
    LimitExceeded: an alias used twice in an alias used twice … has become too large.
    NotExpressible: a field of the row asked for is used within a collection, as the value of an alias.
    """
    values = {alias.name: alias.value for alias in query.aliases}
    if not values:
        return query
    _check_scopes(query, values)
    query = query.replace(aliases=())
    for _ in values:
        before = query
        check_limits(query, _BOUNDS)  # replacing may double the size each time
        query = replaced(query, lambda node: values.get(node.name, node))
        if query is before:
            break
    return query


def _check_scopes(query: Query, values: Mapping[str, Expr]) -> None:
    """An alias is read in the scope of the whole query (OData 4.01 Part 1, 11.2.6.1.3), not of a collection."""
    fields = {name for name, value in values.items() if any(isinstance(node, Path) for node in walk(value))}
    if not fields:
        return
    for collection in walk(query):
        inside = walk(collection) if isinstance(collection, Aggregate) else ()
        for node in inside:
            if isinstance(node, Parameter) and node.name in fields:
                raise NotExpressible(f"@{node.name} stands for a field of another row", span=node.span)


def replaced(node: N, choose: Callable[[Parameter], Expr]) -> N:
    """The tree with another expression for each parameter; what holds none stays the same object.

    Recurses four frames a level at most: the caller has checked the depth.
    """
    result: N = _replaced(node, choose)
    return result


def _replaced(node: Any, choose: Callable[[Parameter], Expr]) -> Any:
    if isinstance(node, Parameter):
        return choose(node)
    if isinstance(node, tuple):
        items = tuple([_replaced(item, choose) for item in node])
        return items if any(new is not old for new, old in zip(items, node, strict=True)) else node
    if not isinstance(node, Node):
        return node
    changed = {}
    for name in node.fields:
        value = getattr(node, name)
        new = _replaced(value, choose)
        if new is not value:
            changed[name] = new
    return node.replace(**changed) if changed else node
