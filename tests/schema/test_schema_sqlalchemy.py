"""Mapped classes, metadata and databases as schemas."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from schema_text import schema_text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry, relationship

from querykit.errors import UnknownName
from querykit.schema.model import Schema
from querykit.targets.sqlalchemy.coltypes import column_type
from querykit.targets.sqlalchemy.schema import read_sqlalchemy

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "sa"))

import sa_models as crm  # noqa: E402


def expected(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def test_mapped_classes() -> None:
    assert schema_text(read_sqlalchemy(crm.Base)) == expected("mapped.txt")


def test_metadata() -> None:
    assert schema_text(read_sqlalchemy(crm.Base.metadata)) == expected("metadata.txt")


def test_reflected_database() -> None:
    engine = crm.engine()
    found = {entity.name: entity for entity in read_sqlalchemy(engine)}
    assert set(found) == set(crm.Base.metadata.tables)
    assert found["accounts"].properties["revenue"].type.kind == "decimal"
    assert found["contacts"].relations["account"].pairs == (("account_id", "id"),)
    assert found["lines"].relations["lines_by_lines"].many
    engine.dispose()


def test_all_ways_to_name_mapped_classes_agree() -> None:
    of_base = schema_text(read_sqlalchemy(crm.Base))
    assert schema_text(read_sqlalchemy(crm.Base.registry)) == of_base
    classes = [mapper.class_ for mapper in crm.Base.registry.mappers]
    assert schema_text(read_sqlalchemy(classes)) == of_base


def test_a_list_exposes_nothing_but_its_classes() -> None:
    (contact,) = read_sqlalchemy([crm.Contact])
    assert dict(contact.relations) == {}
    assert [entity.name for entity in read_sqlalchemy(crm.Contact)] == ["Contact"]


@pytest.mark.parametrize("source", [42, "sqlite://", [int], type("Plain", (), {}), [], registry()])
def test_what_is_no_source(source: object) -> None:
    with pytest.raises(TypeError):
        read_sqlalchemy(source)


class Zoo(DeclarativeBase):
    pass


class Animal(Zoo):
    __tablename__ = "animals"
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "animal"}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    keeper_id: Mapped[int | None] = mapped_column(sa.ForeignKey("keepers.id"))
    keeper: Mapped[Keeper | None] = relationship()


class Bird(Animal):
    __mapper_args__ = {"polymorphic_identity": "bird"}

    span: Mapped[float | None]


class Fish(Animal):
    __tablename__ = "fishes"
    __mapper_args__ = {"polymorphic_identity": "fish"}

    id: Mapped[int] = mapped_column(sa.ForeignKey("animals.id"), primary_key=True)
    depth: Mapped[int]


class Keeper(Zoo):
    __tablename__ = "keepers"

    id: Mapped[int] = mapped_column(primary_key=True)
    birds: Mapped[list[Bird]] = relationship(viewonly=True)


def test_inheritance() -> None:
    assert schema_text(read_sqlalchemy(Zoo)) == expected("inheritance.txt")


def test_entities_by_class_and_table() -> None:
    schema = Schema.from_sqlalchemy(Zoo)
    assert schema.entity(Bird).name == "Bird"
    assert schema.entity(Animal).name == "Animal"
    assert schema.entity(Animal.__table__).name == "Animal"
    assert schema.entity("animals").name == "Animal"
    with pytest.raises(UnknownName):
        Schema.from_sqlalchemy([Animal]).entity(Bird)  # shares the table, but is not in the schema
    assert Schema.from_sqlalchemy(Zoo.metadata).entity(Keeper).name == "keepers"


TYPES = [
    (sa.SmallInteger(), "int"),
    (sa.BigInteger(), "int"),
    (sa.Float(), "float"),
    (sa.Double(), "float"),
    (sa.Numeric(5, 1), "decimal"),
    (sa.Text(), "string"),
    (sa.Unicode(5), "string"),
    (sa.TIMESTAMP(timezone=True), "datetime"),
    (sa.Interval(), "duration"),
    (sa.Uuid(), "guid"),
    (sa.LargeBinary(), "binary"),
    (sa.Enum("a", "b", name="ab"), "enum"),
    (sa.PickleType(), "any"),
    (sa.ARRAY(sa.Integer()), "list"),
    (sa.types.NullType(), "any"),
]


@pytest.mark.parametrize(("native", "kind"), TYPES, ids=lambda item: repr(item))
def test_column_types(native: sa.types.TypeEngine[object], kind: str) -> None:
    assert column_type(native).kind == kind


def test_dialect_types() -> None:
    from sqlalchemy.dialects import mssql, mysql, oracle, postgresql

    natives = {
        postgresql.UUID(): "guid",
        postgresql.INTERVAL(): "duration",
        postgresql.BYTEA(): "binary",
        postgresql.JSONB(): "any",
        postgresql.CITEXT(): "string",
        mssql.DATETIME2(): "datetime",
        mssql.UNIQUEIDENTIFIER(): "guid",
        mssql.BIT(): "bool",
        mssql.TIMESTAMP(): "binary",
        mysql.TINYINT(): "int",
        mysql.DOUBLE(): "float",
        mysql.ENUM("x"): "enum",
        oracle.NUMBER(10, 2): "decimal",
        oracle.VARCHAR2(5): "string",
    }
    assert {repr(native): column_type(native).kind for native in natives} == {
        repr(native): kind for native, kind in natives.items()
    }


def test_decorated_types_are_what_they_decorate() -> None:
    class Shouted(sa.types.TypeDecorator[str]):
        impl = sa.String
        cache_ok = True

    assert column_type(Shouted()).kind == "string"


def test_stored_values_of_enumerations() -> None:
    by_value = sa.Enum(crm.Color, values_callable=lambda kind: [member.value for member in kind])
    assert column_type(by_value).members == (("RED", "r"), ("BLUE", "b"))
    assert column_type(sa.Enum(crm.Color)).members == (("RED", "RED"), ("BLUE", "BLUE"))
    assert column_type(sa.Enum("on", "off", name="switch")).members == (("on", "on"), ("off", "off"))


def test_names_of_relations_from_foreign_keys() -> None:
    metadata = sa.MetaData()
    sa.Table(
        "person", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("letter", sa.Integer)
    )
    sa.Table(
        "letter",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("senderId", sa.ForeignKey("person.id")),
        sa.Column("receiver_id", sa.ForeignKey("person.id"), nullable=False),
        sa.Column("person", sa.ForeignKey("person.id")),
        sa.Column("paid", sa.ForeignKey("bill.number")),
        sa.Column("SalesRepOid", sa.ForeignKey("rep.Oid")),
        sa.Column("TEAM_OID", sa.ForeignKey("rep.Oid")),
        sa.Column("answers_to", sa.ForeignKey("letter.id")),
        sa.Column("box", sa.Integer),
        sa.Column("shelf", sa.Integer),
        sa.ForeignKeyConstraint(["box", "shelf"], ["place.box", "place.shelf"]),
    )
    sa.Table(
        "reader",
        metadata,
        sa.Column("letter_id", sa.ForeignKey("letter.id"), primary_key=True),
        sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True),
    )
    sa.Table(
        "knows",
        metadata,
        sa.Column("one_id", sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("other_id", sa.ForeignKey("person.id"), primary_key=True),
    )
    sa.Table("bill", metadata, sa.Column("number", sa.Integer, primary_key=True))
    sa.Table("rep", metadata, sa.Column("Oid", sa.Integer, primary_key=True))
    sa.Table(
        "place",
        metadata,
        sa.Column("box", sa.Integer, primary_key=True),
        sa.Column("shelf", sa.Integer, primary_key=True),
    )
    sa.Table(
        "person",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("_id", sa.Integer),
        schema="old",
    )
    assert schema_text(read_sqlalchemy(metadata)) == expected("foreign_keys.txt")
