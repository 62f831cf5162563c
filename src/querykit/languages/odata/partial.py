"""How far a text that is no literal could have become one: where OASIS says that it fails (4.01 ABNF, section 7)."""

from __future__ import annotations

import re
from functools import cache

__all__ = ["viable"]

#: A part of a literal, and what a part of this part can be.
_Piece = tuple[str, str]

_YEAR = (r"-?(?:0[0-9]{3}|[1-9][0-9]{3,})", "-?[0-9]{0,3}")
_MONTH = ("(?:0[1-9]|1[0-2])", "[01]")
_DAY = ("(?:0[1-9]|[12][0-9]|3[01])", "[0-3]")
_HOUR = ("(?:[01][0-9]|2[0-3])", "[0-2]")
_MINUTE = ("[0-5][0-9]", "[0-5]")
_SECOND = (r"(?:[0-5][0-9]|60)(?:\.[0-9]{0,12})?", "[0-6]")
_HEX = ("[0-9a-f]", "")
_DASH, _COLON = ("-", ""), (":", "")


def _begun(*pieces: _Piece) -> str:
    """A pattern for everything that these pieces, one after the other, begin with."""
    pattern = ""
    for whole, part in reversed(pieces):
        pattern = rf"(?:{whole}{pattern}|{part})?"
    return pattern


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    exponent = "(?:e[+-]?[0-9]*)?"
    zone = rf"(?:Z|[+-]{_begun(_HOUR, _COLON, _MINUTE)})?"
    date = (_YEAR, _DASH, _MONTH, _DASH, _DAY)
    moment = (*date, ("T", ""), _HOUR, _COLON, (rf"{_MINUTE[0]}(?::{_begun(_SECOND)})?{zone}", _MINUTE[1]))
    digits = [item for count in (8, 4, 4, 4, 12) for item in (_DASH, *[_HEX] * count)]
    time = r"(?:[0-9]+(?:H[0-9]*(?:M[0-9]*)?|M[0-9]*)?(?:\.[0-9]*)?S?)?"
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            rf"[+-]?(?:[0-9]+(?:\.(?:[0-9]+{exponent})?|{exponent}))?",
            _begun(*digits[1:]),
            _begun(*moment),
            _begun(_HOUR, _COLON, (rf"{_MINUTE[0]}(?::{_begun(_SECOND)})?", _MINUTE[1])),
            rf"duration'-?(?:P(?:[0-9]+(?:D(?:T{time})?)?|T{time})?)?",
            r"binary'[\w-]*={0,2}",
            r"'(?:[^']|'')*",
        )
    )


def viable(text: str) -> int:
    """The length of the longest beginning that some literal has as well.

    >>> viable("2011-12-31T24:00Z"), viable("5.0m"), viable("duration'P1Y'")
    (12, 3, 11)
    """
    found = [match.end() for match in (form.match(text) for form in _forms()) if match]
    return max(found, default=0)
