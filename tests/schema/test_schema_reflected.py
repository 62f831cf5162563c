"""A database that nobody has mapped: its schema is reflected, and asked, on each engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from schema_text import schema_text

import querykit
from engines.base import Engine
from querykit import Schema

METADATA = sa.MetaData()
sa.Table(
    "team",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(20), nullable=False),
    sa.Column("boss_id", sa.ForeignKey("team.id")),
)
sa.Table(
    "place",
    METADATA,
    sa.Column("box", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("shelf", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("color", sa.Enum("red", "blue", name="color")),
)
sa.Table(
    "thing",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("made", sa.DateTime),
    sa.Column("price", sa.Numeric(9, 2)),
    sa.Column("extra", sa.JSON(none_as_null=True)),
    sa.Column("team_id", sa.ForeignKey("team.id")),
    sa.Column("box", sa.Integer),
    sa.Column("shelf", sa.Integer),
    sa.ForeignKeyConstraint(["box", "shelf"], ["place.box", "place.shelf"]),
)
sa.Table(
    "tag",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("label", sa.String(20)),
)
sa.Table(
    "thing_tag",
    METADATA,
    sa.Column("thing_id", sa.ForeignKey("thing.id"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tag.id"), primary_key=True),
)
DATA: dict[str, list[dict[str, Any]]] = {
    "team": [{"id": 1, "name": "all", "boss_id": None}, {"id": 2, "name": "some", "boss_id": 1}],
    "place": [{"box": 1, "shelf": 1, "color": "red"}, {"box": 1, "shelf": 2, "color": None}],
    "thing": [
        {"id": 1, "team_id": 2, "box": 1, "shelf": 1, "extra": {"a": 1}},
        {"id": 2, "team_id": 1, "box": 1, "shelf": 2, "extra": None},
        {"id": 3, "team_id": None, "box": None, "shelf": None, "extra": None},
    ],
    "tag": [{"id": 7, "label": "new"}, {"id": 8, "label": "old"}],
    "thing_tag": [{"thing_id": 1, "tag_id": 7}, {"thing_id": 1, "tag_id": 8}, {"thing_id": 2, "tag_id": 8}],
}

#: Entity, text, and the ids that are found.
ROWS = [
    ("thing", "$filter=team/name eq 'some'", [1]),
    ("thing", "$filter=team/boss/name eq 'all'", [1]),
    ("thing", "$filter=place/color eq 'red'", [1]),
    ("thing", "$filter=place/color ne 'red'", [2, 3]),
    ("thing", "$filter=place/box eq 1 and place/shelf eq 2", [2]),
    ("thing", "$filter=tag/any(t:t/label eq 'old')", [1, 2]),
    ("thing", "$filter=not tag/any()", [3]),
    ("thing", "$filter=extra ne null", [1]),
    ("team", "$filter=team/any(t:t/name eq 'some')", [1]),
    ("team", "$filter=thing/$count eq 1&$orderby=name", [1, 2]),
    ("tag", "$filter=thing/all(t:t/team/boss ne null)", [7]),
]


@pytest.fixture(scope="module")
def reflected(database: Engine) -> Iterator[tuple[sa.Engine, Schema]]:
    if database.sqlalchemy is None:
        pytest.skip(f"SQLAlchemy does not reach {database.name} here")
    engine = database.sqlalchemy
    METADATA.drop_all(engine)
    METADATA.create_all(engine)
    with engine.begin() as connection:
        for table in METADATA.sorted_tables:
            connection.execute(table.insert(), DATA[table.name])
    yield engine, Schema.from_sqlalchemy(engine)
    METADATA.drop_all(engine)


@pytest.mark.parametrize(("entity", "text", "ids"), ROWS)
def test_rows(entity: str, text: str, ids: list[int], reflected: tuple[sa.Engine, Schema]) -> None:
    engine, schema = reflected
    rows = querykit.fetch(engine, querykit.parse(text, "odata"), schema, entity)
    assert [row["id"] for row in rows] == ids


def test_related_rows(reflected: tuple[sa.Engine, Schema]) -> None:
    engine, schema = reflected
    query = querykit.parse("$select=id&$expand=team($select=name),place,tag($select=label;$top=1)", "odata")
    first, second, third = querykit.fetch(engine, query, schema, "thing")
    assert first == {
        "id": 1,
        "team": {"name": "some"},
        "place": {"box": 1, "shelf": 1, "color": "red"},
        "tag": [{"label": "new"}],
    }
    assert second["place"]["color"] is None
    assert third == {"id": 3, "team": None, "place": None, "tag": []}


def test_the_same_entities_everywhere(reflected: tuple[sa.Engine, Schema]) -> None:
    """Names, keys and relations are those of the tables; types are what the database makes of them."""
    _, schema = reflected
    wanted = Schema.from_sqlalchemy(METADATA)
    for name, entity in wanted.entities.items():
        found = schema.entities[name]
        assert (found.key, list(found.properties)) == (entity.key, list(entity.properties))
        assert dict(found.relations) == dict(entity.relations), schema_text([found])
