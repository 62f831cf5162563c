"""The texts that are timed: each has literals that were never used before, so that no cache of whole texts helps."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

__all__ = ["CONDITIONS", "FILTERS", "Condition", "corpus", "fresh", "random_filters"]

#: Name -> filter; another number stands for each `{n}`.
FILTERS: dict[str, str] = {
    "equality": "name eq 'Warner {n}'",
    "conjunction": "name eq 'Warner {n}' and revenue gt {n}.5 and employees le {n}",
    "functions": (
        "contains(tolower(name),'w{n}') or startswith(city,'S{n}') and "
        "(revenue mul 2 gt {n} or length(name) eq {n}) and not endswith(city,'x{n}')"
    ),
    "membership": (
        "name in ('a{n}','b{n}','c{n}','d{n}','e{n}','f{n}','g{n}','h{n}') and "
        "not (employees eq {n} or revenue lt {n})"
    ),
    "dates": "year(createdon) eq {n} and createdon lt 2021-03-04T05:06:07Z and employees ne {n}",
}

#: OData, criteria, VTQL, and ECQL as pygeofilter reads it.
Condition = tuple[str, str, str, str]
CONDITIONS: dict[str, Condition] = {
    "equality": (
        "name eq 'a{n}'",
        "[name] = 'a{n}'",
        "name = 'a{n}'",
        "name = 'a{n}'",
    ),
    "conjunction": (
        "name eq 'a{n}' and revenue gt {n} and city ne 'b{n}'",
        "[name] = 'a{n}' And [revenue] > {n} And [city] <> 'b{n}'",
        "name = 'a{n}' AND revenue > {n} AND city != 'b{n}'",
        "name = 'a{n}' AND revenue > {n} AND city <> 'b{n}'",
    ),
    "disjunction": (
        "name eq 'a{n}' or revenue ge {n} or employees lt {n} or city eq 'c{n}'",
        "[name] = 'a{n}' Or [revenue] >= {n} Or [employees] < {n} Or [city] = 'c{n}'",
        "name = 'a{n}' OR revenue >= {n} OR employees < {n} OR city = 'c{n}'",
        "name = 'a{n}' OR revenue >= {n} OR employees < {n} OR city = 'c{n}'",
    ),
    "membership": (
        "city in ('a{n}','b{n}','c{n}','d{n}') and employees gt {n}",
        "[city] In ('a{n}','b{n}','c{n}','d{n}') And [employees] > {n}",
        "city IN ('a{n}','b{n}','c{n}','d{n}') AND employees > {n}",
        "city IN ('a{n}','b{n}','c{n}','d{n}') AND employees > {n}",
    ),
}

_numbers = itertools.count(1000)


def fresh(template: str) -> str:
    return template.replace("{n}", str(next(_numbers)))


# ---- shapes that were never seen before ----

_NAMES = ("name", "city", "revenue", "employees", "createdon")
_NUMBERS = ("revenue", "employees", "length(name)", "year(createdon)", "employees add revenue")
_COMPARED = ("eq", "ne", "gt", "ge", "lt", "le")


def random_filters(seed: int) -> Iterator[str]:
    """Filters of random trees, each rendered once."""
    rng = random.Random(seed)
    while True:
        yield _condition(rng, 3)


def _condition(rng: random.Random, depth: int) -> str:
    if depth and rng.random() < 0.7:
        word = rng.choice((" and ", " or "))
        parts = [_condition(rng, depth - 1) for _ in range(rng.randint(2, 3))]
        joined = word.join(f"({part})" if " or " in part or " and " in part else part for part in parts)
        return f"not ({joined})" if rng.random() < 0.2 else joined
    return rng.choice(_TESTS)(rng)


def _text(rng: random.Random) -> str:
    return f"'{rng.choice('abcdefgh')}{next(_numbers)}'"


_TESTS: tuple[Callable[[random.Random], str], ...] = (
    lambda rng: f"{rng.choice(_NUMBERS)} {rng.choice(_COMPARED)} {next(_numbers)}",
    lambda rng: f"{rng.choice(_NAMES[:2])} {rng.choice(_COMPARED)} {_text(rng)}",
    lambda rng: (
        f"{rng.choice(('contains', 'startswith', 'endswith'))}({rng.choice(_NAMES[:2])},{_text(rng)})"
    ),
    lambda rng: f"{rng.choice(_NAMES)} eq null",
    lambda rng: f"{rng.choice(_NAMES[:2])} in ({','.join(_text(rng) for _ in range(rng.randint(2, 5)))})",
    lambda rng: f"tolower({rng.choice(_NAMES[:2])}) eq {_text(rng)}",
)


# ---- texts of others ----


@cache
def corpus() -> tuple[str, ...]:
    """Filters of the corpora beside the checkout; empty where there are none."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "corpora"
    found: dict[str, None] = {}
    for name in ("odata-oasis.jsonl", "odata-peers.jsonl"):
        path = folder / name
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            row = json.loads(line)
            if row["option"] in ("$filter", "expr") and row["valid"]:
                found[row.get("decoded") or row["text"]] = None
    return tuple(found)
