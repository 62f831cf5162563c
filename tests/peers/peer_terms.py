"""One plain shape that other implementations' printed trees and ours are both brought into.

A term is a tuple whose first item says what it is: ``("eq", left, right)``, ``("path", up, steps)``,
``("str", text)``. What our tree does not distinguish on purpose is made equal here, on both sides: runs of
`and` and `or`, the sign of a number, `x eq null` in either order, `not (x eq null)`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from querykit.ast.nodes import Aggregate, Call, Cast, EntitySet, Expr, Literal, Named, Parameter, Path, Step
from querykit.functions.spelling import by_id

__all__ = ["NULL", "Term", "constant", "op", "path", "simplified", "term"]

Term = tuple[Any, ...]
Style = Callable[[Path], tuple[Step, ...]]

NULL: Term = ("null",)
_RUNS = ("and", "or", "AND", "OR")


def op(name: str, *args: Term) -> Term:
    """An operation, with what does not count made equal."""
    if name in _RUNS:
        flat: list[Term] = []
        for arg in args:
            flat.extend(arg[1:] if arg[0] == name else (arg,))
        return (name, *flat)
    if name in ("eq", "ne") and args[0] == NULL:
        args = (args[1], args[0])
    if name == "not" and args[0][0] in ("eq", "ne") and args[0][2] == NULL:
        return ("ne" if args[0][0] == "eq" else "eq", *args[0][1:])
    if name == "neg" and args[0][0] == "num":
        return constant(-args[0][1])
    return (name, *args)


def path(up: int, *steps: str) -> Term:
    return ("path", up, steps)


def constant(value: object) -> Term:
    """A value as Python has it."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, str):
        return ("str", value)
    if isinstance(value, int | Decimal | float):
        return ("num", Decimal(str(value)).normalize())
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        value = value.astimezone(dt.UTC)
    return (type(value).__name__, str(value))


# ---- our tree ----

_NAMES: dict[str, str] = {id: row.name for id, row in by_id("odata").items()}


def _plain(path: Path) -> tuple[Step, ...]:
    return path.steps


def term(expr: Expr, style: Style = _plain) -> Term:
    """The shape of an expression; `style` leaves out the steps of a path that a notation does not print."""
    if isinstance(expr, Literal):
        return _literal(expr)
    if isinstance(expr, Parameter):
        return ("alias", expr.name)
    if isinstance(expr, Path):
        return path(expr.up, *(name for step in style(expr) for name in _step(step)))
    if isinstance(expr, Aggregate):
        return _aggregate(expr, style)
    assert isinstance(expr, Call), expr
    # Arguments of custom functions have names; the notations print that of the function alone.
    return _call(expr, [term(arg, style) for arg in expr.args if not isinstance(arg, Named)])


def _literal(literal: Literal) -> Term:
    if literal.kind in ("type", "enum"):
        return (literal.kind, str(literal.value).replace(" ", ""))
    if literal.kind in ("date", "time", "datetime", "duration", "geo") and isinstance(literal.value, str):
        return (literal.kind, literal.value)
    return constant(literal.value)


def _step(step: Step) -> tuple[str, ...]:
    if isinstance(step, str):
        return (step,)
    if isinstance(step, Cast):
        return (step.type.rpartition(".")[2],)
    if isinstance(step, EntitySet):
        return ("$root", str(step.name))
    if isinstance(step, Call):
        return (step.fn.rpartition(".")[2],)
    return ()  # a key: no notation prints one


def _aggregate(expr: Aggregate, style: Style) -> Term:
    assert isinstance(expr.source, Path)
    parts = [term(expr.source, style)]
    if expr.condition is not None:
        parts.append(term(expr.condition, style))
    return (expr.function, *parts)


def _call(call: Call, args: list[Term]) -> Term:
    family, _, name = call.fn.partition(".")
    if family == "custom":
        return path(0, call.fn.rpartition(".")[2])
    if call.fn == "null.is":
        return op("eq", args[0], NULL)
    if call.fn == "list":
        return ("list", *args)
    if call.fn == "search.term":
        return args[0]
    if family == "search":
        return op(name.upper(), *args)
    if call.fn in _NAMES:
        return ("call", _NAMES[call.fn], *args)
    if family == "math" and len(args) > 2:  # a run stands for a tree that leans to the left
        result = args[0]
        for arg in args[1:]:
            result = op(name, result, arg)
        return result
    return op(name, *args)


def simplified(term: Term, rewrite: Callable[[Term], Term]) -> Term:
    """The term with a rewriting applied to every part, innermost first."""
    if term[0] == "path":  # its steps are no term
        return rewrite(term)
    return rewrite(tuple(simplified(part, rewrite) if isinstance(part, tuple) else part for part in term))
