"""served.txt: the database's plan has the index."""

from __future__ import annotations

from pathlib import Path

import pytest
from indexed import WAYS, Way, indexes_of

import querykit
from engines.base import Engine
from querykit import Query


def _rows() -> list[tuple[str, dict[str, str]]]:
    rows: list[tuple[str, dict[str, str]]] = []
    for line in (Path(__file__).parent / "served.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            engine, _, index = line.strip().rpartition(": ")
            rows[-1][1][engine] = index
        elif line and not line.startswith("#"):
            rows.append((line, {}))
    return rows


ROWS = _rows()


@pytest.mark.parametrize("made", WAYS)
@pytest.mark.parametrize(("text", "wanted"), ROWS, ids=[text for text, _ in ROWS])
def test_the_index_is_used(
    text: str,
    wanted: dict[str, str],
    made: Way,
    indexed: Engine,
) -> None:
    language, _, condition = text.partition(": ")
    statement, parameters = made(indexed, Query(filter=querykit.parse_filter(condition, language)))
    index = wanted.get(indexed.name, wanted[""])
    found = indexes_of(indexed, statement, parameters)
    assert found & set(index.split()) if index != "none" else not found, (statement, found)
