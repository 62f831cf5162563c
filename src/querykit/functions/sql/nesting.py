"""How deep a statement is for a parser with a stack of fixed size.

SQLite before 3.46 gives up at 100 symbols (YYSTACKDEPTH), long before any limit of ours: at about 30 function
calls in one another, or 10 subqueries. A user's database would refuse the statement, so querykit does before.
The symbols are counted as SQLite's grammar leaves them on its stack; where it is not exact, too many.
"""

from __future__ import annotations

import re

from querykit.errors import LimitExceeded

__all__ = ["check_nesting"]

_TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\w+|<>|<=|>=|\|\||[(),=<>&|+\-*/%~]")

#: Binary operators by how tightly they bind; each leaves itself and its left operand on the stack.
_BINARY = {
    "OR": 1,
    "AND": 2,
    **dict.fromkeys(("=", "<>", "IS", "IN", "LIKE", "GLOB", "BETWEEN", "ESCAPE"), 4),
    **dict.fromkeys(("<", "<=", ">", ">="), 5),
    **dict.fromkeys(("&", "|"), 6),
    **dict.fromkeys(("+", "-"), 7),
    **dict.fromkeys(("*", "/", "%"), 8),
    "||": 9,
    "COLLATE": 10,
}
_PREFIX = {"NOT": 3, "-": 11, "~": 11}
#: SELECT distinct columns FROM tables WHERE; in the tables themselves a little more.
_SELECT = 7
#: The statements before it, put together, and UNION ALL.
_UNION = 2
#: CASE operand branches WHEN condition THEN.
_CASE = 6
#: A name, its bracket and DISTINCT before the first argument; the arguments so far and a comma before others.
_CALL, _MORE = 3, 2
_CLAUSES = frozenset(
    (
        "SELECT",
        "UNION",
        "FROM",
        "WHERE",
        "ON",
        "JOIN",
        "ORDER",
        "LIMIT",
        "OFFSET",
        "WHEN",
        "THEN",
        "ELSE",
        "AS",
    )
)


class _Context:
    """An open bracket, CASE or the statement: what it has put on the stack, and operators that wait in it."""

    __slots__ = ("bounds", "cost", "first", "listed", "size", "waiting")

    def __init__(self, cost: int) -> None:
        self.first = self.cost = self.size = cost
        self.listed = False
        self.bounds = 0  # BETWEENs whose AND is to come
        self.waiting: list[tuple[int, int]] = []  # how tightly it binds, symbols

    def wait(self, level: int, symbols: int) -> None:
        self.waiting.append((level, symbols))
        self.size += symbols

    def end_clause(self, cost: int) -> None:
        """What waits is put together."""
        self.waiting.clear()
        self.cost = self.size = cost

    def operator(self, level: int, symbols: int) -> None:
        """An operator behind an operand: what binds tighter is put together first."""
        while self.waiting and self.waiting[-1][0] >= level:
            self.size -= self.waiting.pop()[1]
        self.wait(level, symbols)

    def binary(self, word: str) -> None:
        if word == "AND" and self.bounds:
            self.bounds -= 1
            self.operator(_BINARY["BETWEEN"], 4)
            return
        self.bounds += word == "BETWEEN"
        self.operator(_BINARY.get(word, 4), 2)


class _Parser:
    """The contexts that are open at a place of the statement."""

    def __init__(self) -> None:
        self.open = [_Context(0)]
        self.below = 0  # symbols of all contexts but the innermost
        self._before = ""
        self._operand = False

    def size(self) -> int:
        return self.below + self.open[-1].size

    def read(self, token: str) -> None:
        word = token.upper()
        if word == "(" or word == "CASE":
            self._begin(
                _CASE if word == "CASE" else _CALL if self._operand or self._before == "EXISTS" else 1
            )
        elif word in (")", "END"):
            self._end()
        elif word in _CLAUSES or word == ",":
            self._clause(word)
        elif word in _PREFIX and not self._operand:
            self.open[-1].wait(_PREFIX[word], 1)
        elif word in _BINARY or word == "NOT":
            self.open[-1].binary(word)
        self._operand = word not in _CLAUSES and word not in _BINARY and word not in ("(", ",", "NOT", "CASE")
        self._before = word

    def _begin(self, cost: int) -> None:
        self.below += self.open[-1].size
        self.open.append(_Context(cost))

    def _end(self) -> None:
        if len(self.open) > 1:
            self.open.pop()
            self.below -= self.open[-1].size

    def _clause(self, word: str) -> None:
        context = self.open[-1]
        cost = context.cost
        if word == "UNION":
            cost, context.listed = context.first + _UNION, False
        elif word == "SELECT":
            cost += _SELECT
        elif word == "," and not context.listed:
            cost, context.listed = cost + _MORE, True
        context.end_clause(cost)


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
    if not stack or (sql.count("(") + sql.upper().count("CASE")) * _CASE * 2 < stack:
        return
    parser = _Parser()
    for token in _TOKEN.findall(sql):
        parser.read(token)
        if parser.size() >= stack:
            raise LimitExceeded(
                f"nested too deeply for {dialect}",
                code="nesting",
                hint="ask with fewer functions in one another",
            )
