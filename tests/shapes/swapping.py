"""Texts of known shapes with other literals in them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from answers import answer
from querykit import Translator
from querykit.ast.nodes import Query
from text_tables import lines

__all__ = ["LANGUAGES", "texts"]

LANGUAGES = ("odata", "criteria", "vtql")
_HERE = Path(__file__).parent
#: What texts are damaged with.
_PIECES = [
    *"'()&=%#;,.+-/\\\"{}[]<>01eaé \t\n\0",
    "''",
    "%27",
    "%26",
    "%20",
    " and ",
    " in (",
    "null",
    "&$top=1",
]


def _table(name: str) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for line in lines(_HERE / name):
        language, _, text = line.partition(": ")
        table[language].append(text)
    return table


_TEMPLATES = _table("templates.txt")
_LITERALS = {language: [row.split("  ") for row in rows] for language, rows in _table("literals.txt").items()}


def texts(translator: Translator, language: str, count: int, seed: int) -> Iterator[str]:
    """Texts of few shapes, most of them with literals that the translator takes there."""
    choose = random.Random(seed)
    usual = [
        (template, _fitting(translator, template, language, choose)) for template in _TEMPLATES[language]
    ]
    for _ in range(count):
        template, rows = choose.choice(usual)
        rows = [row if choose.random() < 0.9 else choose.choice(_LITERALS[language]) for row in rows]
        text = _filled(template, rows, choose)
        yield _damaged(text, choose) if choose.random() < 0.08 else text


def _fitting(translator: Translator, template: str, language: str, choose: random.Random) -> list[list[str]]:
    """A row of literals for each place, some of which are accepted there."""
    places = template.count("{}") + template.count("{list}")
    rows: list[list[str]] = []
    for _ in range(60):
        rows = [choose.choice(_LITERALS[language][:9]) for _ in range(places)]
        if isinstance(answer(translator, _filled(template, rows, choose))[0], Query):
            break
    return rows


def _filled(template: str, rows: list[list[str]], choose: random.Random) -> str:
    parts = re.split(r"(\{\}|\{list\})", template)
    for place, row in zip(range(1, len(parts), 2), rows, strict=True):
        count = choose.choice((1, 2, 2, 3, 3, 4, 5, 7, 8, 9)) if parts[place] == "{list}" else 0
        items = choose.choice((",", ", ")).join([choose.choice(row) for _ in range(count)])
        parts[place] = f"({items})" if count else choose.choice(row)
    return "".join(parts)


def _damaged(text: str, choose: random.Random) -> str:
    for _ in range(choose.randint(1, 2)):
        start = choose.randrange(len(text) + 1)
        end = min(len(text), start + choose.choice((0, 0, 1, 2)))
        text = text[:start] + choose.choice([*_PIECES, ""]) + text[end:]
    return text
