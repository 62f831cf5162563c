"""`errors.txt`: what is refused, where and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from sales import DATA, SCHEMA

import querykit
from querykit import QueryError
from text_tables import pictures

CASES = pictures(Path(__file__).parent / "errors.txt")


@pytest.mark.parametrize(("text", "picture"), CASES, ids=[text for text, _ in CASES])
def test_error(text: str, picture: str) -> None:
    entity, colon, rest = text.partition(": ")
    with pytest.raises(QueryError) as caught:
        querykit.evaluate(
            querykit.parse(rest if colon else text, "odata"), DATA, SCHEMA, entity if colon else "Sale"
        )
    assert caught.value.render() == picture
