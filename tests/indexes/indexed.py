"""A database with the indexes that people make, enough rows that they are worth using, and its plans."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, relationship

from engines.base import Engine
from querykit import Schema

__all__ = ["NOON", "SCHEMA", "build", "indexes_of", "work_of"]

NOON = dt.datetime(2020, 1, 10, 12)
#: When the first account was made, and how long after it each of the others, over fifty years.
_START, _STEP = dt.datetime(1980, 1, 1), dt.timedelta(days=3, hours=1)
_ACCOUNTS = 6_000


def _not_postgres(_index: Any, _table: Any, _bind: Any, *, dialect: Any, **_: Any) -> bool:
    return str(dialect.name) != "postgresql"


class Base(DeclarativeBase):
    metadata = sa.MetaData()


class Owner(Base):
    __tablename__ = "owner"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(40))


class Account(Base):
    __tablename__ = "account"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(40))
    city = sa.Column(sa.String(40))
    revenue = sa.Column(sa.Numeric(12, 2))
    place = sa.Column(sa.Integer, nullable=False)
    createdon = sa.Column(sa.DateTime)
    founded = sa.Column(sa.Date)
    owner_id = sa.Column(sa.ForeignKey("owner.id"))
    owner = relationship("Owner", back_populates="accounts")
    contacts = relationship("Contact", back_populates="account")
    __table_args__ = (
        # PostgreSQL finds prefixes in an index in the order of code points only.
        sa.Index("ix_account_name", "name", postgresql_ops={"name": "text_pattern_ops"}),
        sa.Index("ix_account_revenue", "revenue"),
        # Nulls come first, which PostgreSQL has to be told.
        sa.Index("ix_account_createdon", "createdon", "id").ddl_if(callable_=_not_postgres),
        sa.Index("ix_account_createdon", sa.text("createdon NULLS FIRST"), "id").ddl_if("postgresql"),
        sa.Index("ix_account_founded", "founded"),
        sa.Index("ix_account_place_id", "place", "id"),
        sa.Index("ix_account_owner_id", "owner_id"),
    )


class Contact(Base):
    __tablename__ = "contact"
    id = sa.Column(sa.Integer, primary_key=True)
    email = sa.Column(sa.String(40))
    account_id = sa.Column(sa.ForeignKey("account.id"))
    account = relationship("Account", back_populates="contacts")
    __table_args__ = (
        sa.Index("ix_contact_account_id", "account_id"),
        sa.Index("ix_contact_email", "email"),
    )


Owner.accounts = relationship("Account", back_populates="owner")
SCHEMA = Schema.from_sqlalchemy(Base)


def _accounts() -> list[dict[str, Any]]:
    moments = [_START + n * _STEP for n in range(_ACCOUNTS)]
    return [
        {
            "id": n,
            "name": f"n{n}" if n % 100 else None,
            "city": f"n{n % 700}",
            "revenue": Decimal(n) / 4,
            "place": n // 3,
            "createdon": moment if n % 50 else None,
            "founded": moment.date(),
            "owner_id": n % 100 + 1,
        }
        for n, moment in enumerate(moments, 1)
    ]


def build(engine: Engine) -> sa.Engine:
    """The tables, filled; the planner has looked at them."""
    database = engine.sqlalchemy
    assert database is not None
    Base.metadata.drop_all(database)
    Base.metadata.create_all(database)
    contacts = [
        {"id": n, "email": f"e{n}", "account_id": n % _ACCOUNTS + 1} for n in range(1, 2 * _ACCOUNTS + 1)
    ]
    with database.begin() as connection:
        connection.execute(sa.insert(Owner), [{"id": n, "name": f"o{n}"} for n in range(1, 101)])
        connection.execute(sa.insert(Account), _accounts())
        connection.execute(sa.insert(Contact), contacts)
    for table in ("owner", "account", "contact"):
        engine.run(f"ANALYZE {'TABLE ' if engine.name == 'mariadb' else ''}{table}")
    return database


def indexes_of(engine: Engine, sql: str, params: Mapping[str, Any]) -> set[str]:
    """The indexes that the database's plan searches, by name."""
    found = engine.run(f"{_EXPLAIN[engine.name]} {sql}", params)
    return set(_FOUND[engine.name](found))


_EXPLAIN = {
    "sqlite": "EXPLAIN QUERY PLAN",
    "postgres": "EXPLAIN (FORMAT JSON)",
    "mariadb": "EXPLAIN FORMAT=JSON",
}


def _of_sqlite(rows: Any) -> list[str]:
    words = [row[3].replace(" COVERING", "").split() for row in rows if row[3].startswith("SEARCH")]
    return [line[line.index("INDEX") + 1] for line in words if "INDEX" in line]


def _of_postgres(rows: Any) -> list[str]:
    """An index without a condition is only read from end to end."""
    nodes = _nodes(rows[0][0])
    return [node["Index Name"] for node in nodes if "Index Name" in node and "Index Cond" in node]


def _of_mariadb(rows: Any) -> list[str]:
    """An index of which every entry is read is no search."""
    searched = [
        node for node in _nodes(json.loads(rows[0][0])) if node.get("access_type") not in ("ALL", "index")
    ]
    return [name for node in searched for name in node.get("key", "").split(",")]


_FOUND = {"sqlite": _of_sqlite, "postgres": _of_postgres, "mariadb": _of_mariadb}


def _nodes(tree: Any) -> list[dict[str, Any]]:
    """Every object in a JSON value."""
    pending, found = [tree], []
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            found.append(item)
            pending += item.values()
        elif isinstance(item, list):
            pending += item
    return found


def work_of(engine: Engine, sql: str, params: Mapping[str, Any]) -> int:
    """What a statement costs: steps of SQLite's machine, pages that PostgreSQL looks at, rows that MariaDB reads."""
    return _WORK[engine.name](engine, sql, params)


def _sqlite_steps(engine: Engine, sql: str, params: Mapping[str, Any]) -> int:
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection: Any = engine.connection  # type: ignore[attr-defined]
    connection.set_progress_handler(count, 1)
    try:
        engine.run(sql, params)
    finally:
        connection.set_progress_handler(None, 1)
    return steps


def _postgres_pages(engine: Engine, sql: str, params: Mapping[str, Any]) -> int:
    ((plan,),) = engine.run(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
    top = plan[0]["Plan"]
    return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])


def _mariadb_reads(engine: Engine, sql: str, params: Mapping[str, Any]) -> int:
    engine.run("FLUSH STATUS")
    engine.run(sql, params)
    return sum(int(value) for _, value in engine.run("SHOW SESSION STATUS LIKE 'Handler_read%'"))


_WORK = {"sqlite": _sqlite_steps, "postgres": _postgres_pages, "mariadb": _mariadb_reads}
