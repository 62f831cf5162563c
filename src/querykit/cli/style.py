"""Colour where a person looks on, none where a program reads (no-color.org)."""

from __future__ import annotations

import os
import shutil
from typing import TextIO

__all__ = ["Style", "width"]


class Style:
    """Dresses texts for a stream."""

    __slots__ = ("_on",)

    def __init__(self, stream: TextIO) -> None:
        self._on = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def heading(self, text: str) -> str:
        return self._dressed("1;36", text)

    def label(self, text: str) -> str:
        return self._dressed("1", text)

    def faint(self, text: str) -> str:
        return self._dressed("2", text)

    def error(self, text: str) -> str:
        return self._dressed("31", text)

    def _dressed(self, code: str, text: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self._on else text


def width() -> int:
    """Columns to write in: the terminal's, but no more than a line is read in."""
    return max(60, min(100, shutil.get_terminal_size(fallback=(100, 24)).columns))
