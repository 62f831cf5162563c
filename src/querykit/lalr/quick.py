"""The quick driver: the same automaton over the pieces of a text that one expression has cut.

It keeps no places and explains nothing. Where anything is out of the ordinary - a piece that no terminal of the state
is, a method that is not marked `placed`, a refusal - it gives up, and the text is read by the driver that does
(`querykit.lalr.driver`). What it accepts has the same tree there.

A row is looked up by the text of a piece: words and signs are found at once, names and unusual spellings after they
were met once (rows keep so many of them), literals by their terminal each time anew. What a name alone becomes is kept
with it.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

from querykit.errors import QueryError
from querykit.lalr import rows as exact
from querykit.lalr.making import Make, maker
from querykit.lalr.tables import Cutter, Production, Tables
from querykit.lalr.token import NoPlace

__all__ = ["QuickParser"]

#: Names that a row keeps, and how long they may be: nothing from outside fills the memory.
_MOST_NAMES: Final = 512
_LONGEST: Final = 64

#: The piece behind the last one; there is none like it, as no terminal has a NUL.
_END: Final = "\0"

#: Consume the piece; VALUE and MAKE also reduce it, those with letters as many symbols of a production (see
#: `Production.symbols`) as the stack has.
SHIFT: Final = 0
VALUE: Final = 1
MAKE: Final = 2
SHIFT_V_: Final = 3
SHIFT_VT: Final = 4
SHIFT__VT: Final = 5
SHIFT_TVT: Final = 6
SHIFT_REDUCE: Final = 7
#: Reduce, and look at the piece again.
V_V: Final = 8
V: Final = 9
REDUCE: Final = 10
TOP: Final = 11
ACCEPT: Final = 12
#: The piece is not what its first character says; the state tells.
UNTOLD: Final = 13
#: Kind and operands:
#:   SHIFT         row
#:   VALUE         row, the value of the piece
#:   MAKE          row, make
#:   SHIFT_REDUCE  make, rule, which of the symbols are values, the last first
#:   REDUCE        the same
#:   TOP           row that replaces the one on top, what to do then
#:   others        make, rule
Action: TypeAlias = tuple[Any, ...]

_SHIFTED = {
    "v.": SHIFT_V_,
    "vt": SHIFT_VT,
    "it": SHIFT_VT,
    ".vt": SHIFT__VT,
    ".it": SHIFT__VT,
    "tvt": SHIFT_TVT,
}
_REDUCED = {"v.v": V_V, "i.v": V_V, "v": V, "i": V}


class _GivenUp(Exception):
    pass


#: Piece or terminal -> action, -1 - rule -> row, None -> what the row is made of; filled when it is first asked.
_Row: TypeAlias = dict[Any, Any]


class _Origin:
    """What a row is made of, and how many names it keeps."""

    __slots__ = ("exact", "names")

    def __init__(self, row: exact.Row) -> None:
        self.exact, self.names = row, 0


class QuickParser:
    """
    Parameters
    ----------
    tables: with a cutter.
    builder: as of `Parser`; used where its methods are marked `placed`.
    """

    def __init__(self, tables: Tables, cutter: Cutter, builder: object) -> None:
        self._rows = exact.Rows(tables, lambda production: self._maker(production, builder))
        self._cutter = cutter
        self._end = len(tables.terminals) - 1
        self._pieces = re.compile(cutter.pieces).findall
        self._name = re.compile(cutter.names).fullmatch
        self._words = {text.lower() for text in cutter.known if self._name(text)}
        self._number: re.Pattern[str] | None = None
        self._integer = cutter.number_kinds[-1]
        self._literals = {*cutter.quoted.values(), *cutter.number_kinds} - set(cutter.name_kinds)
        self._made: dict[int, _Row] = {}
        self._starts: dict[str, _Row] = {}

    @staticmethod
    def _maker(production: Production, builder: object) -> Make | None:
        make = maker(production, builder)
        return make if make is None or make.placed or production.inline else _NO_MAKE

    def parse(self, text: str, rule: str, most: int) -> tuple[Any, int] | None:  # noqa: C901 - as in the driver
        """What the builder makes of a text, and how many tokens it has; None if it has to be read with places."""
        pieces: list[str] = self._pieces(text)
        count = len(pieces)
        if count > most:
            return None
        pieces.append(_END)
        row: _Row = self._starts.get(rule) or self._start(rule)
        quoted: dict[str, int] = self._cutter.quoted
        integer: int = self._integer
        stack: tuple[Any, Any, Any] = (row, None, None)  # row, value, what is below
        action: Action
        what: int
        try:
            for piece in pieces:
                found = row.get(piece)
                if found is None:  # a literal, or a word that was never here before
                    kind = quoted.get(piece[:1])
                    if kind is not None:
                        found = row.get(kind) or self._of_kind(row, kind)
                    elif piece.isdigit() and piece.isascii():
                        found = row.get(integer) or self._of_kind(row, integer)
                    else:
                        found = self._by_text(row, piece)
                action = found
                while True:
                    what = action[0]
                    if what == SHIFT:
                        row = action[1]
                        stack = row, piece, stack
                        break
                    if what == VALUE:
                        _, row, value = action
                        stack = row, value, stack
                        break
                    if what == MAKE:
                        _, row, make = action
                        stack = row, make(piece), stack
                        break
                    if what == V_V:
                        _, make, origin = action
                        _, right, stack = stack
                        _, left, stack = stack[2]
                        row = stack[0].get(origin) or self._entered(stack[0], origin)
                        stack = row, make(left, right), stack
                    elif what == V:
                        _, make, origin = action
                        _, value, stack = stack
                        row = stack[0].get(origin) or self._entered(stack[0], origin)
                        stack = row, make(value), stack
                    elif what <= SHIFT_TVT:
                        _, make, origin = action
                        _, value, stack = stack
                        if what == SHIFT_VT:
                            value = make(value, piece)
                        elif what == SHIFT__VT:
                            stack = stack[2]
                            value = make(value, piece)
                        elif what == SHIFT_TVT:
                            _, first, stack = stack
                            value = make(first, value, piece)
                        row = stack[0].get(origin) or self._entered(stack[0], origin)
                        stack = row, value, stack
                        break
                    elif what <= REDUCE:
                        _, make, origin, kept = action
                        if what == SHIFT_REDUCE:
                            stack = row, piece, stack
                        args = []
                        for is_kept in kept:
                            _, value, stack = stack
                            if is_kept:
                                args.append(value)
                        args.reverse()
                        row = stack[0].get(origin) or self._entered(stack[0], origin)
                        stack = row, args[0] if make is None else make(*args), stack
                        if what == SHIFT_REDUCE:
                            break
                    elif what == TOP:
                        _, value, stack = stack
                        stack = action[1], value, stack
                        action = action[2]
                        continue
                    elif what == ACCEPT:
                        return stack[1], count
                    else:
                        action = self._of_state(row, piece)
                        continue
                    action = row.get(piece) or self._by_text(row, piece)
        except (NoPlace, QueryError, _GivenUp):
            pass
        return None

    def _start(self, rule: str) -> _Row:
        found = self._starts[rule] = self.row(self._rows.start(rule))
        return found

    # -- rows and actions, when they are first needed -----------------------------------------------------

    def row(self, row: exact.Row) -> _Row:
        found = self._made.get(id(row))  # rows are kept by `Rows`, as long as this parser lives
        if found is None:
            found = self._made.setdefault(id(row), {None: _Origin(row)})
        return found

    def _entered(self, row: _Row, key: int) -> _Row:
        found = row[key] = self.row(row[None].exact.goto[-1 - key])
        return found

    def _of_kind(self, row: _Row, kind: int) -> Action:
        found: Action | None = row.get(kind)
        if found is None:
            found = row[kind] = self.action(row[None].exact.actions[kind])
        return found

    def action(self, action: exact.Action) -> Action:
        what = action[0]
        if what == exact.ACCEPT:
            return (ACCEPT,)
        if what == exact.ERROR:
            return (UNTOLD,)
        found = self._without_top(*action)
        return found if action[1] is None else (TOP, self.row(action[1]), found)

    def _without_top(
        self, what: int, _: object, kept: bool, row: exact.Row | None, *reduction: Any
    ) -> Action:
        if what == exact.SHIFT:
            assert row is not None
            return SHIFT, self.row(row)
        make, _, _, rule, production = reduction
        call = None if make is None else make.call
        if what == exact.SHIFT_REDUCE and production.symbols == "t" and call is not None:
            assert row is not None
            return MAKE, self.row(row), call
        special = (_REDUCED if what == exact.REDUCE else _SHIFTED).get(production.symbols)
        if special is not None and (call is None) == (special == SHIFT_V_):
            return special, call, -1 - rule
        values = tuple([letter != "." for letter in reversed(production.symbols)])
        return REDUCE if what == exact.REDUCE else SHIFT_REDUCE, call, -1 - rule, values

    # -- pieces -----------------------------------------------------------------------------------------------

    def _by_text(self, row: _Row, piece: str) -> Action:
        """The action for a piece that the row does not know yet."""
        if piece[:1].isdigit():
            number = self._integer if piece.isdigit() and piece.isascii() else self._number_kind(piece)
            if number is not None and row[None].exact.actions[number][0] != exact.ERROR:
                return self._of_kind(row, number)
        for kind in self._kinds(row, piece):
            if row[None].exact.actions[kind][0] != exact.ERROR:
                return self._kept(row, piece, kind)
        raise _GivenUp

    def _kinds(self, row: _Row, piece: str) -> tuple[int, ...]:
        """What a piece can be, by rank."""
        if piece == _END:
            return (self._end,)
        if not piece:  # the rest of a text that could not be cut
            return ()
        known = self._cutter.known.get(piece)
        if known is not None:
            return known
        name = self._name(piece)
        word = piece.rstrip().lower()  # a bracket may have blanks behind it
        if name is not None and word not in self._words:
            return (self._cutter.name_kinds[name.lastindex or 0],)
        kind = None if name is not None else self._number_kind(piece)
        if kind is not None and row[None].exact.actions[kind][0] != exact.ERROR:
            return (kind,)
        return self._kinds_of_state(row, piece)

    def _number_kind(self, piece: str) -> int | None:
        """The terminal of a literal that its letters tell."""
        if self._number is None:
            self._number = re.compile(self._cutter.numbers)
        number = self._number.fullmatch(piece)
        return None if number is None else self._cutter.number_kinds[number.lastindex or 0]

    def _of_state(self, row: _Row, piece: str) -> Action:
        """The action for a piece as the state alone reads it."""
        for kind in self._kinds_of_state(row, piece):
            if row[None].exact.actions[kind][0] != exact.ERROR:
                return self._kept(row, piece, kind)
        raise _GivenUp

    def _kinds_of_state(self, row: _Row, piece: str) -> tuple[int, ...]:
        """What the state makes of a word in other letters, more blanks."""
        match = row[None].exact.match(piece, 0)
        if match is None or match.end() != len(piece):
            return ()
        kind = row[None].exact.kinds[match.lastindex or 0]
        return () if kind in self._cutter.never else (kind,)

    def _kept(self, row: _Row, piece: str, kind: int) -> Action:
        """The action, kept with the text for the next time if that is no literal: there are not many of them."""
        action = self._of_kind(row, kind)
        if piece not in self._cutter.known and piece != _END:
            if len(piece) > _LONGEST or kind in self._literals or "'" in piece:
                return action
            origin: _Origin = row[None]
            if origin.names >= _MOST_NAMES:
                _empty(row)
                origin.names = 0
            origin.names += 1
        make: Make | None = row[None].exact.actions[kind][4] if action[0] == MAKE else None
        if make is not None and make.shared:
            action = VALUE, action[1], make.call(piece)
        row[piece] = action
        return action


def _empty(row: _Row) -> None:
    """Forget what can be found again. Other threads are reading: what the row is made of never leaves it."""
    for key in list(row):
        if key is not None:
            row.pop(key, None)


def _no_make(*values: Any) -> Any:
    raise _GivenUp


_NO_MAKE = Make(_no_make)
