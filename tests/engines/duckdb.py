"""DuckDB, in memory."""

from __future__ import annotations

from engines.base import DbApiEngine, Missing

__all__ = ["DuckDB"]


class DuckDB(DbApiEngine):
    """No engine of SQLAlchemy: the dialects there are either do not reflect or want an older DuckDB."""

    name = "duckdb"
    dialect = "duckdb"
    types = {
        **dict.fromkeys(("string", "any"), "TEXT"),
        "bool": "BOOLEAN",
        "int": "BIGINT",
        "float": "DOUBLE",
        "decimal": "DECIMAL(38, 9)",
        "date": "DATE",
        "datetime": "TIMESTAMP",
        "time": "TIME",
        "duration": "INTERVAL",
        "guid": "UUID",
        "binary": "BLOB",
    }

    def __init__(self) -> None:
        try:
            import duckdb
        except ImportError:
            raise Missing("pip install duckdb") from None
        self.errors = (duckdb.Error, OverflowError)
        self.connection = duckdb.connect(":memory:", config={"threads": 1})
        self.version = duckdb.__version__
