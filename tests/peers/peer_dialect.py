"""Microsoft's and go-odata's ways of writing what the standard writes otherwise, put into its words."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["standard"]

_TEXT = r"'(?:[^']|'')*'"
#: `5.00m`, `42L`, `2.5d`, `5f`: the type of a literal is that of what it meets.
_SUFFIX = re.compile(rf"({_TEXT})|(?<![\w.-])(-?\d+(?:\.\d+)?(?:e\d+)?)[mMdDfFlL]\b")
#: `cast(x, 'Edm.Int32')`: the name of a type in quotes.
_TYPE = re.compile(r"(\b(?:cast|isof)\([^()]*(?:\([^()]*\))?[^()]*,\s*)'((?:Edm|Microsoft|\w+)\.[\w.]+)'\)")
_FLAGS = re.compile(r"((?:\w+\.)+\w+)'(\w+(?:, *\w+)+)'")
_CALLS = re.compile(r"\b(add|sub|mul|div|mod|has)\((\w+), *(\w+)\)")


def standard(row: dict[str, Any]) -> str:
    """The text of a row, in the standard's words where the corpus says that it is in others."""
    text: str = row["text"]
    if not row.get("dialect"):
        return text
    text = _SUFFIX.sub(lambda found: found[1] or found[2], text)
    text = _FLAGS.sub(lambda found: f"{found[1]}'{found[2].replace(' ', '')}'", text)
    text = _CALLS.sub(r"\2 \1 \3", text)
    return _TYPE.sub(r"\1\2)", text)
