"""Moments of Resengo requests: ISO 8601, with or without a zone."""

from __future__ import annotations

import datetime as dt
import re

__all__ = ["moment", "moment_text"]

_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d)?)(?P<fraction>\.\d{1,9})?"
    r"(?:(?P<utc>Z)|(?P<sign>[-+ ])(?P<offset>\d\d:?\d\d))?)?",
    re.ASCII | re.IGNORECASE,
)


def moment(text: str) -> dt.datetime | None:
    """The moment of a text; None if it is none.

    >>> moment("2011-05-01"), moment("2011-05-01T10:00:00 02:00").utcoffset()
    (datetime.datetime(2011, 5, 1, 0, 0), datetime.timedelta(seconds=7200))
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    written = f"{found['day']}T{found['time'] or '00:00'}"
    if found["fraction"]:
        if len(found["time"]) < 8:
            return None  # minutes have no fractions
        written += found["fraction"][:7]  # earlier by less than a microsecond: nothing is lost
    if found["offset"]:
        written += found["sign"].replace(" ", "+") + found["offset"]
    elif found["utc"]:
        written += "Z"
    try:
        return dt.datetime.fromisoformat(written)
    except ValueError:
        return None


def moment_text(value: dt.date) -> str:
    if not isinstance(value, dt.datetime):
        value = dt.datetime(value.year, value.month, value.day)
    return value.isoformat().removesuffix("+00:00") + "Z" * (value.utcoffset() == dt.timedelta(0))
