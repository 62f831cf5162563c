"""VTQL, the query language of Vtiger's web services.

A text is read as Vtiger reads it, but for a final semicolon that may be missing. The option `mode` makes it more
or less:

- ``default``: as said.
- ``strict``: Vtiger's parser with its accidents, and the codes of its answers. Beside ``vtql_syntax`` and
  ``vtql_lexical`` there are ``vtql_access`` (ACCESS_DENIED: no word after FROM that could be a module, which it
  looks for before anything else) and ``vtql_database`` (DATABASE_QUERY_ERROR: its parser lets the text pass).
- ``lenient``: what its forks and clients write as well, see `vtql_lenient.lark`.

AND binds tighter than OR, as in the SQL that Vtiger makes. Its documentation says "from left to right": the
option ``precedence="left"`` (instead of ``"sql"``) reads conditions so. `render` writes what all modes read with
``precedence="sql"``.

>>> from querykit.limits import Limits
>>> query = parse("SELECT accountname FROM Accounts WHERE id = 11x5 LIMIT 10;")
>>> query.entity, query.top
('Accounts', 10)
>>> render(query)
"SELECT accountname FROM Accounts WHERE id = '11x5' LIMIT 10;"

Where Vtiger's documentation is silent, or Vtiger pastes text into SQL:

- Without LIMIT a page has 100 rows, and no page has more. `render` takes a query that has no bound as one for
  the first page, which is how Vtiger answers any query.
- A bare word is an integer, `true`, `false` or `null`, and a text otherwise (`11x5`); never the name of a column.
- `field = null` is valid and finds nothing, with every operator. In the tree it is ``field in ()``, which is
  never true either and keeps the field; nulls in an IN list are left out.
- A backslash in a text escapes as in MySQL, which is where the text ends up: `\\\\` is a backslash. `render`
  doubles each one; otherwise a value ending in a backslash would end beyond its apostrophe.
- ORDER BY has one direction, which SQL applies to the last key alone.
- Numbers with a fraction have no form of their own; `render` puts them between apostrophes, and MySQL compares
  them as numbers.
- The letter case that counts in LIKE is the database's affair: Vtiger's columns ignore it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from querykit.ast.base import initialise
from querykit.ast.nodes import Expr, Query
from querykit.ast.places import Whole
from querykit.ast.walk import check_limits, surely_within
from querykit.errors import QueryError
from querykit.languages.text import check_text, is_usable
from querykit.limits import Limits
from querykit.source import Source

if TYPE_CHECKING:
    from querykit.languages.registry import Params
    from querykit.languages.vtql.modes import Reading

__all__ = ["is_condition", "parse", "parse_filter", "render", "render_filter"]

_SELECT = re.compile(r"\s*select\b", re.IGNORECASE)


def parse(
    text: str,
    params: Params = None,
    limits: Limits = Limits(),  # noqa: B008 (immutable)
    *,
    mode: str = "default",
    precedence: str = "sql",
) -> Query:
    """The query of a SELECT statement.

    Parameters
    ----------
    params: ignored, VTQL has no parameters.
    mode: ``default``, ``strict`` or ``lenient``, see above.
    precedence: ``sql`` (AND over OR) or ``left`` (from left to right).

    Raises
    ------
    ParseError: Vtiger would not read the text either. The code is ``vtql_syntax`` where Vtiger answers
        QUERY_SYNTAX_ERROR and ``vtql_lexical`` where it answers INTERNAL_SERVER_ERROR.
    LimitExceeded: it is larger than `limits` allows.
    ValueError: there is no such mode or precedence.

    >>> parse("select * from Accounts limit 5, 200;").skip
    5
    >>> parse("select * from Accounts where phone is null limit 5 offset 10", mode="lenient").skip
    10
    """
    query: Query = _read(text, "statement", mode, precedence, limits)
    return query


def parse_filter(
    text: str,
    params: Params = None,
    limits: Limits = Limits(),  # noqa: B008 (immutable)
    *,
    mode: str = "default",
    precedence: str = "sql",
) -> Expr:
    """The condition of a WHERE section; parameters and errors as for `parse`.

    >>> parse_filter("employees > 5")
    Call('cmp.gt', (Path(('employees',), 0), Literal('int', 5, '')))
    >>> parse_filter("a = 1 or b = 2 and c = 3", precedence="left").fn
    'bool.and'
    """
    expr: Expr = _read(text, "condition", mode, precedence, limits)
    return expr


def is_condition(text: str) -> bool:
    """Is the text a bare condition, not a statement?

    >>> is_condition("name = 'x'"), is_condition("select * from Accounts;")
    (True, False)
    """
    return _SELECT.match(text) is None


def render(query: Query) -> str:
    """The SELECT statement of a query.

    Raises
    ------
    QueryError: code ``no_entity``, the query does not say what it asks.
    NotExpressible: VTQL has no form for it.

    >>> render(parse("select * from Accounts order by accountname limit 0,20"))
    'SELECT * FROM Accounts ORDER BY accountname LIMIT 0, 20;'
    """
    from querykit.languages.vtql import printing

    return printing.query_text(query)


def render_filter(expr: Expr) -> str:
    """The WHERE condition of a filter; errors as for `render`.

    >>> render_filter(parse_filter("a = 1 or b in 'x', 'y'"))
    "a = 1 OR b IN ('x', 'y')"
    """
    from querykit.languages.vtql import printing

    return printing.condition_text(expr)


def _read(text: str, start: str, mode: str, precedence: str, limits: Limits) -> Any:
    """The tree without places, or what is wrong with the text."""
    if len(text) <= limits.text_length and is_usable(text):
        try:
            found = _reading(mode, precedence).quickly(text.lstrip(" \t\r\n"), start, limits.tokens)
            if found is not None:
                root, tokens = found
                if not (surely_within(tokens, limits) and limits.collection_depth):
                    check_limits(root, limits)
                place = Whole((0, len(text), _placed, text, start, mode, precedence, limits))
                initialise(root, "span", place)
                if start == "statement":
                    initialise(root, "source", Source(text))
                return root
        except QueryError:
            pass  # read again, to say where
    return _placed(text, start, mode, precedence, limits)


def _placed(text: str, start: str, mode: str, precedence: str, limits: Limits) -> Query | Expr:
    """The tree with places."""
    read = _reading(mode, precedence).exactly
    try:
        check_text(text, limits)
        root: Query | Expr = read(text, start, limits)
        if isinstance(root, Query):
            initialise(root, "span", (0, len(text)))
            initialise(root, "source", Source(text))
        check_limits(root, limits)
        return root
    except QueryError as error:
        raise error.located(Source(text)) from None


@cache
def _reading(mode: str, precedence: str) -> Reading:
    """Made when a text of the mode is first read."""
    from querykit.languages.vtql.modes import reading

    return reading(mode, precedence)
