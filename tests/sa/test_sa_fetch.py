"""Nested rows, and the number of statements that fetch them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sa_models as crm
import sqlalchemy as sa
from sa_plans import ACCOUNT, CONTACT, LINE, TAG, USER, by, col, op, out, plan, related, slot
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql

from querykit import types as t
from querykit.errors import NotExpressible
from querykit.plan.nodes import BoundQuery, Expand, Output, Plan, Sort
from querykit.schema.model import Entity, Schema
from querykit.targets.sqlalchemy import CompiledFetch, compile_fetch, fetch_plan


@pytest.fixture(scope="module")
def engine() -> Iterator[sa.Engine]:
    engine = crm.engine()
    yield engine
    engine.dispose()


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def expand(relation: str, inner: Plan, entity: Entity = ACCOUNT, name: str | None = None) -> Expand:
    return Expand(name or relation, entity.relations[relation], inner)


def fetched(engine: sa.Engine, query: Plan, *values: Any, statements: int) -> list[dict[str, Any]]:
    with engine.connect() as connection, counted(engine) as ran:
        rows = fetch_plan(connection, BoundQuery(query, values))
    assert len(ran) == statements
    return rows


def names(entity: Entity = CONTACT, *, expansions: tuple[Expand, ...] = (), **parts: Any) -> Plan:
    return plan(*out("name", entity=entity), entity=entity, expand=expansions, **parts)


NUMBERED = {"order": (by("id"),)}
BY_NAME = (by("name", CONTACT),)


def test_rows_without_expansions(engine: sa.Engine) -> None:
    rows = fetched(engine, plan(*out("id", "title"), **NUMBERED), statements=1)
    assert rows == [{"id": 1, "title": "Warner"}, {"id": 2, "title": "Acme 50%_*"}, {"id": 3, "title": None}]


def test_to_many(engine: sa.Engine) -> None:
    query = plan(expand=(expand("contacts", names(order=BY_NAME)),), **NUMBERED)
    assert fetched(engine, query, statements=2) == [
        {"id": 1, "contacts": [{"name": "LOUD"}, {"name": "Yan"}, {"name": "Zoe"}]},
        {"id": 2, "contacts": [{"name": "Uwe"}]},
        {"id": 3, "contacts": []},
    ]


def test_to_one_of_several_parents_and_of_none(engine: sa.Engine) -> None:
    query = plan(expand=(expand("owner", names(USER)),), **NUMBERED)
    assert fetched(engine, query, statements=2) == [
        {"id": 1, "owner": {"name": "Bob"}},
        {"id": 2, "owner": {"name": "Bob"}},
        {"id": 3, "owner": None},
    ]


def test_to_one_that_the_condition_drops(engine: sa.Engine) -> None:
    ann = op("cmp.eq", col("name", USER), slot(0))
    query = plan(expand=(expand("owner", names(USER, where=ann)),), **NUMBERED)
    assert [row["owner"] for row in fetched(engine, query, "Ann", statements=2)] == [None, None, None]


def test_many_to_many(engine: sa.Engine) -> None:
    tags = plan(*out("label", entity=TAG), entity=TAG, order=(by("label", TAG),))
    query = plan(expand=(expand("tags", tags),), **NUMBERED)
    assert fetched(engine, query, statements=2) == [
        {"id": 1, "tags": [{"label": "big"}, {"label": "small"}]},
        {"id": 2, "tags": [{"label": "big"}]},
        {"id": 3, "tags": []},
    ]


PAGES = [
    ({"limit": slot(0, t.INT)}, [1], [["LOUD"], ["Uwe"], []]),
    ({"limit": slot(0, t.INT)}, [0], [[], [], []]),
    ({"offset": slot(0, t.INT)}, [1], [["Yan", "Zoe"], [], []]),
    ({"limit": slot(0, t.INT), "offset": slot(1, t.INT)}, [1, 1], [["Yan"], [], []]),
    ({"limit": slot(0, t.INT), "offset": slot(1, t.INT)}, [5, 0], [["LOUD", "Yan", "Zoe"], ["Uwe"], []]),
]


@pytest.mark.parametrize(("parts", "values", "expected"), PAGES)
def test_a_page_holds_for_each_parent(
    engine: sa.Engine, parts: dict[str, Any], values: list[int], expected: list[list[str]]
) -> None:
    query = plan(expand=(expand("contacts", names(order=BY_NAME, **parts)),), **NUMBERED)
    rows = fetched(engine, query, *values, statements=2)
    assert [[contact["name"] for contact in row["contacts"]] for row in rows] == expected


def test_filter_order_and_page_of_children(engine: sa.Engine) -> None:
    not_zoe = op("cmp.ne", col("name", CONTACT), slot(0))
    inner = names(where=not_zoe, order=(Sort(col("name", CONTACT), True),), limit=slot(1, t.INT))
    rows = fetched(engine, plan(expand=(expand("contacts", inner),), **NUMBERED), "Zoe", 1, statements=2)
    assert [row["contacts"] for row in rows] == [[{"name": "Yan"}], [{"name": "Uwe"}], []]


def test_children_of_a_page_of_parents_only(engine: sa.Engine) -> None:
    query = plan(
        expand=(expand("contacts", names(order=BY_NAME)),),
        order=(by("id", descending=True),),
        limit=slot(0, t.INT),
        offset=slot(1, t.INT),
    )
    with engine.connect() as connection:
        child = compile_fetch(query).children[0].fetch.select
        found = connection.execute(child.statement, child.params([1, 1])).all()
    assert [row[0] for row in found] == ["Uwe"]
    assert fetched(engine, query, 1, 1, statements=2) == [{"id": 2, "contacts": [{"name": "Uwe"}]}]


def test_children_of_filtered_parents(engine: sa.Engine) -> None:
    query = plan(
        where=related("any", "contacts", CONTACT, op("cmp.eq", col("name", CONTACT, 5), slot(0))),
        expand=(expand("contacts", names(order=BY_NAME)),),
    )
    assert fetched(engine, query, "Uwe", statements=2) == [{"id": 2, "contacts": [{"name": "Uwe"}]}]


def test_no_parents_no_further_statement(engine: sa.Engine) -> None:
    query = plan(where=op("cmp.lt", col("id"), slot(0, t.INT)), expand=(expand("contacts", names()),))
    assert fetched(engine, query, 0, statements=1) == []


def test_three_levels_and_siblings(engine: sa.Engine) -> None:
    bosses = names(USER, expansions=(expand("boss", names(USER), USER),))
    accounts = plan(
        *out("title"),
        order=(by("id"),),
        expand=(expand("owner", bosses), expand("contacts", names(order=BY_NAME, limit=slot(0, t.INT)))),
    )
    query = plan(
        *out("label", entity=TAG),
        entity=TAG,
        order=(by("id", TAG),),
        expand=(expand("accounts", accounts, TAG),),
    )
    bob = {"name": "Bob", "boss": {"name": "Ann"}}
    warner = {"title": "Warner", "owner": bob, "contacts": [{"name": "LOUD"}]}
    acme = {"title": "Acme 50%_*", "owner": bob, "contacts": [{"name": "Uwe"}]}
    assert fetched(engine, query, 1, statements=5) == [
        {"label": "big", "accounts": [warner, acme]},
        {"label": "small", "accounts": [warner]},
    ]


def test_a_page_at_each_of_three_levels(engine: sa.Engine) -> None:
    contacts = names(order=BY_NAME, limit=slot(2, t.INT))
    accounts = plan(
        order=(by("id", descending=True),), limit=slot(1, t.INT), expand=(expand("contacts", contacts),)
    )
    query = plan(
        entity=TAG, order=(by("id", TAG),), limit=slot(0, t.INT), expand=(expand("accounts", accounts, TAG),)
    )
    assert fetched(engine, query, 2, 1, 1, statements=3) == [
        {"id": 1, "accounts": [{"id": 2, "contacts": [{"name": "Uwe"}]}]},
        {"id": 2, "accounts": [{"id": 1, "contacts": [{"name": "LOUD"}]}]},
    ]


def test_self_references(engine: sa.Engine) -> None:
    team = names(USER, expansions=(expand("team", names(USER), USER),))
    query = names(
        USER,
        order=(by("id", USER),),
        expansions=(expand("team", team, USER), expand("boss", names(USER), USER)),
    )
    bob = {"name": "Bob", "team": [{"name": "Cid"}]}
    assert fetched(engine, query, statements=4) == [
        {"name": "Ann", "team": [bob], "boss": None},
        {"name": "Bob", "team": [{"name": "Cid", "team": []}], "boss": {"name": "Ann"}},
        {"name": "Cid", "team": [], "boss": {"name": "Bob"}},
    ]


def test_keys_of_two_columns(engine: sa.Engine) -> None:
    texts = plan(*out("text", entity=LINE), entity=LINE)
    query = plan(
        *out("text", entity=LINE),
        entity=LINE,
        order=(by("order_no", LINE), by("number", LINE)),
        expand=(expand("parts", texts, LINE), expand("parent", texts, LINE)),
    )
    assert fetched(engine, query, statements=3) == [
        {"text": "box", "parts": [{"text": "lid"}], "parent": None},
        {"text": "lid", "parts": [], "parent": {"text": "box"}},
        {"text": "bag", "parts": [], "parent": None},
    ]


def test_an_expansion_under_the_name_of_a_hidden_column(engine: sa.Engine) -> None:
    inner = plan(
        Output("parent_0", col("name", CONTACT)),
        entity=CONTACT,
        order=(by("id", CONTACT),),
        limit=slot(0, t.INT),
    )
    query = plan(Output("link_0", col("title")), expand=(expand("contacts", inner, name="c0"),), **NUMBERED)
    assert fetched(engine, query, 1, statements=2)[0] == {"link_0": "Warner", "c0": [{"parent_0": "Zoe"}]}


def test_lists_of_parents_are_not_shared(engine: sa.Engine) -> None:
    """Both accounts have the same tag, whose list of accounts is each one's own."""
    below = plan(order=(by("id"),))
    tags = plan(
        entity=TAG, order=(by("id", TAG),), limit=slot(0, t.INT), expand=(expand("accounts", below, TAG),)
    )
    rows = fetched(engine, plan(expand=(expand("tags", tags),), **NUMBERED), 1, statements=3)
    first, second = rows[0]["tags"][0]["accounts"], rows[1]["tags"][0]["accounts"]
    assert first == second == [{"id": 1}, {"id": 2}]
    assert first is not second


def test_connections_sessions_and_engines(engine: sa.Engine) -> None:
    bound = BoundQuery(plan(expand=(expand("contacts", names(order=BY_NAME)),), **NUMBERED), ())
    expected = fetch_plan(engine, bound)
    with sa.orm.Session(engine) as session:
        assert fetch_plan(session, bound) == expected
    with engine.connect() as connection:
        assert fetch_plan(connection, bound) == expected


def statements(compiled: CompiledFetch) -> Iterator[sa.Select[Any]]:
    yield compiled.select.statement
    for child in compiled.children:
        yield from statements(child.fetch)


@pytest.mark.parametrize("module", [postgresql, mysql, mssql, oracle], ids=lambda module: module.__name__)
def test_every_level_has_a_text_on_every_dialect(module: Any) -> None:
    contacts = names(order=BY_NAME, limit=slot(2, t.INT), offset=slot(3, t.INT))
    accounts = plan(order=(by("city"),), limit=slot(1, t.INT), expand=(expand("contacts", contacts),))
    query = plan(
        entity=TAG, order=(by("id", TAG),), limit=slot(0, t.INT), expand=(expand("accounts", accounts, TAG),)
    )
    dialect = module.dialect(paramstyle="named")
    if module is mssql:
        dialect._supports_offset_fetch = True
    texts = [
        " ".join(str(item.compile(dialect=dialect)).split()) for item in statements(compile_fetch(query))
    ]
    assert len(texts) == 3
    assert texts[2].count("row_number() OVER") == 2
    assert "ORDER BY ranked" in texts[2]


def test_equal_plans_share_compiled_statements() -> None:
    inner = names(order=BY_NAME, limit=slot(0, t.INT))
    query = plan(expand=(expand("contacts", inner),), order=(by("id"),), limit=slot(1, t.INT))
    first, second = (list(statements(compile_fetch(query))) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        assert one._generate_cache_key().key == other._generate_cache_key().key


def test_a_relation_without_columns() -> None:
    schema = Schema.from_csdl(
        """<edmx:Edmx Version="4.0"><edmx:DataServices><Schema Namespace="N"><EntityType Name="A">
           <Property Name="x" Type="Edm.Int32"/><NavigationProperty Name="b" Type="Collection(N.A)"/>
           </EntityType></Schema></edmx:DataServices></edmx:Edmx>"""
    )
    entity = schema.entity("A")
    inner = plan(*out("x", entity=entity), entity=entity)
    query = plan(*out("x", entity=entity), entity=entity, expand=(expand("b", inner, entity),))
    with pytest.raises(NotExpressible):
        compile_fetch(query)
