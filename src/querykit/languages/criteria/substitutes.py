"""What criteria has no word for, said in the words it has; exactly, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from querykit.ast.nodes import Call, Expr, Literal
from querykit.errors import NotExpressible
from querykit.functions.catalog import CATALOG
from querykit.rewrite.patterns import like_to_functions, matches_to_like

__all__ = ["refusal", "substitute"]

_HINTS = {
    "str.matches": "Like knows % (any run), _ (one character) and sets [a-c]",
    "enum.has": "on a number, [Flags] & 4 = 4 tests a flag",
    "date.date": "GetDate drops the time of a date",
    "date.time": "GetTimeOfDay counts the ticks since midnight",
    "coll.hassubset": "[Collection][…] tests for one item",
    "coll.hassubsequence": "[Collection][…] tests for one item",
}


def substitute(call: Call) -> Call | None:
    """A call that criteria has, and that has the same value; None where there is no need, or no way."""
    build = _SUBSTITUTES.get(call.fn)
    return build(call) if build else None


def refusal(call: Call) -> NotExpressible:
    row = CATALOG.get(call.fn)
    meaning = f": {row.doc}" if row else ""
    return NotExpressible(
        f"criteria has no words for {call.fn[:80]}{meaning}", span=call.span, hint=_HINTS.get(call.fn)
    )


def _like(call: Call) -> Call:
    """SQL's LIKE has a backslash that takes away the meaning of a wildcard; criteria has sets: `[%]`."""
    value, pattern = call.args
    if not (isinstance(pattern, Literal) and isinstance(pattern.value, str)):
        raise NotExpressible(
            "criteria's Like has no escape character, so the pattern must be a constant", span=pattern.span
        )
    return Call(
        "str.like_set", (value, Literal("string", _sets(pattern.value), span=pattern.span)), call.span
    )


def _matches(call: Call) -> Call | None:
    """A regular expression that a function or a pattern can say."""
    like = matches_to_like(call)
    if like is None:
        return None
    plain = like_to_functions(like)
    if isinstance(plain, Call) and plain.fn in ("str.startswith", "str.endswith", "str.contains"):
        return plain
    return _like(like)


def _sets(pattern: str) -> str:
    out: list[str] = []
    characters = iter(pattern)
    for char in characters:
        escaped = char == "\\"
        char = next(characters, "\\") if escaped else char
        out.append(f"[{char}]" if char == "[" or (escaped and char in "%_") else char)
    return "".join(out)


def _exact_quotient(call: Call) -> Call:
    """`/` cuts the quotient of two integers; of a Decimal it does not."""
    first, *rest = call.args
    exact = isinstance(first, Literal) and first.kind in ("decimal", "double", "single")
    return Call(
        "math.div", (first if exact else Call("cast.decimal", (first,), first.span), *rest), call.span
    )


def _earlier(call: Call) -> Call | None:
    """A time span is taken off a moment by adding its negative: see `operators`."""
    *others, last = call.args
    if not (isinstance(last, Literal) and isinstance(last.value, dt.timedelta)):
        return None
    first = others[0] if len(others) == 1 else Call("math.sub", tuple(others), call.span)
    return Call("math.add", (first, Literal("duration", -last.value, span=last.span)), call.span)


def _days_compared(call: Call) -> Call | None:
    """`date(x) eq 2024-03-22`: GetDate gives a date-time at midnight, so the day becomes one too."""
    if not any(isinstance(arg, Call) and arg.fn == "date.date" for arg in call.args):
        return None
    return Call(call.fn, tuple([_at_midnight(arg) for arg in call.args]), call.span)


def _at_midnight(expr: Expr) -> Expr:
    if isinstance(expr, Call) and expr.fn == "date.date":
        return Call("date.midnight", expr.args, expr.span)
    if isinstance(expr, Call) and expr.fn == "list":
        return Call("list", tuple([_at_midnight(item) for item in expr.args]), expr.span)
    if isinstance(expr, Literal) and expr.kind == "date" and not isinstance(expr.value, str):
        day = expr.value
        assert isinstance(day, dt.date)
        return Literal("datetime", dt.datetime(day.year, day.month, day.day), span=expr.span)
    return expr


_SUBSTITUTES: dict[str, Callable[[Call], Call | None]] = {
    "str.like": _like,
    "str.matches": _matches,
    "math.divby": _exact_quotient,
    "math.sub": _earlier,
    "null.is": _days_compared,
    **{f"cmp.{name}": _days_compared for name in ("eq", "ne", "lt", "le", "gt", "ge", "between", "in")},
}
