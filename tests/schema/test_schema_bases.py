"""Which entity is derived from which, wherever a schema is read from."""

from __future__ import annotations

import pytest
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from querykit.schema.model import Schema

CSDL = """
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="N" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="Party"><Key><PropertyRef Name="Id"/></Key><Property Name="Id" Type="Edm.Int32"/></EntityType>
<EntityType Name="Legal" BaseType="N.Party" Abstract="true"/>
<EntityType Name="Company" BaseType="N.Legal"><Property Name="Vat" Type="Edm.String"/></EntityType>
</Schema></edmx:DataServices></edmx:Edmx>
"""


class Base(DeclarativeBase):
    pass


class Party(Base):
    __tablename__ = "party"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(9))
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "party"}


class Company(Party):
    __tablename__ = "company"
    id: Mapped[int] = mapped_column(ForeignKey("party.id"), primary_key=True)
    __mapper_args__ = {"polymorphic_identity": "company"}


class Shop(Company):
    __mapper_args__ = {"polymorphic_identity": "shop"}


class Archived(Party):
    __tablename__ = "archived"
    id: Mapped[int] = mapped_column(primary_key=True)
    __mapper_args__ = {"concrete": True, "polymorphic_identity": "archived"}


def bases(schema: Schema) -> dict[str, str | None]:
    return {name: item.base for name, item in schema.entities.items()}


def test_mapped_classes_but_for_concrete_ones() -> None:
    found = bases(Schema.from_sqlalchemy(Base))
    assert found == {"Party": None, "Archived": None, "Company": "Party", "Shop": "Company"}


def test_csdl_over_abstract_types() -> None:
    assert bases(Schema.from_csdl(CSDL)) == {"Party": None, "Company": "Party"}


def test_plain_data() -> None:
    schema = Schema.from_dict({"Party": {}, "Company": {"base": "Party"}})
    assert bases(schema) == {"Party": None, "Company": "Party"}


@pytest.mark.parametrize("base", ["Nothing", "Company"])
def test_plain_data_with_a_base_that_is_none(base: str) -> None:
    with pytest.raises(ValueError, match=f"Company: base: there is no entity '{base}' to be derived from"):
        Schema.from_dict({"Party": {}, "Company": {"base": base}})
