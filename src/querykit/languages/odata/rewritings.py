"""What OData says with other words, put into words that it has before a tree is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from querykit.ast.build import logical, negation
from querykit.ast.nodes import Aggregate, Call, Expr, Key, Literal, Named, Path, Step
from querykit.ast.walk import check_limits, walk
from querykit.errors import NotExpressible
from querykit.limits import DEPTH_CEILING, Limits

__all__ = ["BOUNDS", "prepared"]

_ENDLESS = 2**63
#: A tree that a program built may be as large as it likes, but not deeper than can be walked.
BOUNDS = Limits(_ENDLESS, _ENDLESS, _ENDLESS, DEPTH_CEILING, _ENDLESS, _ENDLESS, _ENDLESS, _ENDLESS, _ENDLESS)
#: A rewriting may double an operand, so that a chain of them grows fast.
_REWRITTEN = Limits(
    _ENDLESS, _ENDLESS, 100_000, DEPTH_CEILING, _ENDLESS, _ENDLESS, _ENDLESS, _ENDLESS, _ENDLESS
)


def prepared(expr: Expr) -> Expr:
    """The tree without patterns and without three-valued comparisons; as it is if it has none of them.

    Raises
    ------
    NotExpressible: a pattern that is no literal. LimitExceeded: spelled out it is too large.
    """
    if any(isinstance(node, Call) and node.fn in _RULES for node in walk(expr)):
        expr = _expr(expr)
        check_limits(expr, _REWRITTEN)
    if any(isinstance(node, Call) and node.fn.startswith("cmp.") for node in walk(expr)):
        from querykit.rewrite.logic import to_total

        expr = to_total(expr)
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


#: Id -> what says the same.
_RULES: dict[str, Callable[[Call], Expr]] = {
    "null.coalesce": _coalesce,
    "str.is_null_or_empty": _null_or_empty,
    "str.like": _like,
    "str.like_set": _like,
}
