"""A page far behind costs what the first one costs: the place to go on from is a range of the index."""

from __future__ import annotations

from typing import Any

import pytest
from indexed import SCHEMA, WAYS, Way, indexes_of, work_of

import querykit
from engines.base import Engine
from querykit import Query
from querykit.profiles.keyset import resume, token

#: The order, and the index in that order.
ORDERS = {
    "$orderby=id&$top=20": "account_pkey PRIMARY",
    "$orderby=id desc&$top=20": "account_pkey PRIMARY",
    "$orderby=place&$top=20": "ix_account_place_id",
    "$orderby=place,id&$top=20": "ix_account_place_id",
    "$orderby=place desc,id desc&$top=20": "ix_account_place_id",
    "$filter=place lt 1990&$orderby=place&$top=20": "ix_account_place_id",
    "$filter=place ge 1&$orderby=place&$top=20": "ix_account_place_id",
    "$filter=place lt 9990 and name ne 'x'&$orderby=place desc,id desc&$top=20": "ix_account_place_id",
    "$orderby=createdon&$top=20": "ix_account_createdon",
    # Nulls are last and no part of a range: the query has none of them.
    "$filter=createdon ne null&$orderby=createdon desc,id desc&$top=20": "ix_account_createdon",
    "$filter=createdon lt 2030-01-01T00:00:00Z&$orderby=createdon desc,id desc&$top=20": "ix_account_createdon",
}
#: An order that no range of SQLite and PostgreSQL holds, but of MariaDB.
NULLS_BEHIND = "$orderby=createdon desc,id desc&$top=20"


def _behind(query: Query, engine: Engine, rows: int) -> Query:
    """The query for the page behind so many rows."""
    if not rows:
        return query
    database: Any = engine.sqlalchemy
    last = querykit.fetch(database, query.replace(skip=rows - 1, top=1), SCHEMA, "Account")
    place = token(query, last[0], SCHEMA.entities["Account"])
    return resume(query, place)


@pytest.mark.parametrize("made", WAYS)
@pytest.mark.parametrize("text", ORDERS)
def test_every_page_costs_the_same(text: str, made: Way, indexed: Engine) -> None:
    query = querykit.parse(text, "odata")
    work = []
    for rows in (0, 1_000, 5_000):
        page = _behind(query, indexed, rows)
        statement = made(indexed, page)
        assert len(indexed.run(*statement)) == 20
        work.append(work_of(indexed, *statement))
        if rows and not (
            indexed.name == "sqlite" and text.startswith("$orderby=id")
        ):  # there it is the table
            assert indexes_of(indexed, *statement) & set(ORDERS[text].split()), statement
    assert max(work[1:]) < 3 * work[0] + 20, work


def test_nulls_behind_values(indexed: Engine) -> None:
    """Where they are no part of the range, a page costs what the rows before it cost, as with `$skip`."""
    query = querykit.parse(NULLS_BEHIND, "odata")
    work = []
    for page in (query, _behind(query, indexed, 5_000), query.replace(skip=5_000)):
        sql = querykit.to_sql(page, SCHEMA, indexed.dialect, "Account")
        assert len(indexed.run(sql.text, sql.params)) == 20
        work.append(work_of(indexed, sql.text, sql.params))
    first, resumed, skipped = work
    assert resumed < (3 * first + 20 if indexed.name == "mariadb" else 3 * skipped), work


@pytest.mark.parametrize("text", [*ORDERS, NULLS_BEHIND])
def test_pages_are_the_whole(text: str, indexed: Engine) -> None:
    query = querykit.parse(text, "odata").replace(top=700)
    database: Any = indexed.sqlalchemy
    whole = querykit.fetch(database, query.replace(top=None), SCHEMA, "Account")
    found: list[dict[str, Any]] = []
    page: Query = query
    while rows := querykit.fetch(database, page, SCHEMA, "Account"):
        found += rows
        page = resume(query, token(query, rows[-1], SCHEMA.entities["Account"]))
    assert [row["id"] for row in found] == [row["id"] for row in whole]
