"""What the cache of shapes costs, and whether a flood of shapes can empty it."""

from __future__ import annotations

import gc
import random
import tracemalloc

from contenders import translator
from texts import FILTERS, fresh, random_filters

__all__ = ["bytes_of_a_plan", "hit_rate_in_a_flood"]


def bytes_of_a_plan(shapes: int = 400) -> float:
    """Memory for each shape kept, with its SQL; what the first shape brings along is not counted."""
    asked = translator(cache_size=1024)
    filters = random_filters(5)

    def ask(text: str) -> None:
        for _ in range(3):  # a shape is kept when it is seen again
            plan = asked.plan("$filter=" + text, entity="Account")
            assert plan.sql is not None
            assert plan.params is not None

    for _ in range(50):
        ask(next(filters))
    gc.collect()
    before = asked.cache_info()
    tracemalloc.start()
    for _ in range(shapes):
        ask(next(filters))
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / max(asked.cache_info().entries - before.entries, 1)


def hit_rate_in_a_flood(requests: int = 20_000, entries: int = 1_024) -> float:
    """Of the requests of an application that sends its shapes again and again, among nine times as many others."""
    asked = translator(cache_size=entries)
    rng = random.Random(1)
    hostile = random_filters(6)
    usual = [f"{one} and ({other})" for one in FILTERS.values() for other in FILTERS.values()]
    hits = legitimate = 0
    for number in range(requests):
        if rng.random() < 0.9:
            asked.plan("$filter=" + next(hostile), entity="Account")
            continue
        before = asked.cache_info().hits
        asked.plan("$filter=" + fresh(rng.choice(usual)), entity="Account")
        if number > requests // 5:  # until then the shapes are met
            legitimate += 1
            hits += asked.cache_info().hits - before
    return hits / legitimate
