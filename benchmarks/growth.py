"""The cost of a term in long texts beside that in short ones."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable

from texts import fresh

import querykit
from querykit import Limits

__all__ = ["SHAPES", "growth"]

_LIMITS = Limits(text_length=10_000_000, tokens=200_000, nodes=200_000, list_items=100_000)


def _chain(term: str, word: str) -> Callable[[int], str]:
    return lambda terms: word.join([fresh(term) for _ in range(terms)])


#: Name -> option, and its text of so many terms.
SHAPES: dict[str, tuple[str, Callable[[int], str]]] = {
    "or-chain": ("$filter=", _chain("a eq {n}", " or ")),
    "and-chain": ("$filter=", _chain("a eq {n}", " and ")),
    "add-chain": ("$filter=", lambda terms: _chain("{n}", " add ")(terms) + " eq 1"),
    "in-list": ("$filter=", lambda terms: f"a in ({_chain('{n}', ',')(terms)})"),
    "orderby list": ("$orderby=", _chain("a{n} desc", ",")),
}


def growth(name: str, rounds: int = 5) -> float:
    """Seconds for a term at 10,000 terms over those at 100."""
    option, text_of = SHAPES[name]
    ratios = []
    gc.collect()
    gc.freeze()  # what other measurements have left behind is no cost of a term
    for _ in range(rounds):
        long = _per_term(option, text_of, 10_000, 1)
        short = _per_term(option, text_of, 100, 20)
        ratios.append(long / short)
    gc.unfreeze()
    return statistics.median(ratios)


def _per_term(option: str, text_of: Callable[[int], str], terms: int, times: int) -> float:
    texts = [option + text_of(terms) for _ in range(times)]
    start = time.perf_counter()
    for text in texts:
        querykit.parse(text, "odata", limits=_LIMITS)
    return (time.perf_counter() - start) / (terms * times)
