"""Business objects as LogoCRM names them: an `Oid` each, reached from one another by dotted paths."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from querykit.demo.models.base import Base, Money

__all__ = ["Firm", "Opportunity", "Person", "SalesRep"]


class Person(Base):
    """Who a sales representative is."""

    __tablename__ = "Person"

    Oid: Mapped[UUID] = mapped_column(primary_key=True)
    FirstName: Mapped[str]
    LastName: Mapped[str]
    BirthDate: Mapped[dt.date | None]


class SalesRep(Base):
    """Who looks after firms."""

    __tablename__ = "SalesRep"

    Oid: Mapped[UUID] = mapped_column(primary_key=True)
    SalesRepCode: Mapped[str]
    SalesRepPersonInfoOid: Mapped[UUID] = mapped_column(ForeignKey("Person.Oid"))

    SalesRepPersonInfo: Mapped[Person] = relationship(viewonly=True)


class Firm(Base):
    """A company."""

    __tablename__ = "Firm"

    Oid: Mapped[UUID] = mapped_column(primary_key=True)
    FirmCode: Mapped[str]
    FirmTitle: Mapped[str]
    City: Mapped[str | None]
    TaxOffice: Mapped[str | None]
    TaxNo: Mapped[str | None]
    CreditLimit: Mapped[Money | None]
    IsActive: Mapped[bool]
    CreatedOn: Mapped[dt.datetime]
    SalesRepOid: Mapped[UUID | None] = mapped_column(ForeignKey("SalesRep.Oid"))
    ParentFirmOid: Mapped[UUID | None] = mapped_column(ForeignKey("Firm.Oid"))

    SalesRep: Mapped[SalesRep | None] = relationship(viewonly=True)
    ParentFirm: Mapped[Firm | None] = relationship(remote_side=[Oid], viewonly=True)
    Opportunities: Mapped[list[Opportunity]] = relationship(viewonly=True)


class Opportunity(Base):
    """A sale in the making."""

    __tablename__ = "Opportunity"

    Oid: Mapped[UUID] = mapped_column(primary_key=True)
    Subject: Mapped[str]
    Amount: Mapped[Money | None]
    Probability: Mapped[float | None]
    CloseDate: Mapped[dt.datetime | None]
    IsWon: Mapped[bool | None]
    FirmOid: Mapped[UUID] = mapped_column(ForeignKey("Firm.Oid"))
