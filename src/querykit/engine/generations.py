"""A bounded cache that a flood of keys cannot empty, read without a lock."""

from __future__ import annotations

from collections.abc import Hashable
from threading import Lock
from typing import Generic, Protocol, TypeVar

__all__ = ["WEIGHT", "Doorkeeper", "Generations"]

#: Characters of text that an entry stands for on average, at most: longer ones take the place of several.
WEIGHT = 256


class Weighed(Protocol):
    """What says how much room it takes."""

    weight: int


V = TypeVar("V", bound=Weighed)


class Generations(Generic[V]):
    """Two dicts: what was used lately, and what was before. When the one is full the other is forgotten.

    Reading takes no lock: single operations on a dict are atomic. A reader that finds an entry among the old moves it
    to the new.

    Parameters
    ----------
    entries: at most so many are kept.
    weight: and no more than what weighs so much, beside one entry that weighs more alone.

    Attributes
    ----------
    new: for those who look there first, to save a call.
    """

    def __init__(self, entries: int, weight: int) -> None:
        self.new: dict[Hashable, V] = {}
        self._old: dict[Hashable, V] = {}
        self._entries = max(1, entries // 2)
        self._weight = weight // 2
        self._weighs = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self.new) + len(self._old)

    def get(self, key: Hashable) -> V | None:
        found = self.new.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: Hashable, value: V) -> None:
        with self._lock:
            if len(self.new) >= self._entries or self._weighs > self._weight:
                self._old, self.new, self._weighs = self.new, {}, 0
            self._old.pop(key, None)
            self.new[key] = value
            self._weighs += value.weight


class Doorkeeper:
    """Remembers what has been seen lately, in a table of a fixed size; it may forget, and take one for another.

    Parameters
    ----------
    entries: for how many it is made.
    """

    def __init__(self, entries: int) -> None:
        self._mask = (1 << (8 * max(entries, 16)).bit_length()) - 1
        self._marks = bytearray(self._mask + 1)

    def has_seen(self, key: Hashable) -> bool:
        place, mark = self._mark(key)
        return self._marks[place] == mark

    def see(self, key: Hashable) -> None:
        place, mark = self._mark(key)
        self._marks[place] = mark

    def _mark(self, key: Hashable) -> tuple[int, int]:
        found = hash(key)
        return found & self._mask, (found >> 40) % 255 + 1
