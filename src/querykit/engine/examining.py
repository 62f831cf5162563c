"""Asking what is known of a shape about other texts of it, of values that are easily taken for more than values.

What binding does with values is watched (`bind.watched`); a parser that looked at one would be found out here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from querykit.ast.nodes import Query
from querykit.bind.comparison import filled_length
from querykit.bind.watched import Spot
from querykit.engine.forms import Form
from querykit.engine.reading import Found, given
from querykit.engine.shapes import REFUSALS, Shape, accepts
from querykit.engine.texts import Texts
from querykit.languages.registry import Params
from querykit.limits import Limits
from querykit.plan.nodes import BoundQuery

__all__ = ["Course", "Exercise", "Unfit", "examine"]


class Unfit(Exception):
    """The text teaches nothing."""


class Course(NamedTuple):
    """How a translator reads.

    Parameters
    ----------
    parse: a text into a tree with places; it takes parameters.
    bind: a tree into a plan.
    form: of a plan.
    """

    texts: Texts
    limits: Limits
    parse: Callable[[str, Params], Query]
    bind: Callable[[Query, object], BoundQuery]
    form: Callable[[BoundQuery], Form]


class Exercise(NamedTuple):
    """The text that a shape was learnt from.

    Parameters
    ----------
    found: its literals.
    rows: pieces that are numbers of rows.
    """

    pieces: Sequence[str]
    found: Mapping[Spot, Found]
    rows: Collection[int]
    entity: object
    params: Params


def examine(course: Course, shape: Shape, exercise: Exercise, is_encoded: bool) -> None:
    """Ask the shape about two other texts, and hold its answers against what reading says.

    Parameters
    ----------
    is_encoded: the text was percent-encoded.

    Raises
    ------
    Unfit: they differ. QueryError: the text cannot be read, and the shape has an answer.
    """
    for number in range(2):
        pieces = _other_text(course, shape, exercise, number)
        params = [item.value for item in given(exercise.params, len(pieces))]
        try:
            values = shape.values([*pieces, *params])
        except REFUSALS:
            continue
        written = [
            course.texts.written(piece, bool(place % 2), is_encoded) for place, piece in enumerate(pieces)
        ]
        bound = course.bind(course.parse("".join(written), exercise.params), exercise.entity)
        if course.form(bound) is not shape.form or _exactly(bound.values) != _exactly(values):
            raise Unfit


def _other_text(course: Course, shape: Shape, exercise: Exercise, number: int) -> list[str]:
    pieces = list(exercise.pieces)
    for place, take in shape.takes().items():
        if place < len(pieces):
            others = _others(course, exercise, place, number)
            pieces[place] = next(filter(partial(accepts, take), others), pieces[place])
    return pieces


def _others(course: Course, exercise: Exercise, piece: int, number: int) -> list[str]:
    """What else could stand in the place of a piece, the best first."""
    if piece in exercise.rows:
        return [str(number)]
    if (piece, None) in exercise.found:
        return _probes(exercise.found[piece, None], number)
    items = course.texts.items(exercise.pieces[piece])
    lengths = [n for n in range(1, 2 * len(items) + 2) if filled_length(n) == filled_length(len(items))]
    count = min(lengths[-1 if number else 0], course.limits.list_items)
    probes = [*_probes(exercise.found[piece, 0], number), items[0]]
    return [f"({','.join([probe] * count)})" for probe in probes]


def _probes(found: Found, number: int) -> list[str]:
    probes = [text[len(found.prefix) :] for text in found.terminal.probes if text.startswith(found.prefix)]
    return probes[number:] + probes[:number]


def _exactly(values: Sequence[Any]) -> list[tuple[type, str]]:
    return [(type(value), repr(value)) for value in values]
