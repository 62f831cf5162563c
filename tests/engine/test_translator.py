"""The hot path: one compiled statement per shape, values beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, MetaData, StaticPool, create_engine, text

import querykit
from querykit import Forbidden, Limits, ParseError, Policy, Schema, Translator, TypeMismatch, UnknownName

NOON = dt.datetime(2024, 2, 29, 12, 0)


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        connection.execute(
            text(
                "CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT, revenue NUMERIC, createdon DATETIME)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO accounts VALUES (1, 'Warner', 5, '2024-02-10 08:00:00.000000'),"
                " (2, 'O''Neil', 7.5, '2023-02-10 08:00:00.000000'), (3, NULL, NULL, NULL)"
            )
        )
        connection.commit()
        yield connection
    engine.dispose()


@pytest.fixture
def translator(connection: Connection) -> Translator:
    metadata = MetaData()
    metadata.reflect(connection)
    schema = Schema.from_sqlalchemy(metadata)
    return Translator(schema, source="odata", dialect="sqlite", clock=lambda: NOON)


def ids(connection: Connection, translator: Translator, query: str) -> list[int]:
    """Ids of the rows, the same from the statement and from the SQL text."""
    plan = translator.plan(query, entity="accounts")
    rows = [row.id for row in connection.execute(plan.statement, plan.params)]
    raw = connection.connection.driver_connection.execute(plan.sql, plan.params)
    assert [row[0] for row in raw] == rows
    return rows


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("$filter=name eq 'Warner'", [1]),
        ("$filter=name ne 'Warner'&$orderby=id", [2, 3]),
        ("$filter=not (revenue gt 5)&$orderby=id", [1, 3]),
        ("$filter=name eq 'O''Neil'", [2]),
        ("$filter=createdon ge 2024-01-01T00:00:00Z", [1]),
        ("$filter=createdon eq 2024-02-10T09:00:00%2B01:00", [1]),
        ("$filter=year(createdon) eq 2023", [2]),
        ("$filter=revenue in (5,null)&$orderby=id", [1, 3]),
        ("$filter=createdon lt now()&$orderby=id desc", [2, 1]),
        ("$orderby=revenue desc&$top=1", [2]),
        ("$orderby=revenue&$skip=1", [1, 2]),
    ],
)
def test_rows(connection: Connection, translator: Translator, query: str, expected: list[int]) -> None:
    assert ids(connection, translator, query) == expected


def test_one_statement_for_one_shape(translator: Translator) -> None:
    first = translator.plan("$filter=name eq 'a' and revenue gt 1&$top=1", entity="accounts")
    second = translator.plan("$top=9&$filter=(name  eq 'b') and revenue gt 2.5", entity="accounts")
    assert first.statement is second.statement
    assert first.sql == second.sql
    assert first.params != second.params


def test_another_shape_is_another_statement(translator: Translator) -> None:
    first = translator.plan("$filter=name eq 'a'", entity="accounts")
    second = translator.plan("$filter=name eq null", entity="accounts")
    assert first.sql != second.sql


def test_values_are_never_in_the_text(translator: Translator) -> None:
    hostile = "x'' or 1=1 --"
    plan = translator.plan(
        f"$filter=contains(name,'{hostile}') or name in ('{hostile}','b')", entity="accounts"
    )
    assert "1=1" not in plan.sql
    assert "1=1" not in str(plan.statement)
    assert "x' or 1=1 --" in plan.params.values()


def test_relative_dates_are_read_from_the_clock(connection: Connection) -> None:
    schema = Schema.from_sqlalchemy(connection.engine)
    february = Translator(schema, source="criteria", dialect="sqlite", clock=lambda: NOON)
    march = Translator(schema, source="criteria", dialect="sqlite", clock=lambda: dt.datetime(2024, 3, 1))
    query = "IsThisMonth([createdon])"
    assert ids(connection, february, query) == [1]
    assert ids(connection, march, query) == []
    assert february.plan(query, entity="accounts").sql == march.plan(query, entity="accounts").sql


def test_parameters(connection: Connection) -> None:
    schema = Schema.from_sqlalchemy(connection.engine)
    translator = Translator(schema, source="criteria", dialect="sqlite")
    plan = translator.plan("[name] = ? Or [revenue] > ?", entity="accounts", params=["Warner", 7])
    assert [row.id for row in connection.execute(plan.statement, plan.params)] == [1, 2]


@pytest.mark.parametrize(
    ("query", "entity", "error", "code"),
    [
        ("$filter=nmae eq 'x'", "accounts", UnknownName, "unknown_property"),
        ("$filter=name eq", "accounts", ParseError, "syntax"),
        ("$filter=name eq 1", "accounts", TypeMismatch, "type_mismatch"),
        ("$filter=name eq 'x'", "nope", UnknownName, "unknown_entity"),
        ("$filter=name eq 'x'", None, UnknownName, "no_entity"),
    ],
)
def test_refusals_show_the_text(
    translator: Translator, query: str, entity: str | None, error: type[Exception], code: str
) -> None:
    with pytest.raises(error) as caught:
        translator.plan(query, entity=entity)
    assert caught.value.code == code
    if caught.value.position:
        assert query in caught.value.render()


def test_policy(connection: Connection) -> None:
    schema = Schema.from_sqlalchemy(connection.engine)
    policy = Policy(options={"filter", "top"}, functions={"str.contains"}, hidden={"accounts": {"revenue"}})
    translator = Translator(schema, source="odata", dialect="sqlite", policy=policy)
    plan = translator.plan("$filter=contains(name,'a')&$top=1", entity="accounts")
    assert "revenue" not in plan.sql
    for query in (
        "$filter=startswith(name,'a')",
        "$orderby=name",
        "$filter=revenue gt 1",
        "$select=revenue",
        "$filter=name eq 'a' and revenue eq null",
    ):
        with pytest.raises(Forbidden):
            translator.plan(query, entity="accounts")


def test_limits(connection: Connection) -> None:
    schema = Schema.from_sqlalchemy(connection.engine)
    translator = Translator(
        schema, source="odata", dialect="sqlite", limits=Limits(list_items=2, page_size=10)
    )
    for query in ("$filter=id in (1,2,3)", "$top=11"):
        with pytest.raises(querykit.LimitExceeded):
            translator.plan(query, entity="accounts")


def test_threads(translator: Translator) -> None:
    def work(number: int) -> tuple[str, object]:
        plan = translator.plan(f"$filter=name eq 'n{number}' and id gt {number % 3}", entity="accounts")
        return plan.sql, plan.params["p0"]

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(work, range(200)))
    assert {sql for sql, _ in results} == {results[0][0]}
    assert [value for _, value in results] == [f"n{number}" for number in range(200)]


def test_unknown_names() -> None:
    with pytest.raises(UnknownName):
        Translator(Schema([]), source="sql", dialect="sqlite")
    with pytest.raises(UnknownName):
        Translator(Schema([]), source="odata", dialect="postgras")


def test_options_of_the_language(connection: Connection) -> None:
    metadata = MetaData()
    metadata.reflect(connection)
    schema = Schema.from_sqlalchemy(metadata)
    lenient = Translator(schema, source="vtql", dialect="sqlite", options={"mode": "lenient"})
    assert ids(connection, lenient, "select id from accounts where name is null or (revenue > 7.25)") == [
        2,
        3,
    ]
    strict = Translator(schema, source="vtql", dialect="sqlite", options={"mode": "strict"})
    with pytest.raises(ParseError):
        strict.plan("select id from accounts")


@pytest.mark.parametrize(
    "use",
    [
        lambda: querykit.parse("a = 1", "criteria", mode="strict"),
        lambda: querykit.parse_filter("a eq 1", "odata", precedence="left"),
        lambda: querykit.translate("a = 1", "vtql", "odata", options={"modus": "strict"}),
        lambda: Translator(Schema({}), "criteria", "sqlite", options={"mode": "strict"}),
    ],
)
def test_options_that_the_language_has_not(use: Callable[[], object]) -> None:
    with pytest.raises(TypeError, match=r"has no option '(mode|modus|precedence)'"):
        use()
