"""The sample CRM: tables and rows, into any database that SQLAlchemy reaches."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sqlalchemy import Connection, Engine, Table, insert

from querykit.demo import models
from querykit.demo.rows import Row, logo, resco, resengo, vtiger
from querykit.schema.model import Schema

__all__ = ["ROWS", "build", "fill", "schema", "tables"]

#: Accounts in the CRM unless another number is asked for; all other tables follow from it.
ROWS = 400

_BATCH = 500


def schema() -> Schema:
    """What may be asked of the sample CRM."""
    return Schema.from_sqlalchemy(models.Base)


def build(engine: Engine, rows: int = ROWS) -> dict[str, int]:
    """Create the tables of the sample CRM and fill them, always with the same rows.

    Parameters
    ----------
    engine: of a database without tables of these names.
    rows: number of accounts; contacts, orders … are a multiple of it. Nothing is held in memory but a batch.

    Returns
    -------
    dict: the number of rows by table.

    >>> from sqlalchemy import create_engine
    >>> build(create_engine("sqlite://"), rows=10)["contact"]
    20
    """
    models.Base.metadata.create_all(engine, checkfirst=False)
    with engine.begin() as connection:
        return {table.name: fill(connection, table, source) for table, source in tables(rows)}


def tables(rows: int = ROWS) -> Iterator[tuple[Table, Iterator[Row]]]:
    """Each table with its rows, in an order that foreign keys allow."""
    sources: tuple[tuple[type[models.Base], Iterator[Row]], ...] = (
        (models.SystemUser, resco.users()),
        (models.Account, resco.accounts(rows)),
        (models.Contact, resco.contacts(rows)),
        (models.Product, resco.products()),
        (models.SalesOrder, resco.orders(rows)),
        (models.SalesOrderDetail, resco.order_details(rows)),
        (models.Activity, resco.activities(rows)),
        (models.Annotation, resco.notes(rows)),
        (models.Accounts, vtiger.accounts(rows)),
        (models.Potentials, vtiger.potentials(rows)),
        (models.Person, logo.people()),
        (models.SalesRep, logo.sales_reps()),
        (models.Firm, logo.firms(rows)),
        (models.Opportunity, logo.opportunities(rows)),
        (models.Subscription, resengo.subscriptions()),
    )
    for model, source in sources:
        assert isinstance(model.__table__, Table)
        yield model.__table__, source


def fill(connection: Connection, table: Table, source: Iterator[Row]) -> int:
    """Insert the rows, a batch at a time, and count them."""
    count = 0
    while batch := list(islice(source, _BATCH)):
        connection.execute(insert(table), batch)
        count += len(batch)
    return count
