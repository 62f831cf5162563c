"""Building conditions of which some parts are known to be true or false."""

from __future__ import annotations

from collections.abc import Iterable

from querykit.ast.build import logical, negation
from querykit.ast.nodes import Call, Expr, Literal
from querykit.source import Span

__all__ = ["FALSE", "OPPOSITES", "TRUE", "both", "connect", "constant", "either", "inverse"]

TRUE = Literal("bool", True)
FALSE = Literal("bool", False)

#: A comparison and the one that is true where it is false (null where it is null). The total order
#: comparisons have none: `null lt 1` and `null ge 1` are both false.
OPPOSITES = {
    "cmp.eq": "cmp.ne",
    "cmp.ne": "cmp.eq",
    "cmp.lt": "cmp.ge",
    "cmp.ge": "cmp.lt",
    "cmp.gt": "cmp.le",
    "cmp.le": "cmp.gt",
    "total.eq": "total.ne",
    "total.ne": "total.eq",
}


def constant(value: bool, span: Span | None = None) -> Literal:
    return Literal("bool", value, span=span)


def connect(fn: str, parts: Iterable[Expr], span: Span | None = None) -> Expr:
    """`bool.and` or `bool.or` of the parts, constants folded.

    >>> from querykit.ast.nodes import Path
    >>> a = Path(("a",))
    >>> connect("bool.or", [a, FALSE]), connect("bool.and", [a, FALSE])
    (Path(('a',), 0), Literal('bool', False, ''))
    """
    neutral = fn == "bool.and"
    kept = []
    for part in parts:
        if isinstance(part, Literal) and part.kind == "bool":
            if part.value is not neutral:
                return part
        else:
            kept.append(part)
    return logical(fn, kept, span) if kept else constant(neutral, span)


def both(*parts: Expr, span: Span | None = None) -> Expr:
    return connect("bool.and", parts, span)


def either(*parts: Expr, span: Span | None = None) -> Expr:
    return connect("bool.or", parts, span)


def inverse(expr: Expr) -> Expr:
    """True where the condition is false, null where it is null.

    >>> inverse(Call("cmp.lt", (Literal("int", 1), Literal("int", 2)))).fn
    'cmp.ge'
    """
    if isinstance(expr, Literal) and expr.kind == "bool":
        return constant(expr.value is False, expr.span)
    if isinstance(expr, Call):
        if expr.fn == "bool.not":
            return expr.args[0]
        if expr.fn in OPPOSITES:
            return Call(OPPOSITES[expr.fn], expr.args, expr.span)
    return negation(expr, expr.span)
