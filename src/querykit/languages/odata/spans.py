"""Places of tokens and nodes in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from querykit.ast.nodes import Node
from querykit.ast.walk import walk
from querykit.source import Span

if TYPE_CHECKING:
    from lark import Token

__all__ = ["shift", "span_of"]


def span_of(token: Token) -> Span:
    return token.start_pos or 0, token.end_pos or 0


def shift(root: Node, offset: int) -> None:
    """Move the spans of a tree that the builder has just made and nobody else has seen."""
    if not offset:
        return
    for node in walk(root):
        if node.span is not None:
            object.__setattr__(node, "span", (node.span[0] + offset, node.span[1] + offset))
