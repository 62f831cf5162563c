"""A whole query text: `$filter=…&$orderby=…` into a `Query` (OData 4.01 Part 1, 11.2.6; Part 2, 2.1 and 5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from querykit.ast.base import initialise
from querykit.ast.nodes import Call, Expr, Literal, Named, Query
from querykit.ast.places import Whole
from querykit.ast.values import constant
from querykit.ast.walk import check_limits, walk
from querykit.errors import LimitExceeded, ParseError, QueryError, suggest
from querykit.languages.odata.further_options import ANSWER, TEXTS, check_answer, text_option
from querykit.languages.odata.names import check_identifier
from querykit.languages.odata.option_rules import TEMPORAL, Option, assemble, page_number
from querykit.languages.odata.scopes import resolve_query
from querykit.languages.odata.syntax import quick_reader, read
from querykit.languages.odata.versions import check_name, check_version
from querykit.languages.percent import decode
from querykit.languages.text import check_text
from querykit.limits import Limits
from querykit.source import Source, Span

__all__ = ["parse_query"]


class _Piece(NamedTuple):
    """`name=value` of the text; offsets are those of the decoded text. `quick`: nobody asks for places in it."""

    name: str
    value: str | None
    start: int
    value_start: int
    quick: bool

    @property
    def name_span(self) -> Span:
        return self.start, self.start + len(self.name)

    @property
    def value_span(self) -> Span:
        return self.value_start, self.value_start + len(self.value or "")


def parse_query(text: str, params: Mapping[str, Any], limits: Limits, version: str = "4.01") -> Query:
    """The query of a text, and the values of its parameters, which win over those of the text."""
    if version == "4.01":
        try:
            query = _parsed(text, params, limits, version, quick=True)
        except QueryError:
            pass  # read again, to say where
        else:
            initialise(query, "span", Whole((0, len(text), _parsed, text, params, limits)))
            return query
    return _parsed(text, params, limits, version)


def _parsed(
    text: str, params: Mapping[str, Any], limits: Limits, version: str = "4.01", *, quick: bool = False
) -> Query:
    """
    Parameters
    ----------
    quick: read what can be read so without places; errors then need not have any.
    """
    source = Source(text)
    try:
        check_text(text, limits)
        pieces, origin = _split(text, quick)
        source = Source(text, origin)
        for piece in pieces:
            check_text(piece.name, limits, piece.start)
            check_text(piece.value or "", limits, piece.value_start)
        query = _query(pieces, params, limits, source, version)
        if version == "4.0":
            _check_version(pieces, query)
        _check_words(query, source)
        return resolve_query(query) if _has_scopes(query, pieces) else query
    except QueryError as error:
        raise error.located(source) from None


def _query(
    pieces: list[_Piece], params: Mapping[str, Any], limits: Limits, source: Source, version: str
) -> Query:
    options = [option for piece in pieces for option in _option(piece, limits, version)]
    query, _ = assemble(options)
    given = {name.lstrip("@"): constant(value) for name, value in params.items()}
    aliases = [alias for alias in query.aliases if alias.name not in given]
    aliases += [Named(name, value) for name, value in given.items()]
    if aliases:
        query = query.replace(aliases=tuple(aliases))
    initialise(query, "source", source)
    check_limits(query, limits)
    _check_pages(query, limits)
    return query


def _has_scopes(query: Query, pieces: list[_Piece]) -> bool:
    """Can there be anything but properties of the rows themselves? That takes a path, a parameter, a dollar."""
    if query.aliases or query.apply or query.compute or query.expand or query.search:
        return True
    return any(sign in (piece.value or "") for piece in pieces for sign in "$@/")


def _check_version(pieces: list[_Piece], query: Query) -> None:
    """Hold each option against OData 4.0: its name, and its tree."""
    aliases = {alias.name: alias.value for alias in query.aliases}
    for piece in pieces:
        name = _system_name(piece, "4.0")
        if piece.name.startswith("@"):
            check_version(aliases.get(piece.name[1:]), piece.value or "", piece.value_start)
        elif name is not None:
            check_name(piece.name, piece.name_span)
            value = getattr(query, _READERS[name][0]) if name in _READERS else None
            check_version(value, piece.value or "", piece.value_start)


def _check_words(query: Query, source: Source) -> None:
    """In a word to search for, `;` and `#` are percent-encoded: a URL has other uses for them (P2 5.1.8).

    The grammar reads decoded text; how a character was written only the source knows.
    """
    if not ("#" in source.text or ";" in source.text):
        return
    for node in walk(query):
        if not (isinstance(node, Call) and node.fn == "search.term" and node.span):
            continue
        word = node.args[0]
        if not isinstance(word, Literal) or word.name:
            continue
        for place in range(*node.span):
            char = source.text[source.original((place, place))[0]]
            if char in "#;":
                raise ParseError(
                    f"'{char}' cannot stand in a word",
                    span=(place, place + 1),
                    hint=f"write %{ord(char):02X}, or the text in double quotes",
                )


# ---- splitting ----


def _split(text: str, quick: bool) -> tuple[list[_Piece], tuple[int, ...] | None]:
    """Split at `&` and then at the first `=`, and only then decode: P2 2.1."""
    pieces: list[_Piece] = []
    origin: list[int] = []
    decoded_any = "%" in text
    place = decoded_place = 0
    if text.startswith("?"):
        place = decoded_place = 1
        origin.append(0)
    for part in text[place:].split("&") if len(text) > place else ():
        if not part:
            raise ParseError("an option is missing", span=(place, place + 1), hint="leave out the extra &")
        name, equals, value = part.partition("=")
        name_text, name_origin = _decoded(name, place)
        value_text, value_origin = _decoded(value, place + len(name) + 1)
        value_start = decoded_place + len(name_text) + 1
        pieces.append(_Piece(name_text, value_text if equals else None, decoded_place, value_start, quick))
        if decoded_any:
            origin += name_origin[: len(name_text) + 1]
            if equals:
                origin += value_origin[: len(value_text) + 1]
        place += len(part) + 1
        decoded_place += len(name_text) + 1 + (len(value_text) + 1 if equals else 0)
    return pieces, tuple(origin) if decoded_any else None


def _decoded(text: str, place: int) -> tuple[str, list[int] | range]:
    """The decoded text and the origin of its characters and its end."""
    try:
        decoded, origin = decode(text)
    except QueryError as error:
        if error.span is not None:
            error.span = (error.span[0] + place, error.span[1] + place)
        raise
    if origin is None:
        return decoded, range(place, place + len(text) + 1)
    return decoded, [offset + place for offset in origin]


# ---- single options ----


def _system_name(piece: _Piece, version: str) -> str | None:
    """The option of the standard that a piece is, None for others; in 4.01 without its dollar as well (P1 11.2.6)."""
    has_dollar = piece.name.startswith("$")
    name = piece.name.removeprefix("$").lower()
    if not has_dollar and (version == "4.0" or name in TEMPORAL):
        return None
    return name if name in _NAMES else None


def _option(piece: _Piece, limits: Limits, version: str) -> Iterator[Option]:
    """The option of a piece; none for custom options, which a service may take (P2 5.2)."""
    name = _system_name(piece, version)
    if piece.name.startswith("@"):
        yield _alias(piece, limits)
    elif name is None:
        _check_custom(piece)
    elif piece.value is None:
        end = piece.name_span[1]
        raise ParseError(f"${name} has no value", span=(end, end), hint=f"write ${name}=…")
    elif name in _READERS:
        field, reader = _READERS[name]
        yield Option(field, reader(piece, limits), piece.name_span)
    elif name in TEMPORAL:
        value = read(piece.value, "expression", limits, piece.value_start)
        span = (piece.start, piece.value_span[1])
        yield Option("further", Named(TEMPORAL[name], value, span), piece.name_span)
    elif name in TEXTS:
        further = text_option(name, piece.value, piece.name_span, piece.value_span)
        yield Option("further", further, piece.name_span)
    else:
        check_answer(name, piece.value, piece.value_span)
        yield Option("answer", Named(name, Literal("string", piece.value)), piece.name_span)


def _check_custom(piece: _Piece) -> None:
    """Refuse what is no option of the standard, and none of a service's own either.

    The standard allows almost any text there. A condition alone must not pass for such an option, though: a query
    without a condition asks for every row.
    """
    blank = _BLANK.search(piece.name)
    if piece.name.startswith("$") and blank is None:
        raise ParseError(
            f"there is no option '{piece.name[:40]}'",
            code="unknown_option",
            span=piece.name_span,
            hint=suggest(piece.name, [f"${known}" for known in _NAMES]),
        )
    if piece.name.startswith("$") and blank is not None:
        place = piece.start + blank.start()
        raise ParseError("a blank cannot stand here", span=(place, piece.start + blank.end()))
    if _CUSTOM_NAME.fullmatch(piece.name) is None:
        raise _no_option(piece)


def _no_option(piece: _Piece) -> ParseError:
    """A condition alone must not pass for a custom option: a query without a condition asks for every row."""
    end = piece.name_span[1] if piece.value is None else piece.value_span[1]
    return ParseError(
        "this is no option, a name and its value with an equals sign between",
        code="no_option",
        span=(piece.start, end),
        hint="a condition is written $filter=…, or alone read by parse_filter",
    )


def _alias(piece: _Piece, limits: Limits) -> Option:
    """`@name=value`; one that is used and has none is null (P1 11.2.6.1.3)."""
    check_identifier(piece.name[1:], piece.name_span)
    if piece.value is None:
        end = piece.name_span[1]
        raise ParseError(f"{piece.name[:40]} has no value", span=(end, end), hint="write @name=null")
    value = read(piece.value, "expression", limits, piece.value_start)
    span = (piece.start, piece.value_span[1])
    return Option("alias", Named(piece.name[1:], value, span), piece.name_span)


def _grammatical(start: str) -> Callable[[_Piece, Limits], Any]:
    def reader(piece: _Piece, limits: Limits) -> Any:
        found = quick_reader()(piece.value or "", start, limits.tokens) if piece.quick else None
        return read(piece.value or "", start, limits, piece.value_start) if found is None else found[0]

    return reader


def _searched(piece: _Piece, limits: Limits) -> Expr:
    """The one option that may have blanks before its value (ABNF search)."""
    value = (piece.value or "").lstrip(" \t\r\n")
    tree: Expr = read(value, "search_text", limits, piece.value_span[1] - len(value))
    return tree


def _page(piece: _Piece, limits: Limits) -> int:
    return page_number(piece.value or "", piece.value_span)


def _top(piece: _Piece, limits: Limits) -> int:
    number = _page(piece, limits)
    _check_page(number, limits, piece.value_span)
    return number


def _boolean(piece: _Piece, limits: Limits) -> bool:
    value = (piece.value or "").lower()
    if value not in ("true", "false"):
        raise ParseError("$count is true or false", span=piece.value_span)
    return value == "true"


#: Option -> field of `Query`, and what reads its value. Names are case-insensitive, `$` is optional (P1 11.2.6).
_READERS: dict[str, tuple[str, Callable[[_Piece, Limits], Any]]] = {
    "filter": ("filter", _grammatical("expression")),
    "orderby": ("order", _grammatical("orderby")),
    "expand": ("expand", _grammatical("expand")),
    "select": ("select", _grammatical("select")),
    "skip": ("skip", _page),
    "top": ("top", _top),
    "count": ("count", _boolean),
    "search": ("search", _searched),
    "compute": ("compute", _grammatical("computed")),
    "apply": ("apply", _grammatical("transformations")),
}
_NAMES = (*_READERS, *TEXTS, *TEMPORAL, *ANSWER)
#: Names of custom options that are let pass (P2 5.2 allows more): `api-version`, `sap-client`, `_`, `!special`.
_CUSTOM_NAME = re.compile(r"[\w.:~!-]+")
_BLANK = re.compile(r"[ \t\r\n]+")


def _check_page(top: int, limits: Limits, span: Span | None) -> None:
    if top > limits.page_size:
        raise LimitExceeded(
            f"$top is above {limits.page_size}",
            code="page_size",
            span=span,
            hint="ask for the next page with $skip, or set Limits(page_size=…)",
        )


def _check_pages(root: Query, limits: Limits) -> None:
    pending = [root]
    while pending:
        query = pending.pop()
        _check_page(query.top or 0, limits, query.span)
        pending += [item.query for item in query.expand]
        pending += [item.query for item in query.select or () if item.query is not None]
