"""The text of a query, and the way from a place in its decoded form back to the text as given."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["Source", "Span", "cells"]

#: Start (inclusive) and end (exclusive) of a piece of text, in code points.
Span = tuple[int, int]

_WIDTH = 100  # columns of the text that an excerpt shows at most


class Source:
    """A text and, where it was percent-decoded before parsing, the place each decoded character came from.

    Parameters
    ----------
    text: as it was given.
    origin: for each character of the decoded text (and its end) the offset in `text`; None if nothing was
        decoded, or decoding changed no offset.

    >>> Source("a%20b", origin=(0, 1, 4, 5)).original((2, 3))
    (4, 5)
    """

    __slots__ = ("_origin", "text")

    def __init__(self, text: str, origin: Sequence[int] | None = None) -> None:
        self.text = text
        self._origin = origin

    def original(self, span: Span) -> Span:
        if self._origin is None:
            return span
        last = len(self._origin) - 1
        return self._origin[min(span[0], last)], self._origin[min(span[1], last)]

    def excerpt(self, position: Span) -> list[str]:
        """The line that holds the position, and a line with carets below it."""
        start, end = position
        line_start = self.text.rfind("\n", 0, start) + 1
        line_end = self.text.find("\n", start)
        line = self.text[line_start : line_end if line_end >= 0 else len(self.text)]
        number = self.text.count("\n", 0, start) + 1
        column = start - line_start
        width = max(1, min(end, line_start + len(line)) - start)
        if column > _WIDTH - 20:  # keep the place in sight on long lines
            cut = column - _WIDTH // 2
            line, column = "…" + line[cut + 1 :], column - cut
        if len(line) > _WIDTH:
            line = line[: _WIDTH - 1] + "…"
        width = max(1, min(width, _WIDTH - column))
        shown = "".join(char if char.isprintable() else " " for char in line)
        margin = " " * len(str(number))
        carets = "^" * max(1, cells(shown[column : column + width]) or width)
        return [
            f"{margin} |",
            f"{number} | {shown}".rstrip(),
            f"{margin} | {' ' * cells(shown[:column])}{carets}",
        ]


def cells(text: str) -> int:
    """Terminal columns of a text: East Asian wide characters take two, combining marks none."""
    import unicodedata

    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
