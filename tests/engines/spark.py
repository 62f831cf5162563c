"""Spark SQL on one machine, with one worker."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import math
import os
import shutil
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engines.base import Engine, Missing, Rows
from querykit.types import Type

__all__ = ["Spark"]

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.log.level": "OFF",
}


class Spark(Engine):
    """Tables are views of literal rows: nothing is written to disk."""

    name = "spark"
    dialect = "spark"
    quick = False
    quote = "`"
    types = {
        **dict.fromkeys(("string", "any", "guid"), "STRING"),
        "bool": "BOOLEAN",
        "int": "BIGINT",
        "float": "DOUBLE",
        "decimal": "DECIMAL(38, 9)",
        "date": "DATE",
        "datetime": "TIMESTAMP",
        "duration": "TIMESTAMP",
        "binary": "BINARY",
    }

    def __init__(self) -> None:
        if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
            raise Missing("apt-get install default-jre-headless")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                from py4j.protocol import Py4JError
                from pyspark.errors import PySparkException
                from pyspark.sql import SparkSession
        except ImportError:
            raise Missing("pip install pyspark") from None
        self.errors = (PySparkException, Py4JError, ValueError)  # years beyond Python's
        self._zone = os.environ.get("TZ")
        _in_zone("UTC")  # a TIMESTAMP comes as the clock of this process shows it
        builder = SparkSession.builder.master("local[1]")
        for name, value in _SETTINGS.items():
            builder = builder.config(name, value)
        with _quiet():
            self._session = builder.getOrCreate()
        self.version = self._session.version
        for logger in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
            logging.getLogger(logger).disabled = True  # errors are raised, too

    def run(self, sql: str, params: Mapping[str, Any] | None = None) -> Rows:
        frame = self._session.sql(sql, dict(params or {}))
        self.columns = frame.columns
        return [tuple(row) for row in frame.collect()]

    def create(self, table: str, columns: Mapping[str, Type]) -> None:
        self.fill(table, columns, [])

    def fill(self, table: str, columns: Mapping[str, Type], rows: Sequence[Sequence[Any]]) -> None:
        types = [self.types[type.kind] for type in columns.values()]
        lines = [", ".join(map(_cell, row, types)) for row in self.stored(columns, rows)]
        nothing = ", ".join(map(_cell, [None] * len(types), types))
        values = ", ".join(f"({line})" for line in lines or [nothing])
        view = f"SELECT * FROM VALUES {values} AS v({', '.join(map(self.quoted, columns))})"
        where = "" if lines else " WHERE FALSE"
        self.run(f"CREATE OR REPLACE TEMPORARY VIEW {self.quoted(table)} AS {view}{where}")

    def close(self) -> None:
        gateway: Any = self._session.sparkContext._gateway
        self._session.stop()
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait(30)
        _in_zone(self._zone)


def _cell(value: Any, type: str) -> str:
    """A literal of the column's type."""
    writer = _LITERALS.get(value.__class__, str)
    return f"CAST({'NULL' if value is None else writer(value)} AS {type})"


def _text(value: str) -> str:
    return (
        "'" + "".join(char if char.isalnum() and char.isascii() else _unicode(char) for char in value) + "'"
    )


def _unicode(char: str) -> str:
    return f"\\U{ord(char):08x}"


_LITERALS: dict[type, Callable[[Any], str]] = {
    str: _text,
    bytes: lambda value: f"X'{value.hex()}'",
    float: lambda value: f"{value!r}D" if math.isfinite(value) else f"'{value}'",
    Decimal: lambda value: f"'{value}'",
    dt.date: lambda value: f"DATE '{value.isoformat()}'",
    dt.datetime: lambda value: f"TIMESTAMP '{value.isoformat(' ')}'",
}


def _in_zone(name: str | None) -> None:
    if name is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = name
    time.tzset()


@contextlib.contextmanager
def _quiet() -> Any:
    """Nothing of what the JVM writes while it starts."""
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
