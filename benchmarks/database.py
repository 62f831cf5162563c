"""The table that the benchmarks ask: one model for both libraries."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import DateTime, Engine, Integer, Numeric, StaticPool, String, create_engine, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

__all__ = ["Account", "Base", "database"]


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str | None] = mapped_column(String)
    city: Mapped[str | None] = mapped_column(String)
    revenue: Mapped[float | None] = mapped_column(Numeric(asdecimal=False))
    employees: Mapped[int | None] = mapped_column(Integer)
    createdon: Mapped[dt.datetime | None] = mapped_column(DateTime)


def database(rows: int = 200) -> Engine:
    """An engine over an in-memory SQLite database with so many accounts."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(
            insert(Account),
            [
                {
                    "id": number,
                    "name": f"Warner {number}",
                    "city": f"Suffolk {number % 7}",
                    "revenue": number * 1.5,
                    "employees": number % 40,
                    "createdon": dt.datetime(2020, 1, 1) + dt.timedelta(days=number),
                }
                for number in range(1, rows + 1)
            ],
        )
    return engine
