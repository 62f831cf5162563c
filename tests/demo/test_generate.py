"""The sample CRM as files: all rows, the same bytes each time, and no more memory for more rows."""

from __future__ import annotations

import csv
import sqlite3
import tracemalloc
from collections import deque
from pathlib import Path

import pytest

from querykit.demo import crm
from querykit.demo.generate import FORMATS, generate, main

ROWS = 60
COUNTS = {"account": 60, "contact": 120, "salesorder": 180, "salesorderdetail": 360, "systemuser": 9}


@pytest.fixture(params=FORMATS)
def format(request: pytest.FixtureRequest) -> str:
    if request.param == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow writes Parquet")
    return str(request.param)


def written(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_every_table_has_its_rows(format: str, tmp_path: Path) -> None:
    counts = dict(generate(tmp_path, format, ROWS))
    assert counts == {table.name: sum(1 for _ in rows) for table, rows in crm.tables(ROWS)}
    assert counts | COUNTS == counts
    assert {name: stored(tmp_path, format, name) for name in counts} == counts


def stored(directory: Path, format: str, table: str) -> int:
    """Rows that another reader finds in the files."""
    if format == "sqlite":
        connection = sqlite3.connect(directory / "crm.sqlite")
        count = connection.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0]
        connection.close()
        return int(count)
    path = directory / f"{table}.{format}"
    if format == "csv":
        with path.open(encoding="utf-8", newline="") as file:
            return sum(1 for _ in csv.DictReader(file, strict=True))
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def test_the_same_bytes_each_time(format: str, tmp_path: Path) -> None:
    for directory in ("first", "second"):
        list(generate(tmp_path / directory, format, ROWS))
    assert written(tmp_path / "first") == written(tmp_path / "second")


def test_values_are_kept_by_parquet(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow writes Parquet")
    list(generate(tmp_path, "parquet", ROWS))
    for table, rows in crm.tables(ROWS):
        found = pq.read_table(tmp_path / f"{table.name}.parquet").to_pylist()
        for row, kept in zip(rows, found, strict=True):
            assert {name: text(value) for name, value in kept.items()} == {
                name: text(value) for name, value in row.items()
            }


def text(value: object) -> str:
    """Without the zone that moments get, the zeros of decimals, and the class of enumerations."""
    shown = str(getattr(value, "name", value)).removesuffix("+00:00")
    return f"{value:.4f}" if value.__class__.__name__ == "Decimal" else shown


def test_null_is_no_empty_text_in_csv(tmp_path: Path) -> None:
    list(generate(tmp_path, "csv", ROWS, ["account"]))
    lines = (tmp_path / "account.csv").read_text(encoding="utf-8").split("\n")
    assert lines[0].startswith('"id","name","address1_city"')
    assert '"""Quoted"" Goods"' in lines[11], "quotes are doubled"
    assert ",," in lines[1], "no phone"


def test_memory_is_bounded(format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """50,000 rows would be 17 MB; a batch is held. Copies of one row, as `tracemalloc` makes dice slow."""
    (table, rows), *_ = (pair for pair in crm.tables(1) if pair[0].name == "Subscription")
    row = next(rows)
    many = (row | {"SubscriptionID": number} for number in range(50_000))
    monkeypatch.setattr(crm, "tables", lambda rows: [(table, many)])
    list(generate(tmp_path / "imports", format, 1, ["none"]))
    tracemalloc.start()
    assert dict(generate(tmp_path, format)) == {"Subscription": 50_000}
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6_000_000


def test_memory_does_not_grow_with_the_rows() -> None:
    """The rows of each table are drawn one by one: five times as many take no more than the first ones."""
    peaks: dict[str, list[int]] = {}
    for accounts in (40, 40, 200):  # what is imported and kept is not counted, after the first time
        for table, rows in crm.tables(accounts):
            tracemalloc.start()
            deque(rows, maxlen=1)
            peaks.setdefault(table.name, []).append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert {name for name, (_, few, many) in peaks.items() if many > few + 4_000} == set(), peaks


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--rows", "1_0", "--format", "csv", "--out", str(tmp_path), "--table", "contact"]
    assert main(arguments) == 0
    assert capsys.readouterr().out == "          20 contact\n"
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "File exists" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main([*arguments, "--rows", "0"])
