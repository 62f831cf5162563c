"""How the texts of a language are cut into literals and what is between them, without reading them.

A piece only has to look like a literal here. Whether it is one is decided when a text is learnt, by the spans of the
literals that the parser found; and with other literals in the same places, each is proved again by the terminal of the
grammar. What is cut too much, in a name or a comment, counts as part of the shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from querykit.ast.nodes import Literal
from querykit.engine.escapes import unescaped
from querykit.engine.terminals import terminals
from querykit.languages.percent import encode
from querykit.languages.text import is_usable

__all__ = ["LONGEST", "Terminal", "Texts", "texts_of"]

#: Longer texts are not cut: what they are made of is hardly ever the same again.
LONGEST = 2_000

#: Gives a literal; raises QueryError where the text has the form of one, but no value.
Read = Callable[[str], Literal]


class Terminal(NamedTuple):
    """A terminal of the grammar that is a literal.

    Parameters
    ----------
    proves: does a text have its form?
    read: what the language's own parser makes of it.
    probes: texts of the form with characters that something might take for more than a value.
    begins: a character with which a piece begins only if `split` has found it by the very expression of the terminal,
        so that it needs no other proof.
    value: the value of the literal, where a literal of the terminal can have but one kind and no name.
    digits: nothing but digits is one of them, and the value is their number.
    """

    proves: Callable[[str], re.Match[str] | None]
    read: Read
    probes: tuple[str, ...]
    begins: str = ""
    value: Callable[[str], Any] | None = None
    digits: bool = False


class Texts(NamedTuple):
    """The texts of one language.

    Parameters
    ----------
    split: a text into gaps and literals, in turn; the literals of a list, in its brackets, are one. None: no answer.
    terminals: those of literals.
    items: the literals of a list.
    page: behind what a number is that of rows, which is no literal of the tree: the field of the query by group.
    rows: reads such a number as the parser does, given the field and the limit of a page.
    written: a piece as it stands in a text; is it a literal, is the text percent-encoded?
    strings: the values of a list of strings, if they are easily had.
    """

    split: Callable[[str], list[str] | None]
    terminals: tuple[Terminal, ...]
    items: Callable[[str], list[str]]
    page: Callable[[str], re.Match[str] | None] | None = None
    rows: Callable[[str, str, int], int] | None = None
    written: Callable[[str, bool, bool], str] = lambda piece, is_literal, is_encoded: piece
    strings: Callable[[str], list[str] | None] | None = None


def texts_of(language: str, options: Mapping[str, Any]) -> Texts | None:
    """How to cut the texts of a language; None for those that are always read."""
    if options.get("mode", "default") != "default":
        return None  # VTQL with other terminals, or with the accidents of its first parser
    make = _LANGUAGES.get(language)
    return None if make is None else make()


# ---- OData -------------------------------------------------------------------------------------------

# A regular expression that begins with a class of characters skips to one of them fast; so the first character is taken
# by one class, and decides which alternative is tried behind it. Nothing is gone back over (`*+`).
_RUN = r"[0-9](?:[\w.+-]|:(?=[0-9]{2}))*+"
_NOT_BEHIND_A_WORD = r"(?<![\w.].)"
_HEX = "[0-9A-Fa-f]"
_GUID = rf"(?<={_HEX}){_NOT_BEHIND_A_WORD}{_HEX}{{7}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}(?![\w-])"
_NUMBER = rf"(?<=[0-9]){_NOT_BEHIND_A_WORD}(?:[\w.+-]|:(?=[0-9]{{2}}))*+|(?<=[+-]){_NOT_BEHIND_A_WORD}{_RUN}"
_ODATA_PAGE = re.compile(r"(?:\A\??|&)\$?(top|skip)=\Z", re.IGNORECASE).search


def _odata_split(string: str) -> tuple[Callable[[str], list[str] | None], Callable[[str], list[str]]]:
    """What cuts a text, and a list, given the expression of a string."""
    assert string.startswith("'")
    item = rf"(?:{string}|[+-]?{_RUN})"
    listed = rf"(?<=\()(?<=[ \t\r\n][iI][nN][ \t\r\n]\() *+{item}(?: *+, *+{item})*+ *+\)"
    rest = rf"(?<='){string[1:]}|{_NUMBER}|{listed}"
    plain = re.compile(rf"(['(0-9+\-](?:{rest}))").split
    with_guids = re.compile(rf"(['(0-9A-Fa-f+\-](?:{_GUID}|{rest}))").split

    def split(text: str) -> list[str] | None:
        if "%" in text:
            decoded = unescaped(text)
            if decoded is None:
                return None
            text = decoded
        if not is_usable(text):
            return None
        pieces = with_guids(text) if text.count("-") > 3 else plain(text)
        if "&" in text and any("&" in piece for piece in pieces[1::2]):
            return None  # there the option ends, whatever it looks like
        return pieces

    return split, re.compile(item).findall


def _rows_of_odata(text: str, field: str, page_size: int) -> int:
    from querykit.languages.odata.option_rules import page_number

    number = page_number(text, (0, len(text)))
    if field == "top" and number > page_size:
        raise ValueError(text)  # the parser says it better
    return number


def _written_in_odata(piece: str, is_literal: bool, is_encoded: bool) -> str:
    if is_literal:
        return encode(piece)
    return piece.replace("%", "%25") if is_encoded else piece


def _strings_of_odata(piece: str) -> list[str] | None:
    """Of `('a','b')`, if there is no quote in them."""
    values = piece[2:-2].split("','")
    is_plain = piece[1] == "'" == piece[-2] and piece.count("'") == 2 * len(values)
    return values if is_plain else None


@cache
def _odata() -> Texts:
    from querykit.languages.odata import literals as read

    regexes = _regexes("odata")
    readers: dict[str, tuple[Read, tuple[str, ...]]] = {
        "STRING": (read.string, ("'%_*?[a]\\ ''&0'", "''", "'Open'")),
        "INT": (read.integer, ("0", "-9223372036854775808", "+7")),
        "DECIMAL": (read.decimal_number, ("0.50", "-10.0", "+1.25")),
        "DOUBLE": (read.double, ("1e3", "-2.5E-3")),
        "GUID": (read.guid, ("00000000-0000-0000-0000-000000000000", "a0000000-0000-0000-0000-00000000000F")),
        "DATE": (read.date, ("0001-01-01", "2024-02-29")),
        "DATE_TIME": (read.date_time, ("2024-01-01T00:00:00Z", "2024-02-29T23:59:59.5+14:00")),
        "TIME": (read.time, ("00:00", "23:59:59.999999")),
        "DURATION": (read.duration, ("duration'PT0S'", "duration'-P1DT2H'")),
        "BINARY": (read.binary, ("binary''", "binary'AAAA'")),
        "GEO": (read.geo, ()),
        "ENUM": (read.enum, ()),
    }
    split, items = _odata_split(regexes["STRING"])
    known = {terminal.read: terminal for terminal in _terminals("odata", readers)}
    known[read.string] = known[read.string]._replace(begins="'", value=read.string_value)
    known[read.integer] = known[read.integer]._replace(value=read.integer_value, digits=True)
    known[read.decimal_number] = known[read.decimal_number]._replace(value=read.decimal_value)
    known[read.date_time] = known[read.date_time]._replace(value=read.date_time_value)
    return Texts(
        split,
        tuple(known.values()),
        items,
        _ODATA_PAGE,
        _rows_of_odata,
        _written_in_odata,
        _strings_of_odata,
    )


# ---- criteria ----------------------------------------------------------------------------------------

_CRITERIA_STRING = r"'[^']*+(?:''[^']*+)*+'"
_CRITERIA_ITEM = rf"(?:{_CRITERIA_STRING}|[0-9][\w.]*+)"
_CRITERIA_LIST = (
    rf"(?:(?<=[\s\])][iI][nN]\()|(?<=[\s\])][iI][nN] \())"
    rf" *+{_CRITERIA_ITEM}(?: *+, *+{_CRITERIA_ITEM})*+ *+\)"
)
_CRITERIA = re.compile(
    rf"(['#{{(0-9](?:(?<='){_CRITERIA_STRING[1:]}c?|(?<=[0-9])(?<![\w.].)[\w.]*+"
    rf"|(?<=#)(?:#\w+#)?[^#]*+#|(?<=\{{)[^{{}}]*+\}}|(?<=\(){_CRITERIA_LIST}))"
).split
_CRITERIA_ITEMS = re.compile(_CRITERIA_ITEM).findall


def _split_criteria(text: str) -> list[str] | None:
    return _CRITERIA(text) if is_usable(text) else None


@cache
def _criteria() -> Texts:
    from querykit.languages.criteria import literals as read
    from querykit.languages.criteria import moments

    readers: dict[str, tuple[Read, tuple[str, ...]]] = {
        "CHAR": (read.read_char, ("'%'c",)),
        "STRING": (read.read_string, ("'%_*?[a]\\ '''", "''")),
        "NUMBER": (read.read_number, ("0", "0.5")),
        "GUID": (read.read_guid, ("{00000000-0000-0000-0000-000000000000}",)),
        "MOMENT": (moments.read_moment, ("#2024-02-29#", "#2024-02-29 23:59:59#")),
        "DAY_OR_TIME": (moments.read_day_or_time, ("#!2024-02-29!#", "#!00:00!#")),
        "USER_VALUE": (read.read_user_value, ()),
    }
    negative = re.compile(rf"-\s*(?:{_regexes('criteria')['NUMBER']})").fullmatch
    known = (*_terminals("criteria", readers), Terminal(negative, _read_negative, ("-0.5", "-1")))
    return Texts(_split_criteria, known, _CRITERIA_ITEMS)


def _read_negative(text: str) -> Literal:
    """The parser makes one literal of a minus and a number."""
    from querykit.languages.criteria.literals import negated, read_number

    number = read_number(text[1:].lstrip())
    return negated(number, None) or number


# ---- VTQL --------------------------------------------------------------------------------------------

_VTQL_STRING = r"'(?:[^']|'')++'"
_VTQL_ITEM = rf"(?:{_VTQL_STRING}|[+-]?[0-9][A-Za-z0-9_.]*+)"
_VTQL_LIST = (
    rf"(?:(?<=[ \t\r\n][iI][nN]\()|(?<=[ \t\r\n][iI][nN] \())"
    rf" *+{_VTQL_ITEM}(?: *+, *+{_VTQL_ITEM})*+ *+\)"
)
_VTQL = re.compile(
    rf"(['(0-9+\-](?:(?<='){_VTQL_STRING[1:]}|(?<=[0-9])(?<![\w.].)[A-Za-z0-9_.]*+"
    rf"|(?<=[+-])(?<![\w.].)[0-9][A-Za-z0-9_.]*+|(?<=\(){_VTQL_LIST}))"
).split
_VTQL_ITEMS = re.compile(_VTQL_ITEM).findall


def _split_vtql(text: str) -> list[str] | None:
    return _VTQL(text) if is_usable(text) else None


@cache
def _vtql() -> Texts:
    from querykit.languages.vtql.values import literal

    readers: dict[str, tuple[Read, tuple[str, ...]]] = {"VALUE": (literal, ("'%_\\\\ ''0'", "0", "11x5"))}
    return Texts(_split_vtql, _terminals("vtql", readers), _VTQL_ITEMS)


def _regexes(grammar: str) -> dict[str, str]:
    return terminals(import_module(f"querykit.lalr.generated.{grammar}").TABLES)


def _terminals(grammar: str, readers: Mapping[str, tuple[Read, Sequence[str]]]) -> tuple[Terminal, ...]:
    regexes = _regexes(grammar)
    return tuple(
        Terminal(re.compile(regexes[name]).fullmatch, read, tuple(probes))
        for name, (read, probes) in readers.items()
    )


_LANGUAGES: dict[str, Callable[[], Texts]] = {"odata": _odata, "criteria": _criteria, "vtql": _vtql}
