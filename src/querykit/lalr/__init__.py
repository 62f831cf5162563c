"""LALR parsers over the tables that the build step makes of the grammars (`querykit._build`)."""

from __future__ import annotations

from querykit.lalr.making import placed, shared
from querykit.lalr.token import NoPlace, Token, place_of, span_of

__all__ = [
    "NoPlace",
    "Token",
    "place_of",
    "placed",
    "shared",
    "span_of",
]
