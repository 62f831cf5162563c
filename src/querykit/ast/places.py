"""Places of trees that were read without.

A parser that is in a hurry keeps no places: most texts are right, and nobody asks. The root of such a tree has a
`Whole` as its span, which can read the text again. What refuses a tree is run through `telling_places`: if it fails
without a place to show, the places are found and it is run again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from querykit.ast.base import Node
from querykit.ast.walk import walk
from querykit.errors import QueryError

__all__ = ["Whole", "telling_places", "with_places"]

_Tree = TypeVar("_Tree", bound=Node)
_Result = TypeVar("_Result")


class Whole(tuple[Any, ...]):
    """The span of a root whose nodes have none: start, end, and a function with its arguments that reads again."""

    __slots__ = ()

    def reread(self) -> Node:
        """An equal tree with places."""
        read: Callable[..., Node] = self[2]
        return read(*self[3:])


def telling_places(
    operation: Callable[[_Tree], _Result], tree: _Tree, refusal: type[QueryError] = QueryError
) -> _Result:
    """The result of the operation; if it refuses the tree, the error says where, if that can be known.

    Parameters
    ----------
    operation: run a second time where the first raises an error without a place.
    refusal: the errors that it raises before it has any effect.
    """
    try:
        return operation(tree)
    except refusal as error:
        if error.span is not None and not isinstance(error.span, Whole):
            raise
        placed = with_places(tree)
        if placed is tree:
            raise
    return operation(placed)


def with_places(tree: _Tree) -> _Tree:
    """An equal tree whose nodes have spans, as far as they stem from a text.

    A tree that was changed since is held against the text by equality: a node has the place of the first one
    like it.
    """
    known: dict[Node, Node] = {}
    for node in walk(tree):
        if isinstance(node.span, Whole):
            for placed in walk(node.span.reread()):
                known.setdefault(placed, placed)
    return _replaced(tree, known) if known else tree


def _replaced(value: Any, known: Mapping[Node, Node]) -> Any:
    if isinstance(value, tuple):
        return tuple([_replaced(item, known) for item in value])
    if not isinstance(value, Node):
        return value
    found = known.get(value)
    if found is not None:
        return found
    span = None if isinstance(value.span, Whole) else value.span
    return value.replace(span=span, **{name: _replaced(getattr(value, name), known) for name in value.fields})
