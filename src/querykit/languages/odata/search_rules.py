"""What the rules for `$search` make: `search.and`, `search.or`, `search.not` over `search.term` (P2 5.1.8).

A term is one text, and the name of its literal says how it was written: ``""`` a word, ``"phrase"`` in double
quotes, ``"incomplete"`` in single quotes (still being typed). The words AND, OR and NOT, where they are no
operators, are phrases of one word: the same meaning, and no doubt when printed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from querykit.ast.build import join_spans, logical
from querykit.ast.nodes import Call, Expr, Literal
from querykit.errors import ParseError
from querykit.lalr import span_of
from querykit.source import Span

if TYPE_CHECKING:
    from querykit.grammar import Token

__all__ = ["OPERATOR_WORDS", "SearchRules"]

OPERATOR_WORDS = frozenset({"AND", "OR", "NOT"})


class SearchRules:
    """The part of the builder that is about `$search`; see `Builder`."""

    def search_or(self, children: list[Expr]) -> Expr:
        return logical("search.or", children, join_spans(children[0].span, children[-1].span))

    def search_and(self, children: list[Expr]) -> Expr:
        return logical("search.and", children, join_spans(children[0].span, children[-1].span))

    def search_negation(self, children: list[Any]) -> Expr:
        operator, operand = children
        return Call("search.not", (operand,), join_spans(span_of(operator), operand.span))

    def search_group(self, children: list[Any]) -> Expr:
        return children[0]  # type: ignore[no-any-return]  # lark types no children

    def search_word(self, children: list[Token]) -> Expr:
        word = str(children[0])
        return _term(word, "phrase" if word in OPERATOR_WORDS else "", span_of(children[0]))

    def search_phrase(self, children: list[Token]) -> Expr:
        return _term(children[0][1:-1], "phrase", span_of(children[0]))

    def search_phrase_left_open(self, children: list[Token]) -> Expr:
        end = span_of(children[0])[1]
        raise ParseError("the phrase is not closed", span=(end, end), hint="a phrase stands in double quotes")

    def search_incomplete(self, children: list[Token]) -> Expr:
        return _term(children[0][1:-1].replace("''", "'"), "incomplete", span_of(children[0]))


def _term(text: str, name: str, span: Span) -> Expr:
    return Call("search.term", (Literal("string", text, name, span),), span)
