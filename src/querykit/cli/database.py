"""Databases that a user names on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from querykit.cli.usage import UsageError
from querykit.schema.model import Schema

__all__ = ["database_errors", "memory", "opened", "reflected"]


def opened(url: str) -> Engine:
    """An engine for a URL.

    Raises
    ------
    UsageError: it is no URL, or its driver is not installed.
    """
    try:
        return create_engine(url)
    except ImportError as error:
        raise UsageError(f"the driver of this database is not installed: {_first_line(error)}") from None
    except (SQLAlchemyError, ValueError) as error:
        raise UsageError(f"cannot open the database: {_first_line(error)}") from None


def reflected(url: str) -> tuple[Engine, Schema]:
    """A database and the schema that it has."""
    engine = opened(url)
    with database_errors():
        return engine, Schema.from_sqlalchemy(engine)


def memory() -> Engine:
    """An embedded database that lives as long as the engine, for all threads."""
    return create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


@contextmanager
def database_errors() -> Iterator[None]:
    """What the database itself refuses is no query error: report it as wrong usage."""
    try:
        yield
    except SQLAlchemyError as error:
        raise UsageError(f"the database refused: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
