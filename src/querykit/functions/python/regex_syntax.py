r"""The syntax of ECMAScript regular expressions, read into a small tree; flag `u`, no other flags.

`$` is the end of the text only, `\d` and `\w` are ASCII, `.` is no line end: all unlike Python's `re`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from querykit.errors import LimitExceeded, NotExpressible, ParseError

__all__ = ["Assertion", "CharSet", "Choice", "Pattern", "Repeat", "Sequence", "parse"]

_MAX_PATTERN = 256
_MAX_GROUPS = 24  # nested in one another; each takes four frames of Python's stack
_MAX_COUNT = 1_000


@dataclass(frozen=True, slots=True)
class CharSet:
    """One character that is in one of the ranges, or in none of them."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False

    def has(self, char: str) -> bool:
        return any(low <= char <= high for low, high in self.ranges) != self.negated


@dataclass(frozen=True, slots=True)
class Assertion:
    r"""A place in the text: `^`, `$`, `\b` or `\B`."""

    kind: str

    def holds(self, text: str, index: int) -> bool:
        if self.kind == "^":
            return index == 0
        if self.kind == "$":
            return index == len(text)
        before = index > 0 and _WORD.has(text[index - 1])
        after = index < len(text) and _WORD.has(text[index])
        return (before != after) == (self.kind == "b")


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    parts: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`body` from `least` to `most` times; None: without end."""

    body: Pattern
    least: int
    most: int | None


Pattern: TypeAlias = CharSet | Assertion | Sequence | Choice | Repeat

_LINE_ENDS = (("\n", "\n"), ("\r", "\r"), ("\u2028", "\u2029"))
_DIGIT = CharSet((("0", "9"),))
_WORD = CharSet((("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z")))
_SPACE = CharSet(
    (
        ("\t", "\r"),
        *((blank, blank) for blank in (" ", "\u00a0", "\u1680", "\u202f", "\u205f", "\u3000", "\ufeff")),
        ("\u2000", "\u200a"),
        ("\u2028", "\u2029"),
    )
)
_CLASSES = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_CONTROLS = {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "0": "\0"}
_QUANTIFIERS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}


def parse(pattern: str) -> Pattern:
    """The tree of a pattern.

    Raises
    ------
    ParseError: it is not a pattern.
    NotExpressible: it looks around, refers back, or names Unicode properties.
    LimitExceeded: it is too long, or its groups are too deep.
    """
    if len(pattern) > _MAX_PATTERN:
        raise LimitExceeded(
            f"the pattern is longer than {_MAX_PATTERN} characters", code="pattern_too_costly"
        )
    return _Reader(pattern).whole()


class _Reader:
    """A cursor over the pattern; one method per production of ECMA-262, 22.2.1."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def whole(self) -> Pattern:
        pattern = self.choice()
        if self.at < len(self.text):
            raise self.bad("a bracket is closed that was not opened")
        return pattern

    def choice(self) -> Pattern:
        parts = [self.sequence()]
        while self.taken("|"):
            parts.append(self.sequence())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def sequence(self) -> Pattern:
        parts: list[Pattern] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            parts.append(self.term())
        return Sequence(tuple(parts))

    def term(self) -> Pattern:
        atom = self.atom()
        counts = self.quantifier()
        if counts is None:
            return atom
        if isinstance(atom, Assertion):
            raise self.bad("nothing to repeat")
        self.taken("?")  # lazy: the same answer to "is it found?"
        least, most = counts
        if most is not None and most < least:
            raise self.bad("the counts are out of order")
        return Repeat(atom, least, most)

    def quantifier(self) -> tuple[int, int | None] | None:
        if self.at < len(self.text) and self.text[self.at] in _QUANTIFIERS:
            self.at += 1
            return _QUANTIFIERS[self.text[self.at - 1]]
        if self.text[self.at : self.at + 1] != "{":
            return None
        least, comma, most = self.text[self.at + 1 : self.closing("}")].partition(",")
        if not self.is_count(least) or (most and not self.is_count(most)):
            raise self.bad("a count is expected after '{'")
        self.at = self.closing("}") + 1
        if not comma:
            return int(least), int(least)
        return int(least), int(most) if most else None

    def is_count(self, text: str) -> bool:
        if not (text.isascii() and text.isdigit()):
            return False
        if len(text) > 9 or int(text) > _MAX_COUNT:
            raise LimitExceeded(f"a count is above {_MAX_COUNT}", code="pattern_too_costly")
        return True

    def atom(self) -> Pattern:
        char = self.next()
        if char == "(":
            return self.group()
        if char == "[":
            return self.char_class()
        if char == "\\":
            return self.escape()
        if char in "^$":
            return Assertion(char)
        if char == ".":
            return CharSet(_LINE_ENDS, negated=True)
        if char in "*+?{}]":
            raise self.bad(f"'{char}' needs a backslash before it, or something to repeat")
        return CharSet(((char, char),))

    def group(self) -> Pattern:
        self.depth += 1
        if self.depth > _MAX_GROUPS:
            raise LimitExceeded(f"groups are more than {_MAX_GROUPS} deep", code="pattern_too_costly")
        if self.taken("?") and not self.taken(":"):
            if self.text[self.at : self.at + 1] in ("=", "!") or self.text[self.at : self.at + 2] in (
                "<=",
                "<!",
            ):
                raise NotExpressible(
                    "a pattern cannot look around",
                    code="pattern_unsupported",
                    hint="write (?=…) as a second condition",
                )
            if not self.taken("<"):
                raise self.bad("unknown kind of group")
            self.at = self.closing(">") + 1
        inner = self.choice()
        if not self.taken(")"):
            raise self.bad("a bracket is not closed")
        self.depth -= 1
        return inner

    def escape(self) -> Pattern:
        char = self.next()
        if char in "bB":
            return Assertion(char)
        if char in "123456789k":
            raise NotExpressible("a pattern cannot refer back to a group", code="pattern_unsupported")
        shorthand = self.shorthand(char)
        if shorthand is not None:
            return shorthand
        literal = self.character(char)
        return CharSet(((literal, literal),))

    def shorthand(self, char: str) -> CharSet | None:
        if char in "pP":
            raise NotExpressible(
                "Unicode properties are not supported in patterns", code="pattern_unsupported"
            )
        known = _CLASSES.get(char.lower())
        if known is None:
            return None
        return CharSet(known.ranges, negated=char.isupper())

    def character(self, char: str) -> str:
        """The character that an escape stands for."""
        if char in _CONTROLS:
            return _CONTROLS[char]
        if (
            char == "c"
            and self.text[self.at : self.at + 1].isascii()
            and self.text[self.at : self.at + 1].isalpha()
        ):
            return chr(ord(self.next()) % 32)
        if char in "xu":
            return self.code(char)
        if char.isascii() and char.isalnum():
            raise self.bad(f"unknown escape '\\{char}'")
        return char

    def code(self, kind: str) -> str:
        if kind == "u" and self.taken("{"):
            digits, self.at = self.text[self.at : self.closing("}")], self.closing("}") + 1
            return self.from_hex(digits)
        width = 2 if kind == "x" else 4
        first = self.from_hex(self.digits(width))
        if "\ud800" <= first <= "\udbff" and self.text[self.at : self.at + 2] == "\\u":
            self.at += 2
            second = self.from_hex(self.digits(4))
            return (first + second).encode("utf-16", "surrogatepass").decode("utf-16", "replace")[:1]
        return first

    def digits(self, width: int) -> str:
        digits = self.text[self.at : self.at + width]
        self.at += width
        if len(digits) < width:
            raise self.bad("hexadecimal digits are missing")
        return digits

    def from_hex(self, digits: str) -> str:
        if not digits or len(digits) > 8 or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
            raise self.bad("hexadecimal digits are expected")
        if int(digits, 16) > 0x10FFFF:
            raise self.bad("there is no such character")
        return chr(int(digits, 16))

    def char_class(self) -> CharSet:
        negated = self.taken("^")
        ranges: list[tuple[str, str]] = []
        while not self.taken("]"):
            low = self.class_atom()
            if isinstance(low, CharSet):
                ranges += _plain(low)
                continue
            high: str | CharSet = low
            if self.text[self.at : self.at + 1] == "-" and self.text[self.at + 1 : self.at + 2] != "]":
                self.at += 1
                high = self.class_atom()
            if isinstance(high, CharSet) or high < low:
                raise self.bad("the range is out of order")
            ranges.append((low, high))
        return CharSet(tuple(ranges), negated)

    def class_atom(self) -> str | CharSet:
        char = self.next()
        if char != "\\":
            return char
        char = self.next()
        if char == "b":
            return "\b"
        return self.shorthand(char) or self.character(char)

    def taken(self, char: str) -> bool:
        found = self.text[self.at : self.at + 1] == char
        self.at += found
        return found

    def next(self) -> str:
        if self.at >= len(self.text):
            raise self.bad("the pattern ends too early")
        self.at += 1
        return self.text[self.at - 1]

    def closing(self, char: str) -> int:
        place = self.text.find(char, self.at)
        if place < 0:
            raise self.bad(f"'{char}' is missing")
        return place

    def bad(self, reason: str) -> ParseError:
        return ParseError(
            f"not a regular expression: {reason} (at character {self.at} of the pattern)", code="bad_pattern"
        )


def _plain(chars: CharSet) -> list[tuple[str, str]]:
    """The ranges of a shorthand inside a class; those of a negated one are the gaps."""
    if not chars.negated:
        return list(chars.ranges)
    gaps: list[tuple[str, str]] = []
    start = 0
    for low, high in sorted(chars.ranges):
        if ord(low) > start:
            gaps.append((chr(start), chr(ord(low) - 1)))
        start = max(start, ord(high) + 1)
    return [*gaps, (chr(start), chr(0x10FFFF))]
