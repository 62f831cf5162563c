"""Samples of a function: calls with fields and constants of the types that its signature takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal

from querykit import types as t
from querykit.ast.nodes import Call, Expr, Literal, Path
from querykit.cli.support.model import FIELDS
from querykit.functions.signature import Function, Overload, Parameter
from querykit.types import Type

__all__ = ["function_samples"]

#: What stands for the words of a signature.
_WORDS: dict[str, Type] = {"number": t.INT, "moment": t.DATETIME, "any": t.STRING, "same": t.STRING}

_CONSTANTS: dict[Type, Expr] = {
    t.STRING: Literal("string", "x"),
    t.INT: Literal("int", 2),
    t.DECIMAL: Literal("decimal", Decimal("2.5")),
    t.FLOAT: Literal("double", 2.5),
    t.BOOL: Literal("bool", True),
    t.DATE: Literal("date", dt.date(2020, 2, 29)),
    t.DATETIME: Literal("datetime", dt.datetime(2020, 2, 29, 12)),
}

_X, _Y = Literal("string", "x"), Literal("string", "y")
_TEXTS = Call("list", (_X, _Y))
_TAGS = Path(("Tags",))
_TYPE = Literal("type", "Edm.String")
_CUSTOMER, _COMPANY = Path(("Customer",)), Literal("type", "Shop.Company")

#: Arguments that a signature cannot tell.
_OWN: dict[str, tuple[tuple[Expr, ...], ...]] = {
    "logic.case": ((Path(("Paid",)), _X), (Path(("Paid",)), _X, _Y)),
    "cmp.in": ((Path(("Title",)), _TEXTS),),
    "total.in": ((Path(("Title",)), _TEXTS),),
    "enum.has": ((Path(("Color",)), Literal("enum", "Red", "Shop.Color")),),
    "coll.hassubset": ((_TAGS, _TEXTS), (_TEXTS, _TEXTS)),
    "coll.hassubsequence": ((_TAGS, _TEXTS), (_TEXTS, _TEXTS)),
    "type.cast": ((Path(("Pieces",)), _TYPE),),
    "type.isof": ((Path(("Pieces",)), _TYPE), (_CUSTOMER, _COMPANY)),
    "type.exactly": ((_CUSTOMER, _COMPANY),),
}


def function_samples(row: Function) -> Iterator[Call]:
    """Calls of the function, for each signature: with fields only, with constants, with comparisons for conditions."""
    if row.id in _OWN:
        yield from (Call(row.id, arguments) for arguments in _OWN[row.id])
        return
    seen = set()
    for overload in row.overloads:
        for argument in (_field, _constant, _compared("cmp.eq"), _compared("total.eq")):
            types = _types(overload)
            call = Call(row.id, tuple(argument(type, number) for number, type in enumerate(types)))
            if call not in seen:
                seen.add(call)
                yield call


def _types(overload: Overload) -> list[Type]:
    """As few arguments as the signature takes."""
    given = overload.params[: len(overload.params) - overload.optional]
    params = [*given, given[-1]] if overload.variadic and len(given) == 1 else list(given)
    return [_type(param, params[0]) for param in params]


def _type(param: Parameter, first: Parameter) -> Type:
    if isinstance(param, Type):
        return param
    return _type(first, "any") if param == "same" and first != "same" else _WORDS[param]


def _field(type: Type, number: int) -> Expr:
    names = FIELDS.get(type) or FIELDS[t.STRING]
    return Path((names[number % len(names)],))


def _constant(type: Type, number: int) -> Expr:
    """A field, then constants."""
    return _field(type, number) if number == 0 else _CONSTANTS.get(type) or _field(type, number)


def _compared(fn: str) -> Callable[[Type, int], Expr]:
    def argument(type: Type, number: int) -> Expr:
        if type == t.BOOL:
            return Call(fn, (_field(t.STRING, number), _CONSTANTS[t.STRING]))
        return _constant(type, number)

    return argument
