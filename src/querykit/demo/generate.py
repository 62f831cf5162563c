"""The sample CRM at any size: `python -m querykit.demo.generate --rows 10_000_000 --format parquet --out crm`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from sqlalchemy import Table, create_engine

from querykit.demo import crm, models
from querykit.demo.files import Writer
from querykit.demo.rows import Row

__all__ = ["FORMATS", "generate", "main"]

#: One file for each table, but one for all of SQLite.
FORMATS = ("parquet", "csv", "sqlite")


def generate(
    directory: Path, format: str, rows: int = crm.ROWS, only: Collection[str] = ()
) -> Iterator[tuple[str, int]]:
    """Write the sample CRM and say of each table, as it is done, how many rows it has.

    The rows are drawn from streams that the table and the row's number seed: the same number of accounts gives the
    same rows on every machine. Only a batch of them is ever held in memory, whatever their number.

    Parameters
    ----------
    directory: gets `<table>.parquet`, `<table>.csv`, or one `crm.sqlite`; it is made where it is not there.
    format: of `FORMATS`.
    rows: number of accounts; contacts, orders … are a multiple of it.
    only: tables; all of them where it is empty.

    Raises
    ------
    FileExistsError: a file is there already.
    ModuleNotFoundError: Parquet needs pyarrow.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as directory:
    ...     list(generate(Path(directory), "csv", rows=10, only=["account", "contact"]))
    [('account', 10), ('contact', 20)]
    """
    directory.mkdir(parents=True, exist_ok=True)
    tables = [pair for pair in crm.tables(rows) if not only or pair[0].name in only]
    if format == "sqlite":
        yield from _database(directory / "crm.sqlite", tables)
        return
    write = _writer(format)
    for table, source in tables:
        yield table.name, write(directory / f"{table.name}.{format}", table, source)


def _database(path: Path, tables: list[tuple[Table, Iterator[Row]]]) -> Iterator[tuple[str, int]]:
    path.open("x").close()
    engine = create_engine(f"sqlite:///{path}")
    models.Base.metadata.create_all(engine)
    try:
        with engine.begin() as connection:
            for table, source in tables:
                yield table.name, crm.fill(connection, table, source)
    finally:
        engine.dispose()


def _writer(format: str) -> Writer:
    if format == "csv":
        from querykit.demo.files import as_csv

        return as_csv.write
    from querykit.demo.files import as_parquet

    return as_parquet.write


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; the exit status is 2 where it is used wrongly."""
    names = list(models.Base.metadata.tables)
    parser = argparse.ArgumentParser("python -m querykit.demo.generate", description=__doc__)
    parser.add_argument("--rows", type=int, default=crm.ROWS, metavar="N", help="number of accounts")
    parser.add_argument("--format", choices=FORMATS, default="parquet")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--table", action="append", choices=names, default=[], help="only this one; repeatable"
    )
    options = parser.parse_args(arguments)
    if options.rows < 1:
        parser.error("--rows: at least 1")
    try:
        for name, count in generate(options.out, options.format, options.rows, options.table):
            print(f"{count:>12,} {name}", flush=True)
    except (OSError, ModuleNotFoundError) as error:
        parser.error(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
