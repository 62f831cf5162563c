"""Functions of text. Positions are zero-based and count code points (DESIGN: text length and positions)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from querykit.errors import LimitExceeded
from querykit.functions.python.like import like, like_set
from querykit.functions.python.regex import matches

__all__ = ["MAX_TEXT", "STRINGS"]

#: Code points that a function may build. A text of a query may ask for more than memory holds.
MAX_TEXT = 1_000_000


def _bounded(length: int) -> None:
    if length > MAX_TEXT:
        raise LimitExceeded(
            f"the expression builds a text of more than {MAX_TEXT:,} characters",
            code="text_too_long",
            hint="build a shorter text",
        )


def _concat(*parts: str) -> str:
    _bounded(sum(len(part) for part in parts))
    return "".join(parts)


def _indexof(text: str, part: str, start: int = 0, count: int | None = None) -> int | None:
    """Within `count` characters from `start` (criteria's CharIndex); an empty part is where the search begins."""
    if start < 0 or (count is not None and count < 0):
        return None
    end = len(text) if count is None else min(len(text), start + count)
    return text.find(part, start, end)


def _substring(text: str, start: int, length: int | None = None) -> str | None:
    """OData 4.01 Part 2, 5.1.1.5.7: a start beyond the end gives '', a negative one counts from the end.

    A negative length is an error there; here it is null, as no engine raises alike.
    """
    if length is not None and length < 0:
        return None
    if start < 0:
        start = max(0, len(text) + start)
    return text[start:] if length is None else text[start : start + length]


def _replace(text: str, old: str, new: str) -> str:
    if not old:  # SQL's REPLACE; .NET raises
        return text
    _bounded(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


def _insert(text: str, place: int, part: str) -> str | None:
    if place < 0:
        return None
    return _concat(text[:place], part, text[place:])


def _remove(text: str, place: int, count: int | None = None) -> str | None:
    if place < 0 or (count is not None and count < 0):
        return None
    return text[:place] if count is None else text[:place] + text[place + count :]


def _padding(text: str, length: int, filling: str) -> str:
    missing = length - len(text)
    if missing <= 0 or not filling:
        return ""
    _bounded(length)
    return (filling * (missing // len(filling) + 1))[:missing]


def _ascii(text: str) -> int | None:
    return ord(text[0]) if text else None


def _char(code: int) -> str | None:
    """Null for what is no character: codes beyond Unicode, and halves of surrogate pairs."""
    return chr(code) if 0 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else None


STRINGS: dict[str, Callable[..., Any]] = {
    "str.concat": _concat,
    "str.contains": lambda text, part: _text(part) in _text(text),
    "str.startswith": lambda text, part: text.startswith(part),
    "str.endswith": lambda text, part: text.endswith(part),
    "str.like": like,
    "str.like_set": like_set,
    "str.matches": matches,
    "str.indexof": _indexof,
    "str.length": len,
    "binary.length": len,
    "str.lower": lambda text: text.lower(),
    "str.upper": lambda text: text.upper(),
    # Only U+0020, as SQL's TRIM; 5.1.1.7.4 means every white space of Unicode.
    "str.trim": lambda text: text.strip(" "),
    "str.substring": _substring,
    "str.replace": _replace,
    "str.insert": _insert,
    "str.remove": _remove,
    "str.pad_left": lambda text, length, filling=" ": _padding(text, length, filling) + text,
    "str.pad_right": lambda text, length, filling=" ": text + _padding(text, length, filling),
    "str.reverse": lambda text: _text(text)[::-1],
    "str.ascii": _ascii,
    "str.char": _char,
    "str.is_null_or_empty": lambda text: text is None or text == "",
}


def _text(value: Any) -> str:
    """The value, if it is a text: `in` and slices would take lists as well."""
    if isinstance(value, str):
        return value
    raise TypeError(f"{type(value).__name__} is not a text")
