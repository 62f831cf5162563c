"""Hybrids, synonyms, composites and enumerations of mapped classes, as what a query can ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shop_models as shop
import sqlalchemy as sa
from schema_text import schema_text

import querykit
from querykit import NotExpressible, Schema, UnknownName
from text_tables import lines

HERE = Path(__file__).parent
SCHEMA = Schema.from_sqlalchemy(shop.Base)
ROWS = [line.split(" | ") for line in lines(HERE / "shop_rows.txt")]


@pytest.fixture(scope="module")
def engine() -> Iterator[sa.Engine]:
    engine = shop.engine()
    yield engine
    engine.dispose()


def test_the_schema() -> None:
    assert schema_text(SCHEMA.entities.values()) == (HERE / "shop.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("entity", "text", "ids"), ROWS)
def test_rows(engine: sa.Engine, entity: str, text: str, ids: str) -> None:
    found = querykit.fetch(engine, querykit.parse(text, "odata"), SCHEMA, entity)
    assert " ".join(str(row["id"]) for row in found) == ids


@pytest.mark.parametrize(("entity", "text", "ids"), ROWS)
def test_rows_of_a_statement(engine: sa.Engine, entity: str, text: str, ids: str) -> None:
    statement = querykit.to_sqlalchemy(querykit.parse(text, "odata"), SCHEMA, entity)
    with engine.connect() as connection:
        found = connection.execute(statement).mappings()
        assert " ".join(str(row["id"]) for row in found) == ids


def test_what_is_computed_is_returned_where_it_is_named(engine: sa.Engine) -> None:
    text = "$select=loud,turnover,address,old&$orderby=id&$expand=sales($select=shop/loud;$top=1)"
    found = querykit.fetch(engine, querykit.parse(text, "odata"), SCHEMA, "Shop")[0]
    assert list(found.values()) == ["Ab!", 12, "A 1", "Gent", True, [{"shop/loud": "Ab!"}]]
    assert list(found) == ["loud", "turnover", "address/street", "address/city", "old", "sales"]
    plain = querykit.fetch(engine, querykit.parse("$top=1", "odata"), SCHEMA, "Shop")[0]
    assert not {"loud", "turnover", "title", "address/city"} & set(plain)


#: What is asked of enumerations, and the answer: what is stored.
STORED = {
    "$select=size&$orderby=id": [{"size": "s"}, {"size": "SMALL"}, {"size": None}],
    "$select=id,size&$filter=size eq 'LARGE'": [{"id": 2, "size": "SMALL"}],
    "$apply=groupby((size))&$orderby=size": [{"size": None}, {"size": "SMALL"}, {"size": "s"}],
    "$apply=filter(size ne null)/aggregate(size with max as most)": [{"most": "s"}],
    "$select=amount&$filter=id eq 3&$expand=shop($select=size)": [{"amount": 1, "shop": {"size": "SMALL"}}],
}


@pytest.mark.parametrize("text", STORED)
def test_members_are_returned_as_they_are_stored(engine: sa.Engine, text: str) -> None:
    """By SQLAlchemy as by every other target: a row means the same wherever it comes from, and JSON can hold it."""
    entity = "Sale" if "amount" in text else "Shop"
    query = querykit.parse(text, "odata")
    data = {
        "Shop": [
            {"id": 1, "size": shop.Size.SMALL},
            {"id": 2, "size": shop.Size.LARGE},
            {"id": 3, "size": None},
        ],
        "Sale": [{"id": 3, "amount": 1, "shop_id": 2}],
    }
    assert querykit.evaluate(query, data, SCHEMA, entity) == STORED[text]
    assert querykit.fetch(engine, query, SCHEMA, entity) == STORED[text]
    if "expand" not in text:
        sql = querykit.to_sql(query, SCHEMA, "sqlite", entity)
        statement = querykit.to_sqlalchemy(query, SCHEMA, entity)
        with engine.connect() as connection:
            assert [*connection.execute(sa.text(sql.text), sql.params).mappings()] == STORED[text]
            assert [*connection.execute(statement).mappings()] == STORED[text]


def test_computed_in_a_pipeline(engine: sa.Engine) -> None:
    query = querykit.parse(
        "$apply=filter(turnover gt 0)/groupby((sells),aggregate(turnover with sum as all))", "odata"
    )
    assert querykit.fetch(engine, query, SCHEMA, "Shop") == [{"sells": True, "all": 13}]


@pytest.mark.parametrize("name", ["loud", "turnover"])
def test_sql_text_has_only_columns(name: str) -> None:
    with pytest.raises(NotExpressible) as caught:
        querykit.to_sql(querykit.parse(f"$filter={name} ne null", "odata"), SCHEMA, "postgres", "Shop")
    assert caught.value.code == "computed_property"


@pytest.mark.parametrize("name", ["amounts", "only_of_objects", "over_another_table", "metadata", "registry"])
def test_what_stays_out(name: str) -> None:
    with pytest.raises(UnknownName):
        querykit.to_sqlalchemy(querykit.parse(f"$filter={name} ne null", "odata"), SCHEMA, "Shop")


DIALECTS = ["postgresql", "mysql", "mssql", "oracle"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_conditions_are_values_on_every_dialect(dialect: str) -> None:
    statement = querykit.to_sqlalchemy(querykit.parse("$filter=sells&$select=old", "odata"), SCHEMA, "Shop")
    text = str(statement.compile(dialect=sa.make_url(f"{dialect}://").get_dialect()()))
    assert "CASE WHEN (EXISTS (" in text
