"""LALR parsers over the tables that the build step makes of the grammars (`querykit._build`)."""

from __future__ import annotations

from querykit.lalr.driver import Parser, SyntaxStop, TooManyTokens
from querykit.lalr.tables import Tables
from querykit.lalr.token import Token

__all__ = ["Parser", "SyntaxStop", "Tables", "Token", "TooManyTokens"]
