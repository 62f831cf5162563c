"""Places of tokens and nodes in the text."""

from __future__ import annotations

from typing import Any

from querykit.ast.nodes import Node
from querykit.ast.walk import walk
from querykit.errors import ParseError
from querykit.lalr import Token, span_of
from querykit.source import Span

__all__ = ["between_commas", "check_tight", "option_name", "shift", "word_of"]


def word_of(token: str) -> str:
    """The word of a token that ends with a bracket and the blanks behind it: `any( `."""
    return str(token).partition("(")[0]


def option_name(token: Token) -> Span:
    """The place of the name in `$filter=`."""
    start = token.start_pos or 0
    return start, start + token.index("=")


def check_tight(token: str) -> None:
    """Refuse blanks around a bracket or comma of an option, which has none (ABNF CLOSE, COMMA)."""
    if len(token) > 1:
        start = span_of(token)[0] + (token[0] == ",")
        raise ParseError("unexpected blank", span=(start, start + 1))


def between_commas(listed: list[Any]) -> list[Any]:
    """What is between the commas of an option's list."""
    for comma in listed[1::2]:
        check_tight(comma)
    return listed[::2]


def shift(root: Node, offset: int) -> None:
    """Move the spans of a tree that the builder has just made and nobody else has seen."""
    if not offset:
        return
    for node in walk(root):
        if node.span is not None:
            object.__setattr__(node, "span", (node.span[0] + offset, node.span[1] + offset))
