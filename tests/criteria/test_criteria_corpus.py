"""Criteria texts from real programs: what is valid is read, printed and read again; what is broken is refused."""

from __future__ import annotations

from typing import Any

import pytest

import corpora
from querykit.errors import QueryError
from querykit.languages.criteria import parse_filter, render_filter


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return corpora.load("criteria.jsonl")


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
