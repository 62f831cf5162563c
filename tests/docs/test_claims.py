"""claims.txt: texts that grammars/README.md speaks of are read, or refused, as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

import querykit
import text_tables
from querykit import QueryError

CLAIMS = [tuple(line.split(" | ", 2)) for line in text_tables.lines(Path(__file__).with_name("claims.txt"))]


@pytest.mark.parametrize(("language", "verdict", "text"), CLAIMS)
def test_claim(language: str, verdict: str, text: str) -> None:
    name, *options = language.split()
    try:
        querykit.parse(text, name, **dict(option.split("=") for option in options))
        found = "read"
    except QueryError as error:
        found = error.code
    assert found == verdict
