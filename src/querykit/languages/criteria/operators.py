"""The operators of criteria: the one precedence table, and how each is printed.

Brackets stand where precedence asks for them, and also where DevExpress's descriptions leave it open (Not before
a comparison, arithmetic before In, a bit operator beside another): every reader takes the text alike.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from querykit.ast.nodes import Call, Expr, Literal
from querykit.errors import NotExpressible
from querykit.languages.criteria.literals import negated

if TYPE_CHECKING:
    from querykit.languages.criteria.printer import Printer

__all__ = ["WRITERS", "Level", "Written"]


class Level(IntEnum):
    """How tightly an operator binds: the layers of `criteria.lark`, weakest first."""

    OR = 1
    AND = 2
    NOT = 3
    EQUALITY = 4
    RELATION = 5
    TEST = 6
    BIT_OR = 7
    BIT_XOR = 8
    BIT_AND = 9
    SUM = 10
    PRODUCT = 11
    SIGN = 12
    OPERAND = 13


#: A text and its level.
Written = tuple[str, Level]


class _Infix(NamedTuple):
    """An operator between operands: its own level, and the least of its first and its other operands."""

    symbol: str
    level: Level
    first: Level
    rest: Level


_INFIX: dict[str, _Infix] = {
    "bool.or": _Infix("Or", Level.OR, Level.AND, Level.AND),
    "bool.and": _Infix("And", Level.AND, Level.NOT, Level.NOT),
    "cmp.eq": _Infix("=", Level.EQUALITY, Level.BIT_OR, Level.BIT_OR),
    "cmp.ne": _Infix("<>", Level.EQUALITY, Level.BIT_OR, Level.BIT_OR),
    "cmp.lt": _Infix("<", Level.RELATION, Level.BIT_OR, Level.BIT_OR),
    "cmp.le": _Infix("<=", Level.RELATION, Level.BIT_OR, Level.BIT_OR),
    "cmp.gt": _Infix(">", Level.RELATION, Level.BIT_OR, Level.BIT_OR),
    "cmp.ge": _Infix(">=", Level.RELATION, Level.BIT_OR, Level.BIT_OR),
    "bit.or": _Infix("|", Level.BIT_OR, Level.SIGN, Level.SIGN),
    "bit.xor": _Infix("^", Level.BIT_XOR, Level.SIGN, Level.SIGN),
    "bit.and": _Infix("&", Level.BIT_AND, Level.SIGN, Level.SIGN),
    "math.add": _Infix("+", Level.SUM, Level.SUM, Level.PRODUCT),
    "math.sub": _Infix("-", Level.SUM, Level.SUM, Level.PRODUCT),
    "math.mul": _Infix("*", Level.PRODUCT, Level.PRODUCT, Level.SIGN),
    "math.div": _Infix("/", Level.PRODUCT, Level.PRODUCT, Level.SIGN),
    "math.mod": _Infix("%", Level.PRODUCT, Level.PRODUCT, Level.SIGN),
}


def _infix(printer: Printer, call: Call) -> Written:
    row = _INFIX[call.fn]
    first, *rest = call.args
    texts = [printer.operand(first, row.first), *[printer.operand(arg, row.rest) for arg in rest]]
    return f" {row.symbol} ".join(texts), row.level


def _add(printer: Printer, call: Call) -> Written:
    """A moment takes a time span by AddTimeSpan: `+` on dates is not portable (XAF: Function Criteria Operators)."""
    *others, last = call.args
    if not (_is_span(last) and others) or _is_span(call.args[0]):
        return _infix(printer, call)
    first = others[0] if len(others) == 1 else Call("math.add", tuple(others), call.span)
    return f"AddTimeSpan({printer.items((first, last))})", Level.OPERAND


def _is_span(expr: Expr) -> bool:
    return isinstance(expr, Literal) and expr.kind == "duration"


def _not(printer: Printer, call: Call) -> Written:
    (operand,) = call.args
    nested = isinstance(operand, Call) and operand.fn == "bool.not"
    return f"Not {printer.operand(operand, Level.NOT if nested else Level.TEST)}", Level.NOT


def _negative(printer: Printer, call: Call) -> Written:
    (operand,) = call.args
    if isinstance(operand, Literal) and (folded := negated(operand, call.span)):
        return printer.operand(folded, Level.SIGN), Level.SIGN  # as it is read: a minus is part of a number
    return f"- {printer.operand(operand, Level.SIGN)}", Level.SIGN


def _complement(printer: Printer, call: Call) -> Written:
    return f"~ {printer.operand(call.args[0], Level.SIGN)}", Level.SIGN


def _is_null(printer: Printer, call: Call) -> Written:
    return f"{printer.operand(call.args[0], Level.OPERAND)} Is Null", Level.TEST


def _in(printer: Printer, call: Call) -> Written:
    value, items = call.args
    if not (isinstance(items, Call) and items.fn == "list"):
        raise NotExpressible(
            "criteria looks for a value in a list only",
            span=call.span,
            hint="[Collection][Property = ^.Value] looks in a collection",
        )
    if not items.args:  # criteria has no empty list; nothing is in one
        return "False", Level.OPERAND
    return f"{printer.operand(value, Level.OPERAND)} In ({printer.items(items.args)})", Level.TEST


def _between(printer: Printer, call: Call) -> Written:
    value, low, high = call.args
    return f"{printer.operand(value, Level.OPERAND)} Between({printer.items((low, high))})", Level.TEST


def _like(printer: Printer, call: Call) -> Written:
    value, pattern = [printer.operand(arg, Level.OPERAND) for arg in call.args]
    return f"{value} Like {pattern}", Level.TEST


def _list(_: Printer, call: Call) -> Written:
    raise NotExpressible("criteria has lists only after In", span=call.span)


#: Id -> what writes it.
WRITERS: dict[str, Callable[[Printer, Call], Written]] = {
    **dict.fromkeys(_INFIX, _infix),
    "math.add": _add,
    "bool.not": _not,
    "math.neg": _negative,
    "bit.not": _complement,
    "null.is": _is_null,
    "cmp.in": _in,
    "cmp.between": _between,
    "str.like_set": _like,
    "list": _list,
}
