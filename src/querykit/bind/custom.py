"""Calls of functions of the user, which the schema knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from querykit import types as t
from querykit.ast.nodes import Call, Expr, Literal, Named
from querykit.errors import Forbidden, NotExpressible, QueryError, TypeMismatch, UnknownName, suggest
from querykit.functions.catalog import CATALOG
from querykit.functions.custom import CustomFunction
from querykit.functions.known import OF_HIERARCHIES, OF_THE_APPLICATION, WITHOUT_VALUE
from querykit.functions.signature import Function, Parameter
from querykit.plan.nodes import Op
from querykit.schema.model import Schema
from querykit.source import Span

if TYPE_CHECKING:
    from querykit.bind.expressions import Binder, Operand

    _Fitting: TypeAlias = tuple[CustomFunction, list[Operand]]

__all__ = ["call"]

#: (type of an argument, of the parameter) -> the operation that makes the one of the other, without a loss.
_WIDER = {
    ("int", "decimal"): "cast.decimal",
    ("int", "float"): "cast.float",
    ("decimal", "float"): "cast.float",
    ("date", "datetime"): "date.midnight",
}


_HINT = "give it to the schema: Schema.with_functions(CustomFunction(…))"
_INSTEAD = {"isdefined": "compare with null, which is what results without the name have: Product ne null"}


def call(binder: Binder, node: Call, *bound: Operand) -> Op:
    """The operation of a call.

    Parameters
    ----------
    bound: what an OData function is bound to, its first argument (OData 4.01 Part 2, 5.1.1.15).

    Raises
    ------
    UnknownName: the schema has no such function.
    Forbidden: the policy does not allow it.
    TypeMismatch: the arguments do not go with it.
    """
    functions = _functions(binder, node)
    operands = [*bound, *(binder.operand(_value(arg)) for arg in node.args)]
    names = [*("" for _ in bound), *(arg.name if isinstance(arg, Named) else "" for arg in node.args)]
    fitting: list[_Fitting] = []
    for function in functions:
        ordered = _ordered(function, names, operands)
        if ordered is not None:
            fitting.append((function, ordered))
    for widened in (False, True):
        for function, ordered in fitting:
            args = _widened(binder, function, ordered, node.span) if widened else ordered
            row = Function(function.id, (function.overload,), function.nulls, "")
            if binder.overload(row, args) is not None:
                op = binder.apply(row, args, node.span)
                return replace(op, custom=function, nullable=function.nulls != "total")
    raise _no_match(functions, names, binder.types(operands), node.span)


def _functions(binder: Binder, node: Call) -> Sequence[CustomFunction]:
    name = node.fn.removeprefix("custom.")
    schema, allowed = binder.tables.schema, binder.tables.policy.functions
    functions = schema.functions_called(name) if name != node.fn else ()
    if not functions:
        raise _not_there(schema, name, node.span)
    if allowed is not None and functions[0].id not in allowed:
        raise Forbidden(f"{functions[0].name} may not be called", code="function", span=node.span)
    return functions


def _not_there(schema: Schema, name: str, span: Span | None) -> QueryError:
    folded = name.casefold()
    if folded in WITHOUT_VALUE:
        return NotExpressible(
            f"{name} has no value here: {WITHOUT_VALUE[folded]}",
            code="function",
            span=span,
            hint=_INSTEAD.get(folded, _HINT),
        )
    if folded in OF_HIERARCHIES:
        return NotExpressible(
            f"{name} cannot be run: hierarchies are not known here",
            code="hierarchy",
            span=span,
            hint="$expand with $levels has the rows below",
        )
    known = {row.id.split(".")[-1] for row in CATALOG.values()} | {item.name for item in schema.functions}
    return UnknownName(
        f"there is no function '{name[:128]}'",
        code="unknown_function",
        span=span,
        hint=_HINT if folded in OF_THE_APPLICATION else suggest(name, known),
    )


def _value(arg: Expr) -> Expr:
    return arg.value if isinstance(arg, Named) else arg


def _ordered(
    function: CustomFunction, names: Sequence[str], operands: Sequence[Operand]
) -> list[Operand] | None:
    """The arguments in the order of the parameters; None where number or names are not theirs."""
    labels = [label for label, _ in function.parameters]
    if len(operands) != len(labels):
        return None
    placed = {name or label: item for name, label, item in zip(names, labels, operands, strict=True)}
    return [placed[label] for label in labels] if placed.keys() == set(labels) else None


def _widened(
    binder: Binder, function: CustomFunction, operands: Sequence[Operand], span: Span | None
) -> list[Operand]:
    """An integer where a decimal is wanted, and the like, converted."""
    wider: list[Operand] = []
    for (_, parameter), operand in zip(function.parameters, operands, strict=True):
        fn = None if isinstance(operand, Literal) else _WIDER.get((operand.type.kind, _kind(parameter)))
        wider.append(operand if fn is None else binder.apply(CATALOG[fn], [operand], span))
    return wider


def _kind(parameter: Parameter) -> str:
    return parameter if isinstance(parameter, str) else parameter.kind


def _no_match(
    functions: Sequence[CustomFunction], names: Sequence[str], types: Sequence[t.Type], span: Span | None
) -> TypeMismatch:
    got = ", ".join(f"{name}: {type}" if name else str(type) for name, type in zip(names, types, strict=True))
    wanted = " or ".join(
        "(" + ", ".join(f"{label}: {_kind(parameter)}" for label, parameter in function.parameters) + ")"
        for function in functions[:4]
    )
    return TypeMismatch(
        f"{functions[0].name} does not take ({got})",
        code="arguments",
        span=span,
        hint=f"it takes {wanted}",
    )
