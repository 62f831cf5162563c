"""What works with a whole query, asked of one with `$apply`: counts, pages of services, the plan cache."""

from __future__ import annotations

import pytest
from sales import DATA, SCHEMA, TABLES
from sqlalchemy import Connection, create_engine

import querykit
from querykit import Limits, Policy, Translator
from querykit.engine.prepare import prepare
from querykit.errors import Forbidden
from querykit.profiles import next_page, page
from querykit.targets.evaluate import evaluate_total
from querykit.targets.sqlalchemy import count_select
from querykit.targets.sqlglot import count_sql

#: Text, how many results it has without its page, and the statement that counts them.
COUNTS = [
    (
        "$apply=groupby((Day),aggregate(Amount with sum as Total))&$count=true&$top=1",
        4,
        "SELECT COUNT(*) FROM (SELECT day AS Day FROM sales GROUP BY day) AS result",
    ),
    (
        "$apply=groupby((Day),aggregate(Amount with sum as Total))&$filter=Total gt 5&$count=true&$skip=1",
        2,
        "SELECT COUNT(*) FROM (SELECT day AS Day FROM sales GROUP BY day HAVING SUM(amount) > :p0) AS result",
    ),
    (
        "$apply=aggregate(Amount with sum as Total)&$count=true",
        1,
        "SELECT COUNT(*) FROM (SELECT SUM(amount) AS Total FROM sales) AS result",
    ),
    (
        "$apply=topcount(3,Amount)&$count=true&$top=1",
        3,
        "SELECT COUNT(*) FROM (SELECT id FROM sales ORDER BY amount DESC, id LIMIT :p0) AS sales",
    ),
    ("$apply=filter(Day eq 1)&$count=true&$top=1", 2, "SELECT COUNT(*) FROM sales WHERE day = :p0"),
]


@pytest.fixture(scope="module")
def connection() -> Connection:
    opened = create_engine("sqlite://").connect()
    for name, columns, rows in TABLES:
        opened.exec_driver_sql(f"CREATE TABLE {name} ({columns})")
        opened.exec_driver_sql(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    return opened


@pytest.mark.parametrize(("text", "total", "sql"), COUNTS, ids=[text for text, _, _ in COUNTS])
def test_count(connection: Connection, text: str, total: int, sql: str) -> None:
    prepared = prepare(querykit.parse(text, "odata"), SCHEMA, "Sale", Limits(), Policy(), None)
    assert evaluate_total(prepared, DATA) == total
    counted = count_select(prepared.plan)
    assert connection.execute(counted.statement, counted.params(prepared.values)).scalar_one() == total
    compiled = count_sql(prepared.plan, "sqlite")
    assert compiled.text.replace('"', "") == sql
    raw = connection.connection.driver_connection
    assert raw is not None
    assert raw.execute(compiled.text, compiled.params(prepared.values)).fetchone() == (total,)


def test_expanded_rows_behind_a_ranking(connection: Connection) -> None:
    """The derived table has what the relation starts from, though the rows do not show it."""
    query = querykit.parse(
        "$apply=topsum(15,Amount)&$select=ID&$expand=Customer($select=Name),Product($select=Name)", "odata"
    )
    expected = [
        {"ID": 1, "Customer": {"Name": "Anna"}, "Product": {"Name": "Tea"}},
        {"ID": 6, "Customer": {"Name": "Cleo"}, "Product": None},
    ]
    assert querykit.evaluate(query, DATA, SCHEMA, "Sale") == expected
    assert querykit.fetch(connection, query, SCHEMA, "Sale") == expected


def test_groups_are_not_paged_by_key() -> None:
    """A result has no key to go on from."""
    text = "$apply=groupby((Day),aggregate(Amount with sum as Total))&$orderby=Day&$top=2000"
    query = querykit.parse(text, "odata")
    assert page(query, "resco", SCHEMA, "Sale").select is None
    rows = [{"Day": day, "Total": 1} for day in range(1_000)]
    following = next_page(query, rows, "resco", SCHEMA, "Sale")
    assert following == (
        "$apply=groupby((Day),aggregate(Amount with sum as Total))&$orderby=Day&$skip=1000&$top=1000"
    )


def test_texts_of_one_shape_are_compiled_once() -> None:
    translator = Translator(SCHEMA, "odata", "sqlite")
    text = "$apply=filter(Day eq {})/groupby((Customer/Country),topsum({},Amount))/top({})"
    first, second = (translator.plan(text.format(*values), "Sale") for values in ((1, 5, 3), (2, 50, 4)))
    assert first.sql is second.sql
    assert first.statement is second.statement
    assert set(first.params.values()) == {1, 5, 3, 0}
    assert set(second.params.values()) == {2, 50, 4, 0}
    other = translator.plan(text.replace("topsum", "toppercent").format(1, 5, 3), "Sale")
    assert other.sql != first.sql


@pytest.mark.parametrize(
    "text",
    [
        "$apply=groupby((Day),aggregate(Amount with sum as Total))",
        "$apply=groupby((Amount))",
        "$apply=filter(Amount gt 1)/aggregate($count as Count)",
        "$apply=topcount(1,Amount)",
        "$apply=concat(identity,aggregate(Amount with max as Most))",
    ],
)
def test_what_a_policy_hides_cannot_be_aggregated(text: str) -> None:
    policy = Policy(hidden={"Sale": {"Amount"}})
    with pytest.raises(Forbidden):
        querykit.evaluate(querykit.parse(text, "odata"), DATA, SCHEMA, "Sale", policy=policy)


def test_hidden_values_do_not_come_out_of_a_derived_table() -> None:
    policy = Policy(hidden={"Sale": {"Amount"}})
    for text in (
        "$apply=topcount(3,Day)/top(1)",
        "$apply=concat(top(1),top(1))",
        "$apply=concat(identity,groupby((Day)))",
    ):
        for row in querykit.evaluate(querykit.parse(text, "odata"), DATA, SCHEMA, "Sale", policy=policy):
            assert "Amount" not in row
