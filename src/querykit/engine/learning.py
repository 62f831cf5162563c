"""What a text teaches about all texts of its shape.

The text is read and bound once more, with its literals watched (`bind.watched`). What the plan does with their values
decides: they become values of slots, they must give the same answers, or they are part of the shape. Then the shape is
asked about other texts, of values that are easily taken for more than values, and must say what reading them says.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from querykit.ast.nodes import Literal, Query
from querykit.ast.values import literal as literal_of
from querykit.bind.comparison import filled_length, is_exact, is_exactly
from querykit.bind.literals import INTEGERS, as_it_is, conversion, is_in_range, natural_type
from querykit.bind.watched import Asked, Lifted, Notes, Spot, plain
from querykit.engine.examining import Course, Exercise, Unfit, examine
from querykit.engine.reading import Found, given, is_open, read, watched
from querykit.engine.shapes import (
    Place,
    Shape,
    Slot,
    Take,
    listed,
    number_of_rows,
    parameter,
    proved,
)
from querykit.engine.texts import LONGEST, Texts
from querykit.errors import QueryError
from querykit.languages.registry import Params
from querykit.types import FLOAT, INT, Type

__all__ = ["Course", "Lesson", "Teller", "learn"]

#: What tells pieces apart that are not alike for a plan.
Teller = Callable[[Any], Hashable]


class Lesson(NamedTuple):
    """A shape; the pieces of which more is part of it than their kind, and how to tell the kinds of the others."""

    shape: Shape
    tellers: Mapping[int, Teller]
    kinds: Mapping[int, Teller]


def learn(course: Course, text: str, pieces: Sequence[str], entity: object, params: Params) -> Lesson | None:
    """The shape of a text that has been read without an error; None where another text may mean something else.

    Parameters
    ----------
    pieces: of the text alone, without parameters.
    """
    try:
        pupil = _Pupil(course, course.parse(text, params), pieces, entity, params)
        lesson = pupil.lesson()
        examine(course, lesson.shape, pupil.exercise(entity, params), "%" in text)
    except (Unfit, QueryError):
        return None
    return lesson


class _Pupil:
    """One text in the making of its shape."""

    def __init__(
        self, course: Course, query: Query, pieces: Sequence[str], entity: object, params: Params
    ) -> None:
        self._course = course
        self._pieces = pieces
        self._params = given(params, len(pieces))
        self._found = read(query, pieces, course.texts)
        self._rows = dict(self._numbers_of_rows(query))
        self._notes = Notes()
        spans = {found.literal.span: spot for spot, found in self._found.items() if found.literal.span}
        tree = watched(query, spans, self._rows, self._params, "".join(pieces), self._notes)
        self._bound = course.bind(tree, entity)
        self._pinned = {spot[0] for spot in self._notes.looked_at}
        self._asked: dict[Spot, list[Asked]] = {}
        for note in self._notes.asked:
            self._asked.setdefault(note.place, []).append(note)
        self._lifted = {note.place for note in self._notes.lifted}
        self._check_lists()

    def _numbers_of_rows(self, query: Query) -> Iterator[tuple[str, Spot]]:
        texts = self._course.texts
        if texts.page is None or texts.rows is None:
            return
        for number in range(1, len(self._pieces), 2):
            gap, piece = self._pieces[number - 1], self._pieces[number]
            match = texts.page(gap if number == 1 else f"\0{gap}")
            if match is None or (number, None) in self._found:
                continue
            field = match[1].lower()
            try:
                rows = texts.rows(piece, field, self._course.limits.page_size)
            except (QueryError, ValueError):
                continue
            if rows == getattr(query, field):
                yield field, (number, None)

    # -- lists ----------------------------------------------------------------------------------------

    def _check_lists(self) -> None:
        """Each item of a list must have been treated alike, or a longer one might not be."""
        lists = {number for number in range(1, len(self._pieces), 2) if self._pieces[number].startswith("(")}
        if lists & self._pinned or (lists and self._course.limits.tokens < LONGEST):
            raise Unfit
        for number in lists:
            count = len(self._course.texts.items(self._pieces[number]))
            items = [self._found.get((number, item)) for item in range(count)]
            if None in items or count > self._course.limits.list_items:
                raise Unfit
            if len({self._traits((number, item), found) for item, found in enumerate(items) if found}) != 1:
                raise Unfit

    def _traits(self, spot: Spot, found: Found) -> Hashable:
        asked = [
            (note.question.__name__, repr(note.args), repr(note.answer)) for note in self._asked.get(spot, ())
        ]
        literal = found.literal
        return literal.kind, literal.name, type(literal.value), found.terminal, found.prefix, frozenset(asked)

    # -- the shape ------------------------------------------------------------------------------------

    def lesson(self) -> Lesson:
        slots, places = self._slots(), self._places()
        weight = sum(map(len, self._pieces))
        form = self._course.form(self._bound)
        kinds = {piece: self._kind_teller(piece) for piece in places if (piece, None) in self._found}
        details = {piece: kind(self._pieces[piece]) for piece, kind in kinds.items()}
        shape = Shape(weight, [Place(*item) for item in places.items()], slots, form, details)
        return Lesson(shape, dict(self._tellers()), kinds)

    def _taken(self) -> list[int]:
        """The pieces whose values are taken, in order: each literal that is not pinned is proved, used or not."""
        pieces = {spot[0] for spot in (*self._found, *self._rows.values())}
        pieces |= {item.piece for item in self._params if is_open(item)}
        return sorted(pieces - self._pinned)

    def _places(self) -> dict[int, Take]:
        return {piece: self._take(piece) for piece in self._taken()}

    def _take(self, piece: int) -> Take:
        limits, texts = self._course.limits, self._course.texts
        if piece >= len(self._pieces):
            literal = literal_of(self._params[piece - len(self._pieces)].value)
            return parameter(_alike(literal), self._tests((piece, None), literal))
        for field, spot in self._rows.items():
            if spot[0] == piece and texts.rows is not None:
                return number_of_rows(texts.rows, field, limits.page_size)
        if (piece, None) in self._found:
            return self._proved((piece, None))
        count = len(texts.items(self._pieces[piece]))
        _, terminal, prefix = self._found[piece, 0]
        are_strings = (
            bool(terminal.begins)
            and not prefix
            and not self._tests((piece, 0), self._found[piece, 0].literal)
        )
        return listed(texts, self._proved((piece, 0)), are_strings, filled_length(count), limits.list_items)

    def _proved(self, spot: Spot) -> Take:
        literal, terminal, prefix = self._found[spot]
        return _shared_proof(terminal, prefix, _alike(literal), self._tests(spot, literal))

    def _tests(self, spot: Spot, literal: Literal) -> tuple[Callable[[Any], bool], ...]:
        kind, name = literal.kind, literal.name
        notes = [(note.question, note.args, note.answer) for note in self._asked.get(spot, ())]
        if spot in self._lifted:
            notes.append((natural_type, (), natural_type(plain(literal))))
        natural = natural_type(plain(literal))
        tests = [_test(kind, name, natural, *note) for note in notes]
        return tuple(dict.fromkeys([test for test in tests if test is not None]))

    # -- slots ----------------------------------------------------------------------------------------

    def _slots(self) -> list[Slot]:
        taken = {piece: number for number, piece in enumerate(self._taken())}
        lifted = {note.slot: note for note in self._notes.lifted}
        pages = {spot: field for field, spot in self._rows.items()}
        values = self._bound.values
        slots: list[Slot] = []
        number = 0
        while number < len(values):
            note = lifted.get(number)
            spot: Spot | None = getattr(values[number], "place", None) if note is None else note.place
            if spot is None or spot[0] not in taken:
                slots.append(
                    Slot(None, None, _ANY, False, int(values[number]) if spot in pages else values[number])
                )
            elif spot[1] is not None and note is not None:
                slots.append(self._list_slot(taken, lifted, note))
                number += self._list_length(spot[0]) - 1
            else:
                slots.append(
                    Slot(taken[spot[0]], None, _ANY, False) if note is None else self._slot(taken, note)
                )
            number += 1
        return slots

    def _slot(self, taken: Mapping[int, int], note: Lifted, many: bool = False) -> Slot:
        spot = note.place
        if spot in self._found:
            literal = self._found[spot].literal
        else:
            literal = literal_of(self._params[spot[0] - len(self._pieces)].value)
        convert = conversion(natural_type(plain(literal)), note.type, lenient=note.lenient)
        if convert is None:
            raise Unfit
        return Slot(taken[spot[0]], None if convert is as_it_is else convert, note.type, many)

    def _list_length(self, piece: int) -> int:
        return filled_length(len(self._course.texts.items(self._pieces[piece])))

    def _list_slot(self, taken: Mapping[int, int], lifted: Mapping[int, Lifted], first: Lifted) -> Slot:
        """The slots of a list follow one another, those of the last item repeated."""
        piece = first.place[0]
        last = len(self._course.texts.items(self._pieces[piece])) - 1
        for item in range(self._list_length(piece)):
            note = lifted.get(first.slot + item)
            wanted = Lifted(first.slot + item, (piece, min(item, last)), first.type, first.lenient)
            if note != wanted:
                raise Unfit
        return self._slot(taken, first, many=True)

    # -- what else is part of the shape -----------------------------------------------------------------

    def _tellers(self) -> Iterator[tuple[int, Teller]]:
        taken = set(self._taken())
        for number in range(1, len(self._pieces), 2):
            if number not in taken:
                yield number, _itself
            elif (number, 0) in self._found:
                yield number, _length_of_list
        for item in self._params:
            if item.piece not in taken:
                yield item.piece, _value_itself

    def exercise(self, entity: object, params: Params) -> Exercise:
        return Exercise(self._pieces, self._found, {spot[0] for spot in self._rows.values()}, entity, params)

    def _kind_teller(self, piece: int) -> Teller:
        return _shared_teller(self._course.texts, self._found[piece, None].prefix)


_ANY = Type("any")


def _alike(literal: Literal) -> tuple[str, str, type]:
    return literal.kind, literal.name, type(literal.value)


@lru_cache(maxsize=1024)
def _test(
    kind: str, name: str, natural: Type, ask: Callable[..., Any], args: tuple[Any, ...], answer: Any
) -> Callable[[Any], bool] | None:
    """Whether the answer is the same of another value; None where it is sure to be."""
    if kind not in INTEGERS and ask is natural_type:
        return None
    if kind in INTEGERS and ask in (natural_type, is_exact) and natural == INT:
        return is_in_range  # all that the two look at
    if ask is is_exact:
        (type,) = args
        return None if type == FLOAT else lambda value: is_exactly(value, type) is answer
    return lambda value: bool(ask(Literal(kind, value, name), *args) == answer)


_shared_proof = lru_cache(maxsize=1024)(proved)


@lru_cache(maxsize=256)
def _shared_teller(texts: Texts, prefix: str) -> Teller:
    def kind(piece: str) -> Hashable:
        text = prefix + piece
        for number, terminal in enumerate(texts.terminals):
            if terminal.proves(text) is not None:
                try:
                    literal = terminal.read(text)
                except QueryError:
                    return None
                return number, literal.kind, literal.value.__class__
        return None

    return kind


def _length_of_list(piece: str) -> Hashable:
    """About how long a list is made, and whether it is one of texts: what does not fit is told by its length then."""
    return filled_length(piece.count(",") + 1), "'" in piece


def _itself(piece: str) -> Hashable:
    return piece


def _value_itself(value: Any) -> Hashable:
    return type(value), repr(value)
