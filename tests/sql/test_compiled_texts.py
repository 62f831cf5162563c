"""compiled.txt: what texts become for the databases that no test starts, through all of the pipeline."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy.dialects import mssql

import querykit
from querykit import QueryError, Schema

DIALECTS = ("tsql", "oracle", "snowflake", "bigquery", "trino", "databricks")
NOON = dt.datetime(2020, 1, 10, 12)


def table() -> dict[str, dict[str, str]]:
    """Language and text -> dialect -> SQL, or the refusal behind an exclamation mark."""
    found: dict[str, dict[str, str]] = {}
    names: list[str] = []
    for line in (Path(__file__).parent / "compiled.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            found[line[3:]] = {}
        elif line.startswith("-- "):
            names = line[3:].split()
        elif line and not line.startswith("#"):
            found[list(found)[-1]] |= dict.fromkeys(names, line)
    return found


TABLE = table()


def compiled(text: str, dialect: str, schema: Schema) -> str:
    """The statement, of the key alone where the text selects nothing."""
    language, _, text = text.partition(" ")
    query = querykit.parse(text, language)
    if query.select is None and not query.apply:
        query = query.replace(select=querykit.parse("$select=id", "odata").select)
    try:
        return querykit.to_sql(query, schema, dialect, "Account", clock=lambda: NOON).text
    except QueryError as error:
        return f"! {error.message}"


@pytest.mark.parametrize("text", TABLE)
def test_text(text: str, schema: Schema) -> None:
    assert {name: compiled(text, name, schema) for name in DIALECTS} == TABLE[text]


#: The collation that the schema states of a column -> how SQL Server tests a prefix.
PREFIXES = {
    # Two letters can be one there (Danish AA), which no LIKE takes apart: only a test that no index serves is exact.
    None: "code COLLATE Latin1_General_100_BIN2 LIKE @p0 ESCAPE '\\'",
    "nocase": "code COLLATE Latin1_General_100_BIN2 LIKE @p0 ESCAPE '\\'",
    "binary": "code LIKE @p0 ESCAPE '\\'",
}


@pytest.mark.parametrize("collation", PREFIXES)
def test_a_prefix_has_an_index_where_the_column_compares_code_points(collation: str | None) -> None:
    code = {"type": "string", "collation": collation}
    schema = Schema.from_dict(
        {"A": {"table": "a", "key": ["id"], "properties": {"id": "int!", "code": code}}}
    )
    query = querykit.parse("$filter=startswith(code,'a[%')", "odata")
    sql = querykit.to_sql(query, schema, "tsql", "A")
    assert sql.text.partition(" WHERE ")[2].removesuffix(" ORDER BY id") == PREFIXES[collation]
    assert sql.params == {"p0": "a\\[\\%%"}
    statement = str(querykit.to_sqlalchemy(query, schema, "A").compile(dialect=mssql.dialect()))
    assert PREFIXES[collation].replace("@", ":").replace("code", "a.code") in " ".join(statement.split())
