"""LIKE patterns, matched in time proportional to text times pattern whatever the pattern."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from querykit.errors import LimitExceeded

__all__ = ["like", "like_set"]

#: Is this character one that stands here? None is `%`, any run.
_Place = Callable[[str], bool] | None

#: Text length times pattern length, for patterns with `%`.
_MAX_WORK = 20_000_000


def like(text: str, pattern: str) -> bool:
    r"""`%` any run, `_` one character, a backslash takes the next one literally; a last one is itself (MySQL).

    >>> like("a%b", r"a\%_"), like("ab", "%b%"), like("b\\", "b\\")
    (True, True, True)
    """
    places: list[_Place] = []
    escaped = False
    for index, char in enumerate(pattern):
        if escaped or (char == "\\" and index == len(pattern) - 1):
            places.append(char.__eq__)
            escaped = False
        elif char == "\\":
            escaped = True
        else:
            places.append(_place(char))
    return _matches(text, places)


def like_set(text: str, pattern: str) -> bool:
    """`%`, `_`, `[a-c]` one of, `[^a-c]` none of; no escape, but `[%]` is a percent sign (criteria.md, 3.1).

    A bracket that is never closed is itself.

    >>> like_set("b1", "[a-c][^a-c]"), like_set("a%", "a[%]"), like_set("[", "[")
    (True, True, True)
    """
    places: list[_Place] = []
    index = 0
    while index < len(pattern):
        end = pattern.find("]", index + 1) if pattern[index] == "[" else -1
        if end >= 0:
            places.append(_set(pattern[index + 1 : end]))
            index = end + 1
        else:
            places.append(_place(pattern[index]))
            index += 1
    return _matches(text, places)


def _place(char: str) -> _Place:
    if char == "%":
        return None
    return _any_character if char == "_" else char.__eq__


def _any_character(char: str) -> bool:
    return True


def _set(body: str) -> Callable[[str], bool]:
    negated = body.startswith("^")
    body = body[1:] if negated else body
    ranges: list[tuple[str, str]] = []
    index = 0
    while index < len(body):
        if body[index + 1 : index + 2] == "-" and index + 2 < len(body):
            ranges.append((body[index], body[index + 2]))
            index += 3
        else:
            ranges.append((body[index], body[index]))
            index += 1
    return lambda char: any(low <= char <= high for low, high in ranges) != negated


def _matches(text: str, places: Sequence[_Place]) -> bool:
    """Greedy with one point of return, the last `%`: a later `%` makes every earlier choice good enough."""
    if None in places and len(text) * len(places) > _MAX_WORK:
        raise LimitExceeded(
            "the text is too long for this pattern", code="pattern_too_costly", hint="use a shorter pattern"
        )
    at = place = 0
    retry_at = retry_place = -1
    while at < len(text):
        here = places[place] if place < len(places) else _no_character
        if here is None:
            retry_at, retry_place = at, place
            place += 1
        elif here(text[at]):
            at += 1
            place += 1
        elif retry_place >= 0:
            retry_at += 1
            at, place = retry_at, retry_place + 1
        else:
            return False
    return all(here is None for here in places[place:])


def _no_character(char: str) -> bool:
    return False
