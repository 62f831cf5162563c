"""A truth table of conditions over small rows, written for the tests and on nothing but the definitions.

None is null. `cmp.*` are null if an operand is; `total.*` never are: null equals null, and is neither less
nor greater than anything. Values are small integers and Booleans; a row is a dict, a collection a list of rows.
"""

from __future__ import annotations

import operator
from typing import Any

from querykit.ast.nodes import Aggregate, Call, Expr, Literal, Path

Row = dict[str, Any]

_ORDER = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


def truth(expr: Expr, *rows: Row) -> Any:
    """The value of an expression in the scope of the rows, the innermost last."""
    if isinstance(expr, Literal):
        return expr.value
    if isinstance(expr, Path):
        return rows[-1 - expr.up][expr.steps[0]]
    if isinstance(expr, Aggregate):
        return _aggregate(expr, rows)
    assert isinstance(expr, Call)
    if expr.fn == "logic.case":
        return _case(expr.args, rows)
    return _call(expr.fn, [truth(arg, *rows) for arg in expr.args])


def _call(fn: str, values: list[Any]) -> Any:
    if fn == "list":
        return values
    if fn == "null.is":
        return values[0] is None
    if fn in ("bool.and", "bool.or", "bool.not"):
        return _connective(fn, values)
    family, name = fn.split(".")
    if name == "in":
        parts = [_compare(family, "eq", values[0], item) for item in values[1]]
        return _connective("bool.or", parts)
    if name == "between":
        value, low, high = values
        return _connective(
            "bool.and", [_compare("cmp", "ge", value, low), _compare("cmp", "le", value, high)]
        )
    return _compare(family, name, *values)


def _connective(fn: str, values: list[Any]) -> Any:
    if fn == "bool.not":
        return None if values[0] is None else not values[0]
    decides = fn == "bool.or"
    if decides in values:
        return decides
    return None if None in values else not decides


def _compare(family: str, name: str, left: Any, right: Any) -> Any:
    if left is None or right is None:
        if family == "cmp":
            return None
        same = left is None and right is None
        return {"eq": same, "ne": not same, "le": same, "ge": same}.get(name, False)
    return _ORDER[name](left, right)


def _case(args: tuple[Expr, ...], rows: tuple[Row, ...]) -> Any:
    for test, value in zip(args[::2], args[1::2], strict=False):
        if truth(test, *rows) is True:
            return truth(value, *rows)
    return truth(args[-1], *rows) if len(args) % 2 else None


def _aggregate(node: Aggregate, rows: tuple[Row, ...]) -> Any:
    assert isinstance(node.source, Path)
    elements = rows[-1 - node.source.up][node.source.steps[0]]
    kept = [each for each in elements if node.condition is None or truth(node.condition, *rows, each) is True]
    if node.function == "any":
        return bool(kept)
    if node.function == "all":
        return len(kept) == len(elements)
    assert node.function == "count"
    return len(kept)
