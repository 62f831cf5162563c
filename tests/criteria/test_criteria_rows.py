"""What criteria keep, in memory and on a database: objects, classes, aggregates, joins, scopes."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from criteria_tables import blocks
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

import querykit
from querykit.errors import QueryError
from querykit.schema.model import Schema

TICKET = uuid.UUID("0f8fad5b-d9cb-469f-a165-70867728950e")


class Status(enum.Enum):
    Open = 1
    Paid = 2
    Lost = 3


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customer"
    Id: Mapped[int] = mapped_column(primary_key=True)
    Kind: Mapped[str]
    Name: Mapped[str]
    Orders: Mapped[list[Order]] = relationship(back_populates="Customer")
    __mapper_args__ = {"polymorphic_on": "Kind", "polymorphic_identity": "customer"}


class Vip(Customer):
    __tablename__ = "vip"
    Id: Mapped[int] = mapped_column(ForeignKey("customer.Id"), primary_key=True)
    Rebate: Mapped[int]
    __mapper_args__ = {"polymorphic_identity": "vip"}


class Ticket(Base):
    __tablename__ = "ticket"
    Id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class Order(Base):
    __tablename__ = "order"
    Id: Mapped[int] = mapped_column(primary_key=True)
    Amount: Mapped[int | None]
    Status: Mapped[Status | None]
    CustomerId: Mapped[int | None] = mapped_column(ForeignKey("customer.Id"))
    TicketId: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("ticket.Id"))
    Next: Mapped[int | None]
    Customer: Mapped[Customer | None] = relationship(back_populates="Orders")
    Ticket: Mapped[Ticket | None] = relationship()


SCHEMA = Schema.from_sqlalchemy(Base)

_PEOPLE = [{"Id": 1, "Kind": "customer", "Name": "Ann"}, {"Id": 2, "Kind": "customer", "Name": "Bob"}]
_VIP = {"Id": 3, "Kind": "vip", "Name": "Cem"}
ROWS: dict[str, list[dict[str, Any]]] = {
    "Customer": [*_PEOPLE, _VIP],
    "Vip": [{**_VIP, "Rebate": 10}],
    "Ticket": [{"Id": TICKET}],
    "Order": [
        {"Id": 1, "Amount": 10, "Status": Status.Open, "CustomerId": 1, "TicketId": TICKET, "Next": 2},
        {"Id": 2, "Amount": 30, "Status": Status.Paid, "CustomerId": 1, "TicketId": None, "Next": 3},
        {"Id": 3, "Amount": 20, "Status": Status.Paid, "CustomerId": 2, "TicketId": None, "Next": None},
        {"Id": 4, "Amount": 40, "Status": Status.Lost, "CustomerId": 3, "TicketId": None, "Next": None},
        {"Id": 5, "Amount": None, "Status": None, "CustomerId": None, "TicketId": None, "Next": None},
    ],
}


@pytest.fixture(scope="module")
def engine() -> Iterator[sa.Engine]:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([*(Customer(**row) for row in _PEOPLE), Vip(**_VIP, Rebate=10), Ticket(Id=TICKET)])
        session.flush()
        session.add_all(Order(**row) for row in ROWS["Order"])
        session.commit()
    yield engine
    engine.dispose()


@pytest.mark.parametrize(("text", "lines"), blocks("rows.txt"))
def test_rows(text: str, lines: list[str], engine: sa.Engine) -> None:
    query, (expected,) = querykit.parse(text, "criteria"), lines
    if expected != "none" and not set(expected) <= set("12345 "):
        _is_refused(query, expected, engine)
        return
    evaluated = [row["Id"] for row in querykit.evaluate(query, ROWS, SCHEMA, "Order")]
    assert (" ".join(map(str, evaluated)) or "none") == expected
    assert [row["Id"] for row in querykit.fetch(engine, query, SCHEMA, "Order")] == evaluated
    printed = querykit.parse(querykit.render(query, "criteria"), "criteria")
    assert [row["Id"] for row in querykit.fetch(engine, printed, SCHEMA, "Order")] == evaluated


def _is_refused(query: querykit.Query, message: str, engine: sa.Engine) -> None:
    for run in (
        lambda: querykit.evaluate(query, ROWS, SCHEMA, "Order"),
        lambda: querykit.fetch(engine, query, SCHEMA, "Order"),
    ):
        with pytest.raises(QueryError) as caught:
            run()
        assert caught.value.message == message
        assert caught.value.position is not None


def test_parameters_by_place_and_by_name(engine: sa.Engine) -> None:
    """A value is given when the text is read; one of an enumeration or class is the member or class that it names."""
    asked: list[tuple[str, Any, list[int]]] = [
        ("[Amount] > ? And [Status] = ?", [15, "Paid"], [2, 3]),
        ("[Amount] Between (?, ?)", [15, 35], [2, 3]),
        ("[Amount] > ?least And [Customer.Name] <> ?name", {"least": 15, "name": "Ann"}, [3, 4]),
        ("[Amount] >= ?a And [Amount] <= ?a", {"a": 20}, [3]),
        ("[Customer.Orders][[Amount] = ? And [Id] <> ^.Id]", [30], [1]),
        ("IsInstanceOfType([Customer], ?)", ["My.Shop.Vip"], [4]),
        ("[Customer] = ?", [1], [1, 2]),
        ("[Ticket] = ?", [TICKET], [1]),
        ("[Amount] = ? Or ? Is Null", [10, None], [1, 2, 3, 4, 5]),
        ("[Amount] = ?", None, [5]),
        ("[Amount] In (?, ?)", [10, 40], [1, 4]),
    ]
    for text, params, expected in asked:
        query = querykit.parse(text, "criteria", params)
        assert [row["Id"] for row in querykit.evaluate(query, ROWS, SCHEMA, "Order")] == expected, text
        assert [row["Id"] for row in querykit.fetch(engine, query, SCHEMA, "Order")] == expected, text
