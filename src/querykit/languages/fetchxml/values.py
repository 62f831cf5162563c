"""Values as FetchXML writes them, and texts as XML does."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from querykit.ast.nodes import Literal
from querykit.errors import NotExpressible
from querykit.languages.literals import written
from querykit.source import Span

__all__ = ["attribute_text", "content_text", "value_text"]

#: What XML 1.0 has no form for, not even as a reference (2.2).
_UNUSABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: In an attribute a line end or tab would be read as a blank (XML 1.0, 3.3.3); anywhere a CR as LF (2.11).
_ESCAPES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
}


def attribute_text(text: str, span: Span | None = None) -> str:
    """The text between quotation marks.

    >>> attribute_text('R&D "<"')
    '"R&amp;D &quot;&lt;&quot;"'
    """
    return '"' + _escaped(text, r'[&<>"\t\n\r]', span) + '"'


def content_text(text: str, span: Span | None = None) -> str:
    """The text as the content of an element."""
    return _escaped(text, r"[&<>\r]", span)


def _escaped(text: str, special: str, span: Span | None) -> str:
    found = _UNUSABLE.search(text)
    if found is not None:
        raise NotExpressible(f"XML cannot hold the character U+{ord(found[0]):04X}", span=span)
    return re.sub(special, lambda match: _ESCAPES[match[0]], text)


def value_text(value: Literal) -> str:
    """How FetchXML writes a literal.

    Raises
    ------
    NotExpressible: it has no form for it.
    """
    hint = "it has texts, numbers, 0 and 1, dates, moments and ids"
    return written(value, _WRITERS, "FetchXML", _KIND_NAMES, hint)


def _fraction(value: Literal) -> str | None:
    text = format(value.value, "f") if value.kind == "decimal" else repr(value.value)
    return None if re.search("[a-df-z]", text, re.IGNORECASE) else text


def _moment(value: Literal) -> str | None:
    """UTC; a moment without a zone is taken so."""
    moment = value.value
    if not isinstance(moment, dt.datetime):
        raise NotExpressible("the moment lies outside the calendar", span=value.span)
    if moment.tzinfo is not None:
        try:
            moment = moment.astimezone(dt.UTC).replace(tzinfo=None)
        except OverflowError:
            raise NotExpressible("the moment lies outside the calendar in UTC", span=value.span) from None
    return moment.isoformat() + "Z"


def _day(value: Literal) -> str | None:
    if not isinstance(value.value, dt.date):
        raise NotExpressible("the day lies outside the calendar", span=value.span)
    return value.value.isoformat()


def _number(value: Literal) -> str | None:
    """The number of a choice; its name is a label to Dynamics."""
    return str(value.value) if re.fullmatch("[0-9]+", str(value.value)) else None


_WRITERS: dict[str, Callable[[Literal], str | None]] = {
    **dict.fromkeys(("string", "char", "guid"), lambda value: str(value.value)),
    **dict.fromkeys(("int", "byte", "int16", "int64", "uint32"), lambda value: str(value.value)),
    **dict.fromkeys(("decimal", "double", "single"), _fraction),
    "bool": lambda value: "1" if value.value else "0",
    "datetime": _moment,
    "date": _day,
    "enum": _number,
}

_KIND_NAMES = {"geo": "geographic", "enum": "named enumeration", "double": "infinite", "single": "infinite"}
