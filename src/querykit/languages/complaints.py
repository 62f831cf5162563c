"""Better words for what a grammar refuses: a table of what people write instead, and what the language has for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["Complaint", "Complaints"]

_CONTEXT = 64  # characters before the place that a row looks at


class Complaint(NamedTuple):
    """When the text before and from the place on looks so (both are regular expressions), this is meant."""

    before: str
    after: str
    message: str
    hint: str


class Complaints:
    """Rows of which the first that fits is used."""

    def __init__(self, rows: Iterable[Complaint]) -> None:
        self._rows = [
            (
                re.compile(rf"(?:{row.before})\s*\Z", re.IGNORECASE),
                re.compile(row.after, re.IGNORECASE | re.DOTALL),
                row,
            )
            for row in rows
        ]

    def about(self, text: str, place: int) -> Complaint | None:
        """What the text at the place was meant to be, if that is known."""
        context = text[max(0, place - _CONTEXT) : place]
        for before, after, row in self._rows:
            if after.match(text, place) and before.search(context):
                return row
        return None
