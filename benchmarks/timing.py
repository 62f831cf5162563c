"""How two things are compared: interleaved, in one process, with the median of the ratios of paired rounds."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

__all__ = ["Pair", "Task", "beside", "over_texts"]

Task = Callable[[str], object]
#: Gives the texts of a round: fresh ones each time.
Batch = Callable[[], Sequence[str]]


class Pair(NamedTuple):
    """
    Parameters
    ----------
    ours, theirs: median seconds for a text.
    ratio: median of theirs / ours; above 1 where ours is faster.
    """

    ours: float
    theirs: float
    ratio: float


def beside(ours: Task, theirs: Task, batch: Batch, rounds: int, ours_batch: Batch | None = None) -> Pair:
    """Ours beside theirs; `ours_batch` where the same is written in another language."""
    pairs = []
    for turn in range(rounds + 2):
        tasks = [(ours, ours_batch or batch), (theirs, batch)]
        seconds = [0.0, 0.0]
        for index in (0, 1) if turn % 2 else (1, 0):
            task, texts_of = tasks[index]
            seconds[index] = _seconds(task, texts_of())
        if turn >= 2:  # the first two warm up
            pairs.append(seconds)
        if turn % 10 == 0:
            gc.collect()
    return Pair(
        statistics.median(ours for ours, _ in pairs),
        statistics.median(theirs for _, theirs in pairs),
        statistics.median(theirs / ours for ours, theirs in pairs),
    )


def over_texts(pairs: Sequence[Pair]) -> float:
    """The ratio over several kinds of texts: of the sums of their medians."""
    return sum(pair.theirs for pair in pairs) / sum(pair.ours for pair in pairs)


def _seconds(task: Task, texts: Sequence[str]) -> float:
    start = time.perf_counter()
    for text in texts:
        task(text)
    return (time.perf_counter() - start) / len(texts)
