"""What holds for the text of every language, before it is read."""

from __future__ import annotations

import re

from querykit.errors import LimitExceeded, ParseError
from querykit.limits import Limits

__all__ = ["check_text", "is_usable"]

#: NUL ends a text in some databases, and half a surrogate pair has no encoding.
_UNUSABLE = "[\0\ud800-\udfff]"


def is_usable(text: str) -> bool:
    """Is everything in the text a character?"""
    if "\0" in text or text.isascii():
        return "\0" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_text(text: str, limits: Limits, offset: int = 0) -> None:
    """Refuse a text that is too long, or that holds what is no character.

    Parameters
    ----------
    offset: where the text begins in the whole.

    Raises
    ------
    LimitExceeded, ParseError
    """
    if len(text) > limits.text_length:
        raise LimitExceeded(
            f"the text is longer than {limits.text_length} characters",
            code="text_length",
            span=(limits.text_length + offset, limits.text_length + offset + 1),
            hint="Limits(text_length=…) sets the bound",
        )
    found = re.search(_UNUSABLE, text)
    if found is not None:
        start, end = found.span()
        raise ParseError(
            f"the character U+{ord(found[0]):04X} cannot stand in a text",
            code="character",
            span=(start + offset, end + offset),
        )
