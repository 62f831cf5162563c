"""LALR parsers over the tables that the build step makes of the grammars (`querykit._build`)."""

from __future__ import annotations

from querykit.lalr.driver import Parser, SyntaxStop, TooManyTokens
from querykit.lalr.making import placed, shared
from querykit.lalr.quick import QuickParser
from querykit.lalr.tables import Tables
from querykit.lalr.token import NoPlace, Token, place_of, span_of

__all__ = [
    "NoPlace",
    "Parser",
    "QuickParser",
    "SyntaxStop",
    "Tables",
    "Token",
    "TooManyTokens",
    "place_of",
    "placed",
    "shared",
    "span_of",
]
