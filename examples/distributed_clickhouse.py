"""The sample CRM as Parquet or CSV files, asked in six languages through ClickHouse (chDB: inside this process).

    pip install 'querykit[parquet]' chdb
    python examples/distributed_clickhouse.py DIR [ACCOUNTS [parquet|csv]]

DIR gets the files if it is not there. On a cluster, say s3Cluster(…) or hdfsCluster(…) instead of file(…).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chdb.session import Session

import querykit
from querykit.demo import crm
from querykit.demo.generate import generate
from querykit.demo.questions import QUESTIONS, Question
from querykit.schema.model import Entity

SCHEMA = crm.schema()
FORMATS = {"parquet": "Parquet", "csv": "CSVWithNames"}

#: Kind of value -> type of a column. Texts for GUIDs: ClickHouse orders its UUID by the second half.
TYPES = {
    "string": "String",
    "enum": "String",
    "guid": "String",
    "bool": "Bool",
    "int": "Int64",
    "float": "Float64",
    "decimal": "Decimal(19, 4)",
    "date": "Date32",
    "datetime": "DateTime64(6, 'UTC')",
}


def views(directory: Path, format: str = "parquet") -> Iterator[str]:
    """A statement for each file: a view that is called as the table that the schema knows."""
    for entity in SCHEMA.entities.values():
        path = directory / f"{entity.table}.{format}"
        file = f"file('{path}', '{FORMATS[format]}', $${_columns(entity)}$$)"
        yield f'CREATE OR REPLACE VIEW "{entity.table}" AS SELECT * FROM {file}'


def _columns(entity: Entity) -> str:
    columns = {each.column: TYPES[each.type.kind] for each in entity.properties.values() if each.column}
    return ", ".join(f"`{name}` Nullable({type})" for name, type in columns.items())


def answer(session: Session, question: Question) -> list[str]:
    """Text of any language in, rows out; values go as parameters, never as text."""
    query = querykit.parse(question.text, question.language)
    sql = querykit.to_sql(query, SCHEMA, dialect="clickhouse", entity=question.entity)
    return str(
        session.query(sql.text, "TSV", params={n: _field(v) for n, v in sql.params.items()})
    ).splitlines()


def _field(value: Any) -> str:
    """A parameter is read as a field of a TSV file is."""
    if value is None:
        return "\\N"
    return str(value).translate(str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}))


def main(directory: Path, accounts: int, format: str) -> None:
    if not directory.is_dir():
        for name, count in generate(directory, format, accounts):
            print(f"{count:>12,} {name}")
    session = Session()
    for statement in ("CREATE DATABASE crm", "USE crm", *views(directory.resolve(), format)):
        session.query(statement)
    one_of_each = {question.language: question for question in QUESTIONS}.values()
    for question in one_of_each:
        rows = answer(session, question)
        print(f"\n{question.title} ({question.language}): {len(rows)} rows")
        for row in rows[:3]:
            print("   ", *row.split("\t"), sep=" | ")
    session.close()


if __name__ == "__main__":
    format = sys.argv[3] if len(sys.argv) > 3 else "parquet"
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else crm.ROWS, format)
