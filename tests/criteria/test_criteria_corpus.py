"""Criteria texts from real programs: what is valid is read, printed and read again; what is broken is refused."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from querykit.errors import QueryError
from querykit.languages.criteria import parse_filter, render_filter

CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "criteria.jsonl"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    if not CORPUS.exists():
        assert not os.environ.get("CI"), f"{CORPUS} is missing"
        pytest.skip("the corpora are not beside the checkout")
    return [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]


def verdict(text: str) -> str | None:
    """None if the text is accepted, else the error."""
    try:
        parse_filter(text)
    except QueryError as error:
        return error.message
    return None


def test_verdicts(rows: list[dict[str, Any]]) -> None:
    wrong = []
    for row in rows:
        refusal, valid = verdict(row["text"]), row.get("valid", True)
        if (refusal is None) != valid:
            wrong.append(f"{row['text']!r}: {refusal or 'accepted'}")
    print(f"{len(rows)} texts, {len(wrong)} wrong verdicts", *wrong, sep="\n")
    assert not wrong


def test_printed_and_read_again(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if row.get("valid", True):
            expr = parse_filter(row["text"])
            assert parse_filter(render_filter(expr)) == expr, row["text"]
