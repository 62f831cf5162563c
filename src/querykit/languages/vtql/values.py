"""Values between VTQL's text and the tree.

VTQL has words, signed integers and texts. Vtiger pastes a text between apostrophes into MySQL as it stands, so
MySQL's escapes hold in it: MySQL Reference Manual, String Literals.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from querykit.ast.fresh import literal as literal_of
from querykit.ast.nodes import Literal
from querykit.errors import NotExpressible, ParseError
from querykit.languages.literals import written

__all__ = ["PAGE", "integer", "literal", "pattern", "quoted", "value_text"]

#: Rows that Vtiger gives at most, and where LIMIT does not say how many.
PAGE = 100

#: No number of a database has more; Python refuses to read some thousands.
_MOST_DIGITS = 300

_INTEGER = re.compile(r"[+-]?[0-9]+")
_FRACTION = re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+)")  # of the lenient grammar
_WORDS = {"true": ("bool", True), "false": ("bool", False), "null": ("null", None)}

_ESCAPES = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a", "%": "\\%", "_": "\\_"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def literal(text: str) -> Literal:
    """The literal that a token is.

    >>> literal("'it''s'").value, literal("-5").value, literal("11x5").value
    ("it's", -5, '11x5')
    """
    if text[0] == "'":
        inside = text[1:-1].replace("''", "'")
        if "\\" in inside:
            inside = _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), inside)
        return literal_of("string", inside)
    if text.isdigit() and len(text) <= _MOST_DIGITS:  # the grammar has ASCII only
        return literal_of("int", int(text))
    if _INTEGER.fullmatch(text):
        return literal_of("int", integer(text))
    if _FRACTION.fullmatch(text):
        _check_digits(text)
        return literal_of("decimal", Decimal(text))
    kind, value = _WORDS.get(text.lower(), ("string", str(text)))  # a token is more than a text
    return literal_of(kind, value)


def pattern(text: str) -> Literal:
    """The literal after LIKE: `LIKE 5` is `LIKE '5'`, a pattern is a text; null stays null."""
    value = literal(text)
    if value.kind == "null":
        return value
    return literal_of("string", str(value.value) if value.kind in ("string", "int") else str(text))


def integer(text: str) -> int:
    _check_digits(text)
    return int(text)


def _check_digits(text: str) -> None:
    if len(text) > _MOST_DIGITS:
        raise ParseError(f"a number has {_MOST_DIGITS} digits at most", code="vtql_syntax")


def quoted(text: str) -> str:
    r"""The text between apostrophes, safe in VTQL and in the MySQL statement made of it.

    >>> quoted("it's a \\")
    "'it''s a \\\\'"
    """
    return "'" + text.replace("\\", "\\\\").replace("'", "''").replace("\0", "\\0") + "'"


def value_text(value: Literal) -> str:
    """How VTQL writes a literal.

    Raises
    ------
    NotExpressible: it has no form for it.
    """
    hint = "it has texts, integers, true and false; dates and times are texts"
    return written(value, _WRITERS, "VTQL", _KIND_NAMES, hint)


def _string(value: Literal) -> str | None:
    if value.value == "":
        raise NotExpressible(
            "VTQL cannot write an empty text",
            span=value.span,
            hint="a text has one character at least; Vtiger's users compare with ' '",
        )
    return quoted(str(value.value))


def _bool(value: Literal) -> str | None:
    return "true" if value.value else "false"


def _int(value: Literal) -> str | None:
    return str(value.value)


def _fraction(value: Literal) -> str | None:
    """MySQL compares a number with a text as numbers; there is no text for infinity."""
    text = format(value.value, "f") if value.kind == "decimal" else repr(value.value)
    return None if re.search("[a-df-z]", text, re.IGNORECASE) else quoted(text)


def _moment(value: Literal) -> str | None:
    """Columns hold UTC, so a moment with an offset is told in UTC."""
    moment = value.value
    if isinstance(moment, dt.datetime):
        if moment.tzinfo is not None:
            moment = _utc(moment, value)
        return quoted(moment.isoformat(" "))
    if isinstance(moment, str):
        raise NotExpressible("the moment lies outside the calendar", span=value.span)
    return quoted(str(moment))


def _utc(moment: dt.datetime, value: Literal) -> dt.datetime:
    try:
        return moment.astimezone(dt.UTC).replace(tzinfo=None)
    except OverflowError:
        raise NotExpressible("the moment lies outside the calendar in UTC", span=value.span) from None


_WRITERS = {
    **dict.fromkeys(("string", "char"), _string),
    **dict.fromkeys(("int", "byte", "int16", "int64", "uint32"), _int),
    **dict.fromkeys(("decimal", "double", "single"), _fraction),
    **dict.fromkeys(("date", "datetime", "time", "guid"), _moment),
    "bool": _bool,
}

_KIND_NAMES = {"geo": "geographic", "enum": "enumeration", "double": "infinite", "single": "infinite"}
