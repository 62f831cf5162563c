"""The engines by name: what starts each, and in which lane of the checks it runs."""

from __future__ import annotations

import atexit
import importlib
import os
import signal
from functools import cache
from typing import NamedTuple

from engines.base import Engine, Missing

__all__ = ["ENGINES", "RAN", "asked_for", "named", "start"]


class Entry(NamedTuple):
    """Where an engine is: module and class; its dialect, where that is called otherwise.

    The engines of the slow lane are large to install, take seconds to start, or a second for a question.
    """

    module: str
    kind: str
    lane: str = "fast"
    dialect: str = ""


ENGINES: dict[str, Entry] = {
    "sqlite": Entry("engines.sqlite", "SQLite"),
    "duckdb": Entry("engines.duckdb", "DuckDB"),
    "postgres": Entry("engines.postgres", "PostgreSQL"),
    "mariadb": Entry("engines.mariadb", "MariaDB", dialect="mysql"),
    "clickhouse": Entry("engines.clickhouse", "ClickHouse", "slow"),
    "spark": Entry("engines.spark", "Spark", "slow"),
}

#: Name and version of those that were started, for the report.
RAN: dict[str, str] = {}


def asked_for() -> list[str]:
    """The engines that `QUERYKIT_ENGINES` asks for by name or lane; the fast ones without it."""
    words = os.environ.get("QUERYKIT_ENGINES", "fast").replace(",", " ").split()
    unknown = set(words) - {"fast", "slow", "all"} - set(ENGINES)
    if unknown:
        raise ValueError(
            f"QUERYKIT_ENGINES: no engine {', '.join(sorted(unknown))}; there are {', '.join(ENGINES)}"
        )
    return [name for name, entry in ENGINES.items() if {name, entry.lane, "all"} & set(words)]


@cache
def start(name: str) -> Engine:
    """The engine, started when it is first asked for and stopped when the process ends.

    Raises
    ------
    Missing: it is not installed.
    """
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:  # which would leave the servers running
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    entry = ENGINES[name]
    engine: Engine = getattr(importlib.import_module(entry.module), entry.kind)()
    atexit.register(engine.close)
    RAN[name] = f"{name} {engine.version}"
    return engine


def named(name: str) -> Engine | str:
    """The engine, or why it does not run."""
    try:
        return start(name)
    except Missing as missing:
        return str(missing)
