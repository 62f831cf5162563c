"""The parameters of a LogoCRM request into a `Query`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from querykit.ast.build import conjunction
from querykit.ast.nodes import Call, Expansion, Expr, Literal, Path, Query, Selection, SortKey
from querykit.ast.walk import check_limits
from querykit.errors import NotExpressible, ParseError, QueryError
from querykit.languages import criteria
from querykit.languages.form import Piece, pieces, truth, whole_number, whole_span
from querykit.languages.odata.spans import shift
from querykit.limits import Limits

if TYPE_CHECKING:
    from querykit.grammar import Grammar
    from querykit.languages.registry import Params

__all__ = ["CAP", "EVERYTHING", "PAGE", "parse_request"]

#: Rows where `limit` does not say how many, and the most that it can ask for.
PAGE, CAP = 25, 100

#: `expandLevel=full`.
EVERYTHING = Expansion(Path(("*",)), Query())

_EXPAND_LEVELS = {"full": True, "none": False}
_BOOLEANS = {"true": True, "false": False}

_EQUATION = re.compile(
    r"\s*(?P<path>[^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*\[(?P<operator>\w+)\]\s*=(?P<value>.*)", re.DOTALL
)


def parse_request(text: str, params: Params, limits: Limits) -> Query:
    """The query of a text."""
    found, source = pieces(text, limits)
    try:
        said: dict[str, Any] = {}
        for piece in found:
            name = piece.name.lower()
            if name in said:
                raise ParseError(f"{piece.name} is given twice", code="repeated_option", span=piece.name_span)
            reader = _reader(piece, name)
            if reader is not None:
                said[name] = reader(piece, params, limits) if (piece.value or "").strip() else None
        query = Query(
            filter=conjunction(said.get("q"), said.get("filters")),
            order=said.get("sort") or (),
            select=said.get("fields"),
            expand=said.get("expandlevel") or (),
            top=min(PAGE if (limit := said.get("limit")) is None else limit, CAP, limits.page_size),
            skip=said.get("offset"),
            count=said.get("withcount"),
            span=whole_span(found),
            source=source,
        )
        check_limits(query, limits)
        return query
    except QueryError as error:
        raise error.located(source) from None


_Reader = Callable[[Piece, "Params", Limits], Any]


def _reader(piece: Piece, name: str) -> _Reader | None:
    """What reads the value of a parameter; None for one that Logo does not know, and ignores."""
    reader = _READERS.get(name)
    if reader is None and piece.value is None and not re.fullmatch(r"\w*", name):
        raise ParseError(
            "parameters are written name=value", span=piece.name_span, hint="a condition is the value of q"
        )
    return reader


def _criteria(piece: Piece, params: Params, limits: Limits) -> Expr | None:
    try:
        expr = criteria.placed(piece.value or "", params, limits)
    except QueryError as error:
        if error.span is not None:
            error.span = error.span[0] + piece.value_start, error.span[1] + piece.value_start
        error.source = None  # its place is told in the whole text
        raise
    if expr is not None:
        shift(expr, piece.value_start)
    return expr


def _equation(piece: Piece, params: Params, limits: Limits) -> Expr:
    """`filters=Property[EQ]=value`: the value is all that follows, without quotes."""
    match = _EQUATION.fullmatch(piece.value or "")
    if match is None:
        raise ParseError("a filter is written Property[EQ]=value", span=piece.value_span)
    spans = {
        name: (piece.value_start + match.start(name), piece.value_start + match.end(name))
        for name in ("path", "operator", "value")
    }
    if match["operator"].upper() != "EQ":
        raise NotExpressible(
            f"the operator '{match['operator'][:20]}' of filters is not documented",
            code="unsupported_option",
            span=spans["operator"],
            hint="EQ is the only one known; q has all of them",
        )
    operands = (
        Path(tuple(match["path"].split(".")), span=spans["path"]),
        Literal("string", match["value"], span=spans["value"]),
    )
    return Call("cmp.eq", operands, piece.value_span)


@cache
def _grammar() -> Grammar:
    """Built when the first `sort` or `fields` is read; it holds no state of a parse."""
    from querykit.grammar import Grammar
    from querykit.languages.logo.builder import NAMES, Builder

    return Grammar("logo", Builder(), NAMES)


def _grammatical(start: str) -> _Reader:
    def reader(piece: Piece, params: Params, limits: Limits) -> tuple[SortKey | Selection, ...]:
        nodes: tuple[SortKey | Selection, ...]
        nodes = _grammar().parse(piece.value or "", start, limits, piece.value_start)
        for node in nodes:
            shift(node, piece.value_start)
        return nodes

    return reader


def _expansion(piece: Piece, params: Params, limits: Limits) -> tuple[Expansion, ...]:
    if not truth(piece, _EXPAND_LEVELS):
        return ()
    return (Expansion(EVERYTHING.path, EVERYTHING.query, span=piece.value_span),)


def _number(piece: Piece, params: Params, limits: Limits) -> int:
    return whole_number(piece)


def _boolean(piece: Piece, params: Params, limits: Limits) -> bool:
    return truth(piece, _BOOLEANS)


def _date(piece: Piece, params: Params, limits: Limits) -> None:
    raise NotExpressible(
        "what date= restricts is not documented",
        code="unsupported_option",
        span=piece.name_span,
        hint="compare the date with q",
    )


#: Parameter, in lower case -> what reads its value.
_READERS: dict[str, _Reader] = {
    "q": _criteria,
    "filters": _equation,
    "sort": _grammatical("sort"),
    "fields": _grammatical("fields"),
    "expandlevel": _expansion,
    "limit": _number,
    "offset": _number,
    "withcount": _boolean,
    "date": _date,
}
