"""`cast` and `isof`, whose second argument is a type."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from querykit import types as t
from querykit.ast.nodes import Call, Literal
from querykit.errors import NotExpressible, UnknownName, suggest
from querykit.functions.catalog import CATALOG
from querykit.plan.nodes import FALSE, Bound, Op
from querykit.types import Type

if TYPE_CHECKING:
    from querykit.bind.expressions import Binder

__all__ = ["HANDLERS"]

#: Edm primitive types (OData 4.01 CSDL, 3.3).
_EDM: dict[str, Type] = {
    **dict.fromkeys(("Edm.Byte", "Edm.SByte", "Edm.Int16", "Edm.Int32", "Edm.Int64"), t.INT),
    "Edm.Decimal": t.DECIMAL,
    **dict.fromkeys(("Edm.Double", "Edm.Single"), t.FLOAT),
    "Edm.String": t.STRING,
    "Edm.Boolean": t.BOOL,
    "Edm.Date": t.DATE,
    "Edm.DateTimeOffset": t.DATETIME,
    "Edm.TimeOfDay": t.TIME,
    "Edm.Duration": t.DURATION,
    "Edm.Guid": t.GUID,
    "Edm.Binary": t.BINARY,
}

#: (from, to) -> the operations that convert, one after the other. Numeric casts round.
_CASTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("decimal", "int"): ("math.round", "cast.int"),
    ("float", "int"): ("math.round", "cast.int"),
    ("int", "decimal"): ("cast.decimal",),
    ("float", "decimal"): ("cast.decimal",),
    ("int", "float"): ("cast.float",),
    ("decimal", "float"): ("cast.float",),
    ("datetime", "date"): ("date.date",),
    ("datetime", "time"): ("date.time",),
    ("date", "datetime"): ("date.midnight",),
    ("int", "string"): ("cast.string",),
    ("decimal", "string"): ("cast.string",),
}


def _operand_and_type(binder: Binder, call: Call) -> tuple[Bound, Type]:
    named = call.args[-1] if call.args else None
    if not isinstance(named, Literal) or named.kind != "type":
        raise NotExpressible("the type must be a name", code="type_name", span=call.span)
    if len(call.args) < 2:
        raise NotExpressible("the row itself has no other type", code="type_of_row", span=call.span)
    name = str(named.value)
    if name not in _EDM:
        raise UnknownName(
            f"there is no type '{name[:128]}'", code="unknown_type", span=named.span, hint=suggest(name, _EDM)
        )
    return binder.scalar(call.args[0]), _EDM[name]


def _cast(binder: Binder, call: Call) -> Bound:
    """OData 4.01 Part 2, 5.1.1.10.1."""
    bound, type = _operand_and_type(binder, call)
    if bound.type in (type, t.NULL):
        return bound
    steps = _CASTS.get((bound.type.kind, type.kind))
    if steps is None:
        raise NotExpressible(f"a {bound.type} value cannot be cast to {type}", code="cast", span=call.span)
    for fn in steps:
        bound = binder.apply(CATALOG[fn], [bound], call.span)
    return bound


def _isof(binder: Binder, call: Call) -> Bound:
    """Known from the schema: a value is of the type of its column, and null is of none."""
    bound, type = _operand_and_type(binder, call)
    if bound.type != type:
        return FALSE
    is_null = Op("null.is", (bound,), t.BOOL, False, call.span)
    return Op("bool.not", (is_null,), t.BOOL, False, call.span)


HANDLERS: dict[str, Callable[[Binder, Call], Bound]] = {"type.cast": _cast, "type.isof": _isof}
