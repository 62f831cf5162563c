"""What each rule of `logo.lark` makes: paths, sort keys and selections."""

from __future__ import annotations

from typing import Any

from querykit.ast.build import join_spans
from querykit.ast.nodes import Path, Selection, SortKey
from querykit.grammar import Token
from querykit.source import Span

__all__ = ["NAMES", "Builder"]

#: What error messages call the terminals.
NAMES = {"NAME": "a property", "DIRECTION": "ASC or DESC", "_COMMA": "','", "_DOT": "'.'"}


class Builder:
    """Called by the parser with the values of a rule's parts, as soon as the rule has been read."""

    def sort(self, parts: list[SortKey]) -> tuple[SortKey, ...]:
        return tuple(parts)

    def sort_item(self, parts: list[Any]) -> SortKey:
        path, *direction = parts
        span = join_spans(path.span, _span(direction[0])) if direction else path.span
        return SortKey(path, bool(direction) and direction[0].lower() == "desc", span)

    def fields(self, parts: list[Path]) -> tuple[Selection, ...]:
        return tuple([Selection(path, span=path.span) for path in parts])

    def path(self, parts: list[Token]) -> Path:
        return Path(tuple(map(str, parts)), span=join_spans(_span(parts[0]), _span(parts[-1])))


def _span(token: Token) -> Span:
    return token.start_pos or 0, token.end_pos or 0
