"""OData 4.01: query options of a URL into the tree, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from querykit.ast.nodes import Expr, Query
from querykit.languages.odata.expressions import parse_expression
from querykit.limits import Limits

if TYPE_CHECKING:
    from querykit.languages.registry import Params

__all__ = ["is_condition", "parse", "parse_filter", "render", "render_filter"]

_DEFAULT = Limits()
_CURRENT = "4.01"

#: What a query part begins with: an option with `$` or without, a parameter's value, its `?`.
_OPTION = re.compile(r"\s*\??((\$|%24)(?!(it|this|these|root)\b)|@\w+\s*=|[a-z]+\s*=)", re.IGNORECASE)


def parse(text: str, params: Params = None, limits: Limits = _DEFAULT, *, version: str = "4.01") -> Query:
    """The query of the options in a URL, percent-encoded or plain.

    Parameters
    ----------
    text: ``$filter=…&$orderby=…``; a question mark before it is tolerated. `+` is a plus, not a blank.
    params: values of `@name` parameters; they win over ``@name=…`` in the text.
    version: ``"4.0"`` refuses what is of OData 4.01, such as `in`, `$compute`, options without a dollar.

    Returns
    -------
    Query: with `source`, the text.

    Raises
    ------
    ParseError: the text is not OData. LimitExceeded: it is larger than `limits`. NotExpressible: it uses an
        option of the standard that is not supported.

    >>> parse("$filter=revenue gt 5&$top=3").top
    3
    """
    from querykit.languages.odata.options import parse_query

    return parse_query(text, _named(params), limits, _known(version))


def parse_filter(
    text: str, params: Params = None, limits: Limits = _DEFAULT, *, version: str = "4.01"
) -> Expr:
    """The tree of a decoded `$filter` expression (or of any other expression).

    Parameters
    ----------
    params: values that take the place of `@name` parameters.
    version: as `parse`.

    Raises
    ------
    ParseError, LimitExceeded, NotExpressible: as `parse`.

    >>> parse_filter("length(name) gt 5")
    Call('total.gt', (Call('str.length', (Path(('name',), 0),)), Literal('int', 5, '')))
    """
    if version != _CURRENT:
        version = _known(version)
    return parse_expression(text, _named(params) if params else {}, limits, version)


def is_condition(text: str) -> bool:
    """Is the text a bare condition, not the query part of a URL? Its first word tells: `$top=…`, `filter=…`.

    >>> is_condition("name eq 'a=b'"), is_condition("filter=name eq 'x'"), is_condition("$it/name eq @p")
    (True, False, True)
    """
    return _OPTION.match(text) is None


def render(query: Query) -> str:
    """The text of a query, percent-encoded where it must be; `parse` reads it back as an equal query.

    Raises
    ------
    NotExpressible: OData cannot say it.

    >>> render(parse("top=3&FILTER=name eq 'A%26B'"))
    "$filter=name eq 'A%26B'&$top=3"
    """
    from querykit.languages.odata.rendering import render_query

    return render_query(query)


def render_filter(expr: Expr) -> str:
    """The text of a condition or value, not percent-encoded.

    Raises
    ------
    NotExpressible: OData cannot say it.

    >>> render_filter(parse_filter("not (a eq 1 or b eq 2)"))
    'not (a eq 1 or b eq 2)'
    """
    from querykit.languages.odata.rendering import render_expression

    return render_expression(expr)


def _known(version: str) -> str:
    if version not in ("4.0", _CURRENT):
        raise ValueError(f"the versions of OData are '4.0' and '4.01', not {version!r}")
    return version


def _named(params: Params) -> Mapping[str, Any]:
    """Parameters of OData have names; anything else is a mistake of the program, not of the text."""
    if params is None:
        return {}
    if not isinstance(params, Mapping):
        raise TypeError("parameters of OData are given by name: params={'p': 5}")
    return params
