"""What a row of the table says, and what a target gets to see of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from querykit.functions.sql.binding import Hole, Level, cut, level_of

__all__ = ["Filling", "Form", "Forms", "Hole", "Level", "Row", "Shape", "Sql", "filling", "row"]


class Shape(NamedTuple):
    """How a dialect says one operation with so many arguments.

    Parameters
    ----------
    template: SQL with ``{0}``, ``{1}`` … for the arguments; an argument may be missing or stand twice. No other
        braces are in it, no quoted identifier, no value of a query.
    joiner: the template is nothing but the arguments with this between them; empty otherwise.
    predicate: it is a condition, which dialects without Boolean values cannot use as a value.
    conditions: the arguments that must be conditions; all others must be values.
    encodings: argument index -> name of the encoding that `values.encode` must apply; such an argument is a
        `Slot`, for another one `shape` answers with another template or refuses.

    >>> [str(piece) if isinstance(piece, str) else piece.index for piece in Shape("INSTR({0}, {1}) > 0").pieces()]
    ['INSTR(', 0, ', ', 1, ') > 0']
    """

    template: str
    joiner: str = ""
    predicate: bool = False
    conditions: tuple[int, ...] = ()
    encodings: tuple[tuple[int, str], ...] = ()

    def encoding(self, index: int) -> str:
        """The encoding of an argument, empty where it goes as it is."""
        return dict(self.encodings).get(index, "")

    def pieces(self) -> tuple[str | Hole, ...]:
        """The template cut at its holes, in order."""
        return cut(self.template)

    @property
    def level(self) -> Level:
        """How tightly it holds together, for `Hole.least` of the template it goes into."""
        return level_of(self.template)

    def uses(self) -> tuple[int, ...]:
        """The argument of each hole, in order."""
        return tuple(int(match[1]) for match in _HOLE.finditer(self.template))


_HOLE = re.compile(r"\{(\d+)\}")


class Filling(NamedTuple):
    """What it takes to fill a shape with arguments.

    Parameters
    ----------
    pieces, level: of the shape.
    used: the arguments that it has holes for; of a joiner it has for all, and they are not listed.
    uses: the argument of each hole, in order; the same.
    encodings: by argument.
    """

    pieces: tuple[str | Hole, ...]
    level: Level
    used: frozenset[int]
    uses: tuple[int, ...]
    encodings: Mapping[int, str]


@lru_cache(maxsize=4096)
def filling(shape: Shape) -> Filling:
    """All of it at once: statements are full of operations, and there are few shapes."""
    uses = () if shape.joiner else shape.uses()
    return Filling(shape.pieces(), shape.level, frozenset(uses), uses, dict(shape.encodings))


class Sql(NamedTuple):
    """A template whose arguments must be encoded."""

    template: str
    encodings: tuple[tuple[int, str], ...]


#: One way of saying it: a template, where ``{*, }`` stands for all arguments with ``, `` between them and
#: ``{1*, }`` for those from the second on; or a function of the arity that makes one.
Form: TypeAlias = "str | Sql | Callable[[int], str]"
#: None: the dialect cannot say it (or nobody is sure). A tuple: the first form whose encoded arguments are slots.
Forms: TypeAlias = "Form | tuple[Form, ...] | None"


class Row(NamedTuple):
    """An operation.

    Parameters
    ----------
    fn: its id.
    base: how most dialects say it.
    overrides: dialect -> how that one says it.
    arity: of this row; 0 for any.
    kind: of the arguments (`table.kind_of`) of this row; empty for any.
    predicate, conditions: see `Shape`; `conditions` is a function of the arity.
    """

    fn: str
    base: Forms
    overrides: Mapping[str, Forms]
    arity: int = 0
    kind: str = ""
    predicate: bool = False
    conditions: Callable[[int], tuple[int, ...]] | None = None

    def of(
        self,
        arity: int = 0,
        kind: str = "",
        predicate: bool = False,
        conditions: Callable[[int], tuple[int, ...]] | None = None,
    ) -> Row:
        """The same, of arguments so many and of such a kind."""
        return self._replace(arity=arity, kind=kind, predicate=predicate, conditions=conditions)

    def forms(self, dialect: str) -> tuple[Form, ...]:
        found = self.overrides.get(dialect, self.base)
        if found is None:
            return ()
        return found if isinstance(found, tuple) and not isinstance(found, Sql) else (found,)


def row(fn: str, base: Forms, **overrides: Forms) -> Row:
    """A row, its dialects as keywords."""
    return Row(fn, base, overrides)
