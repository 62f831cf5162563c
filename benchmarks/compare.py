"""querykit beside odata-query on the same texts, in one process: `python benchmarks/compare.py [rounds]`.

Rounds are interleaved and every text has literals never used before, so neither a warm machine nor a cache of
whole texts flatters anyone. What is reported is the median of the ratios of paired rounds.
"""

from __future__ import annotations

import gc
import logging
import statistics
import sys
import time
from collections.abc import Callable

from database import Account, Base, database
from odata_query.grammar import ODataLexer, ODataParser
from odata_query.sqlalchemy import apply_odata_core
from sqlalchemy import Connection, select
from sqlalchemy.dialects import sqlite
from texts import FILTERS, fresh

import querykit

SCHEMA = querykit.Schema.from_sqlalchemy(Base)
TRANSLATOR = querykit.Translator(SCHEMA, source="odata", dialect="sqlite")
DIALECT = sqlite.dialect()
TABLE = Account.__table__
BATCH = 5  # texts in one measurement

Task = Callable[[str], object]


def parse_querykit(text: str) -> object:
    return querykit.parse_filter(text, "odata")


def parse_odata_query(text: str) -> object:
    return ODataParser().parse(ODataLexer().tokenize(text))


def sql_querykit(text: str) -> object:
    plan = TRANSLATOR.plan("$filter=" + text, entity="Account")
    return plan.sql, plan.params


def sql_odata_query(text: str) -> object:
    compiled = apply_odata_core(select(TABLE), text).compile(dialect=DIALECT)
    return str(compiled), compiled.params


def rows_querykit(connection: Connection) -> Task:
    def run(text: str) -> object:
        plan = TRANSLATOR.plan("$filter=" + text, entity="Account")
        return connection.execute(plan.statement, plan.params).all()

    return run


def rows_odata_query(connection: Connection) -> Task:
    return lambda text: connection.execute(apply_odata_core(select(TABLE), text)).all()


def measure(task: Task, template: str) -> float:
    """Seconds per text."""
    batch = [fresh(template) for _ in range(BATCH)]
    start = time.perf_counter()
    for text in batch:
        task(text)
    return (time.perf_counter() - start) / BATCH


def compare(ours: Task, theirs: Task, template: str, rounds: int) -> tuple[float, float, float]:
    """Median seconds of both, and the median of theirs / ours."""
    pairs = []
    for turn in range(rounds + 2):
        if turn % 2:
            mine, other = measure(ours, template), measure(theirs, template)
        else:
            other, mine = measure(theirs, template), measure(ours, template)
        if turn >= 2:  # the first two warm up
            pairs.append((mine, other))
    return (
        statistics.median(mine for mine, _ in pairs),
        statistics.median(other for _, other in pairs),
        statistics.median(other / mine for mine, other in pairs),
    )


def main(rounds: int) -> None:
    logging.disable(logging.CRITICAL)
    with database().connect() as connection:
        stages: dict[str, tuple[Task, Task]] = {
            "text → AST": (parse_querykit, parse_odata_query),
            "text → SQL": (sql_querykit, sql_odata_query),
            "text → rows": (rows_querykit(connection), rows_odata_query(connection)),
        }
        print(f"{'':13}{'filter':14}{'querykit µs':>13}{'odata-query µs':>16}{'times faster':>14}")
        for stage, (ours, theirs) in stages.items():
            for name, template in FILTERS.items():
                gc.collect()
                mine, other, ratio = compare(ours, theirs, template, rounds)
                print(f"{stage:13}{name:14}{mine * 1e6:13.0f}{other * 1e6:16.0f}{ratio:14.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
