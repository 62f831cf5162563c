"""What a query costs on each engine as its tables grow: `python benchmarks/engines.py [--rows 10_000 …] [--data DIR]`.

A size is the number of orders; there are a third as many accounts. SQLite has tables of its own, with an index of the
foreign key; the others read Parquet files, which they do for each query anew. What is printed is the median of the
rounds after one that warms up, in milliseconds, with the fetching of the rows. Text to SQL is not part of it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import querykit
from engines.base import Engine
from engines.registry import named
from querykit.demo import crm
from querykit.demo.generate import generate

SCHEMA = crm.schema()
TABLES = ("account", "salesorder")
SIZES = (10_000, 100_000, 1_000_000)

#: What is asked -> entity and text, in OData.
QUERIES = {
    "filter, top 5": (
        "account",
        "$filter=contains(name,'Bakery') and revenue gt 9000000&$select=name,revenue&$orderby=revenue desc,name&$top=5",
    ),
    "count by a join": (
        "salesorder",
        "$apply=filter(status eq 'shipped')/groupby((customerid/address1_country),"
        "aggregate($count as orders,totalamount with max as largest))",
    ),
    "any": (
        "account",
        "$filter=orders/any(o:o/totalamount gt 90000000000 and o/status eq 'shipped')"
        "&$select=name&$orderby=name&$top=5",
    ),
}

#: Engine -> how a view of a Parquet file is made.
VIEWS = {
    "duckdb": "CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet('{path}')",
    "clickhouse": "CREATE OR REPLACE VIEW {name} AS SELECT * FROM file('{path}', 'Parquet')",
    "spark": "CREATE OR REPLACE TEMPORARY VIEW {name} USING parquet OPTIONS (path '{path}')",
}
ENGINES = ("sqlite", *VIEWS)


def files(directory: Path, format: str, size: int) -> Path:
    """The directory with the files of that size; they are made where they are not there."""
    there = directory / str(size)
    missing = [name for name in TABLES if not (there / f"{name}.{format}").exists()]
    if missing and not (there / f"crm.{format}").exists():
        for _ in generate(there, format, -(-size // 3), missing):
            pass
    return there


def ready(engine: Engine, directory: Path, size: int) -> None:
    """Put the tables of that size in the engine's sight."""
    if engine.name == "sqlite":
        database = files(directory, "sqlite", size) / "crm.sqlite"
        if any(row[1] == "crm" for row in engine.run("PRAGMA database_list")):
            engine.run("DETACH crm")
        engine.run(f"ATTACH '{database}' AS crm")
        engine.run("CREATE INDEX IF NOT EXISTS crm.by_customer ON salesorder (__customerid_id)")
        return
    for name in TABLES:
        path = files(directory, "parquet", size) / f"{name}.parquet"
        engine.run(VIEWS[engine.name].format(name=engine.quoted(name), path=path.resolve()))


def cost(engine: Engine, entity: str, text: str, rounds: int) -> float:
    """Median seconds for the rows."""
    sql = querykit.to_sql(querykit.parse(text, "odata"), SCHEMA, engine.dialect, entity)
    times = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        engine.run(sql.text, sql.params)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def shown(seconds: float) -> str:
    """Milliseconds, with one decimal where they are few."""
    return f"{seconds * 1000:,.{int(seconds < 0.01)}f}"


def table(engines: Iterable[str], sizes: list[int], directory: Path, rounds: int) -> None:
    """Print the costs as a table of Markdown, the lines of an engine as soon as they are known."""
    print("| engine | query |", *(f"{size:,} |" for size in sizes))
    print("|---|---|" + "---:|" * len(sizes))
    for name in engines:
        engine = named(name)
        if isinstance(engine, str):
            print(f"| {name} | does not run: {engine} |" + " |" * len(sizes))
            continue
        costs: dict[str, list[str]] = {about: [] for about in QUERIES}
        for size in sizes:
            ready(engine, directory, size)
            for about, (entity, text) in QUERIES.items():
                costs[about].append(shown(cost(engine, entity, text, rounds)))
        for about, cells in costs.items():
            print(f"| {name} {engine.version} | {about} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument(
        "--rows", type=int, nargs="+", default=list(SIZES), metavar="N", help="numbers of orders"
    )
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", type=Path, help="where the files are kept; else they are made anew")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        table(options.engines, options.rows, options.data or Path(scratch), options.rounds)
    sys.stdout.flush()
    print(f"{os.cpu_count()} cores", file=sys.stderr)


if __name__ == "__main__":
    main()
