"""A bare expression into its tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from querykit.ast.base import initialise
from querykit.ast.nodes import Call, Expr
from querykit.ast.places import Whole
from querykit.ast.walk import check_limits, surely_within
from querykit.errors import QueryError
from querykit.languages.odata.scopes import resolve
from querykit.languages.odata.syntax import quick_reader, read
from querykit.languages.text import check_text, is_usable
from querykit.limits import Limits
from querykit.source import Source

__all__ = ["parse_expression"]


def parse_expression(text: str, params: Mapping[str, Any], limits: Limits, version: str = "4.01") -> Expr:
    """The tree of a text, with values in place of parameters."""
    if version == "4.01":
        expr = _quickly(text, params, limits)
        if expr is not None:
            return expr
    try:
        check_text(text, limits)
        expr = read(text, "expression", limits)
        check_limits(expr, limits)
        if version == "4.0":
            from querykit.languages.odata.versions import check_version

            check_version(expr, text)
    except QueryError as error:
        raise error.located(Source(text)) from None
    return _resolved(expr, params)


def _quickly(text: str, params: Mapping[str, Any], limits: Limits) -> Expr | None:
    """The same tree without places, if the text is right."""
    if len(text) > limits.text_length or not is_usable(text):
        return None
    found = quick_reader()(text, "expression", limits.tokens)
    if found is None:
        return None
    expr: Expr
    expr, count = found
    # `$it`, `$count`, `@p`; `/any(`, `/all(`: scopes are to be counted
    is_special = "$" in text or "@" in text
    lambdas = text.count("/a") + text.count("/A") if "/" in text else 0
    if is_special or not surely_within(count, limits) or lambdas > limits.collection_depth:
        try:
            check_limits(expr, limits)
        except QueryError:
            return None
    if is_special or lambdas:
        expr = _resolved(expr, params)
    if type(expr) is not Call:  # such a node may be shared by many texts
        expr = expr.replace()
    initialise(expr, "span", Whole((0, len(text), _placed, text, params, limits)))
    return expr


def _placed(text: str, params: Mapping[str, Any], limits: Limits) -> Expr:
    return _resolved(read(text, "expression", limits), params)


def _resolved(expr: Expr, params: Mapping[str, Any]) -> Expr:
    if not params:
        return resolve(expr)
    from querykit.ast.values import constant

    return resolve(expr, {name.lstrip("@"): constant(value) for name, value in params.items()})
