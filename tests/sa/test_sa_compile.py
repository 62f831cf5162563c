"""The text of statements, dialect by dialect. `compile.txt` has a plan per block."""

from __future__ import annotations

from pathlib import Path

import pytest
import sa_plans
import sqlalchemy as sa
from sqlalchemy.dialects import mssql, mysql, oracle, sqlite
from sqlalchemy.dialects.postgresql import psycopg2

from querykit import types as t
from querykit.errors import NotExpressible
from querykit.plan.nodes import BoundQuery, Output, Plan, Table
from querykit.schema.model import Schema
from querykit.targets.sqlalchemy import compile_select, count_select, select_with_values

DIALECTS = {"sqlite": sqlite, "postgresql": psycopg2, "mysql": mysql, "mssql": mssql, "oracle": oracle}


def dialect(name: str) -> sa.engine.Dialect:
    found = DIALECTS[name].dialect(paramstyle="named")
    if name == "mssql":
        found._supports_offset_fetch = True  # as of SQL Server 2012
    if name == "oracle":
        found.supports_native_boolean = False  # up to Oracle 21
    return found


def text(statement: sa.Select, name: str) -> str:
    return " ".join(str(statement.compile(dialect=dialect(name))).split())


def blocks() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for block in (Path(__file__).parent / "compile.txt").read_text(encoding="utf-8").split("\n\n"):
        title, *lines = block.strip().splitlines()
        found[title.removeprefix("# ")] = dict(line.split(": ", 1) for line in lines)
    return found


BLOCKS = blocks()


def test_every_plan_has_a_block() -> None:
    assert list(BLOCKS) == list(sa_plans.PLANS)


@pytest.mark.parametrize("title", sa_plans.PLANS)
def test_text(title: str) -> None:
    """Operations whose templates differ have a line for SQLite alone: their texts are tested with the templates."""
    statement = compile_select(sa_plans.PLANS[title]).statement
    assert {name: text(statement, name) for name in BLOCKS[title]} == BLOCKS[title]


@pytest.mark.parametrize("title", sa_plans.PLANS)
def test_equal_plans_share_a_compiled_statement(title: str) -> None:
    first, second = (compile_select(sa_plans.PLANS[title]).statement for _ in range(2))
    assert first is not second
    key = first._generate_cache_key()
    assert key is not None
    assert key.key == second._generate_cache_key().key


def test_statements_that_differ_have_different_keys() -> None:
    keys = {compile_select(plan).statement._generate_cache_key().key for plan in sa_plans.PLANS.values()}
    assert len(keys) == len(sa_plans.PLANS)


def test_count_ignores_the_page() -> None:
    compiled = count_select(sa_plans.PLANS["page"])
    assert text(compiled.statement, "sqlite") == "SELECT count(*) AS count FROM accounts"
    assert compiled.slots == {}


def test_a_value_in_two_forms_has_two_placeholders() -> None:
    has = sa_plans.op("str.startswith", sa_plans.col("title"), sa_plans.slot(0))
    same = sa_plans.op("cmp.eq", sa_plans.col("title"), sa_plans.slot(0))
    compiled = compile_select(sa_plans.plan(where=sa_plans.op("bool.or", has, same, has)))
    assert compiled.params(["x"]) == {"p0": "x", "p0_2": "x"}


def test_values_may_be_in_the_statement() -> None:
    statement = select_with_values(BoundQuery(sa_plans.PLANS["equal"], ("Warner",)))
    assert statement.compile(dialect=dialect("sqlite")).params == {"p0": "Warner"}


def test_a_statement_prints_without_a_dialect() -> None:
    assert "STRPOS" in str(compile_select(sa_plans.PLANS["contains"]).statement)


def test_a_dialect_that_cannot_say_it() -> None:
    sinh = sa_plans.op("custom.nonsense", sa_plans.col("rate"), type=t.FLOAT)
    statement = compile_select(sa_plans.plan(Output("x", sinh))).statement
    with pytest.raises(NotExpressible) as caught:
        text(statement, "postgresql")
    assert caught.value.code == "not_expressible"


def test_a_relation_without_columns() -> None:
    schema = Schema.from_csdl(
        """<edmx:Edmx Version="4.0"><edmx:DataServices><Schema Namespace="N"><EntityType Name="A">
           <Property Name="x" Type="Edm.Int32"/><NavigationProperty Name="b" Type="Collection(N.A)"/>
           </EntityType></Schema></edmx:DataServices></edmx:Edmx>"""
    )
    entity = schema.entity("A")
    exists = sa_plans.related("any", "b", entity, entity=entity)
    plan = sa_plans.plan(*sa_plans.out("x", entity=entity), where=exists, table=Table(0, entity))
    with pytest.raises(NotExpressible):
        compile_select(plan)


def test_tables_made_from_names() -> None:
    schema = Schema.from_dict(
        {
            "Order": {
                "table": "order",
                "schema": "shop",
                "key": ["id"],
                "properties": {"id": "int!", "When": {"type": "datetime", "column": "when"}},
                "relations": {
                    "tags": {
                        "target": "Tag",
                        "many": True,
                        "through": {"table": "order_tag", "local": [["id", "o"]], "remote": [["t", "id"]]},
                    }
                },
            },
            "Tag": {"properties": {"id": "int!"}},
        }
    )
    order, tag = schema.entity("Order"), schema.entity("Tag")
    plan: Plan = sa_plans.plan(
        *sa_plans.out("id", "When", entity=order),
        table=Table(0, order),
        where=sa_plans.related("any", "tags", tag, entity=order),
    )
    assert text(compile_select(plan).statement, "postgresql") == (
        'SELECT shop."order".id, shop."order"."when" AS "When" FROM shop."order" WHERE EXISTS (SELECT 1 FROM "Tag" '
        'JOIN order_tag ON order_tag.t = "Tag".id WHERE shop."order".id = order_tag.o)'
    )
