"""What all tables of the sample CRM share."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from sqlalchemy import Numeric
from sqlalchemy.orm import DeclarativeBase, mapped_column

__all__ = ["Base", "Money"]

#: Amounts of money: exact, four decimals, as Dynamics and Resco keep them.
Money = Annotated[Decimal, mapped_column(Numeric(19, 4))]


class Base(DeclarativeBase):
    """The declarative base; `Schema.from_sqlalchemy(Base)` is the schema of the CRM."""
