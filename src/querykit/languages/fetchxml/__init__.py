"""FetchXML, the query language of Dynamics 365 and of Resco's data service.

>>> query = parse('<fetch count="5"><entity name="account"><attribute name="name"/></entity></fetch>')
>>> query.entity, query.top
('account', 5)
>>> print(render(query))
<fetch count="5">
  <entity name="account">
    <attribute name="name" />
  </entity>
</fetch>

How it is read, where Microsoft's reference is short, or schema and user would have to be known:

- Values are texts, which take the type of the field when a query is bound: ``1`` and ``0`` for yes and no, ids
  with or without braces, moments in UTC.
- Negative operators (`ne`, `not-in`, `not-like`, `not-between` …) keep rows without a value, as Dynamics does.
  `render` writes `not-null` beside one that is not to.
- `like` is T-SQL's: ``%``, ``_`` and sets like ``[a-c]``, with which ``[%]`` escapes. Letter case is the column's
  affair, so functions that heed it come out as `like`.
- `on`, `on-or-before` and `on-or-after` compare days; relative dates: see `moments`. Days are those of UTC.
- `eq-userid` and its like are calls of ``custom.CurrentUserId`` and ``custom.CurrentBusinessUnitId``.
- A link is a condition: there is a related row. An inner join would repeat rows, so it needs a `from` that is
  the key of the linked entity by its name, or `distinct`; `exists` is the same without either, and `any`,
  `not any` stand in filters. An outer link can be asked whether it found a row. Columns of linked rows can be
  asked for where there is one row at most; they are values of their own (`linked`), not rows.
- Groups, distinct values and distinct counts are steps of `$apply` (`grouping`); results are named by aliases.
  A week begins on Sunday, and 1 January is in the first.
- `count` and `page` are `top` and `skip`, so `render` can only skip whole pages.
- Attributes of `fetch` that do not change the rows (version, mapping, no-lock …) are dropped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from querykit.ast.nodes import Expr, Query
from querykit.ast.walk import check_limits
from querykit.errors import QueryError
from querykit.limits import Limits
from querykit.source import Source

if TYPE_CHECKING:
    from querykit.languages.registry import Params

__all__ = ["is_condition", "parse", "parse_filter", "render", "render_filter"]

_LIMITS = Limits()

_FETCH = re.compile(r"\s*(<\?xml[^>]*>)?\s*<fetch\b")


def parse(text: str, params: Params = None, limits: Limits = _LIMITS) -> Query:
    """The query of a `<fetch>` document.

    Parameters
    ----------
    params: ignored, FetchXML has no parameters.

    Raises
    ------
    ParseError: no well-formed XML, or no FetchXML; document types are refused whatever they say.
    NotExpressible: FetchXML that no query stands for (joins that repeat rows, fiscal years, hierarchies …).
    LimitExceeded: it is larger than `limits` allows.
    """
    from querykit.languages.fetchxml.elements import read
    from querykit.languages.fetchxml.queries import query_of

    source = Source(text)
    try:
        query = Query(**query_of(read(text, limits)), span=(0, len(text)), source=source)
        check_limits(query, limits)
    except QueryError as error:
        raise error.located(source) from None
    return query


def parse_filter(text: str, params: Params = None, limits: Limits = _LIMITS) -> Expr:
    """The condition of a `<filter>` or `<condition>` alone; parameters and errors as for `parse`.

    >>> parse_filter('<condition attribute="employees" operator="gt" value="5"/>')
    Call('cmp.gt', (Path(('employees',), 0), Literal('string', '5', '')))
    """
    from querykit.languages.fetchxml.elements import read
    from querykit.languages.fetchxml.queries import condition_of

    source = Source(text)
    try:
        condition = condition_of(read(text, limits))
        check_limits(condition, limits)
    except QueryError as error:
        raise error.located(source) from None
    return condition


def is_condition(text: str) -> bool:
    """Is the text a bare `<filter>` or `<condition>`, not a `<fetch>`?

    >>> is_condition("<filter/>"), is_condition("<fetch><entity name='account'/></fetch>")
    (True, False)
    """
    return _FETCH.match(text) is None


def render(query: Query) -> str:
    """The `<fetch>` document of a query.

    Raises
    ------
    QueryError: code ``no_entity``, the query does not say what it asks.
    NotExpressible: FetchXML has no form for it.
    """
    from querykit.languages.fetchxml.printing import query_text

    return query_text(query)


def render_filter(expr: Expr) -> str:
    """The `<filter>` of a condition, in one line (a `<condition>`, where that is all); errors as for `render`.

    >>> render_filter(parse_filter('<filter><condition attribute="a" operator="neq" value="1"/></filter>'))
    '<condition attribute="a" operator="ne" value="1" />'
    """
    from querykit.languages.fetchxml.printing import condition_text

    return condition_text(expr)
