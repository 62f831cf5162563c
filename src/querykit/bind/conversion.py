"""`cast`, `isof` and what criteria has of them: the last argument is a type; without another it is of the row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from querykit import types as t
from querykit.ast.nodes import Call, Literal
from querykit.bind import ids, inheritance
from querykit.bind.literals import is_value_of, natural_type
from querykit.bind.scope import Collection, Row
from querykit.errors import NotExpressible, UnknownName, suggest
from querykit.functions.catalog import CATALOG
from querykit.plan.nodes import FALSE, TRUE, Bound, Constant, Op
from querykit.schema.model import Entity, Schema
from querykit.source import Span
from querykit.types import Type

if TYPE_CHECKING:
    from querykit.bind.expressions import Binder, Operand

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
    ("string", "int"): ("cast.int",),
    ("string", "decimal"): ("cast.decimal",),
    ("string", "float"): ("cast.float",),
    ("datetime", "date"): ("date.date",),
    ("datetime", "time"): ("date.time",),
    ("date", "datetime"): ("date.midnight",),
    # Primitive values as text (rule 2); how some are written is for the targets to know.
    **{
        (kind, "string"): ("cast.string",)
        for kind in (
            "int",
            "decimal",
            "float",
            "bool",
            "date",
            "datetime",
            "time",
            "duration",
            "guid",
            "binary",
        )
    },
}
#: Texts that only literals are known to be the value of: a column of them has no conversion.
_WRITTEN = ("bool", "date", "datetime", "time", "duration", "guid")


def _operand(binder: Binder, call: Call) -> Operand | Row | Collection:
    if len(call.args) < 2:
        return binder.rows[-1]
    operand = call.args[0]
    if isinstance(operand, Literal):
        return operand
    found = binder.target(operand)
    return found if isinstance(found, Row | Collection) else ids.written(binder, found)


def _type(binder: Binder, call: Call) -> Type | Entity:
    """The type that is named.

    Raises
    ------
    UnknownName: neither Edm nor the schema has it.
    """
    named = call.args[-1] if call.args else None
    if not isinstance(named, Literal) or named.kind not in ("type", "string"):
        raise NotExpressible("the type must be a name", code="type_name", span=call.span)
    name = str(named.value)
    found = _EDM.get(name) or _enumeration(binder.tables.schema, name)
    if found is not None:
        return found
    try:
        return inheritance.entity_of(binder.tables, name, named.span)
    except UnknownName:
        raise UnknownName(
            f"there is no type '{name[:128]}'", code="unknown_type", span=named.span, hint=suggest(name, _EDM)
        ) from None


def _enumeration(schema: Schema, name: str) -> Type | None:
    """Names of types come with their namespace, which a schema does not keep."""
    simple = name.rpartition(".")[2]
    enumerations = (
        item.type
        for entity in schema.entities.values()
        for item in entity.properties.values()
        if item.type.kind == "enum" and item.type.name.rpartition(".")[2] == simple
    )
    return next(enumerations, None)


def _cast(binder: Binder, call: Call) -> Bound:
    """What cannot be cast is null (OData 4.01 Part 2, 5.1.1.10.1)."""
    type, operand = _type(binder, call), _operand(binder, call)
    if isinstance(operand, Collection):
        raise binder.tables.no_value(operand, call.span)
    if isinstance(operand, Row):
        if not isinstance(type, Entity) or not _is_related(operand, type):
            return Constant(None, t.NULL)
        return inheritance.taken_as(operand, type, call.span).presence(call.span)
    if isinstance(type, Entity):
        return Constant(None, t.NULL)
    if isinstance(operand, Literal):
        return _literal(binder, operand, type, call.span)
    return operand if operand.type == type else _converted(binder, operand, type, call.span)


def _is_related(row: Row, entity: Entity) -> bool:
    return inheritance.is_related(row.tables.schema, row.entity, entity)


def _literal(binder: Binder, literal: Literal, type: Type, span: Span | None) -> Bound:
    """A literal whose text is one of the type is the value (4.01 Part 1, 13.2.1, item 9a)."""
    natural = natural_type(literal)
    if natural == type or (natural.kind, type.kind) in _CASTS:
        bound = binder.settle(literal)
        return bound if natural == type or bound.type == t.NULL else _converted(binder, bound, type, span)
    if not is_value_of(literal, type, True):
        return Constant(None, type)
    return binder.slot(literal, type, lenient=True)


def _converted(binder: Binder, bound: Bound, type: Type, span: Span | None) -> Bound:
    kinds = (bound.type.kind, type.kind)
    if bound.type == t.NULL or type.kind == "enum":
        return _member(binder, bound, type, span)
    if kinds[0] == "string" and kinds[1] in _WRITTEN:
        raise NotExpressible(f"a {bound.type} value cannot be cast to {type}", code="cast", span=span)
    if kinds == ("enum", "string"):
        return _member_name(binder, bound)
    steps = _CASTS.get(kinds)
    if steps is None:
        return Constant(None, type)
    for fn in steps:
        bound = binder.apply(CATALOG[fn], [bound], span)
    return bound


def _member(binder: Binder, bound: Bound, type: Type, span: Span | None) -> Bound:
    """A text that is the name of a member, or its number, as the member."""
    if bound.type.kind == "int":
        return Op("logic.case", (TRUE, bound), type, bound.nullable, span)
    if bound.type.kind != "string":
        return Constant(None, type)
    args: list[Bound] = []
    for name, stored in type.members:
        args.append(_equal(binder, bound, Literal("string", name), t.STRING))
        args.append(
            binder.slot(Literal("int" if isinstance(stored, int) else "string", stored), _stored(stored))
        )
    return Op("logic.case", tuple(args), type, True, span)


def _member_name(binder: Binder, bound: Bound) -> Bound:
    args: list[Bound] = []
    for name, stored in bound.type.members:
        args.append(
            _equal(binder, bound, Literal("int" if isinstance(stored, int) else "string", stored), None)
        )
        args.append(binder.slot(Literal("string", name), t.STRING))
    return Op("logic.case", tuple(args), t.STRING, True, bound.span if isinstance(bound, Op) else None)


def _equal(binder: Binder, bound: Bound, literal: Literal, type: Type | None) -> Op:
    slot = binder.slot(literal, type or bound.type)
    return Op("cmp.eq", (bound, slot), t.BOOL, bound.nullable)


def _stored(value: str | int) -> Type:
    return t.INT if isinstance(value, int) else t.STRING


def _isof(binder: Binder, call: Call) -> Bound:
    """Known from the schema: a value is of the type of its column, and null is of none (5.1.1.10.2)."""
    type, operand = _type(binder, call), _operand(binder, call)
    if isinstance(operand, Row):
        if not isinstance(type, Entity) or not _is_related(operand, type):
            return FALSE
        return inheritance.instance(operand, type, call.span)
    if isinstance(operand, Collection) or isinstance(type, Entity):
        return FALSE
    bound = binder.settle(operand)
    if bound.type != type:
        return FALSE
    is_null = Op("null.is", (bound,), t.BOOL, False, call.span)
    return Op("bool.not", (is_null,), t.BOOL, False, call.span)


def _exactly(binder: Binder, call: Call) -> Bound:
    """Of the class itself; values have no classes that are derived from theirs."""
    type, operand = _type(binder, call), _operand(binder, call)
    if not isinstance(operand, Row) or not isinstance(type, Entity):
        return _isof(binder, call)
    return inheritance.exactly(operand, type, call.span) if _is_related(operand, type) else FALSE


HANDLERS: dict[str, Callable[[Binder, Call], Bound]] = {
    "type.cast": _cast,
    "type.isof": _isof,
    "type.exactly": _exactly,
}
