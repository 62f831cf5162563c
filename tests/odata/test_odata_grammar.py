"""The grammar file: no conflicts, no terminals that collide, a method for each rule, ranks as in the one table."""

from __future__ import annotations

import re

import pytest
from lark import Lark

from querykit._build.grammars import grammar_text
from querykit.languages.odata.builder import Builder
from querykit.languages.odata.operators import OPERATORS
from querykit.languages.odata.option_builder import OptionBuilder

STARTS = ["expression", "orderby", "expand", "select", "computed", "search_text", "transformations"]
#: The rules of the grammar by rank, the loosest first; `_expr` left out.
LEVELS = ("or", "and", "equality", "relational", "additive", "multiplicative", "unary", "primary")


@pytest.fixture(scope="module")
def grammar() -> Lark:
    return Lark(
        grammar_text("odata"), parser="lalr", lexer="contextual", start=STARTS, maybe_placeholders=False
    )


def test_strict() -> None:
    pytest.importorskip("interegular")
    Lark(grammar_text("odata"), parser="lalr", lexer="contextual", start=STARTS, strict=True)


def test_each_rule_has_a_method(grammar: Lark) -> None:
    built = {
        str(rule.alias or rule.origin.name)
        for rule in grammar.rules
        if not rule.origin.name.startswith("_") and not (rule.options.expand1 and len(rule.expansion) == 1)
    }
    # `( … )` and `…/` have one child, which stands for itself
    inlined = {"before_complex", "before_names", "collection", "operand"}
    missing = {name for name in built - inlined if not hasattr(Builder(), name)}
    assert missing == set()


def test_no_method_without_a_rule(grammar: Lark) -> None:
    known = {str(rule.alias or rule.origin.name) for rule in grammar.rules}
    helpers = {"nested", "place"}
    names = {*dir(Builder), *dir(OptionBuilder)}
    assert {name for name in names if not name.startswith("_")} - known == helpers


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.word)
def test_ranks_are_those_of_the_rules(operator: tuple[str, str, int]) -> None:
    word, _, rank = operator
    rule = rf"^\??{LEVELS[rank - 1]}_(?:expr|run): .*(?:\n +\|.*)*\b_?{word.upper()}\b"
    assert re.search(rule, grammar_text("odata"), re.MULTILINE)
