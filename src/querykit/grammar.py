"""Grammars into parsers: the one place that knows lark.

A grammar file is LALR without conflicts; its rules call methods of a builder, which returns AST nodes, while
the text is read. The number of tokens is bounded while reading; nothing here recurses.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, UnexpectedToken

from querykit.errors import LimitExceeded, ParseError, QueryError
from querykit.limits import Limits

__all__ = ["Grammar", "Token", "Transformer", "grammar_text"]


@cache
def grammar_text(name: str) -> str:
    """The text of `grammars/<name>.lark`, from the installed package or, in a checkout, from the top level."""
    here = Path(__file__).resolve()  # the package may be linked into site-packages
    packaged = here.parent / "grammars"
    folder = packaged if packaged.is_dir() else here.parents[2] / "grammars"
    return (folder / f"{name}.lark").read_text(encoding="utf-8")


class Grammar:
    """A parser for the start rules of a grammar file.

    Parameters
    ----------
    name: of the file, without `.lark`.
    builder: a lark `Transformer` whose methods are named after the rules and aliases of the grammar. It must
        hold no state of a single parse: one instance serves all threads.
    starts: the rules that a text can be.
    names: what to call a terminal in an error message, e.g. ``{"RPAR": "')'"}``.
    """

    def __init__(
        self, name: str, builder: Transformer[Token, Any], starts: tuple[str, ...], names: dict[str, str]
    ) -> None:
        self._lark = Lark(
            grammar_text(name),
            parser="lalr",
            lexer="contextual",
            start=list(starts),
            transformer=builder,
            maybe_placeholders=False,
            propagate_positions=False,
        )
        self._names = names

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
        parser: Any = self._lark.parse_interactive(text, start)  # lark leaves its methods untyped
        state = parser.parser_state
        fed = 0
        try:
            for token in parser.lexer_thread.lex(state):
                if fed >= limits.tokens:
                    place = (token.start_pos or 0) + offset
                    raise LimitExceeded(
                        f"more than {limits.tokens} tokens", code="tokens", span=(place, place + len(token))
                    )
                state.feed_token(token)
                fed += 1
            return parser.feed_eof()
        except UnexpectedInput as error:
            # A token that is refused has first reduced what was before it, so a parser that stopped in front of
            # it is asked what it would have taken.
            expected = self._expected(text, start, fed)
            _build_what_is_before(parser, expected)
            raise self._refusal(error, text, offset, expected) from None
        except QueryError as error:
            raise error from None

    def _expected(self, text: str, start: str, tokens: int) -> set[str]:
        """The terminals that can follow so many tokens of a text."""
        parser: Any = self._lark.parse_interactive(text, start)
        state = parser.parser_state
        state.parse_conf = copy(state.parse_conf)
        state.parse_conf.callbacks = {}  # builds nothing
        for token in islice(parser.lexer_thread.lex(state), tokens):
            state.feed_token(token)
        expected: set[str] = parser.accepts()
        try:
            parser.copy(deepcopy_values=False).feed_eof()
        except UnexpectedInput:
            return expected
        return expected | {"$END"}

    def _refusal(self, error: UnexpectedInput, text: str, offset: int, expected: set[str]) -> ParseError:
        start = error.pos_in_stream or 0
        if not isinstance(error, UnexpectedToken):
            shown = text[start : start + 1]
        elif error.token.type == "$END":
            return self._at(len(text), len(text), "the text ends too early", expected, offset)
        else:
            start = error.token.start_pos or 0
            shown = str(error.token)
        return self._at(start, start + len(shown), f"unexpected {_shown(shown)}", expected, offset)

    def _at(self, start: int, end: int, message: str, expected: set[str], offset: int) -> ParseError:
        names = sorted(
            {self._names.get(name, name.lower().replace("_", " ")) for name in expected - {"$END"}}
        )
        if "$END" in expected:
            names.append("the end")
        hint = f"expected {', '.join(names[:8])}{' …' if len(names) > 8 else ''}" if names else None
        return ParseError(message, span=(start + offset, end + offset), hint=hint)


def _build_what_is_before(parser: Any, expected: set[str]) -> None:
    """Let the builder refuse what is before a mistake: a rule is built only when the token behind it is known."""
    refusal: QueryError | None = None
    for name in sorted(expected):
        try:
            parser.copy(deepcopy_values=False).feed_token(Token(name, ""))
        except QueryError as error:
            refusal = refusal or error
        except UnexpectedInput:
            return
        else:
            return
    if refusal is not None:
        raise refusal


def _shown(text: str) -> str:
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"
