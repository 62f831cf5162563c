"""Functions of the user: what a call gives is the same in every target, and what is wrong is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    create_engine,
)

import querykit
from querykit import CustomFunction, Forbidden, NotExpressible, Policy, QueryError, Schema, Translator
from querykit.types import STRING

_METADATA = MetaData()
_OWNER = Table(
    "owner", _METADATA, Column("id", Integer, primary_key=True), Column("name", String, nullable=False)
)
_DEAL = Table(
    "deal",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String),
    Column("price", Numeric(10, 2)),
    Column("owner_id", ForeignKey("owner.id")),
)
_ROWS: dict[str, list[dict[str, Any]]] = {
    "owner": [{"id": 7, "name": "Ann Lee"}, {"id": 8, "name": "Bob"}],
    "deal": [
        {"id": 1, "name": "Big Blue", "price": Decimal("100.00"), "owner_id": 7},
        {"id": 2, "name": "small", "price": Decimal("40.00"), "owner_id": 8},
        {"id": 3, "name": None, "price": Decimal("60.00"), "owner_id": None},
        {"id": 4, "name": "no price", "price": None, "owner_id": 7},
    ],
}

FUNCTIONS = (
    CustomFunction(
        "Crm.Slug",
        {"text": "string"},
        "string",
        python=lambda text: text.lower().replace(" ", "-"),
        sql="REPLACE(LOWER({0}), ' ', '-')",
    ),
    CustomFunction(
        "Discount",
        {"price": "decimal", "percent": "number"},
        "decimal",
        python=lambda price, percent: price - price * percent / 100,
        sql="{0} - {0} * {1} / 100.0",
    ),
    CustomFunction("Dear", {"price": "decimal"}, "bool", python=lambda price: price > 50, sql="{0} > 50"),
    CustomFunction(
        "Dear",
        {"price": "decimal", "least": "decimal"},
        "bool",
        python=lambda price, least: price >= least,
        sql="{0} >= {1}",
    ),
    CustomFunction(
        "Either",
        {"first": "string", "second": "string"},
        "string",
        python=lambda first, second: second if first is None else first,
        sql="COALESCE({0}, {1})",
        nulls="own",
    ),
    CustomFunction(
        "HasName",
        {"text": "string"},
        "bool",
        python=lambda text: text is not None,
        sql="{0} IS NOT NULL",
        nulls="total",
    ),
    CustomFunction(
        "IsOdd",
        {"x": "int"},
        "bool",
        python=lambda x: x % 2 == 1,
        sql="CASE WHEN {0} % 2 = 1 THEN 1 ELSE 0 END",
    ),
    CustomFunction("CurrentUserId", {}, "int", python=lambda: 7),
    CustomFunction("Nobody", {}, "int", python=lambda: None),
    CustomFunction("IsInRole", {"role": "string"}, "bool", python=lambda role: role == "admin"),
    CustomFunction("Shout", {"text": "string"}, "string", python=lambda text: text.upper()),
    CustomFunction("Inverse", {"x": "number"}, "float", python=lambda x: 1 / x, sql="1.0 / NULLIF({0}, 0)"),
    CustomFunction("OnlySql", {"x": "int"}, "int", sql="{0} + 1"),
    CustomFunction("Local", {"x": "int"}, "int", python=abs, sql="ABS({0})", dialects={"oracle": None}),
)
SCHEMA = Schema.from_sqlalchemy(_METADATA).with_functions(*FUNCTIONS)

#: Language, condition -> ids of the deals.
CONDITIONS = [
    ("odata", "Crm.Slug(name) eq 'big-blue'", [1]),
    ("odata", "Crm.Slug(text=name) eq 'big-blue'", [1]),
    ("odata", "name/Crm.Slug() eq 'big-blue'", [1]),
    ("odata", "owner/name/Crm.Slug() eq 'ann-lee'", [1, 4]),
    ("odata", "crm.slug(name) ne 'big-blue'", [2, 3, 4]),
    ("odata", "not (Crm.Slug(name) eq 'big-blue')", [2, 3, 4]),
    ("odata", "startswith(Crm.Slug(name),'no-')", [4]),
    ("odata", "Crm.Slug(Crm.Slug(name)) eq 'no-price'", [4]),
    ("odata", "Discount(percent=50,price=price) le 30", [2, 3]),
    ("odata", "Discount(price,50) le 30", [2, 3]),
    ("odata", "Discount(price,0.5) eq 99.5", [1]),
    ("odata", "Discount(id,50) eq 1", [2]),
    ("odata", "Discount(price,null) eq null", [1, 2, 3, 4]),
    ("odata", "Dear(price)", [1, 3]),
    ("odata", "not Dear(price)", [2]),
    ("odata", "Dear(price) eq false", [2]),
    ("odata", "Dear(price) ne true", [2, 4]),
    ("odata", "Dear(price,60)", [1, 3]),
    ("odata", "Dear(least=100,price=price)", [1]),
    ("odata", "HasName(name)", [1, 2, 4]),
    ("odata", "not HasName(name)", [3]),
    ("odata", "HasName(null)", []),
    ("odata", "IsOdd(id) and price ne null", [1, 3]),
    ("odata", "owner_id eq CurrentUserId()", [1, 4]),
    ("odata", "owner_id ne CurrentUserId()", [2, 3]),
    ("odata", "owner_id eq Nobody()", [3]),
    ("odata", "id add CurrentUserId() eq 8", [1]),
    ("odata", "Inverse(id sub 1) eq null", [1]),
    ("criteria", "[owner_id] = CurrentUserId()", [1, 4]),
    ("criteria", "Not ([owner_id] = CURRENTUSERID())", [2]),
    ("criteria", "[owner_id] = Nobody()", []),
    ("criteria", "IsInRole('admin')", [1, 2, 3, 4]),
    ("criteria", "Not IsInRole('guest') And [id] > 2", [3, 4]),
    ("criteria", "IsInRole('guest') Or [id] = 1", [1]),
    ("criteria", "Iif(IsInRole('admin'), [id], 0) = 2", [2]),
    ("criteria", "Shout('ab') = 'AB'", [1, 2, 3, 4]),
    ("criteria", "[name] = Lower(Shout('small'))", [2]),
    ("criteria", "Either([name], 'x') = 'x'", [3]),
    ("criteria", "Either(null, [name]) = 'small'", [2]),
    ("criteria", "Discount([price], 10) Between(36, 54)", [2, 3]),
    ("criteria", "Discount([price] + 1, -10) * 2 > 200", [1]),
    ("criteria", "[owner.name] = 'Bob' And Dear([price], 40)", [2]),
    ("criteria", "[<deal>][Dear([price]) And [owner_id] = [^.owner_id]]", [1, 4]),
]  # fmt: skip


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        _METADATA.create_all(connection)
        for table in (_OWNER, _DEAL):
            connection.execute(table.insert(), _ROWS[table.name])
        yield connection
    engine.dispose()


def ids_of_sql(connection: Connection, text: str, params: dict[str, Any]) -> list[int]:
    raw = connection.connection.driver_connection
    assert raw is not None
    return [row[0] for row in raw.execute(text, params)]


@pytest.mark.parametrize(("language", "condition", "expected"), CONDITIONS)
def test_every_target(connection: Connection, language: str, condition: str, expected: list[int]) -> None:
    query = querykit.Query(filter=querykit.parse_filter(condition, language))
    evaluated = querykit.evaluate(query, _ROWS, SCHEMA, "deal")
    assert [row["id"] for row in evaluated] == expected
    statement = querykit.to_sqlalchemy(query, SCHEMA, "deal")
    assert [row.id for row in connection.execute(statement)] == expected
    sql = querykit.to_sql(query, SCHEMA, "sqlite", "deal")
    assert ids_of_sql(connection, sql.text, sql.params) == expected
    assert [row["id"] for row in querykit.fetch(connection, query, SCHEMA, "deal")] == expected
    text = f"$filter={condition}" if language == "odata" else condition
    plan = Translator(SCHEMA, language, "sqlite").plan(text, entity="deal")
    assert ids_of_sql(connection, plan.sql, plan.params) == expected
    assert [row.id for row in connection.execute(plan.statement, plan.params)] == expected


def test_other_places(connection: Connection) -> None:
    text = "$compute=Discount(price,10) as net&$orderby=Crm.Slug(name) desc&$select=id,net&$top=2"
    query = querykit.parse(text, "odata")
    expected = [{"id": 2, "net": Decimal(36)}, {"id": 4, "net": None}]
    assert querykit.evaluate(query, _ROWS, SCHEMA, "deal") == expected
    rows = [dict(row._mapping) for row in connection.execute(querykit.to_sqlalchemy(query, SCHEMA, "deal"))]
    assert rows == expected


REFUSED: list[tuple[str, str, str, str]] = [
    ("odata", "Nope(1) eq 1", "unknown_function", "there is no function 'Nope'"),
    ("odata", "Discont(price,1) eq 1", "unknown_function", "there is no function 'Discont'"),
    ("odata", "Discount(price) eq 1", "arguments", "Discount does not take (decimal)"),
    ("odata", "Discount(price,name) eq 1", "arguments", "Discount does not take (decimal, string)"),
    ("odata", "Discount(price,'1') eq 1", "arguments", "Discount does not take (decimal, string)"),
    ("odata", "Discount(cost=price,percent=1) eq 1", "arguments",
     "Discount does not take (cost: decimal, percent: int)"),
    ("odata", "Discount(price=1,price=2) eq 1", "arguments", "Discount does not take (price: int, price: int)"),
    ("odata", "owner/Crm.Slug() eq 'x'", "arguments", "Crm.Slug does not take (int)"),
    ("odata", "Crm.Slug(owner_id) eq 'x'", "arguments", "Crm.Slug does not take (int)"),
    ("odata", "Crm.Slug(name)", "not_a_condition", "a condition is expected here, not a string value"),
    ("odata", "Crm.Slug(name) eq 1", "type_mismatch", "int '1' is not a string value"),
    ("criteria", "Dear([nope])", "unknown_property", "deal has no property 'nope'"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "condition", "code", "message"), REFUSED)
def test_refused(language: str, condition: str, code: str, message: str) -> None:
    query = querykit.Query(filter=querykit.parse_filter(condition, language))
    with pytest.raises(QueryError) as caught:
        querykit.to_sql(query, SCHEMA, "sqlite", "deal")
    assert (caught.value.code, caught.value.message) == (code, message)
    assert caught.value.position is not None


def test_what_the_function_takes_is_said() -> None:
    query = querykit.parse("$filter=Dear(name)", "odata")
    with pytest.raises(QueryError) as caught:
        querykit.to_sql(query, SCHEMA, "sqlite", "deal")
    assert caught.value.hint == "it takes (price: decimal) or (price: decimal, least: decimal)"


def test_without_sql_only_of_constants() -> None:
    query = querykit.parse("Shout([name]) = 'SMALL'", "criteria")
    assert [row["id"] for row in querykit.evaluate(query, _ROWS, SCHEMA, "deal")] == [2]
    with pytest.raises(NotExpressible, match="Shout has no SQL for postgres"):
        querykit.to_sql(query, SCHEMA, "postgres", "deal")


def test_without_python_only_in_sql(connection: Connection) -> None:
    query = querykit.parse("OnlySql([id]) = 3", "criteria")
    assert [row["id"] for row in querykit.fetch(connection, query, SCHEMA, "deal")] == [2]
    with pytest.raises(NotExpressible, match="OnlySql has no Python"):
        querykit.evaluate(query, _ROWS, SCHEMA, "deal")


def test_a_dialect_that_cannot_say_it() -> None:
    query = querykit.parse("Local([id]) = 3", "criteria")
    assert "ABS(id) = " in querykit.to_sql(query, SCHEMA, "mysql", "deal").text
    with pytest.raises(NotExpressible, match="Local has no SQL for oracle") as caught:
        querykit.to_sql(query, SCHEMA, "oracle", "deal")
    assert caught.value.position == (0, 11)


#: Condition, dialect -> how it is said where conditions are no values, and values no conditions.
BOOLEANS = [
    ("Dear([price])", "tsql", "price > 50"),
    ("IsOdd([id])", "tsql", "CASE WHEN id % 2 = 1 THEN 1 ELSE 0 END = 1"),
    ("Dear([price]) Or IsOdd([id])", "oracle", "price > 50 OR CASE WHEN id % 2 = 1 THEN 1 ELSE 0 END = 1"),
    ("IsOdd([id])", "postgres", "CASE WHEN id %% 2 = 1 THEN 1 ELSE 0 END"),
    ("IsInRole('x')", "tsql", "@p1 = @p2"),
    ("Discount([price] + 1, [id] - 1) * 2 = 1", "sqlite",
     "(price + :p0 - (price + :p0) * (id - :p1) / 100.0) * :p2 = :p3"),
    ("Not HasName([name])", "mysql", "NOT name IS NOT NULL"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "dialect", "expected"), BOOLEANS)
def test_how_a_dialect_says_it(condition: str, dialect: str, expected: str) -> None:
    text = querykit.to_sql(querykit.parse(condition, "criteria"), SCHEMA, dialect, "deal").text
    assert text.partition(" WHERE ")[2] == expected


def test_errors_of_the_python_are_errors_of_the_query() -> None:
    strict = SCHEMA.with_functions(CustomFunction("Parse", {"text": "string"}, "int", python=int))
    query = querykit.parse("Parse('x') = 1", "criteria")
    with pytest.raises(QueryError, match="'Parse' does not take these values"):
        querykit.to_sql(query, strict, "sqlite", "deal")
    with pytest.raises(QueryError, match="'Parse' does not take these values"):
        querykit.evaluate(query, _ROWS, strict, "deal")


def test_what_python_gives_must_be_of_the_type() -> None:
    wrong = SCHEMA.with_functions(CustomFunction("Wrong", {}, "int", python=lambda: "x"))
    with pytest.raises(QueryError, match="'Wrong' holds a str that is no int value"):
        querykit.evaluate(querykit.parse("Wrong() = 1", "criteria"), _ROWS, wrong, "deal")


def test_policy_allows_by_id() -> None:
    query = querykit.parse("Dear([price])", "criteria")
    querykit.to_sql(query, SCHEMA, "sqlite", "deal", policy=Policy(functions={"custom.Dear"}))
    with pytest.raises(Forbidden, match="Dear may not be called"):
        querykit.to_sql(query, SCHEMA, "sqlite", "deal", policy=Policy(functions={"str.lower"}))


def test_plans_of_different_functions_differ(connection: Connection) -> None:
    """Two schemas, one engine: SQLAlchemy's cache of compiled statements must not mix them up."""
    rows = []
    for sql in ("{0} + 1", "{0} + 2"):
        schema = Schema.from_sqlalchemy(_METADATA).with_functions(
            CustomFunction("F", {"x": "int"}, "int", sql=sql)
        )
        query = querykit.parse("F([id]) = 3", "criteria")
        rows.append([row.id for row in connection.execute(querykit.to_sqlalchemy(query, schema, "deal"))])
    assert rows == [[2], [1]]


def test_computed_for_each_request() -> None:
    users = iter((7, 8))
    schema = Schema.from_sqlalchemy(_METADATA).with_functions(
        CustomFunction("CurrentUserId", {}, "int", python=lambda: next(users))
    )
    translator = Translator(schema, "criteria", "sqlite")
    first = translator.plan("[owner_id] = CurrentUserId()", entity="deal")
    second = translator.plan("[owner_id] = CurrentUserId()", entity="deal")
    assert first.statement is second.statement
    assert (first.params, second.params) == ({"p0": 7}, {"p0": 8})


def test_equal_and_immutable() -> None:
    def slug(text: str) -> str:
        return text

    make: Callable[..., CustomFunction] = lambda **other: CustomFunction(  # noqa: E731
        **{"name": "Slug", "parameters": {"text": "string"}, "result": "string", "python": slug, **other}
    )
    assert make() == make(parameters={"text": STRING})
    assert len({make(), make(), make(sql="{0}"), make(dialects={"pg": "{0}"}), make(nulls="own")}) == 4
    assert make(dialects={"pg": "{0}"}) == make(dialects={"postgresql": "{0}"})
    with pytest.raises(AttributeError):
        make().name = "Other"  # type: ignore[misc]


def test_with_functions_leaves_the_schema_as_it_is() -> None:
    schema = Schema.from_sqlalchemy(_METADATA)
    assert schema.with_functions(*FUNCTIONS[:1]).with_functions(*FUNCTIONS[1:]).functions == FUNCTIONS
    assert schema.functions == ()


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": "two words"}, "'two words' is no name of a function"),
    ({"name": ""}, "'' is no name of a function"),
    ({"parameters": {"x": "integer"}}, "there is no type 'integer'"),
    ({"result": "number"}, "a value of type 'number' is not one of a single type"),
    ({"sql": "F({1})"}, "has more arguments than the function"),
    ({"sql": "F({x})"}, "is no template"),
    ({"sql": ""}, "is no template"),
    ({"dialects": {"sqlite": "{0} + {3}"}}, "has more arguments than the function"),
    ({"dialects": {"postgras": "{0}"}}, "there is no dialect 'postgras'"),
    ({"nulls": "strickt"}, "nulls is one of strict, own, total"),
]


@pytest.mark.parametrize(("change", "message"), WRONG)
def test_mistakes_of_the_program(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CustomFunction(**{"name": "F", "parameters": {"x": "int"}, "result": "int", **change})
