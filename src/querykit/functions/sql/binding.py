"""How tightly the parts of a template hold together: where an argument needs brackets.

Levels follow the SQL standard. What stands between comparison and addition (`||`, bits, PostgreSQL's own
operators) ranks differently in every engine, so it is only mixed with arithmetic in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

__all__ = ["Hole", "Level", "cut", "level_of"]


class Level(IntEnum):
    """From the loosest to the tightest."""

    ANY = 0
    OR = 1
    AND = 2
    NOT = 3
    COMPARISON = 4
    OTHER = 5
    SUM = 6
    PRODUCT = 7
    UNARY = 8
    COLLATE = 9
    ATOM = 10


class Hole(NamedTuple):
    """The place of an argument in a template.

    Parameters
    ----------
    index: of the argument.
    least: an argument of a lower level (`level_of` its template) needs brackets.
    """

    index: int  # type: ignore[assignment]  # hides tuple.index
    least: int

    @property
    def alone(self) -> bool:
        """It is a whole function argument, or stands between keywords: nothing needs brackets there."""
        return self.least == Level.ANY


_TOKEN = re.compile(r"\s*(\{\d+\}|'[^']*'|@@?\w+|[A-Za-z_]\w*|\d[\d.]*|<=>|<>|<=|>=|\|\||//|@@|.)", re.DOTALL)
_WORDS = {
    "OR": Level.OR,
    "AND": Level.AND,
    "NOT": Level.NOT,
    "DIV": Level.PRODUCT,
    "COLLATE": Level.COLLATE,
    **dict.fromkeys(
        ("IS", "IN", "LIKE", "BETWEEN", "GLOB", "REGEXP", "RLIKE", "ESCAPE", "MATCH"), Level.COMPARISON
    ),
}
_SIGNS = {
    **dict.fromkeys(("=", "<>", "<", "<=", ">", ">=", "<=>"), Level.COMPARISON),
    **dict.fromkeys(("||", "|", "&", "#", "^", "~", "@@"), Level.OTHER),
    **dict.fromkeys(("+", "-"), Level.SUM),
    **dict.fromkeys(("*", "/", "//", "%"), Level.PRODUCT),
}
#: Words before and after an operand that are no operators.
_EDGES = frozenset(["CASE", "WHEN", "THEN", "ELSE", "END", "SELECT", "INTERSECT", "AS", "FROM", "USING"])


#: Pairs of words of which the second belongs to the operator: IS NOT, IS DISTINCT FROM (and NOT IN, NOT LIKE).
_COMPARING = frozenset((("IS", "NOT"), ("DISTINCT", "FROM")))


class _Token(NamedTuple):
    text: str
    start: int
    end: int
    level: Level | None
    depth: int


def _tokens(template: str) -> Iterator[_Token]:
    depth = 0
    between = 0
    operand = False  # does an operand stand before this place?
    before = ""
    for match in _TOKEN.finditer(template):
        text = match[1]
        level = _SIGNS.get(text) or _WORDS.get(text)
        if text in (")", "]", "END"):
            depth -= 1
        if level is not None and not operand and text in ("-", "+", "~"):
            level = Level.UNARY
        elif text == "BETWEEN":
            between += 1
        elif text == "AND" and between:
            between -= 1
            level = Level.COMPARISON
        elif (before, text) in _COMPARING or (text == "NOT" and operand):
            level = Level.COMPARISON
        yield _Token(text, match.start(1), match.end(1), level, depth)
        if text in ("(", "[", "CASE"):
            depth += 1
        before = text
        operand = level is None and text not in ("(", "[", ",") and text not in _EDGES - {"END"}


@lru_cache(maxsize=4096)
def level_of(template: str) -> Level:
    """The level of the loosest operator outside brackets.

    >>> level_of("INSTR({0}, {1}) > 0").name, level_of("LOWER({0})").name, level_of("{0} AND {1}").name
    ('COMPARISON', 'ATOM', 'AND')
    """
    found = [token.level for token in _tokens(template) if token.level is not None and token.depth == 0]
    return min(found, default=Level.ATOM)


@lru_cache(maxsize=4096)
def cut(template: str) -> tuple[str | Hole, ...]:
    """The template cut at its holes, in order."""
    tokens = list(_tokens(template))
    pieces: list[str | Hole] = []
    end = 0
    for at, token in enumerate(tokens):
        if not (token.text.startswith("{") and token.text.endswith("}")):
            continue
        if token.start > end:
            pieces.append(template[end : token.start])
        before = tokens[at - 1] if at else None
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        pieces.append(Hole(int(token.text[1:-1]), max(_left(before), _right(after))))
        end = token.end
    if end < len(template):
        pieces.append(template[end:])
    return tuple(pieces)


def _left(before: _Token | None) -> int:
    """What an operand needs because of what stands before it: to the right of an operator, more than its level."""
    if before is None or before.text in ("(", "[", ",") or (before.text in _EDGES and before.level is None):
        return Level.ANY
    if before.level is None:  # INTERVAL {0}
        return Level.ATOM
    return _beside(before.level) + (before.level < Level.ATOM and before.level != Level.OTHER)


def _right(after: _Token | None) -> int:
    """What it needs because of what stands behind it: the left operand may be of the same level (`a + b - c`)."""
    if after is None or after.text in (")", "]", ",") or after.text in _EDGES:
        return Level.ANY
    if after.level is None:
        return Level.ATOM
    associative = after.level in (Level.OR, Level.AND, Level.SUM, Level.PRODUCT)
    return _beside(after.level) + (not associative and after.level != Level.OTHER)


def _beside(level: Level) -> int:
    """`||` and bits beside anything but an operand, and arithmetic beside those, take brackets."""
    return Level.UNARY if level == Level.OTHER else level
