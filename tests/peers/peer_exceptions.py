"""Rows of a corpus that are excepted, each with its reason: `peer-0264 the reason`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import text_tables

__all__ = ["check"]


def check(path: Path, counts: Counter[tuple[str, str]], missed: Mapping[str, str]) -> None:
    """Just the rows that are missed are listed with a reason.

    Parameters
    ----------
    path: the list.
    counts: by kind of row and outcome; printed, for `pytest -s`.
    missed: what happened, by the id of the row.
    """
    known = _load(path)
    for (kind, outcome), count in sorted(counts.items()):
        print(f"{kind}: {count} {outcome}")
    print(*(what for id, what in missed.items() if id not in known), sep="\n")
    assert missed.keys() - known.keys() == set()
    assert known.keys() - missed.keys() == set(), "these exceptions hold no more"


def _load(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text_tables.lines(path):
        key, reason = line.split(" ", 1)
        assert key not in found, key
        found[key] = reason
    return found
