"""The regular expressions of a grammar's terminals, as they stand in its generated tables."""

from __future__ import annotations

import re

from querykit.lalr.tables import Tables

__all__ = ["terminals"]


def terminals(tables: Tables) -> dict[str, str]:
    """By the names of the terminals: the last lexer has them all, each in a group of its own."""
    text, kinds = tables.lexers[-1]
    found: dict[str, str] = {}
    opened: list[tuple[int, int]] = []  # the number of a group, and where its inside begins
    number = place = 0
    while place < len(text):
        char = text[place]
        if char == "\\":
            place += 1
        elif char == "[":
            place = _end_of_class(text, place)
        elif char == "(":
            is_counted = not text.startswith("(?", place)
            number += is_counted
            opened.append((number if is_counted else 0, place + 1))
        elif char == ")":
            group, start = opened.pop()
            if group and kinds[group] >= 0:
                found[tables.terminals[kinds[group]]] = text[start:place]
        place += 1
    return found


#: A class: a bracket right behind its beginning does not end it.
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)


def _end_of_class(text: str, place: int) -> int:
    match = _CLASS.match(text, place)
    assert match is not None  # the expression has been compiled
    return match.end() - 1
