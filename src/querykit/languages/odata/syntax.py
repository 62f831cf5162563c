"""Texts of single options into trees: the grammar, its builder, and the checks of the raw text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from querykit.errors import QueryError
from querykit.grammar import Grammar
from querykit.languages.odata.builder import Builder
from querykit.languages.odata.names import INFIX_WORDS
from querykit.languages.odata.operators import OPERATORS
from querykit.languages.odata.spans import shift
from querykit.limits import Limits

__all__ = ["quick_reader", "read"]


def _called(words: str, template: str) -> dict[str, str]:
    return {word: template.format(word.strip("_").lower()) for word in words.split()}


#: How a message calls what the grammar expects.
_EXPECTED = {
    **_called(
        "NULL TRUE FALSE INT DECIMAL DOUBLE INFINITY NAN STRING JSON_STRING GUID DATE DATE_TIME", "a literal"
    ),
    **_called("TIME DURATION BINARY GEO ENUM MALFORMED UNKNOWN_PREFIX UNTERMINATED", "a literal"),
    **_called(
        "NAME CALL ARGUMENT QUALIFIED ANNOTATION PARAMETER IT THIS THESE ROOT CASE CAST ISOF ALL_OPERATIONS",
        "a name",
    ),
    **_called("_EQ _NE _GT _GE _LT _LE ADD SUB MUL DIV DIVBY MOD _HAS _IN _OR _AND", "an operator"),
    **_called("_NOT _ASC _DESC MAX _WITH _AS _FROM", "'{}'"),
    **_called(
        "GROUPBY CONCAT IDENTITY STEP_FILTER STEP_SEARCH STEP_COMPUTE STEP_ORDERBY", "a transformation"
    ),
    **_called("STEP_PAGE RANKED JOIN NEST ADDNESTED HIERARCHY TRAVERSE", "a transformation"),
    **_called("SEARCH_WORD SEARCH_PHRASE UNTERMINATED_PHRASE SEARCH_INCOMPLETE", "a word"),
    **_called("ROLLUP", "'{}('"),
    "ROLLUP_RECURSIVE": "'rolluprecursive('",
    "TRAVERSAL": "'preorder'",
    "KEEP_START": "'keep start'",
    "_SEARCH_NEXT": "a blank",
    "_SEARCH_AND": "'AND'",
    "_SEARCH_OR": "'OR'",
    "SEARCH_NOT": "'NOT'",
    **_called("ANY ALL AGGREGATE", "'{}('"),
    **_called("FILTER ORDERBY SELECT EXPAND SKIP TOP COUNT LEVELS SEARCH COMPUTE APPLY", "'${}='"),
    **_called("AT FROM TO", "'${}='"),
    "TO_INCLUSIVE": "'$toInclusive='",
    **_called("REF VALUE", "'${}'"),
    "COUNT_SEGMENT": "'$count'",
    "_FILTER_SEGMENT": "'$filter('",
    "OPEN_ARRAY": "'['",
    "CLOSE_ARRAY": "']'",
    "OPEN_OBJECT": "'{'",
    "CLOSE_OBJECT": "'}'",
    **_called("LPAR _OPEN", "'('"),
    "COLLECTION": "'Collection('",
    "CLOSE": "')'",
    "_COMMA": "','",
    "_COLON": "':'",
    "SEMICOLON": "';'",
    "SLASH": "'/'",
    "EQUAL": "'='",
    "STAR": "'*'",
    "_MINUS": "'-'",
}


#: What other languages write, and OData's word for it.
_FOREIGN = (
    r"(?i:(?P<eq>==?|equals\b|is\b)|(?P<ne>!=|<>)|(?P<le><=)|(?P<ge>>=)|(?P<lt><)|(?P<gt>>)|(?P<and>&&?)"
    r"|(?P<or>\|\|?)|(?P<not>!)|(?P<add>\+)|(?P<sub>-)|(?P<mul>\*)|(?P<mod>%)|(?P<contains>i?like\b))"
)


#: Words that are operators if there are blanks around them.
_INFIX = rf"(?i:(?:{'|'.join(sorted(INFIX_WORDS | {'from'}))})\b)"
_OPERATORS = frozenset(operator.word for operator in OPERATORS)
_BLANK = r"[ \t\r\n]+"
_WORD = r"(?s:\w+|[!=<>&|]+|.|\Z)"
#: What a token has behind its word or sign.
_BEHIND = r"(?<=\w)[(=]?[ \t\r\n]*\Z|[ \t\r\n]+\Z"


@cache
def _grammar() -> Grammar:
    return Grammar("odata", Builder(), _EXPECTED)


@cache
def quick_reader() -> Callable[[str, str, int], tuple[Any, int] | None]:
    """Reads the value of an option without places; see `Grammar.quick_parse`."""
    return _grammar().quick_parse


def read(text: str, start: str, limits: Limits, offset: int = 0) -> Any:
    """What the builder makes of an option's value, with places counted from the beginning of the whole text."""
    try:
        tree = _grammar().parse(text, start, limits)
    except QueryError as error:
        if error.span is not None and error.message.startswith(("unexpected", "the text ends")):
            _explain(error, text, start)
        if error.span is not None:
            error.span = (error.span[0] + offset, error.span[1] + offset)
        raise
    for node in tree if isinstance(tree, tuple) else (tree,):
        shift(node, offset)
    return tree


def _match(pattern: str, text: str, place: int) -> re.Match[str] | None:
    """Compiled when a text is refused for the first time, and kept by `re`."""
    return re.compile(pattern).match(text, place)


def _explain(error: QueryError, text: str, start: str) -> None:
    """Point behind blanks that could have led to an operator, and say what the mistake may be."""
    assert error.span is not None
    if error.span[0] == len(text):
        return
    if error.hint is not None:  # a blank is worth a word only where nothing else can stand
        error.hint = error.hint.replace("a blank, ", "").replace(", a blank", "")
    blanks = _match(_BLANK, text, error.span[0])
    if blanks is None:
        _leave_out_blanks(error, text)
    elif not _is_cut_short(error, text, blanks.end()):
        _point_behind(error, text, blanks.end(), start)
    place = error.span[0]
    foreign = _match(_FOREIGN, text, place)
    if foreign is not None and start in ("expression", "orderby"):
        error.hint = f"OData writes '{foreign.lastgroup}'"
    elif _match(_INFIX, text, place) and text[place - 1 : place] == ")":
        error.hint = "an operator has blanks around it"


def _leave_out_blanks(error: QueryError, text: str) -> None:
    """A token may go on behind its word or sign: `any(`, `filter=`, a comma with blanks."""
    assert error.span is not None
    start, end = error.span
    shown = re.sub(_BEHIND, "", text[start:end]) or text[start:end]
    if len(shown) < end - start:
        error.span = (start, start + len(shown))
        error.message = f"unexpected '{shown[:40]}'"


def _is_cut_short(error: QueryError, text: str, place: int) -> bool:
    """Could the word that begins here be an operator, if a blank came after it? Then the text fails behind it."""
    word = _match(_INFIX, text, place)
    if word is None or _match(_BLANK, text, word.end()):
        return False
    name = "an operator" if word[0].lower() in _OPERATORS else f"'{word[0]}'"
    if name not in (error.hint or ""):
        return False
    end = word.end()
    if end == len(text):
        error.message, error.span = "the text ends too early", (end, end)
        error.hint = "the last word is an operator, and its operand is missing"
    else:
        _show_word(error, text, end)
        error.hint = "expected a blank"
    return True


def _show_word(error: QueryError, text: str, place: int) -> None:
    word = _match(_WORD, text, place)
    shown = word[0] if word is not None else ""
    error.message, error.span = f"unexpected '{shown[:40]}'", (place, place + len(shown))


def _point_behind(error: QueryError, text: str, end: int, start: str) -> None:
    """An operator has blanks before it, and an array may have: there the text fails behind them (ABNF RWS, BWS)."""
    assert error.span is not None
    before, after = text[: error.span[0]][-1:], text[end : end + 1]
    is_misplaced = before in ("", *",;=/(") or after in ("", *",;)/")
    if is_misplaced:
        error.message, error.hint = "a blank cannot stand here", None
    if start in ("expand", "select") and before in ("", *",;/("):
        return
    message = error.message
    _show_word(error, text, end)
    if is_misplaced:
        error.message = message
