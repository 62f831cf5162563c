"""The query part of a URL as forms write it: `name=value&name=value`, percent-encoded, a plus for a blank."""

from __future__ import annotations

from typing import NamedTuple

from querykit.ast.nodes import Query
from querykit.errors import LimitExceeded, NotExpressible, ParseError, QueryError
from querykit.languages.percent import decode, encode
from querykit.languages.text import check_text
from querykit.limits import Limits
from querykit.source import Source, Span

__all__ = ["Piece", "check_said", "encode", "pieces", "truth", "whole_number", "whole_span"]

_LARGEST = 2**63 - 1  # what a database takes for a number of rows


class Piece(NamedTuple):
    """`name=value`, decoded; `start` and `value_start` are offsets in the decoded text."""

    name: str
    value: str | None
    start: int
    value_start: int

    @property
    def name_span(self) -> Span:
        return self.start, self.start + len(self.name)

    @property
    def value_span(self) -> Span:
        return self.value_start, self.value_start + len(self.value or "")


def pieces(text: str, limits: Limits) -> tuple[list[Piece], Source]:
    """What stands between the ampersands, and the source that leads from decoded offsets back to the text.

    Split first, decoded then, so that an encoded `&` or `=` is part of its value. A question mark before the
    first name, and blanks before any, are tolerated: documents of the services have them.

    Raises
    ------
    ParseError, LimitExceeded: located in the text.

    >>> found, source = pieces("?a=x+%26+y&b", Limits())
    >>> [(piece.name, piece.value) for piece in found], source.original(found[0].value_span)
    ([('a', 'x & y'), ('b', None)], (3, 10))
    """
    source = Source(text)
    try:
        check_text(text, limits)
        if text.count("&") >= limits.tokens:
            raise LimitExceeded(f"more than {limits.tokens} parameters", code="tokens")
        decoded = _Decoded()
        found = [decoded.piece(part) for part in text.split("&")]
        source = Source(text, tuple(decoded.origin))
        check_text("".join(decoded.characters), limits)
    except QueryError as error:
        raise error.located(source) from None
    return [piece for piece in found if piece.name or piece.value is not None], source


def whole_span(found: list[Piece]) -> Span | None:
    """From the first piece to the last."""
    return (found[0].start, found[-1].value_span[1]) if found else None


class _Decoded:
    """The decoded text as far as it has been read, and where each of its characters came from."""

    def __init__(self) -> None:
        self.characters: list[str] = []
        self.origin: list[int] = []
        self._place = 0

    def piece(self, part: str) -> Piece:
        name_text, equals, value_text = part.partition("=")
        start = len(self.origin)
        written = self._add(name_text, equals or "&")
        value_start = len(self.origin)
        value = self._add(value_text, "&") if equals else None
        name = written.lstrip(" ?")
        return Piece(name.rstrip(), value, start + len(written) - len(name), value_start)

    def _add(self, text: str, end: str) -> str:
        """The decoded text; both it and the character that ends it get an origin."""
        try:
            decoded, origin = decode(text.replace("+", " "))
        except QueryError as error:
            if error.span is not None:
                error.span = error.span[0] + self._place, error.span[1] + self._place
            raise
        places = range(len(text) + 1) if origin is None else origin
        self.origin += [self._place + offset for offset in places]
        self.characters += [decoded, end]
        self._place += len(text) + 1
        return decoded


def whole_number(piece: Piece, least: int = 0) -> int:
    """The value of a parameter that counts.

    Raises
    ------
    ParseError: it is no number, or below `least`. LimitExceeded: it has more than 64 bits.
    """
    text = (piece.value or "").strip()
    if not (text.isascii() and text.isdigit()):
        raise ParseError(
            f"'{text[:20]}' is not a number of {piece.name}",
            span=piece.value_span,
            hint=f"write a number from {least} on",
        )
    number = int(text) if len(text) <= 400 else _LARGEST + 1
    if number > _LARGEST:
        raise LimitExceeded(f"{piece.name} is beyond 64 bits", code="page_size", span=piece.value_span)
    if number < least:
        raise ParseError(f"{piece.name} begins at {least}", span=piece.value_span)
    return number


def check_said(query: Query, fields: frozenset[str], service: str) -> None:
    """Refuse a query that has more than these fields: what is not said would be lost.

    Raises
    ------
    NotExpressible
    """
    for name in query.fields:
        value = getattr(query, name)
        if name not in fields and value not in (None, (), False):
            raise NotExpressible(f"{service} has no {name}", span=getattr(value, "span", query.span))


def truth(piece: Piece, words: dict[str, bool]) -> bool:
    """The value of a parameter that is one of a few words, in any letter case."""
    value = words.get((piece.value or "").strip().lower())
    if value is None:
        raise ParseError(f"{piece.name} is one of: {', '.join(words)}", span=piece.value_span)
    return value
