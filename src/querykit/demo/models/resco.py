"""Entities as Resco's OData service names them: singular, lower-case tables with an `id`.

A lookup attribute `X` shows as the property `__X_id` and the navigation property `X`; one that may lead to
several entities as `X_<entity>` (docs.resco.net, "OData service").
"""

from __future__ import annotations

import datetime as dt
import enum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from querykit.demo.models.base import Base, Money

__all__ = [
    "Account",
    "Activity",
    "Annotation",
    "Contact",
    "OrderStatus",
    "Product",
    "SalesOrder",
    "SalesOrderDetail",
    "SystemUser",
]


class OrderStatus(enum.Enum):
    """Where an order stands."""

    draft = "draft"
    placed = "placed"
    shipped = "shipped"
    cancelled = "cancelled"


class SystemUser(Base):
    """A person who works with the CRM and owns accounts."""

    __tablename__ = "systemuser"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    fullname: Mapped[str]
    internalemailaddress: Mapped[str | None]
    isdisabled: Mapped[bool]


class Account(Base):
    """A company."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    address1_city: Mapped[str | None]
    address1_country: Mapped[str | None]
    address1_latitude: Mapped[float | None]
    address1_longitude: Mapped[float | None]
    createdon: Mapped[dt.datetime]
    modifiedon: Mapped[dt.datetime | None]
    donotemail: Mapped[bool]
    emailaddress1: Mapped[str | None]
    numberofemployees: Mapped[int | None]
    revenue: Mapped[Money | None]
    statecode: Mapped[int]
    statuscode: Mapped[int | None]
    telephone1: Mapped[str | None]
    versionnumber: Mapped[int] = mapped_column(BigInteger)
    websiteurl: Mapped[str | None]

    contacts: Mapped[list[Contact]] = relationship(viewonly=True)
    orders: Mapped[list[SalesOrder]] = relationship(viewonly=True)
    activities: Mapped[list[Activity]] = relationship(viewonly=True)


class Contact(Base):
    """A person at a company."""

    __tablename__ = "contact"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    firstname: Mapped[str | None]
    lastname: Mapped[str]
    birthdate: Mapped[dt.date | None]
    emailaddress1: Mapped[str | None]


class Product(Base):
    """A thing for sale."""

    __tablename__ = "product"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    productnumber: Mapped[str]
    name: Mapped[str]
    price: Mapped[Money | None]
    stockweight: Mapped[float | None]
    quantityonhand: Mapped[int]


class SalesOrder(Base):
    """What a company ordered."""

    __tablename__ = "salesorder"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ordernumber: Mapped[str]
    status: Mapped[OrderStatus]
    submitdate: Mapped[dt.date | None]
    totalamount: Mapped[Money | None]

    details: Mapped[list[SalesOrderDetail]] = relationship(viewonly=True)


class SalesOrderDetail(Base):
    """A line of an order."""

    __tablename__ = "salesorderdetail"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lineitemnumber: Mapped[int]
    quantity: Mapped[int]
    priceperunit: Mapped[Money | None]


class Activity(Base):
    """A meeting or call about an account."""

    __tablename__ = "activity"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str | None]
    scheduledstart: Mapped[dt.datetime | None]
    actualdurationminutes: Mapped[int | None]


class Annotation(Base):
    """A note on a product or an account."""

    __tablename__ = "annotation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str | None]
    notetext: Mapped[str | None]
    filesize: Mapped[int | None]
    isdocument: Mapped[bool]
    createdon: Mapped[dt.datetime]


def _lookup(model: type[Base], name: str, target: type[Base]) -> None:
    """Give a model the lookup `name`; from outside, as Python mangles `__name_id` in a class body."""
    column = mapped_column(ForeignKey(f"{target.__tablename__}.id"))
    setattr(model, f"__{name}_id", column)
    there = target.__table__.c.id
    setattr(model, name, relationship(target, foreign_keys=[column], remote_side=[there], viewonly=True))


def _lookup_any(model: type[Base], name: str, *targets: type[Base]) -> None:
    """Give a model a lookup that leads to one of several entities; no foreign key can say that."""
    column = f"__{name}_id"
    setattr(model, column, mapped_column(nullable=True, type_=model.__table__.c.id.type))
    here = model.__table__.c[column]
    for target in targets:
        there = target.__table__.c.id
        setattr(
            model,
            f"{name}_{target.__tablename__}",
            relationship(target, primaryjoin=here == there, foreign_keys=[here], viewonly=True),
        )


_lookup(Account, "ownerid", SystemUser)
_lookup(Account, "parentaccountid", Account)
_lookup(Contact, "parentcustomerid", Account)
_lookup(SalesOrder, "customerid", Account)
_lookup(SalesOrderDetail, "salesorderid", SalesOrder)
_lookup(SalesOrderDetail, "productid", Product)
_lookup(Activity, "regardingobjectid", Account)
_lookup_any(Annotation, "objectid", Product, Account)
