"""Random numbers that never change: the standard library's may give others in another version of Python."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

__all__ = ["Dice", "key"]

T = TypeVar("T")

_MASK = 2**64 - 1


class Dice:
    """A stream of numbers that its name and number decide (splitmix64).

    >>> Dice("account", 7).below(1000) == Dice("account", 7).below(1000)
    True
    """

    __slots__ = ("_state",)

    def __init__(self, name: str, number: int = 0) -> None:
        self._state = (zlib.crc32(name.encode()) << 32 | number) & _MASK
        self._next()

    def _next(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _MASK
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _MASK
        return mixed ^ mixed >> 31

    def below(self, bound: int) -> int:
        return self._next() % bound

    def chance(self, percent: int) -> bool:
        return self.below(100) < percent

    def pick(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]

    def maybe(self, percent: int, value: T) -> T | None:
        """The value, or with the chance null: values are drawn before, so a stream does not shift."""
        return None if self.chance(percent) else value

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        return first + dt.timedelta(days=self.below((last - first).days + 1))

    def moment(self, first: dt.date, last: dt.date) -> dt.datetime:
        day = self.day(first, last)
        return dt.datetime(day.year, day.month, day.day) + dt.timedelta(seconds=self.below(86_400))


def key(entity: str, number: int) -> UUID:
    """The key of the row with this number, so that a row can refer to one that is not written yet."""
    dice = Dice(f"{entity}.id", number)
    return UUID(int=dice.below(2**64) << 64 | dice.below(2**64), version=4)
