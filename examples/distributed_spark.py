"""The sample CRM as Parquet files, asked in six languages through Spark SQL.

    pip install 'querykit[parquet]' pyspark        # and a Java runtime
    python examples/distributed_spark.py DIR [ACCOUNTS]

DIR gets the files if it is not there. On a cluster it is a path that all workers see, and the session is the cluster's.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pyspark.sql import Row, SparkSession

import querykit
from querykit.demo import crm
from querykit.demo.generate import generate
from querykit.demo.questions import QUESTIONS, Question

SCHEMA = crm.schema()


def session() -> SparkSession:
    """One machine. Moments are UTC, for Spark and for the Python that gets them."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    return (
        SparkSession.builder.master("local[*]")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )


def views(directory: Path) -> Iterator[str]:
    """A statement for each file: a view that is called as the table that the schema knows."""
    for entity in SCHEMA.entities.values():
        path = directory / f"{entity.table}.parquet"
        yield f"CREATE OR REPLACE TEMPORARY VIEW `{entity.table}` USING parquet OPTIONS (path '{path}')"


def answer(spark: SparkSession, question: Question) -> list[Row]:
    """Text of any language in, rows out; values go as parameters, never as text."""
    query = querykit.parse(question.text, question.language)
    sql = querykit.to_sql(query, SCHEMA, dialect="spark", entity=question.entity)
    return spark.sql(sql.text, args=sql.params).collect()


def main(directory: Path, accounts: int) -> None:
    if not directory.is_dir():
        for name, count in generate(directory, "parquet", accounts):
            print(f"{count:>12,} {name}")
    spark = session()
    for statement in views(directory):
        spark.sql(statement)
    one_of_each = {question.language: question for question in QUESTIONS}.values()
    for question in one_of_each:
        rows = answer(spark, question)
        print(f"\n{question.title} ({question.language}): {len(rows)} rows")
        for row in rows[:3]:
            print("   ", *row, sep=" | ")
    spark.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else crm.ROWS)
