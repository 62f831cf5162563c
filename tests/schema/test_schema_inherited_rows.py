"""Rows of mapped classes that share a table, or have one more than their base, on each engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

import querykit
from engines.base import Engine
from querykit import Schema


class Base(DeclarativeBase):
    pass


class Plant(Base):
    __tablename__ = "plants"
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "plant"}
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(10))
    name: Mapped[str] = mapped_column(sa.String(20))
    garden_id: Mapped[int | None] = mapped_column(sa.ForeignKey("gardens.id"))
    garden: Mapped[Garden | None] = relationship(back_populates="plants")


class Tree(Plant):
    """In the table of the base."""

    __mapper_args__ = {"polymorphic_identity": "tree"}
    height: Mapped[int | None]


class Shrub(Plant):
    """In a table of its own, besides."""

    __tablename__ = "shrubs"
    __mapper_args__ = {"polymorphic_identity": "shrub"}
    id: Mapped[int] = mapped_column(sa.ForeignKey("plants.id"), primary_key=True)
    thorns: Mapped[int]
    leaves: Mapped[list[Leaf]] = relationship()


class Leaf(Base):
    __tablename__ = "leaves"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shrub_id: Mapped[int] = mapped_column(sa.ForeignKey("shrubs.id"))


class Garden(Base):
    __tablename__ = "gardens"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plants: Mapped[list[Plant]] = relationship(back_populates="garden")
    trees: Mapped[list[Tree]] = relationship(viewonly=True)
    shrubs: Mapped[list[Shrub]] = relationship(viewonly=True)


SCHEMA = Schema.from_sqlalchemy(Base)

#: Entity, text, and the ids that are found.
ROWS = [
    ("Plant", "", [1, 2, 3, 4, 5]),
    ("Tree", "", [2, 3]),
    ("Shrub", "", [4, 5]),
    ("Tree", "$filter=name eq 'b' and height gt 5", [2]),
    ("Tree", "$filter=height eq null", [3]),
    ("Shrub", "$filter=name eq 'd' and thorns eq 9&$orderby=name", [4]),
    ("Shrub", "$orderby=thorns desc&$top=1", [4]),
    ("Shrub", "$filter=leaves/$count gt 1", [4]),
    ("Garden", "$filter=trees/any(t:t/height gt 5)", [1]),
    ("Garden", "$filter=shrubs/any(s:s/thorns lt 9 and s/name eq 'e')", [2]),
    ("Garden", "$filter=plants/$count eq 3 and trees/$count eq 1 and shrubs/$count eq 1", [1]),
    ("Garden", "$filter=trees/all(t:t/height eq null)", [2]),
    ("Tree", "$filter=garden/shrubs/any(s:s/thorns eq 9)", [2]),
    ("Plant", "$filter=isof(Ns.Shrub) and not isof(Ns.Tree)", [4, 5]),
    ("Plant", "$filter=Ns.Shrub/thorns eq 9", [4]),
]


@pytest.fixture(scope="module")
def planted(database: Engine) -> Iterator[sa.Engine]:
    if database.sqlalchemy is None:
        pytest.skip(f"SQLAlchemy does not reach {database.name} here")
    engine = database.sqlalchemy
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Garden(id=1), Garden(id=2)])
        session.flush()
        session.add_all(
            [
                Plant(id=1, name="a", garden_id=1),
                Tree(id=2, name="b", garden_id=1, height=7),
                Tree(id=3, name="b", garden_id=2),
                Shrub(id=4, name="d", garden_id=1, thorns=9, leaves=[Leaf(id=1), Leaf(id=2)]),
                Shrub(id=5, name="e", garden_id=2, thorns=1),
            ]
        )
        session.commit()
    yield engine
    Base.metadata.drop_all(engine)


def fetched(engine: sa.Engine, entity: str, text: str) -> list[dict[str, Any]]:
    return querykit.fetch(engine, querykit.parse(text, "odata"), SCHEMA, entity)


@pytest.mark.parametrize(("entity", "text", "ids"), ROWS)
def test_rows(entity: str, text: str, ids: list[int], planted: sa.Engine) -> None:
    assert [row["id"] for row in fetched(planted, entity, text)] == ids


def test_levels(planted: sa.Engine) -> None:
    shrubs = "shrubs($select=thorns;$expand=leaves($select=id;$top=1))"
    text = f"$expand=trees($select=height),{shrubs},plants($top=1;$select=id)"
    assert fetched(planted, "Garden", text) == [
        {
            "id": 1,
            "trees": [{"height": 7}],
            "shrubs": [{"thorns": 9, "leaves": [{"id": 1}]}],
            "plants": [{"id": 1}],
        },
        {
            "id": 2,
            "trees": [{"height": None}],
            "shrubs": [{"thorns": 1, "leaves": []}],
            "plants": [{"id": 3}],
        },
    ]


def test_groups(planted: sa.Engine) -> None:
    found = fetched(
        planted, "Shrub", "$apply=groupby((name),aggregate(thorns with sum as all))&$orderby=name"
    )
    assert found == [{"name": "d", "all": 9}, {"name": "e", "all": 1}]
