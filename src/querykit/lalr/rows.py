"""The rows that the driver walks: states of the automaton with less to do, made when a text first needs them.

Two steps of an LR parser do nothing for the tree, and are taken out here:

* a chain of ``?rules`` that pass a value on (``or_expr: and_expr: … : literal``) is one reduction each. A row knows
  the state below it, if it was entered over a rule, so that the chain is followed once, when the row is made;
* a state that can only reduce by one production does so as soon as its token is shifted.

A natural grammar with a rule for each rank of operators then costs no more than a table of precedences. How many rows
there can be is bounded by the automaton.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from querykit.lalr.making import Make
from querykit.lalr.tables import Production, Tables

__all__ = ["ACCEPT", "ERROR", "REDUCE", "SHIFT", "SHIFT_REDUCE", "Action", "Row", "Rows"]

SHIFT, SHIFT_REDUCE, REDUCE, ACCEPT, ERROR = range(5)

#: Kind and operands; `top` is a row that replaces the one on top, or None:
#:   SHIFT         top, is the token kept, row to go to
#:   SHIFT_REDUCE  top, is the token kept, row to go to if it is known, make, number of values, of rows to leave,
#:                 rule, production
#:   REDUCE        top, False, None, make, number of values, of rows to leave, rule, production
Action: TypeAlias = tuple[Any, ...]

_NO_ACTION: Action = (ERROR,)


class Row:
    """`match` finds the next token, `kinds` says by the group which terminal it is."""

    __slots__ = ("actions", "goto", "kinds", "match", "state")

    def __init__(self, state: int) -> None:
        self.state = state

    actions: dict[int, Action]
    goto: dict[int, Row]
    kinds: Sequence[int]
    match: Callable[[str, int], re.Match[str] | None]


class Rows:
    """The rows of one grammar and builder."""

    def __init__(self, tables: Tables, make: Callable[[Production], Make | None]) -> None:
        self.tables = tables
        self.productions = [Production(*fields) for fields in tables.productions]
        self.end = len(tables.terminals) - 1
        self._make = make
        self._makes: dict[int, Make | None] = {}
        self._rows: dict[tuple[int, int], Row] = {}
        self._actions: dict[int, dict[int, int]] = {}
        self._gotos: dict[int, dict[int, int]] = {}
        self._lexers: dict[int, tuple[Callable[[str, int], re.Match[str] | None], Sequence[int]]] = {}
        self._ends = {end for _, end in tables.starts.values()}

    def start(self, rule: str) -> Row:
        return self.row(self.tables.starts[rule][0], -1)

    def row(self, state: int, below: int) -> Row:
        """The row of a state entered over a rule from the state below, or over a token or nothing (-1)."""
        found = self._rows.get((state, below))
        if found is None:
            found = Row(state)
            found.actions = _Actions(self, state, below)
            found.goto = _Goto(self, state)
            number = self.tables.lexer_of[state]
            found.match, found.kinds = self._first_match(found, number), self.tables.lexers[number][1]
            found = self._rows.setdefault((state, below), found)  # another thread may have been faster
        return found

    def _first_match(self, row: Row, number: int) -> Callable[[str, int], re.Match[str] | None]:
        """Compiles the expression when it is first needed: the quick driver hardly ever does."""

        def match(text: str, place: int) -> re.Match[str] | None:
            row.match, _ = self.lexer(number)
            return row.match(text, place)

        return match

    def lexer(self, number: int) -> tuple[Callable[[str, int], re.Match[str] | None], Sequence[int]]:
        """The expression and its groups, compiled when it is first needed."""
        found = self._lexers.get(number)
        if found is None:
            text, kinds = self.tables.lexers[number]
            found = self._lexers[number] = (re.compile(text).match, kinds)
        return found

    def terminals(self, row: Row) -> Sequence[int]:
        """Those that the automaton has an action for, whatever comes of it."""
        found = self.tables.states[row.state][::2]
        return (*found, self.end) if row.state in self._ends else found

    def skipped(self, text: str, place: int) -> int:
        """Where the next token would begin."""
        match = re.compile(self.tables.ignored).match(text, place)
        return place if match is None else match.end()

    # -- what the automaton says ----------------------------------------------------------------------

    def action(self, state: int, below: int, terminal: int) -> Action:
        """What to do, once values have been passed on from rule to rule as far as the terminal lets them."""
        first = state
        while True:
            found = self._table(self._actions, self.tables.states, state).get(terminal)
            if found is None:
                return (ACCEPT,) if terminal == self.end and state in self._ends else _NO_ACTION
            if found >= 0:
                return self._shift(first, state, below, found)
            production = self.productions[-1 - found]
            if below < 0 or production.size != 1 or not _passes(production):
                return self._reduce(first, state, below, -1 - found)
            state = self.goto(below, production.rule)

    def goto(self, state: int, rule: int) -> int:
        return self._table(self._gotos, self.tables.gotos, state)[rule]

    def _table(
        self, cache: dict[int, dict[int, int]], rows: Sequence[tuple[int, ...]], state: int
    ) -> dict[int, int]:
        found = cache.get(state)
        if found is None:
            flat = rows[state]
            found = cache[state] = dict(zip(flat[::2], flat[1::2], strict=True))
        return found

    def _shift(self, first: int, state: int, below: int, target: int) -> Action:
        kept = self.tables.kept[target]
        top = self.row(state, below) if state != first and self.tables.gotos[state] else None
        number = self._only_reduction(target)
        if number is None:
            return SHIFT, top, kept, self.row(target, -1)
        production = self.productions[number]
        row = None
        if production.size == 1:
            row = self.row(self.goto(state, production.rule), state)
        values = len(production.values)
        make, rule = self._make_of(number), production.rule
        return SHIFT_REDUCE, top, kept, row, make, values, production.size - 1, rule, production

    def _reduce(self, first: int, state: int, below: int, number: int) -> Action:
        production = self.productions[number]
        top = self.row(state, below) if state != first and not production.size else None
        values = len(production.values)
        make, rule = self._make_of(number), production.rule
        return REDUCE, top, False, None, make, values, production.size, rule, production

    def _make_of(self, number: int) -> Make | None:
        if number not in self._makes:
            self._makes[number] = self._make(self.productions[number])
        return self._makes[number]

    def _only_reduction(self, state: int) -> int | None:
        found = set(self.tables.states[state][1::2])
        if len(found) != 1 or state in self._ends:
            return None
        (only,) = found
        return -1 - only if only < 0 else None


def _passes(production: Production) -> bool:
    return production.single and production.values == "v"


class _Actions(dict[int, Action]):
    """Worked out for a terminal when it is first met."""

    __slots__ = ("_below", "_rows", "_state")

    def __init__(self, rows: Rows, state: int, below: int) -> None:
        self._rows, self._state, self._below = rows, state, below

    def __missing__(self, terminal: int) -> Action:
        found = self[terminal] = self._rows.action(self._state, self._below, terminal)
        return found


class _Goto(dict[int, Row]):
    __slots__ = ("_rows", "_state")

    def __init__(self, rows: Rows, state: int) -> None:
        self._rows, self._state = rows, state

    def __missing__(self, rule: int) -> Row:
        found = self[rule] = self._rows.row(self._rows.goto(self._state, rule), self._state)
        return found
