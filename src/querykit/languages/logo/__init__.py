"""LogoCRM REST: the query part of a URL, `q=…&sort=…&fields=…&limit=…`.

>>> query = parse("q=FirmTitle+Like+'A%'&sort=City+DESC,FirmTitle&limit=10")
>>> query.top
10
>>> render(query)
"q=[FirmTitle] Like 'A%25'&sort=City DESC,FirmTitle&limit=10"

`q` is criteria, and so is a bare expression. Names of parameters ignore letter case; `+` is a blank; unknown
parameters are ignored, as the service does, `sessionId` among them. Where Logo's documentation is silent:

- Without `limit` a page has 25 rows, and none has more than 100 (or than `Limits.page_size`): larger numbers
  are cut down without a word, as clients send them. `render` takes a query that has no bound as one for the
  first page, which is how Logo answers any request.
- A parameter with an empty value is not said; one that is given twice is refused.
- `fields` names properties of nested objects without a path (`FirstName` of a firm's `SalesRep`). Only a
  schema tells whose they are (`querykit.profiles.logo.nested_fields`), so the tree keeps each name as it is written;
  a dotted path says it.
- `expandLevel=full` is an expansion of everything, `none` (and nothing) is none.
- `filters=Property[EQ]=value` is a comparison with a text, joined with `q` by And; no operator but EQ is known.
- `date` restricts the rows in a way that is not documented; it is refused rather than ignored.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from querykit.ast.nodes import Expr, Query
from querykit.languages import criteria
from querykit.limits import Limits

if TYPE_CHECKING:
    from querykit.languages.registry import Params

__all__ = ["is_condition", "parse", "parse_filter", "render", "render_filter"]

_LIMITS = Limits()

#: What the query part of a URL begins with.
_PARAMETER = re.compile(
    r"\s*([?&]|\Z|(q|sort|fields|expandlevel|limit|offset|withcount|filters|sessionid)\s*=)", re.IGNORECASE
)


def parse(text: str, params: Params = None, limits: Limits = _LIMITS) -> Query:
    """The query of the parameters in a URL, percent-encoded or plain.

    Parameters
    ----------
    params: values for `?` and `?name` in `q`.

    Raises
    ------
    ParseError: a parameter that Logo knows has a value that it does not.
    LimitExceeded: the text is larger than `limits` allows.
    NotExpressible: `date`, or an operator of `filters` other than EQ.

    >>> parse("Offset=25&withCount=true&expandLevel=none").skip
    25
    """
    from querykit.languages.logo.request import parse_request

    return parse_request(text, params, limits)


def parse_filter(text: str, params: Params = None, limits: Limits = _LIMITS) -> Expr:
    """The tree of a criteria text, the decoded value of `q`.

    >>> parse_filter("IsActive = true")
    Call('cmp.eq', (Path(('IsActive',), 0), Literal('bool', True, '')))
    """
    return criteria.parse_filter(text, params, limits)


def is_condition(text: str) -> bool:
    """Is the text a bare criterion, not the query part of a URL?

    >>> is_condition("FirmTitle = 'x'"), is_condition("sort=FirmTitle&limit=5")
    (True, False)
    """
    return _PARAMETER.match(text) is None


def render(query: Query) -> str:
    """The text of a query, percent-encoded where it must be; `parse` reads it back as an equal query.

    Raises
    ------
    NotExpressible: Logo cannot say it.

    >>> render(Query(filter=parse_filter("City = 'A&B'"), skip=25, count=True))
    "q=[City] = 'A%26B'&offset=25&withCount=true"
    """
    from querykit.languages.logo.printing import query_text

    return query_text(query)


def render_filter(expr: Expr) -> str:
    """The text of a condition or value, not percent-encoded."""
    return criteria.render_filter(expr)
