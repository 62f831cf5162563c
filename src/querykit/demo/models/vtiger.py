"""Modules as Vtiger's web service names them: plural, with ids such as `11x5` and no way on from one."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from querykit.demo.models.base import Base, Money

__all__ = ["Accounts", "Potentials"]


class Accounts(Base):
    """Companies."""

    __tablename__ = "Accounts"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    accountname: Mapped[str]
    phone: Mapped[str | None]
    industry: Mapped[str | None]
    rating: Mapped[str | None]
    annual_revenue: Mapped[Money | None]
    employees: Mapped[int | None]
    bill_city: Mapped[str | None]
    createdtime: Mapped[dt.datetime]


class Potentials(Base):
    """Sales in the making."""

    __tablename__ = "Potentials"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    potentialname: Mapped[str]
    amount: Mapped[Money | None]
    sales_stage: Mapped[str]
    closingdate: Mapped[dt.date | None]
    related_to: Mapped[str | None] = mapped_column(String(24))
