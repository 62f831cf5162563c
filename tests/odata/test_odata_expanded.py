"""expanded_counts.txt: `/$count`, `/$ref` and `$count=true` in `$expand`, by the evaluator and by SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from odata_tables import Row, rows
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from querykit import Schema, evaluate, fetch, parse


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customer"
    ID: Mapped[int] = mapped_column(primary_key=True)
    Name: Mapped[str]
    Orders: Mapped[list[Order]] = relationship(back_populates="Customer")


class Order(Base):
    __tablename__ = "order"
    ID: Mapped[int] = mapped_column(primary_key=True)
    CustomerID: Mapped[int] = mapped_column(sa.ForeignKey(Customer.ID))
    Total: Mapped[int]
    Customer: Mapped[Customer] = relationship(back_populates="Orders")


SCHEMA = Schema.from_sqlalchemy(Base)
CUSTOMERS = [{"ID": number, "Name": name} for number, name in enumerate(("Ann", "Bob", "Cid"), 1)]
ORDERS = [
    {"ID": number, "CustomerID": customer, "Total": total}
    for number, (customer, total) in enumerate(((1, 10), (1, 20), (1, 30), (2, 5)), 1)
]


@pytest.fixture(scope="module")
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Customer(**row) for row in CUSTOMERS])
        session.add_all([Order(**row) for row in ORDERS])
        session.commit()
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("row", rows("expanded_counts.txt"), ids=lambda row: row.text)
def test_rows(row: Row, connection: sa.Connection) -> None:
    query = parse(row.text, "odata")
    entity = "Order" if "Customer" in row.text else "Customer"
    expected = json.loads(row.below)
    assert fetch(connection, query, SCHEMA, entity) == expected
    tables = {"Customer": CUSTOMERS, "Order": ORDERS}
    assert evaluate(query, tables, SCHEMA, entity) == expected
