"""Aggregates as OData text: Data Aggregation 4.0, 3.2.1."""

from __future__ import annotations

from collections.abc import Callable

from querykit.ast.nodes import Call, Cast, Expr, Path
from querykit.errors import NotExpressible
from querykit.languages.odata.apply_rules import METHODS
from querykit.languages.odata.names import is_qualified
from querykit.languages.odata.path_text import plain_path_text

__all__ = ["METHODS", "aggregated_text", "group_text"]

_WORDS = {id: word for word, id in METHODS.items()}


def aggregated_text(call: Call, value: Callable[[Expr], str]) -> str:
    """`Amount with sum from Day with average`.

    Parameters
    ----------
    value: writes an expression.
    """
    clauses: list[str] = []
    while len(call.args) == 2 and isinstance(call.args[0], Call) and _is_from(call.args[1]):
        groups = call.args[1]
        assert isinstance(groups, Call)
        method = "" if call.fn == "agg.custom" else f" with {_method(call)}"
        clauses.append(f" from {','.join([group_text(path) for path in groups.args])}{method}")
        call = call.args[0]
    return _first(call, value) + "".join(reversed(clauses))


def group_text(path: Expr) -> str:
    """A path to a value of each row."""
    if not isinstance(path, Path) or not path.steps or isinstance(path.steps[-1], Cast):
        raise NotExpressible("rows are grouped by properties", span=path.span)
    text = plain_path_text(path)
    if any(char in text for char in "@*$("):
        raise NotExpressible("rows are grouped by properties", span=path.span)
    return text


def _is_from(expr: Expr) -> bool:
    return isinstance(expr, Call) and expr.fn == "agg.from" and bool(expr.args)


def _first(call: Call, value: Callable[[Expr], str]) -> str:
    if call.fn == "agg.count" and not call.args:
        return "$count"
    if len(call.args) != 1:
        raise NotExpressible("OData has no such aggregate", span=call.span)
    (operand,) = call.args
    is_type = isinstance(operand, Path) and len(operand.steps) == 1 and isinstance(operand.steps[0], Cast)
    text = plain_path_text(operand) if is_type and isinstance(operand, Path) else value(operand)
    if call.fn == "agg.count" and isinstance(operand, Path):
        return f"{text}/$count"
    if call.fn == "agg.custom" and isinstance(operand, Path) and not is_type:
        return text
    return f"{text} with {_method(call)}"


def _method(call: Call) -> str:
    name = call.fn.removeprefix("agg.")
    if call.fn in _WORDS or (name != call.fn and is_qualified(name)):
        return _WORDS.get(call.fn, name)
    raise NotExpressible("OData has no such aggregate", span=call.span)
