"""How deep a statement is for a parser with a stack of fixed size.

SQLite before 3.46 gives up at 100 symbols (YYSTACKDEPTH), long before any limit of ours: 31 function calls
in one another, 13 subqueries. A user's database would refuse the statement, so querykit does it before.
"""

from __future__ import annotations

import re

from querykit.errors import LimitExceeded

__all__ = ["check_nesting"]

#: Symbols that wait on the stack, rounded up: a bracket with the operators and commas before the next one,
#: what a SELECT adds to its bracket, a CASE with its branches.
_BRACKET, _SELECT, _CASE = 5, 6, 8

_WORDS = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\(\s*SELECT\b|\(|\)|\bCASE\b|\bEND\b", re.IGNORECASE)


def check_nesting(sql: str, stack: int, dialect: str) -> None:
    """Refuse a statement that would overflow a parser's stack.

    Parameters
    ----------
    sql: the text of the statement.
    stack: symbols that the parser can hold; 0 is no bound.

    Raises
    ------
    LimitExceeded: the statement needs more.

    >>> check_nesting("SELECT LOWER(" * 2 + "x" + ")" * 2, 100, "sqlite")
    """
    if not stack:
        return
    waiting = [_BRACKET + _SELECT]
    total = waiting[0]
    for word in _WORDS.findall(sql):
        if word == ")" or word.upper() == "END":
            if len(waiting) > 1:
                total -= waiting.pop()
            continue
        if word[0] in "'\"":
            continue
        cost = _BRACKET if word == "(" else _BRACKET + _SELECT if word[0] == "(" else _CASE
        waiting.append(cost)
        total += cost
        if total > stack:
            raise LimitExceeded(
                f"nested too deeply for {dialect}",
                code="nesting",
                hint="ask with fewer functions in one another",
            )
