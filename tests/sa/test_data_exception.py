"""A database that refuses values raises a `QueryError`: a text from outside can cause it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import querykit
from querykit import Schema, TypeMismatch


def test_overflow_in_the_database() -> None:
    engine = sa.create_engine("sqlite://")

    @sa.event.listens_for(engine, "before_cursor_execute")
    def overflow(*_: object) -> None:
        raise sa.exc.DataError("SELECT", {}, Exception("integer out of range"))

    schema = Schema.from_dict({"A": {"table": "a", "key": ["id"], "properties": {"id": "int!"}}})
    query = querykit.parse("$filter=id mul id gt 1", "odata")
    with pytest.raises(TypeMismatch) as caught:
        querykit.fetch(engine, query, schema, "A")
    assert caught.value.code == "data_exception"
