"""A small CRM for the tests: every kind of relation and of column."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, synonym


class Base(DeclarativeBase):
    pass


class Color(enum.Enum):
    RED = "r"
    BLUE = "b"


tagging = sa.Table(
    "account_tag",
    Base.metadata,
    sa.Column("account_id", sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tags.id"), primary_key=True),
)


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40))
    boss_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    boss: Mapped[User | None] = relationship(remote_side=[id], back_populates="team")
    team: Mapped[list[User]] = relationship(back_populates="boss")


class Tag(Base):
    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    accounts: Mapped[list[Account]] = relationship(secondary=tagging, back_populates="tags")


class Account(Base):
    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str | None] = mapped_column("name", sa.String(40))
    city: Mapped[str | None] = mapped_column(sa.String(collation="NOCASE"))
    revenue: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    rate: Mapped[float | None]
    active: Mapped[bool]
    color: Mapped[Color | None]
    created: Mapped[dt.datetime | None]
    birthday: Mapped[dt.date | None]
    opens: Mapped[dt.time | None]
    token: Mapped[uuid.UUID | None]
    logo: Mapped[bytes | None]
    extra: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    owner: Mapped[User | None] = relationship()
    contacts: Mapped[list[Contact]] = relationship(back_populates="account")
    tags: Mapped[list[Tag]] = relationship(secondary=tagging, back_populates="accounts")
    loud: Mapped[list[Contact]] = relationship(
        primaryjoin=lambda: sa.and_(Account.id == Contact.account_id, Contact.name == "LOUD"), viewonly=True
    )
    title_again = synonym("title")
    labels = association_proxy("tags", "label")
    doubled = sa.orm.column_property(sa.literal_column("2 * 1"))

    @hybrid_property
    def shout(self) -> str:
        return (self.title or "").upper()


class Contact(Base):
    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    account: Mapped[Account] = relationship(back_populates="contacts")


class Line(Base):
    """With a key of two columns, and a reference to one."""

    __tablename__ = "lines"
    __table_args__ = (
        sa.ForeignKeyConstraint(["parent_order", "parent_number"], ["lines.order_no", "lines.number"]),
    )

    order_no: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str | None]
    parent_order: Mapped[int | None]
    parent_number: Mapped[int | None]
    parent: Mapped[Line | None] = relationship(remote_side=[order_no, number], back_populates="parts")
    parts: Mapped[list[Line]] = relationship(back_populates="parent")


def engine() -> sa.Engine:
    """A database in memory with a few rows, held by one connection."""
    found = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    Base.metadata.create_all(found)
    with sa.orm.Session(found) as session:
        session.add_all(_rows())
        session.commit()
    return found


def _rows() -> list[Base]:
    ann = User(id=1, name="Ann")
    bob = User(id=2, name="Bob", boss=ann)
    cid = User(id=3, name="Cid", boss=bob)
    big, small = Tag(id=1, label="big"), Tag(id=2, label="small")
    warner = Account(
        id=1,
        title="Warner",
        city="Boston",
        revenue=Decimal("100.50"),
        rate=0.5,
        active=True,
        color=Color.RED,
        created=dt.datetime(2024, 5, 1, 9, 30),
        birthday=dt.date(1990, 1, 2),
        opens=dt.time(8, 15),
        token=uuid.UUID(int=7),
        logo=b"\x00\x01",
        extra={"a": 1},
        owner=bob,
        tags=[big, small],
    )
    acme = Account(
        id=2, title="Acme 50%_*", city="boston", revenue=Decimal("7"), active=False, owner=bob, tags=[big]
    )
    lost = Account(id=3, title=None, city=None, revenue=None, active=True)
    contacts = [
        Contact(id=number, name=name, account=account)
        for number, (name, account) in enumerate(
            [("Zoe", warner), ("Yan", warner), ("LOUD", warner), ("Uwe", acme)], start=1
        )
    ]
    lines = [
        Line(order_no=1, number=1, text="box"),
        Line(order_no=1, number=2, text="lid", parent_order=1, parent_number=1),
        Line(order_no=2, number=1, text="bag"),
    ]
    return [cid, warner, acme, lost, *contacts, *lines]
