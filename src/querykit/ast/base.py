"""What all nodes are: immutable, hashable, comparable, at any depth.

`span`, the place in the text, does not count in a comparison; nodes of a text that was read quickly have none until
somebody asks (`querykit.ast.places`). Comparing, hashing and printing use no recursion, so a tree of any depth is safe
in a set and in a log.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Self

from querykit.source import Span

__all__ = ["Node", "initialise"]

#: Sets a field of a node that is being made.
initialise = object.__setattr__


class Node:
    """Base of all nodes. `fields` names what counts in a comparison, in the order of the constructor."""

    __slots__ = ("span",)
    fields: ClassVar[tuple[str, ...]] = ()

    span: Span | None

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Node):
            return NotImplemented
        pending: list[tuple[Any, Any]] = [(self, other)]
        while pending:
            left, right = pending.pop()
            if left is right:
                continue
            if isinstance(left, Node):
                if type(left) is not type(right):
                    return False
                pending += [(getattr(left, name), getattr(right, name)) for name in left.fields]
            elif isinstance(left, tuple):
                if type(right) is not tuple or len(left) != len(right):
                    return False
                pending += zip(left, right, strict=True)
            elif _identity(left) != _identity(right):
                return False
        return True

    def __hash__(self) -> int:
        return hash(tuple(_flattened(self)))

    def __repr__(self) -> str:
        return _repr(self)

    def replace(self, **changes: Any) -> Self:
        """This node with other values for some of its fields.

        >>> from querykit.ast.nodes import Query
        >>> Query(top=5).replace(skip=10).top
        5
        """
        values = {name: getattr(self, name) for name in self.fields}
        return type(self)(**values | {"span": self.span} | self._extra() | changes)

    def _extra(self) -> dict[str, Any]:
        """What a copy keeps although it does not count in a comparison, beside the span."""
        return {}

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (*(getattr(self, name) for name in self.fields), self.span)


def _flattened(node: Node) -> Iterator[object]:
    pending: list[object] = [node]
    while pending:
        item = pending.pop()
        if isinstance(item, Node):
            yield type(item).__name__
            pending += [getattr(item, name) for name in item.fields]
        elif isinstance(item, tuple):
            yield len(item)
            pending += item
        else:
            yield _identity(item)


def _identity(value: object) -> object:
    """What makes a leaf value the same: 1, 1.0 and True differ, so do two offsets of one instant; NaN is itself."""
    if isinstance(value, str) or value is None:
        return value
    return type(value).__name__, repr(value)


def _repr(node: Node) -> str:
    """`Call('math.neg', (Path(('a',), 0),))`, written without recursion."""
    out: list[str] = []
    pending: list[object] = [node]
    while pending:
        item = pending.pop()
        if isinstance(item, _Text):
            out.append(item)
        elif isinstance(item, Node):
            values = [getattr(item, name) for name in item.fields]
            pending += _spelled(f"{type(item).__name__}(", values, ")")
        elif isinstance(item, tuple):
            pending += _spelled("(", list(item), ",)" if len(item) == 1 else ")")
        else:
            out.append(repr(item))
    return "".join(out)


class _Text(str):
    """A piece of output among the items still to be written."""

    __slots__ = ()


def _spelled(opening: str, items: list[object], closing: str) -> list[object]:
    stack: list[object] = [_Text(closing)]
    for index in range(len(items) - 1, -1, -1):
        stack.append(items[index])
        if index:
            stack.append(_Text(", "))
    stack.append(_Text(opening))
    return stack
