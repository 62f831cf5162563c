"""Related rows multiply nothing: the tables that a statement joins, and the rows that it finds."""

from __future__ import annotations

import re
from typing import Any

import pytest
from indexed import SCHEMA, told

import querykit
from engines.base import Engine
from querykit.errors import NotExpressible
from querykit.functions.sql import DIALECTS

#: Condition on several related rows -> the tables that the statement's own FROM has.
MANY = {
    "$filter=id le 100 and contacts/any(c:c/id gt 0) and contacts/any(c:c/email ne 'x')": ["account"],
    "$filter=id le 100 and contacts/any(c:c/id gt 0) and contacts/any(c:c/id gt 0)": ["account"],
    "$filter=id le 100 and contacts/any() and contacts/all(c:c/id gt 0) and contacts/$count eq 2": [
        "account"
    ],
    "$filter=id le 100 and (contacts/any(c:c/id gt 0) or contacts/any(c:c/email ne 'x'))": ["account"],
    "$filter=id le 100 and owner/accounts/any(a:a/id gt 0) and owner/accounts/any(a:a/contacts/any())": [
        "account",
        "owner",
    ],
    "$filter=id le 100 and owner/id gt 0 and contacts/$count gt 1&$orderby=owner/name": ["account", "owner"],
}
#: Some dialects take the count of each row from a derived table, where others have it in the order itself.
SORTED = {"$filter=id le 100&$orderby=contacts/$count desc,owner/name,contacts/$count": ["account", "owner"]}

#: Paths over references -> the tables, and how many joins there are in all of the statement.
REFERENCES = {
    "$filter=owner_id eq 1": (["account"], 0),
    "$filter=owner/name eq 'o1'&$orderby=owner/name&$select=id,owner/name": (["account", "owner"], 1),
    "$filter=owner/name eq 'o1' and (owner/name ne 'x' or owner/id gt 3)": (["account", "owner"], 1),
    "$filter=not (owner/name ne 'o1')&$orderby=owner/id desc,owner/name": (["account", "owner"], 1),
    "$filter=owner/name eq 'o1' and contacts/any(c:c/account/owner/name eq 'o1')": (["account", "owner"], 3),
    "$apply=filter(owner/name eq 'o1')/groupby((id,owner/name))&$orderby=owner/name": (
        ["account", "owner"],
        1,
    ),
}


def tables_of(statement: str) -> list[str]:
    """The tables between FROM and WHERE, without what stands in brackets."""
    while (shorter := re.sub(r"\([^()]*\)", "", statement)) != statement:
        statement = shorter
    (rows,) = re.findall(
        r"\sFROM\s(.*?)(?:\s(?:WHERE|GROUP|ORDER|LIMIT|FETCH|OFFSET|SETTINGS)\b|$)", statement, re.S
    )
    return [table.split()[0].strip('"`[]') for table in re.split(r",|\bJOIN\b", rows)]


def joins_of(statement: str) -> int:
    return len(re.findall(r"\bJOIN\b", statement))


def answered(engine: Engine, text: str) -> tuple[str, list[dict[str, Any]]]:
    """The one statement that is executed, and its rows."""
    database: Any = engine.sqlalchemy
    with told(engine) as statements:
        rows = querykit.fetch(database, querykit.parse(text, "odata"), SCHEMA, "Account")
    ((statement, _),) = statements
    return statement, rows


@pytest.mark.parametrize(("text", "tables"), [*MANY.items(), *SORTED.items()])
def test_collections_are_not_joined(text: str, tables: list[str], indexed: Engine) -> None:
    statement, rows = answered(indexed, text)
    assert tables_of(statement) == tables
    assert sorted(row["id"] for row in rows) == list(range(1, 101))


@pytest.mark.parametrize("text", REFERENCES)
def test_a_reference_is_joined_once(text: str, indexed: Engine) -> None:
    statement, rows = answered(indexed, text)
    assert (tables_of(statement), joins_of(statement)) == REFERENCES[text]
    assert len({row["id"] for row in rows}) == len(rows) == 100


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_text_joins_the_same(dialect: str) -> None:
    for text, wanted in [*((text, (tables, None)) for text, tables in MANY.items()), *REFERENCES.items()]:
        try:
            sql = querykit.to_sql(querykit.parse(text, "odata"), SCHEMA, dialect, "Account").text
        except NotExpressible:  # a subquery that looks further out than ClickHouse's can
            assert dialect == "clickhouse"
            continue
        tables, joins = wanted
        assert tables_of(sql) == tables, sql
        assert joins in (None, joins_of(sql)), sql


def test_expansions_join_nothing_to_their_parents(indexed: Engine) -> None:
    text = "$filter=owner/name eq 'o1'&$orderby=owner/name,id&$expand=contacts,owner"
    database: Any = indexed.sqlalchemy
    with told(indexed) as statements:
        rows = querykit.fetch(database, querykit.parse(text, "odata"), SCHEMA, "Account")
    assert tables_of(statements[0][0]) == ["account", "owner"]
    assert len(rows) == 100
    assert all(len(row["contacts"]) == 2 and row["owner"]["name"] == "o1" for row in rows)
