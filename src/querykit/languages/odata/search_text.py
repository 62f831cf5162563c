"""Search expressions as OData text: P2 5.1.8."""

from __future__ import annotations

import re

from querykit.ast.nodes import Call, Expr, Literal
from querykit.errors import NotExpressible
from querykit.languages.odata.search_rules import OPERATOR_WORDS

__all__ = ["search_text"]

_OR, _AND, _NOT, _TERM = range(4)
_RANKS = {"search.or": _OR, "search.and": _AND, "search.not": _NOT, "search.term": _TERM}
_JOINTS = {"search.or": " OR ", "search.and": " AND "}
#: As the terminal SEARCH_WORD of the grammar.
_WORD = re.compile(r"""[^\s()";'](?:[^\s()";]|;(?!\$?[A-Za-z]+=|@|\Z))*""")


def search_text(expr: Expr) -> str:
    """The text of `search.and`, `search.or`, `search.not` and `search.term`; two Python frames per level.

    Raises
    ------
    NotExpressible: it is something else, or a text that has a double quote.
    """
    if not isinstance(expr, Call) or expr.fn not in _RANKS or not expr.args:
        raise NotExpressible("$search holds words, AND, OR and NOT", span=expr.span)
    if expr.fn == "search.term":
        return _term(expr)
    if expr.fn == "search.not":
        return f"NOT {_operand(expr.args[0], _NOT)}"
    return _JOINTS[expr.fn].join([_operand(arg, _RANKS[expr.fn] + 1) for arg in expr.args])


def _operand(expr: Expr, least: int) -> str:
    text = search_text(expr)
    if text[0] == "'":
        raise NotExpressible("OData has a search term in single quotes alone only", span=expr.span)
    return text if isinstance(expr, Call) and _RANKS[expr.fn] >= least else f"({text})"


def _term(term: Call) -> str:
    literal = term.args[0]
    if not isinstance(literal, Literal) or not isinstance(literal.value, str):
        raise NotExpressible("a search term is a text", span=literal.span)
    text = literal.value
    if literal.name == "" and text not in OPERATOR_WORDS and _WORD.fullmatch(text):
        return text
    if literal.name == "incomplete":
        doubled = text.replace("'", "''")
        return f"'{doubled}'"
    if not text or '"' in text:
        raise NotExpressible("OData has no double quote within a search term", span=literal.span)
    return f'"{text}"'
