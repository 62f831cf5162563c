"""Grammars into parsers: the generated tables of a grammar, the builder of a language, and errors in its words.

The rules of a grammar call methods of a builder, which returns AST nodes, while the text is read. The number of tokens
is bounded while reading; nothing here recurses.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from querykit.errors import LimitExceeded, ParseError
from querykit.lalr import Token
from querykit.lalr.quick import QuickParser
from querykit.lalr.tables import Tables
from querykit.limits import Limits

if TYPE_CHECKING:  # most texts are read by the quick driver
    from querykit.lalr.driver import Parser, SyntaxStop

__all__ = ["Grammar", "Token"]


class Grammar:
    """A parser for the start rules of a grammar file.

    Parameters
    ----------
    name: of the file, without `.lark`.
    builder: its methods are named after the rules and aliases of the grammar, and take the list of children. It
        must hold no state of a single parse: one instance serves all threads.
    names: what to call a terminal in an error message, e.g. ``{"RPAR": "')'"}``.
    """

    def __init__(self, name: str, builder: object, names: dict[str, str]) -> None:
        tables: Tables = import_module(f"querykit.lalr.generated.{name}").TABLES
        self._tables, self._builder = tables, builder
        self._quick = None if tables.cutter is None else QuickParser(tables, tables.cutter, builder)
        self._names = names

    @property
    def quick_parse(self) -> Callable[[str, str, int], tuple[Any, int] | None]:
        """Gives what the builder made of a text, without places, and the number of its tokens.

        Its parameters are the text, the start rule, and how many tokens there may be. It gives None where `parse` has
        to read the text: it is wrong, or out of the ordinary.
        """
        return _never if self._quick is None else self._quick.parse

    @cached_property
    def _exact(self) -> Parser:
        from querykit.lalr.driver import Parser

        return Parser(self._tables, self._builder)

    def parse(self, text: str, start: str, limits: Limits, offset: int = 0) -> Any:
        """What the builder made of the text.

        Parameters
        ----------
        offset: where the text begins in the whole; added to the position of a syntax error. (Spans of nodes
            are the builder's business.)

        Raises
        ------
        ParseError: the text is not a sentence of the rule; the span is the token at which that is certain.
        LimitExceeded: more than `limits.tokens` tokens.
        """
        from querykit.lalr.driver import SyntaxStop, TooManyTokens

        try:
            return self._exact.parse(text, start, limits.tokens)
        except TooManyTokens as error:
            span = (error.start + offset, error.end + offset)
            message = f"more than {limits.tokens} tokens"
            raise LimitExceeded(message, code="tokens", span=span) from None
        except SyntaxStop as stop:
            raise self._refusal(stop, text, offset) from None

    def _refusal(self, stop: SyntaxStop, text: str, offset: int) -> ParseError:
        at_end = stop.start == stop.end == len(text)
        message = "the text ends too early" if at_end else f"unexpected {_shown(text[stop.start : stop.end])}"
        span = (stop.start + offset, stop.end + offset)
        return ParseError(message, span=span, hint=self._hint(stop.expected))

    def _hint(self, expected: frozenset[str]) -> str | None:
        names = sorted(
            {self._names.get(name, name.lower().replace("_", " ")) for name in expected - {"$END"}}
        )
        if "$END" in expected:
            names.append("the end")
        return f"expected {', '.join(names[:8])}{' …' if len(names) > 8 else ''}" if names else None


def _never(text: str, start: str, most: int) -> None:
    return None


def _shown(text: str) -> str:
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"
