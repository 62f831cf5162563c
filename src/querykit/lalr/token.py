"""Tokens as a builder gets them."""

from __future__ import annotations

from querykit.source import Span

__all__ = ["NoPlace", "Token", "place_of", "span_of"]


class NoPlace(Exception):
    """A builder asks for the place of a token while a text is read without places: it has to be read with them."""


class Token(str):
    """The text of a token; `type` is the terminal, the positions are code points of the text that is parsed."""

    __slots__ = ("end_pos", "start_pos", "type")

    type: str
    start_pos: int
    end_pos: int

    def __new__(cls, type: str, text: str, start_pos: int = 0, end_pos: int = 0) -> Token:
        self = str.__new__(cls, text)
        self.type = type
        self.start_pos = start_pos
        self.end_pos = end_pos
        return self


def span_of(token: str) -> Span:
    """The place of a token.

    Raises
    ------
    NoPlace: the text is being read without places.
    """
    if isinstance(token, Token):
        return token.start_pos, token.end_pos
    raise NoPlace


def place_of(token: str) -> Span | None:
    """The place of a token, where places are known."""
    return (token.start_pos, token.end_pos) if isinstance(token, Token) else None
