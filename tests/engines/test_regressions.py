"""Texts that some engine once answered otherwise, or not at all (regressions.txt), put to every engine."""

from __future__ import annotations

import ast
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import querykit
from engines.base import Engine
from engines.registry import ENGINES
from querykit import NotExpressible, Query, Schema
from querykit.types import INT
from text_tables import lines

SCHEMA = Schema.from_dict(
    {
        "Shop": {
            "table": "shop",
            "key": ["id"],
            "properties": {
                "id": "int!",
                "name": "string!",
                "note": "string",
                "size": "int!",
                "rank": "int",
                "price": "decimal",
                "rate": "float",
                "open": "bool!",
                "vip": "bool",
                "parent_id": "int",
            },
            "relations": {
                "parent": {"target": "Shop", "on": [["parent_id", "id"]]},
                "branches": {"target": "Shop", "many": True, "on": [["id", "parent_id"]]},
                "orders": {"target": "Order", "many": True, "on": [["id", "shop_id"]]},
                "tags": {
                    "target": "Tag",
                    "many": True,
                    "through": {
                        "table": "shop_tag",
                        "local": [["id", "shop_id"]],
                        "remote": [["tag_id", "id"]],
                    },
                },
            },
        },
        "Order": {
            "table": "order",
            "key": ["id"],
            "properties": {"id": "int!", "rank": "int", "shop_id": "int"},
        },
        "Tag": {"table": "tag", "key": ["id"], "properties": {"id": "int!", "rank": "int"}},
    }
)

ROWS: dict[str, list[tuple[Any, ...]]] = {
    "Shop": [
        (1, "", None, 1, None, Decimal("2.5"), 0.5, True, None, 1),
        (2, "b", None, 2, 3, None, None, False, True, 1),
        (3, "B", "b", 3, 1, Decimal("-0.25"), -2.5, False, False, 2),
        (4, "c", "B", 0, 1, Decimal("5"), 5.0, True, None, None),
    ],
    "Order": [(1, 3, 1), (2, None, 1), (3, 1, 2), (4, 7, None)],
    "Tag": [(1, 1), (2, None)],
}
LINKS = [(1, 1), (1, 2), (3, 2)]


class Regression(NamedTuple):
    found_on: str
    refused_by: str
    language: str
    text: str
    rows: list[Any]
    why: str


def regressions() -> list[Regression]:
    found = []
    for line in lines(Path(__file__).with_name("regressions.txt")):
        found_on, refused_by, language, text, rows, why = line.split(" | ")
        found.append(
            Regression(found_on, refused_by, language, text, list(ast.literal_eval(f"({rows},)")), why)
        )
    return found


def plain(rows: list[dict[str, Any]], query: Query) -> list[Any]:
    """The rows by their values; of all columns only the first where the text asks for none."""
    wanted = None if query.select or query.apply else 1
    values = [tuple(map(cell, row.values()))[:wanted] for row in rows]
    return [row[0] if len(row) == 1 else row for row in values]


def cell(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


@pytest.fixture(scope="module")
def shops(database: Engine) -> Engine:
    for name, rows in ROWS.items():
        entity = SCHEMA.entities[name]
        columns = {item.column: item.type for item in entity.properties.values()}
        database.create(entity.table, columns)
        database.fill(entity.table, columns, rows)
    links = {"shop_id": INT, "tag_id": INT}
    database.create("shop_tag", links)
    database.fill("shop_tag", links, LINKS)
    return database


@pytest.mark.parametrize("row", regressions(), ids=lambda row: f"{row.found_on}-{row.text}")
def test_rows(row: Regression, shops: Engine) -> None:
    query = querykit.parse(row.text, row.language)
    if shops.name in row.refused_by.split():
        with pytest.raises(NotExpressible) as refusal:
            querykit.to_sql(query, SCHEMA, shops.dialect, "Shop")
        assert refusal.value.hint
        return
    sql = querykit.to_sql(query, SCHEMA, shops.dialect, "Shop")
    found = shops.run(sql.text, sql.params)
    answered = [dict(zip(shops.columns, values, strict=True)) for values in found]
    assert ordered(plain(answered, query), query) == row.rows, sql.text


@pytest.mark.parametrize("row", regressions(), ids=lambda row: f"{row.found_on}-{row.text}")
def test_evaluator(row: Regression) -> None:
    """The rows are those that the language asks for."""
    assert set(f"{row.found_on} {row.refused_by}".split()) <= {*ENGINES, "-"}
    query = querykit.parse(row.text, row.language)
    data = {
        name: [dict(zip(SCHEMA.entities[name].properties, values, strict=True)) for values in rows]
        for name, rows in ROWS.items()
    }
    data["shop_tag"] = [{"shop_id": shop, "tag_id": tag} for shop, tag in LINKS]
    found = plain(querykit.evaluate(query, data, SCHEMA, "Shop"), query)
    assert ordered(found, query) == row.rows


def ordered(rows: list[Any], query: Query) -> list[Any]:
    return rows if query.order else sorted(rows)
