"""A translator that knows shapes says what one says that reads each text."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from swapping import LANGUAGES, texts

from answers import answer
from querykit import Limits, Schema, Translator

#: Texts of each language; half of them are of shapes that are known by then.
EXAMPLES = int(os.environ.get("QUERYKIT_EXAMPLES", "1500"))
SEED = int(os.environ.get("QUERYKIT_SEED", "1"))


def noon() -> dt.datetime:
    return dt.datetime(2024, 2, 29, 12, 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_swapped_literals(schema: Schema, language: str) -> None:
    limits = Limits(page_size=1000, list_items=7)
    knowing = Translator(schema, language, "sqlite", clock=noon, limits=limits)
    reading = Translator(schema, language, "sqlite", clock=noon, limits=limits, cache_size=0)
    for text in texts(reading, language, EXAMPLES, SEED):
        assert answer(knowing, text) == answer(reading, text), text
    info = knowing.cache_info()
    assert info.hits > EXAMPLES / 6
