"""An entity as Resengo's web service names it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from querykit.demo.models.base import Base

__all__ = ["Subscription"]


class Subscription(Base):
    """A subscription on offer. Prices are doubles, as the service documents them."""

    __tablename__ = "Subscription"

    SubscriptionID: Mapped[int] = mapped_column(primary_key=True)
    Description: Mapped[str | None]
    Active: Mapped[bool]
    PriceExcVAT: Mapped[float | None]
    VATPercentage: Mapped[float | None]
    DefaultNoPeriods: Mapped[int | None]
    StartDate: Mapped[dt.datetime | None]
    UpdateDate: Mapped[dt.datetime]
    UpdatePersonID: Mapped[int]
