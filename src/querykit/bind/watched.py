"""Literals that know what was asked of them: how the engine learns which values can be put into a plan later.

A plan must not depend on the values of its literals, or a cache of plans by the shape of their texts would answer
another value wrongly. Nobody has to keep that in mind: the engine binds a text once with watched literals, and finds in
their notes

* which slot took which literal as a value of which type (`lifted`);
* the questions whose answers may depend on the value (`question`): asked again of another value, they must be answered
  alike;
* who looked at the value in any other way: then the plan holds for this value alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeAlias, TypeVar

from querykit.ast.base import initialise
from querykit.ast.nodes import Literal
from querykit.types import Type

__all__ = [
    "Asked",
    "Lifted",
    "Notes",
    "Spot",
    "Watched",
    "WatchedNumber",
    "lifted",
    "looked_at",
    "plain",
    "question",
]

#: Which piece of a text, and which of its items if it is a list.
Spot: TypeAlias = tuple[int, int | None]

P = ParamSpec("P")
R = TypeVar("R")


class Lifted(NamedTuple):
    """A slot, the place of the literal whose value it took, and as what."""

    slot: int
    place: Spot
    type: Type
    lenient: bool


class Asked(NamedTuple):
    """A question that was asked of the literal at a place, and its answer."""

    place: Spot
    question: Callable[..., Any]
    args: tuple[Any, ...]
    answer: Any


class Notes:
    """What happened to the watched literals of one query."""

    def __init__(self) -> None:
        self.lifted: list[Lifted] = []
        self.asked: list[Asked] = []
        self.looked_at: set[Spot] = set()


class Watched(Literal):
    """A literal that is watched; `place` says which one, to those who read the notes."""

    __slots__ = ("notes", "place", "raw")

    notes: Notes
    place: Spot
    raw: Any

    def __init__(self, literal: Literal, place: Spot, notes: Notes) -> None:
        for name, value in (("kind", literal.kind), ("name", literal.name), ("span", literal.span)):
            initialise(self, name, value)
        initialise(self, "raw", literal.value)
        initialise(self, "place", place)
        initialise(self, "notes", notes)

    @property
    def value(self) -> Any:  # type: ignore[override]  # comparing, hashing and printing look here as well
        self.notes.looked_at.add(self.place)
        return self.raw


class WatchedNumber(int):
    """A number of the query that is no literal, `$top` say; whoever does more than pass it on looks at it."""

    notes: Notes
    place: Spot

    def __new__(cls, value: int, place: Spot, notes: Notes) -> WatchedNumber:
        self = int.__new__(cls, value)
        self.notes = notes
        self.place = place
        return self


def _looking(name: str) -> Callable[..., Any]:
    method = getattr(int, name)

    def looks(self: WatchedNumber, *args: Any) -> Any:
        self.notes.looked_at.add(self.place)
        return method(self, *args)

    return looks


_COMPARED = ("eq", "ne", "lt", "le", "gt", "ge", "hash", "bool", "repr", "str", "format")
_COMPUTED = (
    "int",
    "index",
    "float",
    "neg",
    "abs",
    "add",
    "radd",
    "sub",
    "rsub",
    "mul",
    "rmul",
    "floordiv",
    "mod",
)
for _name in (*_COMPARED, *_COMPUTED):
    setattr(WatchedNumber, f"__{_name}__", _looking(f"__{_name}__"))


def question(ask: Callable[Concatenate[Literal, P], R]) -> Callable[Concatenate[Literal, P], R]:
    """A pure function of a literal, whose answer a plan may depend on; it is asked by position."""

    @wraps(ask)
    def asked(literal: Literal, /, *args: P.args, **none: P.kwargs) -> R:
        if not isinstance(literal, Watched):
            return ask(literal, *args, **none)
        answer = ask(plain(literal), *args, **none)
        literal.notes.asked.append(Asked(literal.place, asked, args, answer))
        return answer

    return asked


def plain(literal: Literal) -> Literal:
    """The literal as nobody watches it: for those who note themselves what they do with it."""
    if isinstance(literal, Watched):
        return Literal(literal.kind, literal.raw, literal.name, literal.span)
    return literal


def lifted(literal: Literal, slot: int, type: Type, lenient: bool) -> None:
    """Note that the slot has the value of the literal."""
    if isinstance(literal, Watched):
        literal.notes.lifted.append(Lifted(slot, literal.place, type, lenient))


def looked_at(literal: Literal) -> None:
    """Note that the plan depends on the value of the literal."""
    if isinstance(literal, Watched):
        literal.notes.looked_at.add(literal.place)
