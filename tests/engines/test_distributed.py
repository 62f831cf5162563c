"""The demo's questions to files, by the engines that read them: the rows that SQLite finds in its tables."""

from __future__ import annotations

import enum
import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import querykit
from engines.base import Engine
from engines.registry import asked_for
from querykit.demo import crm
from querykit.demo.generate import generate
from querykit.demo.questions import QUESTIONS, Question

EXAMPLES = Path(__file__).parents[2] / "examples"
SCHEMA = crm.schema()

#: Engine -> formats of the files that its example makes views of.
READS = {"clickhouse": ("parquet", "csv"), "spark": ("parquet",)}
ASKED = [name for name in asked_for() if name in READS]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("crm")
    for format in ("parquet", "csv", "sqlite"):
        list(generate(directory, format))
    return directory


@pytest.fixture(scope="module")
def sqlite(files: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{files / 'crm.sqlite'}")
    yield engine
    engine.dispose()


@pytest.mark.parametrize("database", ASKED, indirect=True)
def test_the_same_rows(database: Engine, files: Path, sqlite: sa.Engine) -> None:
    views = runpy.run_path(str(EXAMPLES / f"distributed_{database.name}.py"))["views"]
    for format in READS[database.name]:
        for statement in views(files, *[format] * (len(READS[database.name]) > 1)):
            database.run(statement)
        different = [found for question in QUESTIONS if (found := difference(question, database, sqlite))]
        assert different == [], "\n\n".join(different)


def difference(question: Question, database: Engine, sqlite: sa.Engine) -> str:
    """What is wrong with the answer; nothing where it is the one of SQLite."""
    query = querykit.parse(question.text, question.language)
    sql = querykit.to_sql(query, SCHEMA, dialect=database.dialect, entity=question.entity)
    about = f"{database.name}: {question.title}\n{sql.text}\n{sql.params}"
    try:
        found = database.run(sql.text, sql.params)
    except database.errors as error:
        return f"{about}\n{str(error)[:500]}"
    rows = [plain(dict(zip(database.columns, row, strict=True))) for row in found]
    expected = [plain(row) for row in querykit.fetch(sqlite, query, SCHEMA, entity=question.entity)]
    if not query.order:
        rows, expected = sorted(rows), sorted(expected)
    return "" if rows == expected and rows else f"{about}\n{rows[:3]}\n{expected[:3]}"


def plain(row: dict[str, Any]) -> str:
    """A row for comparing, without what `$expand` brings: 1.50 is 1.5, and keys are texts."""
    return str([(name, cell(value)) for name, value in row.items() if not isinstance(value, dict | list)])


def cell(value: Any) -> str:
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    return f"{Decimal(str(value)).normalize():f}"


@pytest.mark.parametrize("database", ASKED, indirect=True)
def test_example(database: Engine, tmp_path: Path) -> None:
    """As it is started by hand: files are made, one question of each language is answered."""
    program = EXAMPLES / f"distributed_{database.name}.py"
    done = subprocess.run(
        [sys.executable, str(program), str(tmp_path / "crm"), "300"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    last = {question.language: question for question in QUESTIONS}
    for question in last.values():
        assert f"\n{question.title} ({question.language}): " in done.stdout
    assert ": 0 rows" not in done.stdout
