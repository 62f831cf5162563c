"""The driver: one loop over a stack of rows and a stack of values. It does not recurse, and is linear in the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from querykit.errors import QueryError
from querykit.lalr.making import maker
from querykit.lalr.rows import ACCEPT, ERROR, REDUCE, SHIFT, Row, Rows
from querykit.lalr.tables import Tables
from querykit.lalr.token import Token

__all__ = ["Parser", "SyntaxStop", "TooManyTokens"]


class SyntaxStop(Exception):
    """The text is no sentence.

    Parameters
    ----------
    start, end: of the token at which that is certain: of one character where no terminal matches, and nothing at the
        end of the text.
    expected: names of the terminals that could have stood there.
    """

    def __init__(self, start: int, end: int, expected: frozenset[str]) -> None:
        super().__init__(start, end, expected)
        self.start = start
        self.end = end
        self.expected = expected


class TooManyTokens(Exception):
    """The text has more tokens than allowed; `start` and `end` are of the first too many."""

    def __init__(self, start: int, end: int) -> None:
        super().__init__(start, end)
        self.start = start
        self.end = end


class _Refused(Exception):
    """After so many tokens there is one that cannot stand there, or that is none; the stacks as they are then."""

    def __init__(self, tokens: int, rows: list[Row], values: list[Any]) -> None:
        super().__init__(tokens)
        self.tokens = tokens
        self.rows = rows
        self.values = values


class _Place(NamedTuple):
    rows: list[Row]
    offset: int


class Parser:
    """Parses with the tables of a grammar and a builder.

    Parameters
    ----------
    builder: its methods are named after the rules and aliases of the grammar and take the list of children. It
        holds no state of a single parse: one parser serves all threads. Its method `place(value, start, end)`, if
        there is one, is told where a value is that a method marked `placed` has made.
    """

    def __init__(self, tables: Tables, builder: object) -> None:
        self._tables = tables
        self._rows = Rows(tables, lambda production: maker(production, builder))
        self._place: Callable[[Any, int, int], None] | None = getattr(builder, "place", None)

    def parse(self, text: str, rule: str, most: int) -> Any:
        """What the builder makes of a text.

        Parameters
        ----------
        rule: a start rule.
        most: how many tokens the text may have.

        Raises
        ------
        SyntaxStop: it is no sentence of the rule.
        TooManyTokens: it has more tokens.
        QueryError: the builder refuses a part of it.
        """
        try:
            return self._parse(text, rule, most)
        except _Refused as refused:
            stop = self._stop(text, self._read(text, rule, refused.tokens))
            self._build_what_is_before(refused, stop)
            raise stop from None

    def _parse(self, text: str, rule: str, most: int) -> Any:  # noqa: C901 - a call costs as much as a step
        terminals = self._tables.terminals
        row = self._rows.start(rule)
        rows: list[Row] = [row]
        values: list[Any] = []
        starts: list[int] = []
        place = count = 0
        while True:
            match = row.match(text, place)
            if match is None:
                raise _Refused(count, rows, values)
            group: int = match.lastindex  # type: ignore[assignment]  # every alternative is a group
            kind = row.kinds[group]
            while True:
                action = row.actions[kind]
                what = action[0]
                if what >= ACCEPT:
                    if what == ERROR:
                        raise _Refused(count, rows, values)
                    return values[0]
                if action[1] is not None:
                    rows[-1] = action[1]
                if what != REDUCE:
                    if count == most:
                        raise TooManyTokens(*match.span(group))
                    count += 1
                    place = match.end()
                    starts.append(match.start(group))
                    if action[2]:
                        values.append(Token(terminals[kind], match[group], match.start(group), place))
                row = action[3]
                if what != SHIFT:
                    _, _, _, _, make, number, size, goto, _ = action
                    if what != REDUCE:
                        if size:
                            del starts[-size:]
                    elif size > 1:
                        del starts[1 - size :]
                    elif not size:
                        starts.append(place)
                    if make is not None:
                        try:
                            made = make.call(*values[len(values) - number :])
                        except QueryError as error:
                            raise error.located(None, (starts[-1], place)) from None
                        values[len(values) - number :] = [made]
                        if self._place is not None:
                            self._place(made, starts[-1], place)
                    if row is None:
                        if size:
                            del rows[-size:]
                        row = rows[-1].goto[goto]
                rows.append(row)
                if what != REDUCE:
                    break

    # -- errors: read again, without a builder --------------------------------------------------------

    def _read(self, text: str, rule: str, tokens: int) -> _Place:
        """The rows after so many tokens, before anything is reduced for the next one."""
        rows, offset = [self._rows.start(rule)], 0
        for _ in range(tokens):
            match = rows[-1].match(text, offset)
            assert match is not None  # it has been here before
            self._takes(rows, rows[-1].kinds[match.lastindex or 0])
            offset = match.end()
        return _Place(rows, offset)

    def _build_what_is_before(self, refused: _Refused, stop: SyntaxStop) -> None:
        """Let the builder refuse what is before a mistake: a rule is built only when the token behind it is known."""
        refusal: QueryError | None = None
        for name in sorted(stop.expected):
            try:
                self._reduce(list(refused.rows), list(refused.values), self._tables.terminals.index(name))
            except QueryError as error:
                refusal = refusal or error
            else:
                return
        if refusal is not None:
            raise refusal

    def _reduce(self, rows: list[Row], values: list[Any], terminal: int) -> None:
        """Build as much as a terminal lets be built."""
        while rows[-1].actions[terminal][0] == REDUCE:
            _, top, _, _, make, number, size, goto, _ = rows[-1].actions[terminal]
            if top is not None:
                rows[-1] = top
            if make is not None:
                values[len(values) - number :] = [make.call(*values[len(values) - number :])]
            if size:
                del rows[-size:]
            rows.append(rows[-1].goto[goto])

    def _takes(self, rows: list[Row], terminal: int) -> bool:
        """Take a terminal, or say that it cannot stand here."""
        while True:
            what, *operands = rows[-1].actions[terminal]
            if what >= ACCEPT:
                return bool(what == ACCEPT)
            top, _, row, *reduction = operands
            if top is not None:
                rows[-1] = top
            if row is None:
                _, _, size, goto, _ = reduction
                if size:
                    del rows[-size:]
                row = rows[-1].goto[goto]
            rows.append(row)
            if what != REDUCE:
                return True

    def _stop(self, text: str, place: _Place) -> SyntaxStop:
        row = place.rows[-1]
        names = self._tables.terminals
        known = {names[kind] for kind in self._rows.terminals(row) if self._takes(list(place.rows), kind)}
        for match_one, _ in (self._rows.lexer(self._tables.lexer_of[row.state]), self._rows.lexer(-1)):
            match = match_one(text, place.offset)
            if match is not None and match.lastindex is not None:
                return SyntaxStop(*match.span(match.lastindex), frozenset(known))
        start = self._rows.skipped(text, place.offset)
        return SyntaxStop(start, start + 1, frozenset(known))
