"""What a mapped class can have beside columns and relationships."""

from __future__ import annotations

import dataclasses
import enum

import sqlalchemy as sa
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    column_property,
    composite,
    mapped_column,
    relationship,
    synonym,
)


class Base(DeclarativeBase):
    pass


class Size(enum.Enum):
    """Stored by value; the value of one is the name of another."""

    SMALL = "s"
    LARGE = "SMALL"


@dataclasses.dataclass
class Address:
    street: str | None
    city: str | None


class Sale(Base):
    __tablename__ = "sales"

    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(sa.ForeignKey("shops.id"))
    amount: Mapped[int]
    shop: Mapped[Shop] = relationship(back_populates="sales")


class Shop(Base):
    __tablename__ = "shops"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    founded: Mapped[int | None]
    size: Mapped[Size | None] = mapped_column(
        sa.Enum(Size, values_callable=lambda kind: [each.value for each in kind], validate_strings=True)
    )
    extra: Mapped[dict[str, int] | None] = mapped_column(sa.JSON)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("shops.id"))
    parent: Mapped[Shop | None] = relationship(remote_side=[id])
    sales: Mapped[list[Sale]] = relationship(back_populates="shop")
    address: Mapped[Address] = composite(mapped_column("street"), mapped_column("town"))
    title = synonym("name")
    turnover_items = synonym("sales")
    amounts: AssociationProxy[list[int]] = association_proxy("sales", "amount")
    turnover = column_property(
        sa.select(sa.func.sum(Sale.amount)).where(Sale.shop_id == id).scalar_subquery()
    )

    @hybrid_property
    def loud(self) -> str:
        return self.name + "!"

    @hybrid_property
    def old(self) -> bool:
        return self.founded < 1950  # type: ignore[operator]

    @hybrid_property
    def sells(self) -> bool:
        return bool(self.sales)

    @sells.inplace.expression
    @classmethod
    def _sells(cls) -> sa.ColumnElement[bool]:
        return cls.sales.any()

    @hybrid_property
    def only_of_objects(self) -> str:
        return (self.name or "").title()

    @hybrid_property
    def over_another_table(self) -> int:
        return Sale.amount  # type: ignore[return-value]


class Kiosk(Base):
    """With table inheritance: its columns are those of a statement, and so is what it computes."""

    __tablename__ = "kiosks"
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "kiosk"}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]

    @hybrid_property
    def twice(self) -> int:
        return self.id * 2


class NightKiosk(Kiosk):
    __tablename__ = "night_kiosks"
    __mapper_args__ = {"polymorphic_identity": "night"}

    id: Mapped[int] = mapped_column(sa.ForeignKey("kiosks.id"), primary_key=True)
    opens: Mapped[int]

    @hybrid_property
    def opens_later(self) -> int:
        return self.opens + self.id


def engine() -> sa.Engine:
    found = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    Base.metadata.create_all(found)
    with sa.orm.Session(found) as session:
        first = Shop(
            id=1, name="Ab", founded=1900, size=Size.SMALL, address=Address("A 1", "Gent"), extra={"a": 1}
        )
        second = Shop(
            id=2, name="Cd", founded=2000, size=Size.LARGE, address=Address(None, "Oslo"), parent=first
        )
        third = Shop(id=3, name="Ef", address=Address(None, None))
        first.sales = [Sale(id=1, amount=5), Sale(id=2, amount=7)]
        second.sales = [Sale(id=3, amount=1)]
        session.add_all([first, second, third, Kiosk(id=1), NightKiosk(id=2, opens=8)])
        session.commit()
    return found
