"""What `$skiptoken` holds: the names of the key, and the values that the last row had in its order.

Compact JSON in base64url, the version first: ``[1, ["id"], "Oslo", 17]``. It is neither signed nor secret: a
forged token can only say what a `$filter` could, and is checked as one when the query is bound.
"""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import json
import math
import uuid
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from querykit.ast.nodes import Literal
from querykit.ast.values import literal
from querykit.errors import NotExpressible, QueryError

__all__ = ["Position", "read", "write"]

_VERSION = 1
_LONGEST = 16_384  # of a token; URLs beyond that are cut off by servers
_LARGEST = 2**63


class Position(NamedTuple):
    """A place in the order: behind the row that has these values.

    Parameters
    ----------
    key: the names of the key that come behind the order of the query.
    values: of the order and then of the key.
    """

    key: tuple[str, ...]
    values: tuple[Literal, ...]


def write(key: Sequence[str], values: Sequence[Any]) -> str:
    """The token of a place.

    Raises
    ------
    NotExpressible: no token can hold such a value.
    """
    items = [_VERSION, list(key), *[_checked(value) for value in values]]
    text = json.dumps(items, separators=(",", ":"), ensure_ascii=False)
    token = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    if len(token) > _LONGEST:
        raise _unwritable("so long")
    return token


def read(token: str) -> Position:
    """The place of a token.

    Raises
    ------
    QueryError: code ``skiptoken``, it is none that `write` made.

    >>> read(write(["id"], [None, 5]))
    Position(key=('id',), values=(Literal('null', None, ''), Literal('int', 5, '')))
    """
    try:
        if len(token) > _LONGEST:
            raise _Malformed
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        version, key, *values = json.loads(raw.decode(), parse_float=_refused, parse_constant=_refused)
        if version is True or version != _VERSION or not isinstance(key, list):
            raise _Malformed
        return Position(tuple([_text(name) for name in key]), tuple([literal(_unpacked(v)) for v in values]))
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        raise QueryError(
            "the token is none of this service",
            code="skiptoken",
            hint="use the link to the next page as it was given",
        ) from None


class _Malformed(ValueError):
    """The token was not written by `write`."""


def _refused(text: str) -> Any:
    raise _Malformed


def _text(value: Any) -> str:
    """A text that a database can take; JSON can escape what is no character."""
    if not isinstance(value, str) or "\0" in value:
        raise _Malformed
    value.encode()  # half a surrogate pair has no encoding
    return value


# --- Values: those that JSON has stand for themselves, the others are `[tag, text]`


def _checked(value: Any) -> Any:
    """The value as JSON; what could not be read back is not written."""
    try:
        packed = _packed(value)
        _unpacked(packed)
    except (ValueError, ArithmeticError):
        raise _unwritable(f"such {type(value).__name__}") from None
    return packed


def _unwritable(what: str) -> NotExpressible:
    return NotExpressible(
        f"no token can hold a place among {what} values", code="skiptoken", hint="order by something else"
    )


def _packed(value: Any) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value)
    for tag, (kind, write_value, _) in _TAGS.items():
        if isinstance(value, kind):
            return [tag, write_value(value)]
    raise _Malformed


def _unpacked(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        if not -_LARGEST <= value < _LARGEST:
            raise _Malformed
        return value
    tag, text = value
    if tag not in _TAGS or len(_text(text)) > 400:
        raise _Malformed
    return _TAGS[tag][2](text)


def _decimal(text: str) -> decimal.Decimal:
    number = decimal.Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > 400:
        raise _Malformed
    return number


def _float(text: str) -> float:
    number = float(text)
    if math.isnan(number):
        raise _Malformed
    return number


def _microseconds(value: dt.timedelta) -> str:
    return str(value // dt.timedelta(microseconds=1))


#: Tag -> type of the value, its text, and the way back. `datetime` stands before `date`: the first that fits wins.
_TAGS: dict[str, tuple[type, Callable[[Any], str], Callable[[str], Any]]] = {
    "f": (float, repr, _float),
    "n": (decimal.Decimal, str, _decimal),
    "t": (dt.datetime, dt.datetime.isoformat, dt.datetime.fromisoformat),
    "d": (dt.date, dt.date.isoformat, dt.date.fromisoformat),
    "c": (dt.time, dt.time.isoformat, dt.time.fromisoformat),
    "p": (dt.timedelta, _microseconds, lambda text: dt.timedelta(microseconds=int(text))),
    "g": (uuid.UUID, str, uuid.UUID),
}
