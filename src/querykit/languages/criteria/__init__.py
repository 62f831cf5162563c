"""The DevExpress criteria language.

A criteria text is one condition (or value): `parse` gives a query that has nothing but a filter, and only
such a query can be rendered.

>>> parse_filter("Name = ? And [Orders][Paid]", ["Ann"]).fn
'bool.and'

Where the published description is silent:

- `Customer!`, the reference itself, is the path `Customer`; `Customer!Key`, its key value, is a path of the
  one step ``"Customer!Key"``.
- A collection opens one scope for `^`, however long the path to it is; with ``scopes="segment"`` each segment of the
  path opens one, as in ``Cluster.Stars[Twin.Oid = ^.^.Oid]``, which real programs have.
- A custom aggregate of several arguments, `[].Custom('a', Price)`, holds them as a `list`.
- A backslash in a bracketed name takes the next character as it is, a dot too: ``[Due\\.Date]`` is one name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from querykit.ast.base import initialise
from querykit.ast.nodes import Call, Expr, Literal, Path, Query
from querykit.ast.places import Whole
from querykit.ast.walk import check_limits, surely_within
from querykit.errors import ParseError, QueryError
from querykit.languages.criteria.scopes import SCOPES, by_segment
from querykit.languages.text import check_text, is_usable
from querykit.limits import Limits
from querykit.source import Source

if TYPE_CHECKING:
    from querykit.grammar import Grammar
    from querykit.languages.registry import Params

__all__ = ["is_condition", "parse", "parse_filter", "render", "render_filter"]

_LIMITS = Limits()


def parse(text: str, params: Params = None, limits: Limits = _LIMITS, *, scopes: str = "collection") -> Query:
    """The query of a criteria text; an empty text is a query without a filter.

    Parameters
    ----------
    params: values for `?` (a sequence, in text order) or `?name` (a mapping). Without them the parameters stay.
    scopes: what opens a scope for `^`: ``"collection"``, or each ``"segment"`` of the path to one.

    Raises
    ------
    ParseError: the text is no criterion, or the values do not go with its parameters.
    LimitExceeded: it is larger than `limits` allows.
    ValueError: there is no such reading of scopes.

    >>> parse("").filter is None
    True
    """
    return Query(filter=_expression(text, params, limits, scopes), source=Source(text))


def parse_filter(
    text: str, params: Params = None, limits: Limits = _LIMITS, *, scopes: str = "collection"
) -> Expr:
    """The expression of a criteria text; parameters, options and errors as for `parse`.

    >>> parse_filter("Price * 2")
    Call('math.mul', (Path(('Price',), 0), Literal('int', 2, '')))
    """
    expr = _expression(text, params, limits, scopes)
    if expr is None:
        raise ParseError("a condition is missing", span=(len(text), len(text)), source=Source(text))
    return expr


def is_condition(text: str) -> bool:
    """A criterion is a full text as well as a bare condition, and is taken as the former.

    >>> is_condition("[name] = 'x'")
    False
    """
    return False


def render(query: Query) -> str:
    """The text of a query's filter, as DevExpress prints it.

    `top` is left to the caller: data sources take the number of rows beside the criterion.

    Raises
    ------
    NotExpressible: the query has more than a filter and a number of rows, or the filter says what criteria cannot.
    """
    from querykit.languages.criteria.printer import query_text

    return query_text(query)


def render_filter(expr: Expr) -> str:
    """The text of a condition or value.

    >>> render_filter(parse_filter("name == 'x' && !(price > 1.5m)"))
    "[name] = 'x' And Not ([price] > 1.5m)"
    """
    from querykit.languages.criteria.printer import expression_text

    return expression_text(expr)


@cache
def _grammar() -> Grammar:
    """Built when the first text is read; it holds no state of a parse."""
    from querykit.grammar import Grammar
    from querykit.languages.criteria.builder import Builder
    from querykit.languages.criteria.terminals import NAMES

    return Grammar("criteria", Builder(), NAMES)


@cache
def _quick_reader() -> Callable[[str, str, int], tuple[Any, int] | None]:
    return _grammar().quick_parse


def _expression(text: str, params: Params, limits: Limits, scopes: str) -> Expr | None:
    if scopes not in SCOPES:
        raise ValueError(f"criteria: scopes is one of {', '.join(SCOPES)}, not {scopes!r}")
    if len(text) <= limits.text_length and is_usable(text):
        try:
            expr = _without_places(text, params, limits, scopes)
            if expr is not None:
                return expr
        except QueryError:
            pass  # read again, to say where
    return placed(text, params, limits, scopes)


def _without_places(text: str, params: Params, limits: Limits, scopes: str) -> Expr | None:
    """The tree, where nothing about the text is unusual."""
    found = _quick_reader()(text.lstrip(), "query", limits.tokens)
    if found is None or found[0] is None:
        return None
    expr: Expr = found[0]
    if not _is_small(text, found[1], limits):
        check_limits(expr, limits)
    if params or "?" in text or "^" in text:
        expr = _finished(expr, text, params, scopes)
    if type(expr) is not Call and isinstance(expr, (Path, Literal)):  # it may be shared by many texts
        expr = expr.replace()
    initialise(expr, "span", Whole((0, len(text), placed, text, params, limits, scopes)))
    return expr


def _is_small(text: str, tokens: int, limits: Limits) -> bool:
    """Is the tree of the text within limits, whatever it is?"""
    if not surely_within(tokens + text.count("."), limits):  # a step costs what a token does
        return False
    if tokens // 2 <= limits.collection_depth:  # a collection has two brackets
        return True
    # those of functions and conditions have no blank before them
    brackets = text.count("[") - text.count(" [")
    if "(" in text:
        brackets += text.count("(") - text.count(" (")
    return brackets < limits.collection_depth


def placed(
    text: str, params: Params = None, limits: Limits = _LIMITS, scopes: str = "collection"
) -> Expr | None:
    """The tree of a text, None if it is empty; every node knows its place, as a text within another needs it.

    Raises
    ------
    ParseError, LimitExceeded: as `parse`.
    """
    try:
        check_text(text, limits)
        expr = cast("Expr | None", _grammar().parse(text, "query", limits))
        if expr is not None:
            check_limits(expr, limits)
            expr = _finished(expr, text, params, scopes)
        return expr
    except ParseError as error:
        from querykit.languages.criteria.complaints import explained

        raise explained(error, text).located(Source(text)) from None
    except QueryError as error:
        raise error.located(Source(text)) from None


def _finished(expr: Expr, text: str, params: Params, scopes: str) -> Expr:
    """With the scopes that the program means, and its values."""
    expr = by_segment(expr) if scopes == "segment" and "^" in text else expr
    return _with_values(expr, params) if "?" in text or params else expr


def _with_values(expr: Expr, params: Params) -> Expr:
    from querykit.languages.criteria import parameters

    expr = parameters.numbered(expr)
    return expr if params is None else parameters.supplied(expr, params)
