"""Expanded levels and related rows: as many statements as levels, and work that grows with the rows alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from indexed import SCHEMA, indexes_of

import querykit
from engines.base import Engine


@contextmanager
def told(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are executed."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        statements.append((statement, parameters))

    sa.event.listen(engine.sqlalchemy, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine.sqlalchemy, "before_cursor_execute", note)


def fetched(engine: Engine, text: str, entity: str) -> list[dict[str, Any]]:
    database: Any = engine.sqlalchemy
    return querykit.fetch(database, querykit.parse(text, "odata"), SCHEMA, entity)


#: Parents, expansion, and the related rows of each.
EXPANSIONS = [
    (1, "contacts", 2),
    (100, "contacts", 2),
    (6_000, "contacts", 2),
    (1, "contacts($top=1;$orderby=email desc)", 1),
    (100, "contacts($top=1;$orderby=email desc)", 1),
    (6_000, "contacts($top=1;$orderby=email desc)", 1),
    (100, "contacts($skip=1;$top=5)", 1),
    (6_000, "contacts($filter=email eq 'e1')", 0),
]


@pytest.mark.parametrize(("parents", "expansion", "each"), EXPANSIONS)
def test_one_statement_for_a_level(parents: int, expansion: str, each: int, indexed: Engine) -> None:
    with told(indexed) as statements:
        rows = fetched(indexed, f"$top={parents}&$expand={expansion}", "Account")
    assert len(statements) == 2
    assert len(rows) == parents
    found = [len(row["contacts"]) for row in rows]
    assert sum(found) == (each * parents if each else 1)


@pytest.mark.parametrize("owners", [1, 100])
def test_one_statement_for_each_of_three_levels(owners: int, indexed: Engine) -> None:
    text = f"$top={owners}&$expand=accounts($top=3;$orderby=place desc;$expand=contacts($top=1),owner)"
    with told(indexed) as statements:
        rows = fetched(indexed, text, "Owner")
    assert len(statements) == 4
    assert [len(row["accounts"]) for row in rows] == [3] * owners
    assert all(len(account["contacts"]) == 1 for row in rows for account in row["accounts"])
    assert all(account["owner"]["id"] == row["id"] for row in rows for account in row["accounts"])


def test_a_level_of_few_parents_is_found_by_its_index(indexed: Engine) -> None:
    with told(indexed) as statements:
        fetched(indexed, "$filter=id eq 5&$expand=contacts($top=1)", "Account")
    statement, parameters = statements[1]
    indexed.run("SELECT 1")
    if indexed.name == "sqlite":
        sql = statement
        plan = indexed.connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()  # type: ignore[attr-defined]
        assert any("ix_contact_account_id" in row[3] for row in plan)
    else:
        assert "ix_contact_account_id" in indexes_of(indexed, statement, parameters)


#: Two conditions over the same related rows multiply nothing.
MANY = [
    "$filter=id le 100 and contacts/any(c:c/id gt 0) and contacts/any(c:c/email ne 'x')",
    "$filter=id le 100 and contacts/any() and contacts/all(c:c/id gt 0) and contacts/$count eq 2",
    "$filter=id le 100 and owner/accounts/any(a:a/id gt 0) and owner/accounts/any(a:a/contacts/any())",
    "$filter=id le 100&$orderby=contacts/$count desc,owner/name&$expand=contacts,owner",
]


@pytest.mark.parametrize("text", MANY)
def test_rows_are_not_multiplied(text: str, indexed: Engine) -> None:
    rows = fetched(indexed, text, "Account")
    assert sorted(row["id"] for row in rows) == list(range(1, 101))


#: Paths over one reference, and how often it is joined.
JOINS = [
    ("$filter=owner/name eq 'o1'&$orderby=owner/name&$select=id,owner/name", 1),
    ("$filter=owner/name eq 'o1' and (owner/name ne 'x' or owner/id gt 3)", 1),
    ("$filter=owner/name eq 'o1' and contacts/any(c:c/account/owner/name eq 'o1')", 3),
    ("$filter=owner_id eq 1", 0),
]


@pytest.mark.parametrize(("text", "joins"), JOINS)
def test_a_reference_is_joined_once(text: str, joins: int) -> None:
    sql = querykit.to_sql(querykit.parse(text, "odata"), SCHEMA, "postgres", "Account").text
    assert sql.count("JOIN") == joins, sql
