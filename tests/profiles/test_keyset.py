"""Pages by key, one after the other, are the whole: in memory and on SQLite, whatever the order."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import querykit
from querykit import Schema
from querykit.ast.nodes import Query
from querykit.profiles import PROFILES, next_page, page, resume

Row = dict[str, Any]
Run = Callable[[Query], list[Row]]

_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(["", "a", "B", "b", "é", "日本", "it's"]),
    "city": st.sampled_from(["x", "y"]),
    "revenue": st.sampled_from([Decimal("0.10"), Decimal("-5"), Decimal("12.30")]),
    "status": st.sampled_from([1, 2]),
    "employees": st.sampled_from([-1, 0, 2**40]),
    "rating": st.sampled_from([0.1, -0.5, 1e300]),
    "createdon": st.sampled_from([dt.datetime(2020, 1, 1), dt.datetime(2020, 1, 1, 0, 0, 0, 5)]),
    "founded": st.sampled_from([dt.date(1999, 12, 31), dt.date(2020, 2, 29)]),
    "guid": st.integers(1, 3).map(lambda number: uuid.UUID(int=number << 64)),
    "owner_id": st.sampled_from([1, 2]),
}
USERS = [{"id": 1, "login": "ann", "city": "x"}, {"id": 2, "login": "bob", "city": None}]

orders = st.lists(
    st.tuples(
        st.sampled_from(
            [*_VALUES, "active", "id", "length(name)", "owner/login", "owner/city", "employees add 1"]
        ),
        st.sampled_from(["", " desc"]),
    ),
    max_size=4,
    unique_by=lambda item: item[0],
).map(lambda items: ",".join(name + direction for name, direction in items))

selections = st.sampled_from(["", "&$select=city", "&$select=id,name", "&$select=*"])

#: Some of them keep no nulls of what the rows are ordered by.
filters = st.lists(
    st.sampled_from([f"{name} ne null" for name in [*_VALUES, "active", "owner/login", "length(name)"]])
    | st.sampled_from(
        [
            "name lt 'zz'",
            "'a' le name",
            "revenue eq 12.30",
            "rating ge -0.5",
            "employees lt null",
            "active eq true",
        ]
    ),
    max_size=3,
).map(lambda parts: "&$filter=" + " and ".join(parts) if parts else "")


@st.composite
def accounts(draw: st.DrawFn) -> list[Row]:
    count = draw(st.integers(0, 8))
    ids = draw(st.permutations(range(count)))
    return [
        {"id": number, "active": draw(st.booleans())}
        | {name: draw(st.none() | values) for name, values in _VALUES.items()}
        for number in ids
    ]


def all_pages(text: str, size: int, schema: Schema, run: Run) -> list[list[Row]]:
    """Follow the links of a service whose pages have `size` rows, as a service and its client would."""
    service = PROFILES["resco"]._replace(page=size, cap=size)
    pages: list[list[Row]] = []
    link: str | None = text
    while link is not None:
        query = querykit.parse(link, "odata")
        resumed = resume(query)
        rows = run(page(resumed, service, schema, "Account"))
        assert len(rows) <= size
        pages.append(rows)
        assert len(pages) < 20
        link = next_page(query, rows, service, schema, "Account")
        assert link is None or "$skip=" not in link
    return pages


def ids(rows: list[Row]) -> list[int]:
    return [row["id"] for row in rows]


def options(order: str, rest: str = "") -> str:
    return ((f"$orderby={order}" if order else "") + rest).removeprefix("&")


@given(data=accounts(), order=orders, size=st.integers(1, 4), rest=st.tuples(selections, filters))
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_in_memory(schema: Schema, data: list[Row], order: str, size: int, rest: tuple[str, str]) -> None:
    select, kept = rest
    everything = {"Account": data, "User": USERS, "Contact": []}

    def run(query: Query) -> list[Row]:
        return querykit.evaluate(query, everything, schema, "Account")

    whole = run(querykit.parse(options(order, f"&$top=1000{kept}"), "odata"))
    pages = all_pages(options(order, select + kept), size, schema, run)
    assert [number for rows in pages for number in ids(rows)] == ids(whole)


METADATA = sa.MetaData()
ACCOUNTS = sa.Table(
    "accounts",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    *[sa.Column(name, sa.String) for name in ("name", "city")],
    sa.Column("revenue", sa.Numeric(20, 2)),
    sa.Column("employees", sa.BigInteger),
    sa.Column("status", sa.Integer),
    sa.Column("rating", sa.Float),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("createdon", sa.DateTime),
    sa.Column("founded", sa.Date),
    sa.Column("guid", sa.Uuid),
    sa.Column("owner_id", sa.Integer, sa.ForeignKey("users.id")),
)
sa.Table(
    "users",
    METADATA,
    *[sa.Column(name, sa.Integer if name == "id" else sa.String) for name in USERS[0]],
)


@pytest.fixture(scope="module")
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        METADATA.create_all(connection)
        connection.execute(METADATA.tables["users"].insert(), USERS)
        yield connection
    engine.dispose()


@pytest.mark.filterwarnings("ignore:Dialect sqlite.*does.*not.*support Decimal")
@given(data=accounts(), order=orders, size=st.integers(1, 4), rest=st.tuples(selections, filters))
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_on_sqlite(
    schema: Schema, connection: sa.Connection, data: list[Row], order: str, size: int, rest: tuple[str, str]
) -> None:
    select, kept = rest
    connection.execute(ACCOUNTS.delete())
    if data:
        connection.execute(ACCOUNTS.insert(), data)

    def run(query: Query) -> list[Row]:
        return querykit.fetch(connection, query, schema, "Account")

    skipped: list[int] = []
    for skip in range(0, len(data) + 1, size):
        text = options(order, f"&$top={size}&$skip={skip}{kept}")
        skipped += ids(run(querykit.parse(text, "odata")))
    pages = all_pages(options(order, select + kept), size, schema, run)
    assert [number for rows in pages for number in ids(rows)] == skipped


def test_a_page_is_a_range_of_the_index(connection: sa.Connection, schema: Schema) -> None:
    """SQLite searches from the place on; it neither scans the rows before it nor sorts."""
    connection.exec_driver_sql("CREATE INDEX by_employees ON accounts (employees, id)")
    query = querykit.parse("$orderby=employees&$select=id", "odata")
    last = {"id": 7, "employees": 5}
    link = next_page(query, [last], PROFILES["resco"]._replace(page=1), schema, "Account")
    assert link is not None
    resumed = page(resume(query, link.rpartition("=")[2]), "resco", schema, "Account")
    sql, params = querykit.to_sql(resumed, schema, "sqlite", "Account")
    steps = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", params)]
    connection.exec_driver_sql("DROP INDEX by_employees")
    assert len(steps) == 1
    assert "SEARCH" in steps[0]
    assert "employees>?" in steps[0]
