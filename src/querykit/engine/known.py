"""The shapes of texts that a translator knows."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from querykit.clock import Clock
from querykit.engine.forms import Form
from querykit.engine.generations import WEIGHT, Doorkeeper, Generations
from querykit.engine.learning import Course, Lesson, Teller, learn
from querykit.engine.shapes import REFUSALS, Fork, Known, Shape, accepts
from querykit.engine.texts import LONGEST
from querykit.languages.registry import Params

__all__ = ["CacheInfo", "KnownShapes"]

#: What a parameter can be, beside lists.
_SCALARS = frozenset(
    {type(None), bool, int, float, Decimal, str, bytes, datetime, date, time, timedelta, UUID}
)


class CacheInfo(NamedTuple):
    """What a translator remembers.

    Parameters
    ----------
    hits, misses: texts that were answered without reading them, and others. Counted without a lock.
    learnt: how often a shape was stored.
    entries: shapes that are there now.
    size: how many there can be.
    """

    hits: int = 0
    misses: int = 0
    learnt: int = 0
    entries: int = 0
    size: int = 0


class _Cut(NamedTuple):
    """A text in pieces, and what it is known under."""

    pieces: list[str]
    given: list[Any]
    key: Hashable


class KnownShapes:
    """
    Parameters
    ----------
    course: how the translator reads.
    size: how many shapes are kept.
    """

    def __init__(self, course: Course, size: int) -> None:
        self._course = course
        self._split = course.texts.split
        self._longest = min(LONGEST, course.limits.text_length)
        self._size = size
        self._known: Generations[Known] = Generations(size, size * WEIGHT)
        self._seen = Doorkeeper(size)
        self._in_vain = Doorkeeper(size)  # what nothing could be learnt from
        self._hits = self._misses = self._learnt = 0

    def info(self) -> CacheInfo:
        return CacheInfo(self._hits, self._misses, self._learnt, len(self._known), self._size)

    def find(
        self, text: str, entity: object, params: Params, clock: Clock | None
    ) -> tuple[Form, tuple[Any, ...]] | None:
        """The form of a text whose shape is known, and the values of its slots."""
        if len(text) > self._longest:
            return None
        pieces = self._split(text)
        if pieces is None:
            return None
        key: Hashable = ("\0".join(pieces[::2]), entity)
        if params:
            cut = self._with_params(pieces, entity, params)
            if cut is None:
                return None
            key, pieces = cut.key, [*pieces, *cut.given]
        try:
            known = self._known.new.get(key) or self._known.get(key)
            if type(known) is Fork:
                known = self._known.get((key, known.details(pieces)))
            if type(known) is not Shape:
                return None
            form, values = known.form, known.values(pieces)
            if form.is_late:
                values = form.values(values, clock)
        except (*REFUSALS, TypeError):  # TypeError: an entity that has no hash
            return None
        self._hits += 1
        return form, values

    def _with_params(self, pieces: list[str], entity: object, params: Any) -> _Cut | None:
        names, given = (
            (tuple(params), list(params.values()))
            if isinstance(params, Mapping)
            else (len(params), list(params))
        )
        classes = tuple([value.__class__ for value in given])
        if not _SCALARS.issuperset(classes):
            return None
        return _Cut(pieces, given, ("\0".join(pieces[::2]), entity, names, classes))

    # -- learning -------------------------------------------------------------------------------------

    def miss(self) -> None:
        """Count a text that has to be read."""
        self._misses += 1

    def meet(self, text: str, entity: object, params: Params) -> None:
        """Learn the shape of a text that has been read without an error, if it has been here before."""
        if len(text) > self._longest or not self._size:
            return
        pieces = self._split(text)
        cut = None if pieces is None else self._cut(pieces, entity, params)
        if cut is None:
            return
        all_pieces = [*cut.pieces, *cut.given]
        try:
            known = self._known.get(cut.key)
            key = (cut.key, known.details(all_pieces)) if isinstance(known, Fork) else cut.key
            if not self._seen.has_seen(key):
                self._seen.see(key)
                return
        except TypeError:  # an entity that has no hash
            return
        if self._in_vain.has_seen(key):
            return
        lesson = learn(self._course, text, cut.pieces, entity, params)
        if lesson is None or not self._store(cut.key, known, all_pieces, lesson):
            self._in_vain.see(key)

    def _cut(self, pieces: list[str], entity: object, params: Params) -> _Cut | None:
        if params:
            return self._with_params(pieces, entity, params)
        return _Cut(pieces, [], ("\0".join(pieces[::2]), entity))

    def _store(self, key: Hashable, known: Known | None, pieces: list[Any], lesson: Lesson) -> bool:
        """Put the shape where texts like this one find it, and tell them from those that are there already.

        Returns
        -------
        Can they be told?
        """
        there = known
        tellers: dict[int, Teller] = {}
        if isinstance(known, Fork):
            there = self._known.get((key, known.details(pieces)))
            tellers = known.tellers
        told = len(tellers)
        tellers.update(lesson.tellers)
        details: Mapping[int, Hashable] = {}
        if isinstance(there, Shape):
            found, details = _told_apart(there, lesson, pieces)
            tellers = {**found, **tellers}
            if len(tellers) == told:
                return False
        if not tellers:
            self._put(key, lesson.shape)
            return True
        if not isinstance(known, Fork) or len(tellers) > told:
            self._put(key, Fork(tellers))
        self._put((key, tuple([tellers[place](pieces[place]) for place in sorted(tellers)])), lesson.shape)
        if isinstance(known, Shape) and details.keys() >= tellers.keys():
            self._put((key, tuple([details[place] for place in sorted(tellers)])), known)
        return True

    def _put(self, key: Hashable, known: Known) -> None:
        self._known.put(key, known)
        self._learnt += isinstance(known, Shape)


def _told_apart(
    there: Shape, lesson: Lesson, pieces: Sequence[Any]
) -> tuple[dict[int, Teller], Mapping[int, Hashable]]:
    """What tells two shapes apart, and what it says of the one that is there: kinds, or whether a value is accepted."""
    kinds = lesson.shape.details
    different = [place for place in lesson.kinds if there.details.get(place) != kinds[place]]
    if different or lesson.tellers:
        return {place: lesson.kinds[place] for place in different}, there.details
    tellers: dict[int, Teller] = {
        place: partial(accepts, take)
        for place, take in there.takes().items()
        if not accepts(take, pieces[place])
    }
    return tellers, {**there.details, **dict.fromkeys(tellers, True)}
