"""A bare expression into its tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from querykit.ast.nodes import Expr
from querykit.ast.values import constant
from querykit.ast.walk import check_limits
from querykit.errors import QueryError
from querykit.languages.odata.scopes import resolve
from querykit.languages.odata.syntax import read
from querykit.languages.odata.versions import check_version
from querykit.languages.text import check_text
from querykit.limits import Limits
from querykit.source import Source

__all__ = ["parse_expression"]


def parse_expression(text: str, params: Mapping[str, Any], limits: Limits, version: str = "4.01") -> Expr:
    """The tree of a text, with values in place of parameters."""
    try:
        check_text(text, limits)
        expr: Expr = read(text, "expression", limits)
        check_limits(expr, limits)
        if version == "4.0":
            check_version(expr, text)
    except QueryError as error:
        raise error.located(Source(text)) from None
    return resolve(expr, {name.lstrip("@"): constant(value) for name, value in params.items()})
