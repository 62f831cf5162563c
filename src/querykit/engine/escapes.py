"""Percent-decoding a whole query text at once, where that cannot move the end of an option or of a literal."""

from __future__ import annotations

import re

__all__ = ["unescaped"]

#: Decoded one after the other, the percent sign last: what is decoded is not decoded again.
_USUAL = (
    ("%20", " "),
    ("%27", "'"),
    ("%24", "$"),
    ("%2C", ","),
    ("%2c", ","),
    ("%3A", ":"),
    ("%3a", ":"),
    ("%28", "("),
    ("%29", ")"),
    ("%2F", "/"),
    ("%2f", "/"),
    ("%2B", "+"),
    ("%2b", "+"),
)
_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
#: A question mark begins the text, and options are split at `&` and at the first `=`, before anything is decoded (OData
#: 4.01 Part 2, 2.1). Of `;` and `#` the parser wants to know how they were written (5.1.8).
_STRUCTURAL = re.compile(r"%(?:26|3[BDFbdf]|23)")


def unescaped(text: str) -> str | None:
    """The text as the parser sees it; None if it has to be looked at option by option, or cannot be decoded.

    >>> unescaped("$filter=name%20eq%20%27a%2520b%27"), unescaped("$filter=a eq 'x%26y'"), unescaped("50%")
    ("$filter=name eq 'a%20b'", None, '50%')
    """
    if "%" not in text:
        return text
    for escape, char in _USUAL:
        text = text.replace(escape, char)
    if "%" not in text:
        return text
    if _STRUCTURAL.search(text):
        return None
    try:
        return _ENCODED.sub(_decoded, text)
    except UnicodeDecodeError:
        return None


def _decoded(run: re.Match[str]) -> str:
    return bytes.fromhex(run[0].replace("%", "")).decode()
