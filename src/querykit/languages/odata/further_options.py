"""The system options that are not about which rows there are, or only a service can act on (P1 11.2.6, 11.2.5.7, 11.4).

`$skiptoken $deltatoken $index $id $at $from $to $toInclusive` become `Query.options`. `$format` and
`$schemaversion` are about the answer, not the rows: they are checked, and leave nothing in the tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from querykit.ast.nodes import Expr, Literal, Named
from querykit.errors import NotExpressible, ParseError
from querykit.languages.odata.option_rules import TEMPORAL, page_number
from querykit.source import Span

__all__ = ["ANSWER", "TEXTS", "check_answer", "further_text", "text_option"]


def _token(value: str, span: Span) -> Literal:
    """ABNF skiptoken, deltatoken: anything, as the service made it."""
    if not value:
        raise ParseError("a token is not empty", span=span)
    return Literal("string", value, "", span)


def _index(value: str, span: Span) -> Literal:
    """ABNF index: a place in an ordered collection, from its end if negative."""
    digits = value.removeprefix("-")
    return Literal("int", page_number(digits, span) * (-1 if digits != value else 1), "", span)


def _identifier(value: str, span: Span) -> Literal:
    """ABNF id: the URL of an entity."""
    if not value:
        raise ParseError("$id is the URL of an entity", span=span)
    return Literal("string", value, "", span)


#: Option -> what reads its value.
TEXTS: Mapping[str, Callable[[str, Span], Literal]] = {
    "skiptoken": _token,
    "deltatoken": _token,
    "index": _index,
    "id": _identifier,
}
#: Options about the answer -> the values that they have (ABNF format, schemaversion).
ANSWER = {
    "format": re.compile(r"atom|json|xml|[^\s/?#]+/[^\s/?#]+", re.IGNORECASE),
    "schemaversion": re.compile(r"\*|[\w.~-]+", re.ASCII),
}


def text_option(name: str, value: str, name_span: Span, value_span: Span) -> Named:
    return Named(name, TEXTS[name](value, value_span), (name_span[0], value_span[1]))


def check_answer(name: str, value: str, span: Span) -> None:
    """Refuse a value that `$format` or `$schemaversion` cannot have."""
    if not ANSWER[name].fullmatch(value):
        hint = "write json, or a media type like application/json" if name == "format" else None
        raise ParseError(f"'{value[:40]}' is no ${name}", span=span, hint=hint)


def further_text(option: Named, write: Callable[[Expr], str]) -> tuple[str, str]:
    """An option of `Query.options` as OData writes it.

    Raises
    ------
    NotExpressible: OData has no such option.
    """
    if option.name.lower() in TEMPORAL:
        return f"${option.name}", write(option.value)
    value = option.value
    if option.name in TEXTS and isinstance(value, Literal) and value.kind in ("string", "int"):
        return f"${option.name}", str(value.value)
    raise NotExpressible(f"OData has no option '{option.name[:40]}'", span=option.span)
