"""What is awaited is what is waited for: rows, statements and refusals."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import sa_models as crm
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

import querykit
from querykit import Schema
from querykit.engine.prepare import prepare
from querykit.plan.nodes import TRUE, BoundQuery, Output, Plan, Table
from querykit.targets.sqlalchemy.fetch import compiled_fetch
from querykit.targets.sqlalchemy.kept import kept_by_plan

SCHEMA = Schema.from_sqlalchemy(crm.Base)

#: Statements, entity, query.
QUERIES = [
    (1, "Account", "$select=title&$orderby=id"),
    (1, "Account", "$filter=id lt 0&$expand=contacts"),
    (2, "Account", "$select=id&$orderby=id&$expand=contacts($select=name;$orderby=name desc;$top=2)"),
    (4, "Account", "$orderby=id&$select=id&$expand=owner($expand=boss),tags($select=label;$orderby=label)"),
    (4, "Tag", "$orderby=id&$expand=accounts($select=id;$orderby=id;$expand=contacts($top=1),owner)"),
    (3, "Line", "$orderby=order_no,number&$expand=parent($select=text),parts($select=text)"),
    (3, "User", "$expand=team($levels=2)&$orderby=id"),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of `sa_models` in a file, for drivers of both kinds."""
    path = tmp_path_factory.mktemp("crm") / "crm.db"
    engine = crm.engine()
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(path),))
    engine.dispose()
    return path


@pytest.mark.parametrize(("statements", "entity", "text"), QUERIES)
def test_the_same_rows_by_the_same_statements(path: Path, statements: int, entity: str, text: str) -> None:
    query = querykit.parse(text, "odata")
    engine = sa.create_engine(f"sqlite:///{path}")
    waited = noted(engine)
    expected = querykit.fetch(engine, query, SCHEMA, entity)
    engine.dispose()

    async def run() -> tuple[list[str], list[Any]]:
        engine = create_async_engine(f"sqlite+aiosqlite:///{path}")
        awaited = noted(engine.sync_engine)
        found = [await querykit.fetch_async(engine, query, SCHEMA, entity)]
        async with engine.connect() as connection:
            found.append(await querykit.fetch_async(connection, query, SCHEMA, entity))
        async with AsyncSession(engine) as session:
            found.append(await querykit.fetch_async(session, query, SCHEMA, entity))
        await engine.dispose()
        return awaited, found

    awaited, found = asyncio.run(run())
    assert found == [expected] * 3
    assert awaited == waited * 3
    assert len(waited) == statements


def noted(engine: sa.Engine) -> list[str]:
    statements: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    return statements


REFUSED = [
    ("$filter=nope eq 1", "unknown_property"),
    ("$expand=loud", "unknown_property"),
    ("$filter=title eq 5", "type_mismatch"),
]


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_refusals(path: Path, text: str, code: str) -> None:
    async def run() -> None:
        engine = create_async_engine(f"sqlite+aiosqlite:///{path}")
        try:
            await querykit.fetch_async(engine, querykit.parse(text, "odata"), SCHEMA, "Account")
        finally:
            await engine.dispose()

    with pytest.raises(querykit.QueryError) as caught:
        asyncio.run(run())
    assert (caught.value.code, caught.value.source is not None) == (code, True)


def bound(text: str) -> BoundQuery:
    query = querykit.parse(text, "odata")
    return prepare(query, SCHEMA, "Account", querykit.Limits(), querykit.Policy(), None)


def test_a_plan_is_compiled_once() -> None:
    text = "$filter=title eq '{}' and contacts/any(c:c/id gt 1)&$expand=contacts,owner"
    one, other = bound(text.format("a")), bound(text.format("b"))
    assert compiled_fetch(one.plan) is compiled_fetch(other.plan)
    assert one.values != other.values


def test_plans_over_other_tables_are_other_plans() -> None:
    """Two schemas that are alike but for the objects that they were read from."""
    compiled: list[Plan] = []

    def number(plan: Plan) -> int:
        compiled.append(plan)
        return len(compiled)

    def plan() -> Plan:
        table = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))
        return Plan(Table(0, Schema.from_sqlalchemy(table.metadata).entity("t")), (Output("one", TRUE),))

    one, other, kept = plan(), plan(), kept_by_plan(number)
    assert one == other
    assert [kept(one), kept(other), kept(one)] == [1, 2, 1]
