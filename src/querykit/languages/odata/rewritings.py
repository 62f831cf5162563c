"""What OData says with other words, put into words that it has before a tree is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import cast

from querykit.ast.build import arithmetic, logical, negation
from querykit.ast.nodes import Aggregate, Call, Expr, Key, Literal, Named, Path, Step
from querykit.ast.walk import check_limits, walk
from querykit.errors import NotExpressible
from querykit.limits import DEPTH_CEILING, Limits

__all__ = ["BOUNDS", "prepared", "prepared_value"]

_ENDLESS = 2**63
#: A tree that a program built may be as large as it likes, but not deeper than can be walked.
BOUNDS = Limits(_ENDLESS, _ENDLESS, _ENDLESS, DEPTH_CEILING, _ENDLESS, _ENDLESS, _ENDLESS, _ENDLESS, _ENDLESS)
#: A rewriting may double an operand, so that a chain of them grows fast.
_REWRITTEN = Limits(
    _ENDLESS, _ENDLESS, 100_000, DEPTH_CEILING, _ENDLESS, _ENDLESS, _ENDLESS, _ENDLESS, _ENDLESS
)


def prepared(condition: Expr) -> Expr:
    """The tree without patterns and without three-valued comparisons; as it is if it has none of them.

    Raises
    ------
    NotExpressible: a pattern that is no literal. LimitExceeded: spelled out it is too large.
    """
    from querykit.rewrite.logic import to_total

    return _prepared(condition, to_total)


def prepared_value(expr: Expr) -> Expr:
    """The same where null is no false: a sort key, a computed value, what is aggregated."""
    from querykit.rewrite.logic import to_total_value

    return _prepared(expr, to_total_value)


def _prepared(expr: Expr, total: Callable[[Expr], Expr]) -> Expr:
    if any(isinstance(node, Call) and node.fn in _RULES for node in walk(expr)):
        expr = _expr(expr)
        check_limits(expr, _REWRITTEN)
    if any(isinstance(node, Call) and node.fn.startswith("cmp.") for node in walk(expr)):
        expr = total(expr)
        check_limits(expr, BOUNDS)
    return expr


def _expr(node: Expr) -> Expr:
    """The rules applied from the inside out; three Python frames per level."""
    if isinstance(node, Call):
        call = Call(node.fn, _all(node.args), node.span)
        rule = _RULES.get(node.fn)
        return call if rule is None else rule(call)
    if isinstance(node, Aggregate):
        condition = None if node.condition is None else _expr(node.condition)
        argument = None if node.argument is None else _expr(node.argument)
        source = cast(Path, _expr(node.source)) if isinstance(node.source, Path) else node.source
        return Aggregate(node.function, source, condition, argument, node.span)
    if isinstance(node, Named):
        return Named(node.name, _expr(node.value), node.span)
    if isinstance(node, Path):
        return Path(tuple([_step(step) for step in node.steps]), node.up, node.span)
    return node


def _all(nodes: tuple[Expr, ...]) -> tuple[Expr, ...]:
    return tuple([_expr(node) for node in nodes])


def _step(step: Step) -> Step:
    if isinstance(step, Key):
        return Key(_all(step.args), step.span)
    return Call(step.fn, _all(step.args), step.span) if isinstance(step, Call) else step


def _coalesce(node: Call) -> Expr:
    """`case(a ne null:a,true:b)`: P2 5.1.1.12.1."""
    first, second = node.args
    return Call("logic.case", (negation(Call("null.is", (first,))), first, second), node.span)


def _null_or_empty(node: Call) -> Expr:
    (text,) = node.args
    empty = Call("total.eq", (text, Literal("string", "")))
    return logical("bool.or", (Call("null.is", (text,)), empty), node.span)


def _like(node: Call) -> Expr:
    """`startswith`, `endswith`, `contains`, or a regular expression: OData has no wildcards."""
    from querykit.rewrite.patterns import like_to_functions

    functions = like_to_functions(node)
    if functions is None:
        raise NotExpressible("OData cannot match a pattern that is computed", span=node.span)
    return functions


_UNITS = {
    "date.add_days": dt.timedelta(days=1),
    "date.add_hours": dt.timedelta(hours=1),
    "date.add_minutes": dt.timedelta(minutes=1),
    "date.add_seconds": dt.timedelta(seconds=1),
    "date.add_milliseconds": dt.timedelta(milliseconds=1),
}


def _later(node: Call) -> Expr:
    """`a add duration'P3D'`: P2 5.1.1.2.1. Months and years have no duration, and nor has a number that varies."""
    moment, number = node.args
    if not isinstance(number, Literal) or type(number.value) is not int:
        return node
    try:
        duration = _UNITS[node.fn] * number.value
    except OverflowError:
        return node
    return arithmetic("math.add", (moment, Literal("duration", duration, span=number.span)), node.span)


#: Id -> what says the same.
_RULES: dict[str, Callable[[Call], Expr]] = {
    "null.coalesce": _coalesce,
    "str.is_null_or_empty": _null_or_empty,
    "str.like": _like,
    "str.like_set": _like,
    **dict.fromkeys(_UNITS, _later),
}
