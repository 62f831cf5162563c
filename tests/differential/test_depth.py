"""Nested texts either run on SQLite or are refused as a `QueryError`, never by the database."""

from __future__ import annotations

import pytest
from crm import SCHEMA
from test_same_rows import ENGINE

import querykit
from querykit import Limits, QueryError

WIDE = Limits(depth=128, collection_depth=64)

SHAPES = {
    "functions": ("odata", "tolower(", "name", ")", " eq 'a'"),
    "two arguments": ("odata", "concat(", "name", ",'x')", " eq 'a'"),
    "arithmetic": ("odata", "(1 add 2 mul (", "size", "))", " eq 1"),
    "and in or": ("odata", "(open and (vip or ", "open", "))", ""),
    "negation": ("odata", "not (open and ", "vip", ")", ""),
    "quantifiers": ("criteria", "[branches][", "[open]", "]", ""),
    "choices": ("criteria", "Iif([size] > 1, 1, ", "2", ")", " = 1"),
    "parts of dates": ("criteria", "AddDays(", "[founded]", ", 1)", " > #2020-01-01#"),
    "values": ("odata", "((", "size gt 1", ") eq open)", ""),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_runs_or_is_refused(shape: str) -> None:
    language, opening, middle, closing, rest = SHAPES[shape]
    ran = 0
    for depth in (1, 2, 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 60, 62, 63, 64, 100, 128, 1000):
        text = opening * depth + middle + closing * depth + rest
        try:
            query = querykit.Query(filter=querykit.parse_filter(text, language, limits=WIDE))
            with ENGINE.connect() as connection:
                querykit.fetch(connection, query, SCHEMA, "Shop", limits=WIDE)
                sql = querykit.to_sql(query, SCHEMA, "sqlite", "Shop", limits=WIDE)
                connection.connection.driver_connection.execute(sql.text, sql.params)
            ran = depth
        except QueryError as error:
            assert error.code  # noqa: PT017 - which of the bounds it is depends on the shape
    assert ran >= 4
