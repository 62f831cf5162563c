"""Resengo: the query part of a URL, `SubscriptionID=1&Sorting=…&CurrentPageIndex=…`.

>>> query = parse("SubscriptionID=1&SubscriptionID=2&CurrentPageIndex=3")
>>> query.filter
Call('cmp.in', (Path(('SubscriptionID',), 0), Call('list', (Literal('int', 1, ''), Literal('int', 2, '')))))
>>> query.top, query.skip
(50, 100)
>>> render(query)
'SubscriptionID=1&SubscriptionID=2&CurrentPageIndex=3'

A parameter whose name ends in `ID` is a list of ids; different ones are joined with And, the values of one with
Or. There is no other condition, and no bare expression. Where Resengo's documentation is silent:

- Names of parameters ignore letter case; the ids of the documented entities are written as documented.
- A parameter that is not known is refused: a misspelt condition would give all rows.
- A page has 50 rows, and none has more (or more than `Limits.page_size`): larger numbers are cut down without
  a word. `render` takes a query that has no bound as one for the first page.
- `LastUpdatedBySomeoneElseSince=t` is `UpdateDate >= t`, t included, so that nothing is lost between two
  requests, and that the last change was not the caller's: ``@caller eq null or UpdatePersonID ne @caller``.
  The text does not say who calls; the service does, with ``params={"caller": 42}``. Until it does, changes of
  the caller's own are kept.
- A moment is ISO 8601 with or without a zone; a blank before its offset is a plus that was not encoded.
- Without `Sorting` the order is that of the key; `<Field>Ascending` is any field's.
- The answer always tells how many items there are, whatever the query; `Query.count` is not set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from querykit.ast.nodes import Expr, Query
from querykit.errors import NotExpressible, ParseError
from querykit.limits import Limits
from querykit.source import Source

if TYPE_CHECKING:
    from querykit.languages.registry import Params

__all__ = ["is_condition", "parse", "parse_filter", "render", "render_filter"]

_LIMITS = Limits()
_HINT = "a condition is ids or LastUpdatedBySomeoneElseSince, in a whole request"


def parse(text: str, params: Params = None, limits: Limits = _LIMITS) -> Query:
    """The query of the parameters in a URL, percent-encoded or plain.

    Parameters
    ----------
    params: ``caller``, the value of `UpdatePersonID` in rows that the caller changed last.

    Raises
    ------
    ParseError: a parameter or its value is wrong. UnknownName: there is no such parameter.
    LimitExceeded: the text is larger than `limits` allows.

    >>> parse("Sorting=UpdateDateAscending").order
    (SortKey(Path(('UpdateDate',), 0), False),)
    """
    from querykit.languages.resengo.request import parse_request

    if params is not None and not isinstance(params, Mapping):
        raise TypeError("parameters of Resengo are given by name: params={'caller': 42}")
    return parse_request(text, params or {}, limits)


def parse_filter(text: str, params: Params = None, limits: Limits = _LIMITS) -> Expr:
    """Refused: Resengo has no expressions.

    Raises
    ------
    ParseError: code ``no_expression``.
    """
    raise ParseError("Resengo has no bare conditions", code="no_expression", hint=_HINT, source=Source(text))


def is_condition(text: str) -> bool:
    """Resengo has no bare conditions.

    >>> is_condition("SubscriptionID=1")
    False
    """
    return False


def render(query: Query) -> str:
    """The text of a query; `parse` reads it back as an equal query.

    Raises
    ------
    NotExpressible: Resengo cannot say it.

    >>> from querykit.languages import odata
    >>> render(odata.parse("$filter=OrderID in (3,5) or OrderID eq 8&$expand=OrderItems"))
    'OrderID=3&OrderID=5&OrderID=8&IncludeOrderItems=true'
    """
    from querykit.languages.resengo.printing import query_text

    return query_text(query)


def render_filter(expr: Expr) -> str:
    """Refused: Resengo has no expressions.

    Raises
    ------
    NotExpressible: code ``no_expression``.
    """
    raise NotExpressible(
        "Resengo has no bare conditions", code="no_expression", span=expr.span, hint=f"{_HINT}; give entity=…"
    )
