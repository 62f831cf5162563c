"""The parameters of a Resengo request into a `Query`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from querykit.ast.build import conjunction, join_spans
from querykit.ast.nodes import Call, Expansion, Expr, Literal, Named, Path, Query, SortKey
from querykit.ast.values import literal
from querykit.ast.walk import check_limits
from querykit.errors import LimitExceeded, ParseError, QueryError, UnknownName, suggest
from querykit.languages.form import Piece, pieces, truth, whole_number, whole_span
from querykit.languages.resengo import terms
from querykit.languages.resengo.moments import moment
from querykit.limits import Limits

__all__ = ["parse_request"]

_ID = re.compile(r"[^\W\d]\w*ID", re.IGNORECASE)
_SORTING = re.compile(r"(?P<field>[^\W\d]\w*?)Ascending", re.IGNORECASE)
_INTEGER = re.compile(r"[+-]?[0-9]{1,20}")
_LARGEST = 2**63 - 1


def parse_request(text: str, params: Mapping[str, Any], limits: Limits) -> Query:
    """The query of a text, for the caller among the parameters."""
    found, source = pieces(text, limits)
    try:
        said: dict[str, tuple[Any, Piece]] = {}
        ids: dict[str, list[Literal]] = {}
        for piece in found:
            name = _known(piece)
            if name is None:
                ids.setdefault(terms.documented(piece.name), []).append(_id(piece))
            elif name in said:
                raise ParseError(f"{name} is given twice", code="repeated_option", span=piece.name_span)
            else:
                said[name] = _READERS[name](piece), piece
        value = {name: read for name, (read, _) in said.items()}
        top = min(value.get(terms.ITEMS, terms.PAGE), terms.PAGE, limits.page_size)
        query = Query(
            filter=conjunction(*[_of_ids(*item) for item in ids.items()], value.get(terms.SINCE)),
            order=value.get(terms.SORTING, ()),
            expand=value.get(terms.INCLUDE, ()),
            top=top,
            skip=_skip(said, top),
            aliases=_aliases(params) if terms.SINCE in said else (),
            span=whole_span(found),
            source=source,
        )
        check_limits(query, limits)
        return query
    except QueryError as error:
        raise error.located(source) from None


def _known(piece: Piece) -> str | None:
    """The name of a parameter that has a meaning of its own; None for a list of ids."""
    name = _NAMES.get(piece.name.lower())
    if name is None and not _ID.fullmatch(piece.name):
        raise UnknownName(
            f"there is no parameter '{piece.name[:40]}'",
            code="unknown_option",
            span=piece.name_span,
            hint=suggest(piece.name, _READERS) or "the name of an id ends in ID: SubscriptionID=1",
        )
    if piece.value is None or not piece.value.strip():
        raise ParseError(f"{piece.name[:40]} has no value", span=piece.name_span, hint="leave it out")
    return name


def _id(piece: Piece) -> Literal:
    text = (piece.value or "").strip()
    if not _INTEGER.fullmatch(text) or abs(int(text)) > _LARGEST:
        hint = "give the parameter once for each id" if "," in text else "an id is a whole number"
        raise ParseError(f"'{text[:20]}' is no id", span=piece.value_span, hint=hint)
    return Literal("int", int(text), span=piece.value_span)


def _of_ids(name: str, values: list[Literal]) -> Expr:
    span = join_spans(values[0].span, values[-1].span)
    path = Path((name,), span=span)
    if len(values) == 1:
        return Call("cmp.eq", (path, values[0]), span)
    return Call("cmp.in", (path, Call("list", tuple(values), span)), span)


def _since(piece: Piece) -> Expr:
    value = moment(piece.value or "")
    if value is None:
        raise ParseError(
            f"'{(piece.value or '').strip()[:40]}' is no moment",
            span=piece.value_span,
            hint="write 2011-05-01T10:00:00",
        )
    updated = Path(terms.UPDATED.steps, span=piece.name_span)
    since = Call(
        "cmp.ge",
        (updated, Literal("datetime", value, span=piece.value_span)),
        (piece.start, piece.value_span[1]),
    )
    return Call("bool.and", (since, terms.someone_else(piece.name_span)), since.span)


def _sorting(piece: Piece) -> tuple[SortKey, ...]:
    match = _SORTING.fullmatch((piece.value or "").strip())
    if match is None:
        raise ParseError(
            f"'{(piece.value or '').strip()[:40]}' is no order",
            span=piece.value_span,
            hint="write SubscriptionIDAscending; descending orders do not exist",
        )
    path = Path((terms.documented(match["field"]),), span=piece.value_span)
    return (SortKey(path, span=piece.value_span),)


def _items(piece: Piece) -> int:
    return whole_number(piece, least=1)


def _include(piece: Piece) -> tuple[Expansion, ...]:
    if not truth(piece, terms.BOOLEANS):
        return ()
    return (Expansion(terms.ORDER_ITEMS.path, terms.ORDER_ITEMS.query, span=piece.value_span),)


def _skip(said: Mapping[str, tuple[Any, Piece]], top: int) -> int | None:
    if terms.PAGE_INDEX not in said:
        return None
    number, piece = said[terms.PAGE_INDEX]
    skip: int = (number - 1) * top
    if skip > _LARGEST:
        raise LimitExceeded("a page beyond 64 bits", code="page_size", span=piece.value_span)
    return skip


def _aliases(params: Mapping[str, Any]) -> tuple[Named, ...]:
    return (Named(terms.CALLER, literal(params[terms.CALLER])),) if terms.CALLER in params else ()


#: Parameter -> what reads its value.
_READERS: dict[str, Callable[[Piece], Any]] = {
    terms.SINCE: _since,
    terms.SORTING: _sorting,
    terms.ITEMS: _items,
    terms.PAGE_INDEX: _items,
    terms.INCLUDE: _include,
}
_NAMES = {name.lower(): name for name in _READERS}
