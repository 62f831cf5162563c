"""The grammar file: no conflicts, and the same reserved words as the printer."""

from __future__ import annotations

import re

import pytest
from lark import Lark

from querykit._build.grammars import grammar_text
from querykit.languages.vtql.terminals import LENIENT_NAMES, NAMES, RESERVED

GRAMMARS = {
    "vtql": (["statement", "strict_statement", "condition"], NAMES),
    "vtql_lenient": (["statement", "condition"], LENIENT_NAMES),
}


@pytest.mark.parametrize("name", GRAMMARS)
def test_lalr_without_conflicts(name: str) -> None:
    pytest.importorskip("interegular")  # without it lark cannot compare terminals
    starts = GRAMMARS[name][0]
    Lark(grammar_text(name), parser="lalr", strict=True, start=starts, maybe_placeholders=False)


@pytest.mark.parametrize(
    ("section", "terminal"), [("select", "COLUMN"), ("where", "FIELD"), ("where", "VALUE"), ("order", "KEY")]
)
def test_reserved_words(section: str, terminal: str) -> None:
    for name in GRAMMARS:
        found = re.search(rf"^{terminal}: /.*?\(\?!\(\?ai:([a-z|]+)\)", grammar_text(name), re.MULTILINE)
        assert found is not None
        assert set(found[1].split("|")) == RESERVED[section]


@pytest.mark.parametrize("name", GRAMMARS)
def test_every_terminal_has_a_name(name: str) -> None:
    starts, names = GRAMMARS[name]
    lark = Lark(grammar_text(name), parser="lalr", start=starts)
    assert {terminal.name for terminal in lark.terminals} - set(lark.ignore_tokens) == set(names)
