"""The sample CRM is always the same, and holds what queries stumble over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from querykit.demo import crm
from querykit.demo.models import Base

ROWS = 120

#: Condition -> at least so many rows of a CRM of 120 accounts.
VARIETY = [
    ("account where instr(name, 'Ş') > 0 or instr(name, 'Ž') > 0", 2),
    ("account where instr(name, '東') > 0", 1),
    ("account where instr(name, '🚀') > 0", 1),
    ("account where instr(name, '''') > 0", 1),
    ("account where instr(name, '\"') > 0", 1),
    ("account where instr(name, '%') > 0", 1),
    ("account where instr(name, '_') > 0", 2),
    ("account where instr(name, '\\') > 0", 1),
    ("account where instr(name, ';') > 0", 1),
    ("account where name <> trim(name)", 1),
    ("account where revenue is null", 10),
    ("account where revenue < 0", 1),
    ("account where revenue > 89000000000", 1),
    ("account where versionnumber > 9007199254740993", 2),
    ("account where createdon = '2019-12-31 23:59:59.000000'", 1),
    ("account where createdon like '2020-02-29%'", 1),
    ("account where __parentaccountid_id is not null", 10),
    ("account a where not exists (select 1 from salesorder o where o.__customerid_id = a.id)", 10),
    ("account a where not exists (select 1 from contact c where c.__parentcustomerid_id = a.id)", 5),
    ("contact where birthdate is null", 10),
    ("contact where birthdate < '1940-01-01'", 1),
    ("salesorder where status = 'cancelled'", 10),
    ("salesorderdetail where quantity < 0", 5),
    ("annotation n join product p on p.id = n.__objectid_id", 10),
    ("annotation n join account a on a.id = n.__objectid_id", 10),
    ("annotation where filesize > 4294967296", 1),
    ("Firm where SalesRepOid is null", 5),
    ("Opportunity where IsWon is null", 20),
    ("Potentials where closingdate is null", 5),
    ("Subscription where PriceExcVAT < 0", 1),
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    crm.build(engine, rows=ROWS)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def digest() -> str:
    rows = (f"{table.name} {row!r}\n" for table, source in crm.tables(ROWS) for row in source)
    return hashlib.sha256("".join(rows).encode()).hexdigest()


def test_the_rows_never_change() -> None:
    """On another machine, in another version of Python, next year: recordings and documentation rely on it."""
    assert digest() == "004065bddc4458b9874547889db5947f194a559fbcf281937ed1d34184961853"


def test_two_builds_are_one_database(engine: Engine) -> None:
    again = create_engine("sqlite://")
    crm.build(again, rows=ROWS)
    with engine.connect() as first, again.connect() as second:
        dumps = [list(each.connection.driver_connection.iterdump()) for each in (first, second)]  # type: ignore[union-attr]  # a live connection has a driver
    again.dispose()
    assert dumps[0] == dumps[1]


def test_every_table_is_filled() -> None:
    assert {table.name for table, _ in crm.tables()} == set(Base.metadata.tables)


def test_keys_lead_somewhere(connection: Connection) -> None:
    assert connection.execute(text("pragma foreign_key_check")).all() == []


@pytest.mark.parametrize(("condition", "least"), VARIETY, ids=[condition for condition, _ in VARIETY])
def test_variety(connection: Connection, condition: str, least: int) -> None:
    count = connection.exec_driver_sql(f"select count(*) from {condition}").scalar_one()
    assert count >= least


def test_nothing_is_held_in_memory() -> None:
    """A billion accounts begin at once, as rows are made one by one."""
    for _, source in crm.tables(rows=10**9):
        assert len(list(islice(source, 5))) == 5


def test_it_is_written_once(engine: Engine) -> None:
    with pytest.raises(Exception, match="already exists"):
        crm.build(engine, rows=1)
