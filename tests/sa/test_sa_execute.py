"""Statements on SQLite. `execute.txt` has the rows that each plan must give."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sa_models as crm
import sa_plans
import sqlalchemy as sa

from querykit import types as t
from querykit.errors import LimitExceeded, NotExpressible, QueryError
from querykit.plan.nodes import BoundQuery, Output
from querykit.schema.model import Schema
from querykit.targets.sqlalchemy import compile_select, count_select, select_with_values
from querykit.targets.sqlglot import compile_sql


@pytest.fixture(scope="module")
def connection() -> Iterator[sa.Connection]:
    engine = crm.engine()
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def table() -> list[Any]:
    lines = (Path(__file__).parent / "execute.txt").read_text(encoding="utf-8").splitlines()[1:]
    names = {"D": Decimal, "dt": dt}
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [
        pytest.param(title, eval(values, names), eval(rows, names), id=f"{title} {values}")
        for title, values, rows in cells
    ]


@pytest.mark.parametrize(("title", "values", "rows"), table())
def test_rows(connection: sa.Connection, title: str, values: list[Any], rows: list[Any]) -> None:
    compiled = compile_select(sa_plans.PLANS[title])
    found = connection.execute(compiled.statement, compiled.params(values)).all()
    assert found == rows


def test_every_plan_is_run() -> None:
    assert {row.values[0] for row in table()} == set(sa_plans.PLANS)


def test_values_in_the_statement(connection: sa.Connection) -> None:
    statement = select_with_values(BoundQuery(sa_plans.PLANS["starts with"], ("Warn",)))
    assert connection.execute(statement).scalars().all() == [1]


@pytest.mark.parametrize(("title", "values", "rows"), table())
def test_the_parameters_of_the_sql_text_fit(
    connection: sa.Connection, title: str, values: list[Any], rows: list[Any]
) -> None:
    params = compile_sql(sa_plans.PLANS[title], "sqlite").params(values)
    statement = compile_select(sa_plans.PLANS[title], "sqlite").statement
    assert connection.execute(statement, params).all() == rows


@pytest.mark.parametrize(
    ("title", "values", "rows"), [row for row in table() if row.values[0] != "offset only"]
)
def test_literals_in_the_text(
    connection: sa.Connection, title: str, values: list[Any], rows: list[Any]
) -> None:
    """What people do to look at a statement, or to paste it into a console.

    An offset alone is left out: SQLAlchemy itself leaves a parameter in SQLite's LIMIT -1.
    """
    statement = select_with_values(BoundQuery(sa_plans.PLANS[title], tuple(values)))
    text = statement.compile(connection, compile_kwargs={"literal_binds": True})
    found = connection.exec_driver_sql(str(text)).all()
    assert [row[0] for row in found] == [row[0] for row in rows]


def test_count(connection: sa.Connection) -> None:
    compiled = count_select(sa_plans.plan(where=sa_plans.col("active"), limit=sa_plans.slot(0, t.INT)))
    assert connection.execute(compiled.statement, compiled.params([1])).scalar_one() == 2


STORED = [
    ("revenue", Decimal("100.50")),
    ("rate", 0.5),
    ("active", True),
    ("color", "RED"),
    ("created", dt.datetime(2024, 5, 1, 9, 30)),
    ("created", dt.datetime(2024, 5, 1, 11, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))),
    ("created", "2024-05-01 09:30:00.000000"),
    ("birthday", dt.date(1990, 1, 2)),
    ("opens", dt.time(8, 15)),
    ("token", uuid.UUID(int=7)),
    ("logo", b"\x00\x01"),
]


@pytest.mark.parametrize(("name", "value"), STORED)
def test_values_are_compared_as_they_are_stored(connection: sa.Connection, name: str, value: Any) -> None:
    """With the columns of the mapping, and with ones made from names."""
    column = sa_plans.col(name)
    plan = sa_plans.plan(where=sa_plans.op("cmp.eq", column, sa_plans.slot(0, column.type, name)))
    compiled = compile_select(plan)
    found = connection.execute(compiled.statement, compiled.params([value])).scalars().all()
    assert 1 in found
    assert 2 not in found


def test_uuids_that_the_mapping_takes_as_text() -> None:
    metadata = sa.MetaData()
    table = sa.Table("t", metadata, sa.Column("id", sa.Uuid(as_uuid=False), primary_key=True))
    (entity,) = Schema.from_sqlalchemy(metadata).entities.values()
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    metadata.create_all(engine)
    key = sa_plans.slot(0, t.GUID, "id", entity)
    equal = sa_plans.op("cmp.eq", sa_plans.col("id", entity), key)
    compiled = compile_select(sa_plans.plan(entity=entity, where=equal))
    with engine.connect() as opened:
        opened.execute(table.insert(), {"id": str(uuid.UUID(int=7))})
        found = opened.execute(compiled.statement, compiled.params([uuid.UUID(int=7)])).scalar_one()
    engine.dispose()
    assert found == str(uuid.UUID(int=7))


class Cents(sa.types.TypeDecorator[Decimal]):
    """Stored as an integer."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else int(value * 100)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else Decimal(value) / 100


def test_a_decorated_column_decides_what_is_sent() -> None:
    metadata = sa.MetaData()
    table = sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("price", Cents))
    (entity,) = Schema.from_sqlalchemy(metadata).entities.values()
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    metadata.create_all(engine)
    dearer = sa_plans.op("cmp.gt", sa_plans.col("price", entity), sa_plans.slot(0, t.INT, "price", entity))
    compiled = compile_select(
        sa_plans.plan(*sa_plans.out("price", entity=entity), entity=entity, where=dearer)
    )
    with engine.connect() as opened:
        opened.execute(table.insert(), [{"price": Decimal(1)}, {"price": Decimal(3)}])
        assert opened.execute(compiled.statement, compiled.params([2])).scalars().all() == [Decimal(3)]
    engine.dispose()


def test_values_come_back_as_python_values(connection: sa.Connection) -> None:
    listed = [name for name, item in sa_plans.ACCOUNT.properties.items() if item.visibility == "listed"]
    plan = sa_plans.plan(*sa_plans.out(*listed))
    row = connection.execute(compile_select(plan).statement).first()
    assert row is not None
    assert dict(row._mapping) == {
        "id": 1,
        "title": "Warner",
        "city": "Boston",
        "revenue": Decimal("100.50"),
        "rate": 0.5,
        "active": True,
        "color": "RED",
        "created": dt.datetime(2024, 5, 1, 9, 30),
        "birthday": dt.date(1990, 1, 2),
        "opens": dt.time(8, 15),
        "token": uuid.UUID(int=7),
        "logo": b"\x00\x01",
        "extra": {"a": 1},
        "owner_id": 2,
    }


PLAIN = {
    "Account": {
        "table": "accounts",
        "key": ["id"],
        "properties": {
            "id": "int!",
            "revenue": "decimal",
            "active": "bool!",
            "created": "datetime",
            "birthday": "date",
            "opens": "time",
            "token": "guid",
            "logo": "binary",
        },
    }
}


def test_values_come_back_without_native_columns(connection: sa.Connection) -> None:
    entity = Schema.from_dict(PLAIN).entity("Account")
    plan = sa_plans.plan(*sa_plans.out(*entity.properties, entity=entity), entity=entity)
    row = connection.execute(compile_select(plan).statement).first()
    assert row is not None
    assert tuple(row) == (
        1,
        Decimal("100.5"),
        True,
        dt.datetime(2024, 5, 1, 9, 30),
        dt.date(1990, 1, 2),
        dt.time(8, 15),
        uuid.UUID(int=7),
        b"\x00\x01",
    )


COMPUTED = [
    (
        sa_plans.op("math.mul", sa_plans.col("revenue"), sa_plans.slot(0, t.DECIMAL), type=t.DECIMAL),
        Decimal("0.001"),
        Decimal("0.1005"),
    ),
    (sa_plans.op("str.contains", sa_plans.col("title"), sa_plans.slot(0)), "W", True),
    (sa_plans.op("cmp.gt", sa_plans.col("revenue"), sa_plans.slot(0, t.DECIMAL)), Decimal(5), True),
    (sa_plans.op("str.length", sa_plans.col("title"), type=t.INT), None, 6),
    (sa_plans.op("math.sqrt", sa_plans.slot(0, t.INT), type=t.FLOAT), 9, 3.0),
    (sa_plans.op("date.year", sa_plans.col("created"), type=t.INT), None, 2024),
    (sa_plans.op("date.date", sa_plans.col("created"), type=t.DATE), None, dt.date(2024, 5, 1)),
    (sa_plans.op("date.midnight", sa_plans.col("created"), type=t.DATETIME), None, dt.datetime(2024, 5, 1)),
    (sa_plans.op("date.time", sa_plans.col("created"), type=t.TIME), None, dt.time(9, 30)),
]


@pytest.mark.parametrize(("expr", "value", "result"), COMPUTED, ids=lambda item: getattr(item, "fn", None))
def test_computed_values_are_python_values(
    connection: sa.Connection, expr: Any, value: Any, result: Any
) -> None:
    compiled = compile_select(
        sa_plans.plan(
            Output("x", expr), where=sa_plans.op("cmp.eq", sa_plans.col("id"), sa_plans.slot(1, t.INT))
        )
    )
    found = connection.execute(compiled.statement, compiled.params([value, 1])).scalar_one()
    assert (found, type(found)) == (result, type(result))


def test_refusals_of_values_are_query_errors(connection: sa.Connection) -> None:
    """And not SQLAlchemy's `StatementError`, which everything else that a type raises becomes."""
    pad = sa_plans.op("str.pad_left", sa_plans.col("title"), sa_plans.slot(0, t.INT), type=t.STRING)
    compiled = compile_select(sa_plans.plan(Output("x", pad)))
    with pytest.raises(QueryError):
        connection.execute(compiled.statement, compiled.params([10**9]))


def test_a_missing_shape_is_a_query_error(connection: sa.Connection) -> None:
    compiled = compile_select(sa_plans.plan(Output("x", sa_plans.op("custom.f", type=t.INT))))
    with pytest.raises(NotExpressible):
        connection.execute(compiled.statement)


def test_an_integer_of_any_size(connection: sa.Connection) -> None:
    compiled = compile_select(
        sa_plans.plan(where=sa_plans.op("cmp.lt", sa_plans.col("id"), sa_plans.slot(0, t.INT, "id")))
    )
    found = connection.execute(compiled.statement, compiled.params([10**30])).scalars().all()
    assert found == [1, 2, 3]


def deep(kind: str, levels: int) -> Any:
    """An expression of so many levels."""
    has, title = sa_plans.op("str.contains", sa_plans.col("title"), sa_plans.slot(0)), sa_plans.col("title")
    numbers = sa_plans.col("revenue")
    found: Any = has
    text: Any = title
    for level in range(levels):
        if kind == "connectives":
            found = sa_plans.op("bool.and" if level % 2 else "bool.or", found, has)
        elif kind == "booleans":
            found = sa_plans.op("cmp.eq", found, has)
        elif kind == "not true":
            found = sa_plans.op("bool.is_not_true", found)
        elif kind == "negations":
            found = sa_plans.op("bool.not", found)
        elif kind == "functions":
            text = sa_plans.op("str.lower", text, type=t.STRING)
        elif kind == "cases":
            text = sa_plans.op("logic.case", sa_plans.op("cmp.eq", text, title), title, title, type=t.STRING)
        else:
            numbers = sa_plans.op(kind, sa_plans.col("revenue"), numbers, type=t.DECIMAL)
    if text is not title:
        return sa_plans.op("cmp.eq", text, title)
    return found if found is not has else sa_plans.op("cmp.eq", numbers, sa_plans.col("revenue"))


KINDS = [
    "connectives",
    "booleans",
    "not true",
    "negations",
    "functions",
    "cases",
    "math.add",
    "math.sub",
    "math.mul",
]


def outcome(kind: str, levels: int, frames: int) -> str:
    """Compiled below so many frames of somebody else: "compiled", or the code of the refusal."""
    if frames:
        return outcome(kind, levels, frames - 1)
    try:
        str(compile_select(sa_plans.plan(where=deep(kind, levels))).statement)
    except LimitExceeded as refusal:
        return refusal.code
    return "compiled"


@pytest.mark.parametrize("kind", KINDS)
def test_depth_is_refused_before_the_stack_ends(kind: str) -> None:
    assert outcome(kind, 20, 250) == "compiled"
    assert outcome(kind, 64, 250) in ("compiled", "depth")
    assert outcome(kind, 127, 250) in ("compiled", "depth")


def test_a_session_holds_the_columns_of_its_classes(connection: sa.Connection) -> None:
    with sa.orm.Session(connection) as session:
        assert session.execute(compile_select(sa_plans.PLANS["none"]).statement).scalars().all() == [3]
