"""A small schema over which random queries are asked: every kind of column, every kind of relation."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
)
from sqlalchemy.orm import DeclarativeBase, relationship

from querykit import Schema


def _models(collation: str | None) -> list[type[DeclarativeBase]]:
    """The base and the classes of the tables, with a column of texts in a collation."""

    class Base(DeclarativeBase):
        metadata = MetaData()

    shop_tag = Table(
        "shop_tag",
        Base.metadata,
        Column("shop_id", ForeignKey("shop.id"), primary_key=True),
        Column("tag_id", ForeignKey("tag.id"), primary_key=True),
    )

    class Shop(Base):
        __tablename__ = "shop"
        id = Column(Integer, primary_key=True)
        name = Column(String, nullable=False)
        note = Column(String)
        code = Column(String(collation=collation))
        size = Column(Integer, nullable=False)
        rank = Column(Integer)
        price = Column(Numeric(12, 2))
        rate = Column(Float)
        open = Column(Boolean, nullable=False)
        vip = Column(Boolean)
        founded = Column(DateTime)
        day = Column(Date)
        parent_id = Column(ForeignKey("shop.id"))
        parent = relationship("Shop", remote_side=[id], back_populates="branches")
        branches = relationship("Shop", back_populates="parent")
        orders = relationship("Order", back_populates="shop")
        tags = relationship("Tag", secondary=shop_tag)

    class Order(Base):
        __tablename__ = "order"
        id = Column(Integer, primary_key=True)
        note = Column(String)
        rank = Column(Integer)
        price = Column(Numeric(12, 2))
        vip = Column(Boolean)
        founded = Column(DateTime)
        shop_id = Column(ForeignKey("shop.id"))
        shop = relationship("Shop", back_populates="orders")

    class Tag(Base):
        __tablename__ = "tag"
        id = Column(Integer, primary_key=True)
        note = Column(String)
        rank = Column(Integer)

    return [Base, Shop, Order, Tag]


Base, *_CLASSES = _models("NOCASE")
_PLAIN_BASE, *_PLAIN_CLASSES = _models(None)
SCHEMA = Schema.from_sqlalchemy(Base)
#: Without the collation, which only SQLite has.
PLAIN = Schema.from_sqlalchemy(_PLAIN_BASE)

#: Letters in both cases, everything that is special in a pattern or a literal, a wide and a very wide character.
ALPHABET = "aAbB%_'\\[]*?- €😀"

TEXTS = st.text(ALPHABET, max_size=4)
INTEGERS = st.integers(-5, 5)
DECIMALS = st.integers(-20, 20).map(lambda quarters: Decimal(quarters) / 4)  # exact in binary too
FLOATS = st.sampled_from([-2.5, -1.0, -0.5, 0.0, 0.5, 1.25, 3.0, 1e6])
MOMENTS = st.sampled_from(
    [
        dt.datetime(1969, 12, 31, 23, 59, 59),
        dt.datetime(2020, 2, 29, 12, 0),
        dt.datetime(2020, 2, 29, 12, 0, 0, 250_000),
        dt.datetime(2021, 1, 31),
        dt.datetime(2024, 12, 31, 23, 30),
    ]
)
DAYS = st.sampled_from(
    [dt.date(1999, 12, 31), dt.date(2020, 2, 29), dt.date(2021, 1, 31), dt.date(2024, 3, 1)]
)


def _nullable(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | values


def _reference(count: int) -> st.SearchStrategy:
    return st.none() | st.integers(1, count) if count else st.none()


@st.composite
def databases(draw: st.DrawFn) -> dict[str, list[dict]]:
    """Rows of every entity, and of the table between shops and tags."""
    shops = draw(st.integers(0, 5))
    tags = draw(st.integers(0, 3))
    shop = st.fixed_dictionaries(
        {
            "name": TEXTS,
            "note": _nullable(TEXTS),
            "code": _nullable(TEXTS),
            "size": INTEGERS,
            "rank": _nullable(INTEGERS),
            "price": _nullable(DECIMALS),
            "rate": _nullable(FLOATS),
            "open": st.booleans(),
            "vip": _nullable(st.booleans()),
            "founded": _nullable(MOMENTS),
            "day": _nullable(DAYS),
            "parent_id": _reference(shops),
        }
    )
    order = st.fixed_dictionaries(
        {
            "note": _nullable(TEXTS),
            "rank": _nullable(INTEGERS),
            "price": _nullable(DECIMALS),
            "vip": _nullable(st.booleans()),
            "founded": _nullable(MOMENTS),
            "shop_id": _reference(shops),
        }
    )
    tag = st.fixed_dictionaries({"note": _nullable(TEXTS), "rank": _nullable(INTEGERS)})
    pairs = (
        st.sets(st.tuples(st.integers(1, shops), st.integers(1, tags))) if shops and tags else st.just(set())
    )
    return {
        "Shop": _numbered(draw(st.lists(shop, min_size=shops, max_size=shops))),
        "Order": _numbered(draw(st.lists(order, max_size=6))),
        "Tag": _numbered(draw(st.lists(tag, min_size=tags, max_size=tags))),
        "shop_tag": [{"shop_id": shop_id, "tag_id": tag_id} for shop_id, tag_id in sorted(draw(pairs))],
    }


def _numbered(rows: list[dict]) -> list[dict]:
    return [{"id": number, **row} for number, row in enumerate(rows, 1)]
