"""The grammar file: no conflicts, and the same reserved words as the printer."""

from __future__ import annotations

import re

import pytest
from lark import Lark

from querykit.grammar import grammar_text
from querykit.languages.vtql.terminals import NAMES, RESERVED

STARTS = ["statement", "condition"]


def test_lalr_without_conflicts() -> None:
    pytest.importorskip("interegular")  # without it lark cannot compare terminals
    Lark(grammar_text("vtql"), parser="lalr", strict=True, start=STARTS, maybe_placeholders=False)


@pytest.mark.parametrize(
    ("section", "terminal"), [("select", "COLUMN"), ("where", "FIELD"), ("where", "VALUE"), ("order", "KEY")]
)
def test_reserved_words(section: str, terminal: str) -> None:
    found = re.search(rf"^{terminal}: /\(\?!\(\?ai:([a-z|]+)\)", grammar_text("vtql"), re.MULTILINE)
    assert found is not None
    assert set(found[1].split("|")) == RESERVED[section]


def test_every_terminal_has_a_name() -> None:
    lark = Lark(grammar_text("vtql"), parser="lalr", start=STARTS)
    assert {terminal.name for terminal in lark.terminals} - set(lark.ignore_tokens) == set(NAMES)
