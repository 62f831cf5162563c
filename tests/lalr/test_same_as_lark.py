"""The generated parsers read what Lark reads from the same grammar: the same trees, the same places of mistakes."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from lark import Lark, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from corpora import load
from querykit._build.grammars import GRAMMARS, grammar_text, module_text
from querykit.lalr.driver import Parser, SyntaxStop, TooManyTokens

_TEXTS = [
    (*head.split(), text)
    for head, _, text in (
        line.partition(": ")
        for line in (Path(__file__).parent / "texts.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
]
#: Mutants of each start rule.
EXAMPLES = int(os.environ.get("QUERYKIT_EXAMPLES", "400"))
_STARTS = sorted({(name, start) for name, start, _ in _TEXTS})
#: What mistakes are made of: everything that begins or ends a token somewhere.
_PIECES = [
    *"()[]{}'\"#.,:;/ =<>!@$&|^+-*%0159aeTé\t",
    " not ",
    " and ",
    " desc",
    "null",
    "any(",
    "\U0001f600",
]


class Trees:
    """A builder that makes nothing of anything."""

    place = None

    def __getattr__(self, name: str) -> Callable[[list[Any]], Any]:
        return lambda children: (name, *children)


@cache
def generated(name: str) -> Parser:
    return Parser(import_module(f"querykit.lalr.generated.{name}").TABLES, Trees())


@cache
def lark(name: str) -> Lark:
    starts = next(row.starts for row in GRAMMARS if row.name == name)
    return Lark(grammar_text(name), parser="lalr", start=list(starts), maybe_placeholders=False)


def of_lark(name: str, start: str, text: str) -> tuple[Any, int | None]:
    """The tree, or where it is certain that there is none."""
    try:
        return _shown(lark(name).parse(text, start=start)), None
    except UnexpectedToken as error:
        return None, len(text) if error.token.type == "$END" else error.pos_in_stream
    except UnexpectedInput as error:
        return None, error.pos_in_stream


def of_tables(name: str, start: str, text: str) -> tuple[Any, int | None]:
    try:
        return _shown(generated(name).parse(text, start, 100_000)), None
    except SyntaxStop as stop:
        return None, stop.start


def _shown(value: Any) -> Any:
    if isinstance(value, Tree):
        return (str(value.data), *map(_shown, value.children))
    if isinstance(value, tuple):
        return (value[0], *map(_shown, value[1:]))
    return value.type, str(value), value.start_pos, value.end_pos


def mutated(text: str, others: list[str], rng: random.Random) -> str:
    chars = list(text)
    for _ in range(rng.randint(1, 3)):
        place, what = rng.randrange(len(chars) + 1), rng.random()
        if what < 0.4 and chars:
            del chars[min(place, len(chars) - 1)]
        elif what < 0.8:
            chars.insert(place, rng.choice(_PIECES))
        else:
            other = rng.choice(others)
            start = rng.randrange(len(other) + 1)
            chars[place:place] = other[start : start + rng.randint(1, 12)]
    return "".join(chars)


@pytest.mark.parametrize(("name", "start", "text"), _TEXTS)
def test_a_sentence(name: str, start: str, text: str) -> None:
    tree, place = of_tables(name, start, text)
    assert place is None
    assert (tree, None) == of_lark(name, start, text)


@pytest.mark.parametrize(("name", "start"), _STARTS)
def test_mutated_texts(name: str, start: str) -> None:
    texts = [text for row, rule, text in _TEXTS if (row, rule) == (name, start)]
    every = [text for row, _, text in _TEXTS if row == name]
    rng = random.Random(f"{name} {start}")
    for _ in range(EXAMPLES):
        text = mutated(rng.choice(texts), every, rng)
        assert of_tables(name, start, text) == of_lark(name, start, text), text


def corpus() -> Iterator[tuple[str, str, str]]:
    for row in (*load("odata-oasis.jsonl"), *load("odata-peers.jsonl")):
        if row["option"] in ("$filter", "filter", "expr"):
            yield "odata", "expression", row["text"]
    for row in load("criteria.jsonl"):
        yield "criteria", "query", row["text"]
    for row in (*load("vtql.jsonl"), *load("vtql-verdicts.jsonl")):
        yield "vtql", "statement", row.get("query") or row["text"]


def test_corpora() -> None:
    texts = list(corpus())
    others = {name: [text for row, _, text in texts if row == name] for name, *_ in texts}
    rng = random.Random(1)
    for name, start, text in texts:
        other = mutated(text, others[name], rng)
        for one in (text, other):
            assert of_tables(name, start, one) == of_lark(name, start, one), one


@pytest.mark.parametrize("row", GRAMMARS, ids=lambda row: row.name)
def test_the_tables_are_current(row: Any) -> None:
    stale = f"{row.path.name} is out of date; run: python -m querykit._build"
    assert row.path.read_text(encoding="utf-8") == module_text(row), stale


def test_tokens_are_counted() -> None:
    with pytest.raises(TooManyTokens) as caught:
        generated("odata").parse("a eq 1 and b eq 2", "expression", 3)
    assert (caught.value.start, caught.value.end) == (6, 11)
