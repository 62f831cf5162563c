"""ECMAScript regular expressions for `matchesPattern` (OData 4.01 Part 2, 5.1.1.7.1), in linear time.

A pattern comes from outside, and a backtracking matcher can be made to run for years. So all readings of the
text are followed at once (Thompson 1968), which costs text length times pattern length; what cannot be done
so, looking around and referring back, is refused.
"""

from __future__ import annotations

from functools import lru_cache

from querykit.errors import LimitExceeded
from querykit.functions.python.regex_syntax import (
    Assertion,
    CharSet,
    Choice,
    Pattern,
    Repeat,
    Sequence,
    parse,
)

__all__ = ["matches"]

#: States of one pattern, after counted repetitions are written out.
_MAX_STATES = 2_000
#: Text length times states.
_MAX_WORK = 5_000_000


def matches(text: str, pattern: str) -> bool:
    """Is the pattern found anywhere in the text?

    >>> matches("ALFKI", "^A.*"), matches("xAy", "a")
    (True, False)
    """
    program = _compiled(pattern)
    if len(text) * len(program.states) > _MAX_WORK:
        raise LimitExceeded(
            "the text is too long for this pattern", code="pattern_too_costly", hint="use a shorter pattern"
        )
    return program.search(text)


@lru_cache(maxsize=64)  # one pattern is asked of many rows
def _compiled(pattern: str) -> _Program:
    return _Program(parse(pattern))


class _Program:
    """States by number. A state is a character or an assertion with the state after it, or a choice of states."""

    def __init__(self, pattern: Pattern) -> None:
        self.states: list[tuple[CharSet | Assertion, int] | list[int]] = [[]]  # state 0: found
        self.built = 0
        self.start = self._build(pattern, 0)

    def _build(self, pattern: Pattern, then: int) -> int:
        """The state that begins `pattern` and goes on to `then`."""
        self.built += 1  # counts empty parts too: `((){999}){999}` has few states but takes as long
        if self.built > _MAX_STATES:
            raise LimitExceeded(
                "the pattern is too large", code="pattern_too_costly", hint="use smaller counts"
            )
        if isinstance(pattern, CharSet | Assertion):
            return self._new((pattern, then))
        if isinstance(pattern, Sequence):
            for part in reversed(pattern.parts):
                then = self._build(part, then)
            return then
        if isinstance(pattern, Choice):
            return self._new([self._build(part, then) for part in pattern.parts])
        return self._build_repeat(pattern, then)

    def _build_repeat(self, pattern: Repeat, then: int) -> int:
        start = then
        if pattern.most is None:
            loop: list[int] = [then]
            start = self._new(loop)
            loop.append(self._build(pattern.body, start))
        else:
            for _ in range(pattern.most - pattern.least):
                start = self._new([self._build(pattern.body, start), then])
        for _ in range(pattern.least):
            start = self._build(pattern.body, start)
        return start

    def _new(self, state: tuple[CharSet | Assertion, int] | list[int]) -> int:
        self.states.append(state)
        return len(self.states) - 1

    def search(self, text: str) -> bool:
        waiting: set[int] = set()
        for index in range(len(text) + 1):
            waiting.add(self.start)
            reached = self._reached(waiting, text, index)
            if 0 in reached:
                return True
            if index < len(text):
                waiting = self._after(reached, text[index])
        return False

    def _reached(self, waiting: set[int], text: str, index: int) -> set[int]:
        """The states reached without taking a character."""
        reached: set[int] = set()
        pending = list(waiting)
        while pending:
            number = pending.pop()
            if number in reached:
                continue
            reached.add(number)
            state = self.states[number]
            if isinstance(state, list):
                pending += state
            elif isinstance(state[0], Assertion) and state[0].holds(text, index):
                pending.append(state[1])
        return reached

    def _after(self, reached: set[int], char: str) -> set[int]:
        after: set[int] = set()
        for number in reached:
            state = self.states[number]
            if isinstance(state, tuple) and isinstance(state[0], CharSet) and state[0].has(char):
                after.add(state[1])
        return after
