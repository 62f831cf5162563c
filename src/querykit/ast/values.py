"""Python values as literals of the tree: what a program passes for `?` and `@name`."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from typing import Any

from querykit.ast.nodes import Call, Literal
from querykit.source import Span

__all__ = ["constant", "literal"]

#: Python type -> kind of literal. `bool` stands before `int` and `datetime` before `date`: the first that fits wins.
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "bool"),
    (int, "int"),
    (float, "double"),
    (decimal.Decimal, "decimal"),
    (str, "string"),
    (bytes, "binary"),
    (dt.datetime, "datetime"),
    (dt.date, "date"),
    (dt.time, "time"),
    (dt.timedelta, "duration"),
    (uuid.UUID, "guid"),
)


def literal(value: Any, span: Span | None = None) -> Literal:
    """The literal of a Python value.

    Raises
    ------
    TypeError: there is no literal of that type.

    >>> literal(5), literal(None)
    (Literal('int', 5, ''), Literal('null', None, ''))
    """
    if value is None:
        return Literal("null", None, span=span)
    kind = next((kind for python_type, kind in _KINDS if isinstance(value, python_type)), None)
    if kind is not None:
        return Literal(kind, value, span=span)
    raise TypeError(f"a query cannot hold a value of type {type(value).__name__}")


def constant(value: Any, span: Span | None = None) -> Literal | Call:
    """The literal of a Python value, or the list of literals of a list, tuple or set.

    Raises
    ------
    TypeError: as `literal`.

    >>> constant([1, 2]).args
    (Literal('int', 1, ''), Literal('int', 2, ''))
    """
    if isinstance(value, (list, tuple, set, frozenset)):
        return Call("list", tuple(literal(item, span) for item in value), span)
    return literal(value, span)
