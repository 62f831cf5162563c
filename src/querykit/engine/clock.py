"""The moment of a request: one per request, whatever the number of functions that ask for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeAlias

__all__ = ["Clock", "utc_now"]

#: Gives the moment of the request, UTC without a zone.
Clock: TypeAlias = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)
