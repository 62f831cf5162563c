"""Constructors that keep the tree canonical, so that one meaning has one tree."""

from __future__ import annotations

from collections.abc import Iterable

from querykit.ast.nodes import Call, Expr
from querykit.ast.places import Whole
from querykit.source import Span

__all__ = ["LEFT_ASSOCIATIVE", "arithmetic", "conjunction", "join_spans", "logical", "negation"]

#: Operators of which a run `a op b op c` is one call with all operands, read from the left.
LEFT_ASSOCIATIVE = frozenset(
    {"math.add", "math.sub", "math.mul", "math.div", "math.divby", "math.mod", "bit.and", "bit.or", "bit.xor"}
)


def join_spans(first: Span | None, last: Span | None) -> Span | None:
    if first is None or last is None:
        return first or last
    return min(first[0], last[0]), max(first[1], last[1])


def logical(fn: str, operands: Iterable[Expr], span: Span | None = None) -> Expr:
    """`bool.and` / `bool.or` of all operands, those of the same kind taken apart (both are associative).

    >>> from querykit.ast.nodes import Path
    >>> a, b, c = (Path((name,)) for name in "abc")
    >>> logical("bool.and", [logical("bool.and", [a, b]), c]) == Call("bool.and", (a, b, c))
    True
    """
    flat: list[Expr] = []
    for operand in operands:
        if isinstance(operand, Call) and operand.fn == fn:
            flat += operand.args
            if isinstance(operand.span, Whole):  # the way to the places of its operands
                span = span or operand.span
        else:
            flat.append(operand)
    return flat[0] if len(flat) == 1 else Call(fn, tuple(flat), span)


def conjunction(*operands: Expr | None) -> Expr | None:
    """The `and` of the operands that are there."""
    present = [operand for operand in operands if operand is not None]
    return logical("bool.and", present) if present else None


def negation(operand: Expr, span: Span | None = None) -> Expr:
    return Call("bool.not", (operand,), span)


def arithmetic(fn: str, operands: Iterable[Expr], span: Span | None = None) -> Expr:
    """A left-associative run: ``(a - b) - c`` is one call of three operands, ``a - (b - c)`` is two calls.

    >>> from querykit.ast.nodes import Path
    >>> a, b, c = (Path((name,)) for name in "abc")
    >>> len(arithmetic("math.sub", [arithmetic("math.sub", [a, b]), c]).args)
    3
    >>> len(arithmetic("math.sub", [a, arithmetic("math.sub", [b, c])]).args)
    2
    """
    first, *rest = operands
    if fn in LEFT_ASSOCIATIVE and isinstance(first, Call) and first.fn == fn:
        return Call(fn, (*first.args, *rest), span)
    return Call(fn, (first, *rest), span)
