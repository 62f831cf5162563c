"""Percent-decoding that remembers where each character came from (OData 4.01 Part 2, 2.1)."""

from __future__ import annotations

import re

from querykit.errors import ParseError

__all__ = ["decode", "encode"]

_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
#: What would end a value, or be read as something else, in the query part of a URL.
_MUST_ENCODE = {ord(char): f"%{ord(char):02X}" for char in "%&#+"}


def decode(text: str) -> tuple[str, tuple[int, ...] | None]:
    """The text with every `%xx` decoded once, and the origin of each character (None if nothing was encoded).

    A percent sign without two hexadecimal digits stands for itself, so that a plain text can be given as well.
    A plus sign is a plus sign.

    Raises
    ------
    ParseError: the bytes are not UTF-8.

    >>> decode("a%20b")
    ('a b', (0, 1, 4, 5))
    """
    if "%" not in text:
        return text, None
    parts: list[str] = []
    origin: list[int] = []
    end = 0
    for run in _ENCODED.finditer(text):
        parts.append(text[end : run.start()])
        origin += range(end, run.start())
        decoded = _decoded(run[0], run.start())
        place = run.start()
        for char in decoded:
            origin.append(place)
            place += 3 * len(char.encode())
        parts.append(decoded)
        end = run.end()
    parts.append(text[end:])
    origin += range(end, len(text) + 1)
    return "".join(parts), tuple(origin)


def _decoded(run: str, start: int) -> str:
    try:
        return bytes.fromhex(run.replace("%", "")).decode()
    except UnicodeDecodeError as error:
        place = start + 3 * error.start
        raise ParseError(
            f"{run[3 * error.start : 3 * error.end]} is not UTF-8",
            code="encoding",
            span=(place, start + 3 * error.end),
            hint="a character beyond ASCII is encoded as UTF-8: é is %C3%A9",
        ) from None


def encode(value: str) -> str:
    """The value of an option, encoded only where it must be, so that it stays readable.

    >>> encode("company eq 'A&B + C'")
    "company eq 'A%26B %2B C'"
    """
    return value.translate(_MUST_ENCODE)
