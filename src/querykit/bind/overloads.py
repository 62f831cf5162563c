"""Which signature of a function takes the arguments."""

from __future__ import annotations

from collections.abc import Sequence

from querykit import types as t
from querykit.functions.signature import Function, Overload, Parameter
from querykit.types import Type

__all__ = ["accepts", "arity_text", "choose", "expanded"]

#: Families of types that a parameter can ask for by name.
_FAMILIES: dict[str, tuple[Type, ...]] = {"number": t.NUMBERS, "moment": (t.DATE, t.DATETIME)}


def expanded(overload: Overload, count: int) -> tuple[Parameter, ...] | None:
    """The parameters for so many arguments, or None where it takes another number of them."""
    params = overload.params
    if overload.variadic and count > len(params):
        repeated = params[-1:]
        params = params + repeated * (count - len(params))
    if len(params) - overload.optional <= count <= len(params):
        return params[:count]
    if overload.variadic and count >= 1 and overload.params and count < len(params):
        return params[:count]
    return None


def accepts(parameter: Parameter, type: Type) -> bool:
    """Can a value of the type stand here as it is?"""
    if type.kind in ("any", "null") or parameter == "any" or parameter == t.ANY:
        return True
    if isinstance(parameter, str):
        return type in _FAMILIES[parameter]
    if parameter in (t.DECIMAL, t.FLOAT):
        return type == parameter
    return type.kind == parameter.kind


def choose(function: Function, types: Sequence[Type]) -> Overload | None:
    """The first overload that takes arguments of these types."""
    for overload in function.overloads:
        params = expanded(overload, len(types))
        if params is not None and all(map(accepts, params, types)):
            return overload
    return None


def arity_text(function: Function) -> str:
    """How many arguments a function takes, in words."""
    least = min(len(overload.params) - overload.optional for overload in function.overloads)
    if any(overload.variadic for overload in function.overloads):
        return f"{least} or more"
    most = max(len(overload.params) for overload in function.overloads)
    return str(least) if least == most else f"{least} to {most}"
