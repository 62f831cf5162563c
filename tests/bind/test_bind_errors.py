"""errors.txt: what binding refuses, where it points, and what it advises."""

from __future__ import annotations

from pathlib import Path

import pytest

import querykit
from querykit import Query, QueryError, Schema
from querykit.bind import bind
from querykit.source import Source

BLOCKS = [
    block.splitlines()
    for block in (Path(__file__).parent / "errors.txt").read_text(encoding="utf-8").split("\n\n")
    if not block.startswith("#")
]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block[0])
def test_refusal(block: list[str], schema: Schema) -> None:
    head, place, *expected = block
    language, _, text = head.partition(": ")
    margin = len(language) + 2
    with pytest.raises(QueryError) as caught:
        bind(Query(filter=querykit.parse_filter(text, language), source=Source(text)), schema, "Account")
    error = caught.value
    start, end = error.position or (0, 0)
    assert " " * (margin + start) + "^" * (end - start) == place
    assert f"{error.code}: {error.message}" == expected[0].rstrip()
    assert (f"hint: {error.hint}" if error.hint else None) == (expected[1] if len(expected) > 1 else None)
