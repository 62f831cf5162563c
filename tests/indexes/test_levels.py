"""Expanded levels: as many statements as levels, and work that grows with the rows alone."""

from __future__ import annotations

from typing import Any

import pytest
from indexed import SCHEMA, indexes_of, told, work_of

import querykit
from engines.base import Engine


def fetched(engine: Engine, text: str, entity: str) -> list[dict[str, Any]]:
    database: Any = engine.sqlalchemy
    return querykit.fetch(database, querykit.parse(text, "odata"), SCHEMA, entity)


#: Expansion, and the related rows of each parent; 0 where only one parent has one.
EXPANSIONS = {
    "contacts": 2,
    "contacts($top=1;$orderby=email desc)": 1,
    "contacts($skip=1;$top=5)": 1,
    "contacts($filter=email eq 'e1')": 0,
    "tags": 2,
    "tags($top=1;$orderby=label desc)": 1,
}
PARENTS = (1, 100, 10_000)


@pytest.mark.parametrize("parents", PARENTS)
@pytest.mark.parametrize("expansion", EXPANSIONS)
def test_one_statement_for_a_level(parents: int, expansion: str, indexed: Engine) -> None:
    with told(indexed) as statements:
        rows = fetched(indexed, f"$top={parents}&$expand={expansion}", "Account")
    assert len(statements) == 2
    assert len(rows) == parents
    found = sum(len(row[expansion.partition("(")[0]]) for row in rows)
    assert found == (parents * EXPANSIONS[expansion] or min(1, parents - 1))


@pytest.mark.parametrize("owners", [1, 100])
def test_one_statement_for_each_of_three_levels(owners: int, indexed: Engine) -> None:
    text = f"$top={owners}&$expand=accounts($top=3;$orderby=place desc;$expand=contacts($top=1),owner)"
    with told(indexed) as statements:
        rows = fetched(indexed, text, "Owner")
    assert len(statements) == 4
    assert [len(row["accounts"]) for row in rows] == [3] * owners
    assert all(len(account["contacts"]) == 1 for row in rows for account in row["accounts"])
    assert all(account["owner"]["id"] == row["id"] for row in rows for account in row["accounts"])


@pytest.mark.parametrize(("many", "text"), [("contacts", "email"), ("tags", "label")])
@pytest.mark.parametrize("parents", PARENTS)
def test_a_page_of_each_parent_is_cut_by_a_window(
    parents: int, many: str, text: str, indexed: Engine
) -> None:
    with told(indexed) as statements:
        rows = fetched(indexed, f"$top={parents}&$expand={many}($top=1;$orderby={text} desc)", "Account")
    assert "row_number() OVER (PARTITION BY" in statements[1][0]
    everything = fetched(indexed, f"$top={parents}&$expand={many}", "Account")
    assert [row[many][0][text] for row in rows] == [
        max(related[text] for related in row[many]) for row in everything
    ]


#: Levels below accounts, in all the ways that one is linked to another.
LEVELS = [
    *EXPANSIONS,
    "owner",
    "contacts($expand=account($expand=owner,tags))",
    "contacts($top=1;$expand=account($expand=contacts($top=1)))",
]


@pytest.mark.parametrize("expansion", LEVELS)
def test_work_grows_no_faster_than_the_parents(expansion: str, indexed: Engine) -> None:
    """What 10,000 parents cost is 10,000 times what one costs, or 100 times what 100 cost, and no more."""
    work = {}
    for parents in PARENTS:
        with told(indexed) as statements:
            fetched(indexed, f"$top={parents}&$expand={expansion}", "Account")
        work[parents] = sum(work_of(indexed, *statement) for statement in statements)
    assert work[10_000] < 1.25 * 10_000 * work[1], work
    assert work[10_000] < 1.25 * 100 * work[100], work


def test_a_level_of_few_parents_is_found_by_its_index(indexed: Engine) -> None:
    with told(indexed) as statements:
        fetched(indexed, "$filter=id eq 5&$expand=contacts($top=1)", "Account")
    assert "ix_contact_account_id" in indexes_of(indexed, *statements[1])
