"""Random requests with other values in them: whoever knows their shapes says what one says that reads them."""

from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from crm import SCHEMA
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from queries import queries

import querykit
from answers import answer
from querykit import NotExpressible, Query, Translator
from querykit.ast.nodes import Literal, Node

EXAMPLES = int(os.environ.get("QUERYKIT_EXAMPLES", "800")) // 8
LANGUAGES = ("odata", "criteria", "vtql")
#: Kind of a literal -> other values.
VALUES: dict[str, list[Any]] = {
    "string": ["", "a", "'", "%_", "[x]*?", "\\", "1", "2020-01-02", "null", "x' or 1=1 --", "é", "a,b"],
    "int": [0, 1, -1, 2020, 2**31, 2**63 - 1, -(2**63), 2**63, 10**30],
    "decimal": [Decimal(text) for text in ("0.5", "-2.0", "3.25", "100000000000000000000.5")],
    "double": [0.5, -1.0, 1e300, 5e-324],
    "datetime": [dt.datetime(1, 1, 1), dt.datetime(2020, 2, 29, 1, 2, 3), dt.datetime(9999, 12, 31, 23, 59)],
    "date": [dt.date(1, 1, 1), dt.date(2020, 2, 29), dt.date(9999, 12, 31)],
    "duration": [dt.timedelta(0), dt.timedelta(days=-1), dt.timedelta(microseconds=1)],
}


def refreshed(node: Any, choose: Random) -> Any:
    """The tree with other values in its literals, of the same kinds."""
    if isinstance(node, Literal):
        return node.replace(value=choose.choice(VALUES[node.kind])) if node.kind in VALUES else node
    if isinstance(node, tuple):
        return tuple(refreshed(item, choose) for item in node)
    if not isinstance(node, Node):
        return node
    return node.replace(**{name: refreshed(getattr(node, name), choose) for name in node.fields})


def text_of(query: Query, language: str, is_encoded: bool) -> str | None:
    try:
        text = querykit.render(query, language)
    except NotExpressible:
        return None
    return quote(text, safe="&=$(),:/") if is_encoded else text


TRANSLATORS = {
    language: (
        Translator(SCHEMA, language, "sqlite"),
        Translator(SCHEMA, language, "sqlite", cache_size=0),
    )
    for language in LANGUAGES
}


@pytest.mark.parametrize("language", LANGUAGES)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(query=queries(), choose=st.randoms(use_true_random=False), is_encoded=st.booleans())
def test_random_requests(language: str, query: Query, choose: Random, is_encoded: bool) -> None:
    knowing, reading = TRANSLATORS[language]
    query = query.replace(entity="Shop")
    if language == "criteria":
        query = Query(filter=query.filter)
    for _ in range(4):
        text = text_of(query, language, is_encoded and language == "odata")
        if text is not None:
            assert answer(knowing, text, "Shop") == answer(reading, text, "Shop"), text
        query = refreshed(query, choose)
