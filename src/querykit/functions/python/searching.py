"""Full-text search in words: what an index of the database finds."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

__all__ = ["SEARCHING"]


def _words(text: str, bare: bool) -> list[str]:
    """Runs of letters and digits without their case; `bare`, also without accents (SQLite FTS5, 4.3.1)."""
    text = text.lower()
    if bare:
        decomposed = unicodedata.normalize("NFD", text)
        text = "".join(char for char in decomposed if unicodedata.category(char)[0] != "M")
    return "".join(char if _in_word(char) else " " for char in text).split()


def _in_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNM" or unicodedata.category(char) == "Co"


def _found(term: str, bare: bool, begun: bool, *texts: str | None) -> bool:
    """The words of the term follow one another in a text; the last may be the beginning of one there.

    A term without words is nowhere.
    """
    wanted = _words(term, bare)
    return bool(wanted) and any(_follow(_words(text, bare), wanted, begun) for text in texts if text)


def _follow(words: list[str], wanted: list[str], begun: bool) -> bool:
    *first, last = wanted
    for start in range(len(words) - len(first)):
        at = words[start + len(first)]
        if words[start : start + len(first)] == first and (at.startswith(last) if begun else at == last):
            return True
    return False


SEARCHING: dict[str, Callable[..., Any]] = {"search.words": _found}
