"""A database with the indexes that people make, enough rows that they are worth using, and its plans."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, relationship

import querykit
from engines.base import Engine
from querykit import Query, Schema

__all__ = ["NOON", "SCHEMA", "WAYS", "Way", "built", "indexes_of", "told", "work_of"]

NOON = dt.datetime(2020, 1, 10, 12)
#: When the first account was made, and how long after it each of the others, over fifty years.
_START, _STEP = dt.datetime(1980, 1, 1), dt.timedelta(days=1, hours=20)
_ACCOUNTS = 10_000


def _not_postgres(_index: Any, _table: Any, _bind: Any, *, dialect: Any, **_: Any) -> bool:
    return str(dialect.name) != "postgresql"


class Base(DeclarativeBase):
    metadata = sa.MetaData()


class Owner(Base):
    __tablename__ = "owner"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(40))


class Tag(Base):
    __tablename__ = "tag"
    id = sa.Column(sa.Integer, primary_key=True)
    label = sa.Column(sa.String(40))


TAGGED = sa.Table(
    "tagged",
    Base.metadata,
    sa.Column("account_id", sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tag.id"), primary_key=True),
)


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
    tags = relationship("Tag", secondary=TAGGED)
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


@contextmanager
def built(engine: Engine) -> Iterator[None]:
    """The tables, filled; the planner has looked at them. In the end there are none."""
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
        connection.execute(sa.insert(Tag), [{"id": n, "label": f"t{n}"} for n in range(1, 31)])
        tagged = [
            {"account_id": n, "tag_id": tag}
            for n in range(1, _ACCOUNTS + 1)
            for tag in (n % 10 + 1, n % 20 + 11)
        ]
        connection.execute(sa.insert(TAGGED), tagged)
    for table in Base.metadata.tables:
        engine.run(f"ANALYZE {'TABLE ' if engine.name == 'mariadb' else ''}{table}")
    yield
    Base.metadata.drop_all(database)


@contextmanager
def told(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are executed."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        statements.append((statement, parameters))

    sa.event.listen(engine.sqlalchemy, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine.sqlalchemy, "before_cursor_execute", note)


def by_text(engine: Engine, query: Query) -> tuple[str, Any]:
    sql = querykit.to_sql(query, SCHEMA, engine.dialect, "Account", clock=lambda: NOON)
    return sql.text, sql.params


def by_sqlalchemy(engine: Engine, query: Query) -> tuple[str, Any]:
    """What it executes: its drivers may want casts, which cost an index."""
    database: Any = engine.sqlalchemy
    with told(engine) as statements:
        querykit.fetch(database, query, SCHEMA, "Account", clock=lambda: NOON)
    return statements[0]


#: How a query becomes a statement and its parameters.
Way: TypeAlias = Callable[[Engine, Query], tuple[str, Any]]
WAYS: tuple[Way, ...] = (by_text, by_sqlalchemy)


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
    """What a statement costs: steps of SQLite's machine, pages and rows of PostgreSQL, rows of MariaDB."""
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


def _postgres_pages_and_rows(engine: Engine, sql: str, params: Mapping[str, Any]) -> int:
    """Rows that a node of the plan gives or drops, each time that it runs: pages do not tell of those in memory."""
    ((plan,),) = engine.run(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
    top = plan[0]["Plan"]
    rows = sum(
        node["Actual Loops"] * sum(count for name, count in node.items() if name in _ROWS)
        for node in _nodes(top)
        if "Actual Loops" in node
    )
    return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"] + rows)


_ROWS = (
    "Actual Rows",
    "Rows Removed by Filter",
    "Rows Removed by Join Filter",
    "Rows Removed by Index Recheck",
)


def _mariadb_rows(engine: Engine, sql: str, params: Mapping[str, Any]) -> int:
    """Rows read, from temporary tables too, and rows written to these."""
    engine.run("FLUSH STATUS")
    engine.run(sql, params)
    found = engine.run("SHOW SESSION STATUS WHERE Variable_name RLIKE '^Handler_(read|tmp_write)'")
    return sum(int(value) for _, value in found)


_WORK = {"sqlite": _sqlite_steps, "postgres": _postgres_pages_and_rows, "mariadb": _mariadb_rows}
