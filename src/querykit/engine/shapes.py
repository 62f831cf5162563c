"""Texts that differ in their literals only, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from querykit.ast.values import literal as literal_of
from querykit.bind.comparison import filled_length
from querykit.bind.literals import is_in_range
from querykit.engine.forms import Form
from querykit.engine.texts import Terminal, Texts
from querykit.errors import QueryError
from querykit.types import Type

__all__ = [
    "REFUSALS",
    "Fork",
    "Known",
    "Miss",
    "Place",
    "Shape",
    "Slot",
    "accepts",
    "listed",
    "number_of_rows",
    "parameter",
    "proved",
]

#: Gives the value of a literal's text, or of a parameter.
Take: TypeAlias = Callable[[Any], Any]


class Miss(Exception):
    """The literal is not one that the shape was learnt for; the text has to be read."""


class Place(NamedTuple):
    """Which of the pieces of a text is a literal, and how its value is taken."""

    piece: int
    take: Take


class Slot(NamedTuple):
    """How the value of a slot is made: of the value taken at a place, or a constant.

    Parameters
    ----------
    taken: which of the values that were taken; None for a constant.
    convert: of the binder, to the type of the slot; None where the value is one already.
    many: the value is a list, for as many slots.
    """

    taken: int | None
    convert: Callable[[Any, Type], Any] | None
    type: Type
    many: bool
    constant: Any = None


class Shape:
    """What texts of one shape have in common.

    Parameters
    ----------
    weight: characters of the text.
    places: the literals.
    slots: of the plan, in order.
    details: the kinds of the literals, by piece.
    """

    __slots__ = ("_places", "_slots", "details", "form", "weight")

    def __init__(
        self,
        weight: int,
        places: Sequence[Place],
        slots: Sequence[Slot],
        form: Form,
        details: dict[int, Hashable],
    ) -> None:
        self.weight = weight
        self.form = form
        self.details = details
        self._places = tuple(places)
        is_plain = [(slot.taken, slot.convert, slot.many) for slot in slots] == [
            (number, None, False) for number in range(len(places))
        ]
        self._slots = None if is_plain else tuple(slots)

    def values(self, pieces: Sequence[Any]) -> tuple[Any, ...]:
        """The values of the slots.

        Raises
        ------
        Miss, QueryError, ValueError, ArithmeticError: the text has to be read.
        """
        taken = [take(pieces[piece]) for piece, take in self._places]
        if self._slots is None:
            return tuple(taken)
        values: list[Any] = []
        for number, convert, type, many, constant in self._slots:
            if number is None:
                values.append(constant)
            elif many:
                values += (
                    taken[number] if convert is None else [convert(item, type) for item in taken[number]]
                )
            else:
                values.append(taken[number] if convert is None else convert(taken[number], type))
        return tuple(values)

    def takes(self) -> dict[int, Take]:
        """Each literal by itself: by its piece, what takes its value and converts it for all its slots."""
        slots: dict[int, list[Slot]] = {number: [] for number in range(len(self._places))}
        for slot in self._slots or ():
            if slot.taken is not None and slot.convert is not None:
                slots[slot.taken].append(slot)
        return {
            place.piece: _converting(place.take, slots[number]) for number, place in enumerate(self._places)
        }


def _converting(take: Take, slots: Sequence[Slot]) -> Take:
    def taken(piece: Any) -> Any:
        value = take(piece)
        for _, convert, type, many, _ in slots:
            for item in value if many else (value,):
                if convert is not None:
                    convert(item, type)
        return value

    return taken


class Fork:
    """Where more decides than what is between the literals: pieces to be told apart, by their text, kind or length."""

    __slots__ = ("_tellers", "weight")

    def __init__(self, tellers: Mapping[int, Callable[[Any], Hashable]]) -> None:
        self.weight = 0
        self._tellers = tuple(sorted(tellers.items()))

    def details(self, pieces: Sequence[Any]) -> tuple[Hashable, ...]:
        return tuple([teller(pieces[piece]) for piece, teller in self._tellers])

    @property
    def tellers(self) -> dict[int, Callable[[Any], Hashable]]:
        return dict(self._tellers)


Known: TypeAlias = Shape | Fork


# ---- taking values -----------------------------------------------------------------------------------


def proved(
    terminal: Terminal, prefix: str, alike: tuple[str, str, type], tests: Sequence[Callable[[Any], bool]]
) -> Take:
    """Takes the value of a literal, proved by its terminal.

    Parameters
    ----------
    prefix: what stands before the piece and belongs to the literal.
    alike: kind and name of the literal, and the class of its value.
    tests: of the value, that all must hold.
    """
    if terminal.value is not None and not prefix and len(tests) < 2:
        return _of_one_kind(terminal, terminal.value, alike[2], tests[0] if tests else None)
    proves, read, (kind, name, value_class) = terminal.proves, terminal.read, alike

    def take(piece: str) -> Any:
        text = prefix + piece
        if proves(text) is None:
            raise Miss
        literal = read(text)
        value = literal.value
        if literal.kind != kind or literal.name != name or value.__class__ is not value_class:
            raise Miss
        for holds in tests:
            if not holds(value):
                raise Miss
        return value

    return take


def _of_one_kind(
    terminal: Terminal,
    value_of: Callable[[str], Any],
    value_class: type,
    test: Callable[[Any], bool] | None,
) -> Take:
    """The same with less to do."""
    proves, begins = terminal.proves, terminal.begins

    def take_found(piece: str) -> Any:
        if piece[0] != begins:
            raise Miss
        return value_of(piece)

    def take(piece: str) -> Any:
        if proves(piece) is None:
            raise Miss
        value = value_of(piece)
        if value.__class__ is value_class and (test is None or test(value)):
            return value
        raise Miss

    def take_digits(piece: str) -> Any:
        if len(piece) < _SURELY_IN_RANGE and piece.isdigit() and piece.isascii():
            return int(piece)
        return take(piece)

    if begins and test is None and value_class is str:
        return take_found
    return take_digits if terminal.digits and value_class is int and test in (None, is_in_range) else take


#: Numbers of fewer digits are integers of 64 bits.
_SURELY_IN_RANGE = 19


def listed(texts: Texts, take: Take, are_strings: bool, length: int, most: int) -> Take:
    """Takes the values of a list, the last one repeated up to a length.

    Parameters
    ----------
    are_strings: they are strings that need no test.
    most: how many there may be (`Limits.list_items`).
    """
    items, strings = texts.items, texts.strings if are_strings else None

    def take_all(piece: str) -> list[Any]:
        values = None if strings is None else strings(piece)
        if values is None:
            values = list(map(take, items(piece)))
        count = len(values)
        if count > most or filled_length(count) != length:
            raise Miss
        return values if count == length else values + values[-1:] * (length - count)

    return take_all


def number_of_rows(read: Callable[[str, str, int], int], field: str, page_size: int) -> Take:
    """Takes a number that pages a query."""
    return lambda piece: read(piece, field, page_size)


def parameter(alike: tuple[str, str, type], tests: Sequence[Callable[[Any], bool]]) -> Take:
    """Takes the value that a program gives for a parameter."""
    kind, _, value_class = alike

    def take(given: Any) -> Any:
        literal = literal_of(given)
        value = literal.value
        if literal.kind != kind or value.__class__ is not value_class:
            raise Miss
        if not all(holds(value) for holds in tests):
            raise Miss
        return value

    return take


#: What may go wrong with a literal; the text is then read, and refused in the words of the one who reads it.
REFUSALS = (Miss, QueryError, ValueError, ArithmeticError)


def accepts(take: Take, piece: Any) -> bool:
    """Can the value be taken?"""
    try:
        take(piece)
    except REFUSALS:
        return False
    return True
