"""Tokens as a builder gets them."""

from __future__ import annotations

__all__ = ["NoPlace", "Token"]


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
