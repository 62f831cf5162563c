"""Texts of single options into trees: the grammar, its builder, and the checks of the raw text."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, cast

from querykit.errors import QueryError
from querykit.grammar import Grammar
from querykit.languages.odata.builder import Builder
from querykit.languages.odata.spans import shift
from querykit.limits import Limits

__all__ = ["read"]

_STARTS = ("expression", "orderby", "expand", "select", "computed", "search_text", "transformations")


def _called(words: str, template: str) -> dict[str, str]:
    return {word: template.format(word.strip("_").lower()) for word in words.split()}


#: How a message calls what the grammar expects.
_EXPECTED = {
    **_called(
        "NULL TRUE FALSE INT DECIMAL DOUBLE INFINITY NAN STRING JSON_STRING GUID DATE DATE_TIME", "a literal"
    ),
    **_called("TIME DURATION BINARY GEO ENUM MALFORMED UNKNOWN_PREFIX UNTERMINATED", "a literal"),
    **_called(
        "NAME QUALIFIED ANNOTATION PARAMETER IT THIS THESE ROOT CASE CAST ISOF ALL_OPERATIONS", "a name"
    ),
    **_called("EQ NE GT GE LT LE ADD SUB MUL DIV DIVBY MOD HAS IN _OR _AND", "an operator"),
    **_called("NOT ASC DESC MAX _WITH _AS _FROM", "'{}'"),
    **_called(
        "GROUPBY CONCAT IDENTITY STEP_FILTER STEP_SEARCH STEP_COMPUTE STEP_ORDERBY", "a transformation"
    ),
    **_called("STEP_PAGE RANKED JOIN NEST ADDNESTED HIERARCHY TRAVERSE", "a transformation"),
    **_called("SEARCH_WORD SEARCH_PHRASE SEARCH_INCOMPLETE", "a word"),
    **_called("ROLLUP", "'{}('"),
    "ROLLUP_RECURSIVE": "'rolluprecursive('",
    "TRAVERSAL": "'preorder'",
    "KEEP_START": "'keep start'",
    "_SEARCH_AND": "'AND'",
    "_SEARCH_OR": "'OR'",
    "SEARCH_NOT": "'NOT'",
    "_SEARCH_OPEN": "'('",
    **_called("ANY ALL AGGREGATE", "'{}('"),
    **_called("FILTER ORDERBY SELECT EXPAND SKIP TOP COUNT LEVELS SEARCH COMPUTE APPLY", "'${}='"),
    **_called("REF VALUE", "'${}'"),
    "COUNT_SEGMENT": "'$count'",
    "_FILTER_SEGMENT": "'$filter('",
    "OPEN_ARRAY": "'['",
    "CLOSE_ARRAY": "']'",
    "OPEN_OBJECT": "'{'",
    "CLOSE_OBJECT": "'}'",
    "LPAR": "'('",
    "CLOSE": "')'",
    "COMMA": "','",
    "COLON": "':'",
    "SEMICOLON": "';'",
    "SLASH": "'/'",
    "EQUAL": "'='",
    "STAR": "'*'",
    "MINUS": "'-'",
}


#: What other languages write, and OData's word for it.
_FOREIGN = re.compile(
    r"(?P<eq>==?|equals\b|is\b)|(?P<ne>!=|<>)|(?P<le><=)|(?P<ge>>=)|(?P<lt><)|(?P<gt>>)|(?P<and>&&?)"
    r"|(?P<or>\|\|?)|(?P<not>!)|(?P<add>\+)|(?P<sub>-)|(?P<mul>\*)|(?P<mod>%)|(?P<contains>i?like\b)",
    re.IGNORECASE,
)


@cache
def _grammar() -> Grammar:
    return Grammar("odata", cast(Any, Builder()), _STARTS, _EXPECTED)


def read(text: str, start: str, limits: Limits, offset: int = 0) -> Any:
    """What the builder makes of an option's value, with places counted from the beginning of the whole text."""
    try:
        tree = _grammar().parse(text, start, limits)
    except QueryError as error:
        if error.span is not None:
            foreign = _FOREIGN.match(text, error.span[0])
            if foreign is not None and error.code == "syntax" and start in ("expression", "orderby"):
                error.hint = f"OData writes '{foreign.lastgroup}'"
            error.span = (error.span[0] + offset, error.span[1] + offset)
        raise
    for node in tree if isinstance(tree, tuple) else (tree,):
        shift(node, offset)
    return tree
