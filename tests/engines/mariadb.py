"""MariaDB, as the operating system has it: a private server with a socket in a temporary folder."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa

from engines.base import DbApiEngine, Missing

__all__ = ["MariaDB"]

_SMALL = (
    "--skip-networking",
    "--skip-log-bin",
    "--performance-schema=OFF",
    "--innodb-buffer-pool-size=32M",
    "--innodb-log-file-size=8M",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-method=nosync",
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_nopad_bin",
)


class MariaDB(DbApiEngine):
    """Columns are in `utf8mb4_nopad_bin`, the one collation that compares code points and no blanks away."""

    name = "mariadb"
    dialect = "mysql"
    mark = "%s"
    quote = "`"
    types = {
        **dict.fromkeys(("string", "any"), "TEXT"),
        "bool": "BOOLEAN",
        "int": "BIGINT",
        "float": "DOUBLE",
        "decimal": "DECIMAL(50, 15)",
        "date": "DATE",
        "datetime": "DATETIME(6)",
        "duration": "DATETIME(6)",
        "time": "TIME(6)",
        "guid": "CHAR(32)",
        "binary": "BLOB",
    }

    def __init__(self) -> None:
        try:
            import pymysql
        except ImportError:
            raise Missing("pip install pymysql") from None
        self.errors = (pymysql.Error, OverflowError)
        self._server = Server()
        try:
            socket = str(self._server.socket)
            self.connection = pymysql.connect(
                unix_socket=socket,
                user=self._server.user,
                charset="utf8mb4",
                collation="utf8mb4_nopad_bin",
                autocommit=True,
            )
            self.run("CREATE DATABASE querykit")
            self.run("USE querykit")
        except BaseException:
            self._server.stop()
            raise
        self.version = str(self.run("SELECT VERSION()")[0][0]).split("-")[0]
        self.sqlalchemy = sa.create_engine(
            f"mariadb+pymysql://{self._server.user}@/querykit",
            connect_args={"unix_socket": socket, "charset": "utf8mb4", "collation": "utf8mb4_nopad_bin"},
        )

    def close(self) -> None:
        super().close()
        self._server.stop()


class Server:
    """A server process and its folder."""

    def __init__(self) -> None:
        program = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin:/usr/local/sbin")
        install = shutil.which("mariadb-install-db")
        if program is None or install is None:
            raise Missing("apt-get install mariadb-server")
        root = os.geteuid() == 0
        self.user = "root" if root else getpass.getuser()
        self.folder = Path(tempfile.mkdtemp(prefix="querykit-mariadb-"))
        self.socket = self.folder / "socket"
        run_as = ["--user=mysql"] if root else []
        if root:
            shutil.chown(self.folder, "mysql")
        data = f"--datadir={self.folder / 'data'}"
        _finished(
            [
                install,
                "--no-defaults",
                *run_as,
                data,
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ]
        )
        log = (self.folder / "log").open("wb")
        self._process = subprocess.Popen(
            [program, "--no-defaults", *run_as, data, f"--socket={self.socket}", *_SMALL],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        log.close()
        self._wait()

    def _wait(self, seconds: float = 30) -> None:
        """Until it listens."""
        end = time.monotonic() + seconds
        while not self.socket.exists():
            if self._process.poll() is not None or time.monotonic() > end:
                said = (self.folder / "log").read_text(errors="replace")[-1000:]
                self.stop()
                raise Missing(f"mariadbd does not start: {said}")
            time.sleep(0.05)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _finished(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"{Path(command[0]).name} fails: {done.stderr[-1000:]}")
