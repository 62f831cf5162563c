"""`?` and `?name`: numbered in text order, and replaced by values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from querykit.ast.nodes import Expr, Node, Parameter
from querykit.ast.values import literal
from querykit.ast.walk import walk
from querykit.errors import ParseError

__all__ = ["numbered", "replaced", "supplied"]


def numbered(expr: Expr) -> Expr:
    """Each `?` named after its place among them: `0`, `1`, … in text order, which need not be tree order."""
    places = sorted(
        node.span for node in walk(expr) if isinstance(node, Parameter) and not node.name and node.span
    )
    numbers = {span: str(number) for number, span in enumerate(places)}
    return replaced(
        expr,
        lambda node: node if node.name or node.span is None else Parameter(numbers[node.span], node.span),
    )


def supplied(expr: Expr, params: Sequence[Any] | Mapping[str, Any]) -> Expr:
    """The values in place of the parameters. A named one without a value stays, and is null.

    Raises
    ------
    ParseError: values by position that are more or fewer than the `?`; a value that no constant can be.
    """
    if isinstance(params, Mapping):
        named = params
        return replaced(expr, lambda node: _value(node, named[node.name]) if node.name in named else node)
    positional = [node for node in walk(expr) if isinstance(node, Parameter) and node.name.isdigit()]
    if len(positional) != len(params):
        last = max((node.span for node in positional if node.span), default=None)
        raise ParseError(
            f"{len(params)} values were given for {len(positional)} parameters",
            code="parameter_count",
            span=last,
            hint="each ? takes one value, in text order; an item of a list has its own ?",
        )
    values = {str(number): value for number, value in enumerate(params)}
    return replaced(expr, lambda node: _value(node, values[node.name]) if node.name in values else node)


def _value(node: Parameter, value: Any) -> Expr:
    try:
        return literal(value, node.span)
    except TypeError:
        hint = (
            "give each item its own ?: In (?, ?)"
            if isinstance(value, (list, tuple, set, frozenset))
            else None
        )
        raise ParseError(
            f"a parameter cannot be a {type(value).__name__}",
            code="parameter_value",
            span=node.span,
            hint=hint,
        ) from None


def replaced(expr: Expr, choose: Callable[[Parameter], Expr]) -> Expr:
    """The tree with another expression for each parameter; what holds none stays the same object.

    Recurses four frames a level at most: the caller has checked the depth.
    """
    return cast(Expr, _replaced(expr, choose))


def _replaced(node: Any, choose: Callable[[Parameter], Expr]) -> Any:
    if isinstance(node, Parameter):
        return choose(node)
    if isinstance(node, tuple):
        items = tuple([_replaced(item, choose) for item in node])
        return items if any(new is not old for new, old in zip(items, node, strict=True)) else node
    if not isinstance(node, Node):
        return node
    values = [getattr(node, name) for name in node.fields]
    new_values = [_replaced(value, choose) for value in values]
    if all(new is old for new, old in zip(new_values, values, strict=True)):
        return node
    rebuild: Any = type(node)  # every node takes its fields and a span
    return rebuild(*new_values, node.span)
