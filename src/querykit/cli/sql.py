"""`querykit sql`: the statement for a query, in the SQL of any dialect."""

from __future__ import annotations

import argparse

import querykit
from querykit.cli.plain import to_json
from querykit.cli.usage import query_arguments, query_of, schema_arguments, schema_of

__all__ = ["ABOUT", "arguments", "run"]

ABOUT = "show the SQL of a query, with its bound values"


def arguments(parser: argparse.ArgumentParser) -> None:
    query_arguments(parser)
    schema_arguments(parser)
    parser.add_argument(
        "--dialect", default="sqlite", help="whose SQL: sqlite, postgres, mysql, tsql … ('querykit dialects')"
    )


def run(options: argparse.Namespace) -> None:
    query = query_of(options)
    sql = querykit.to_sql(query, schema_of(options), dialect=options.dialect, entity=options.entity)
    if options.json:
        print(to_json({"dialect": options.dialect, "sql": sql.text, "params": sql.params}))
        return
    print(f"{sql.text};")
    for name, value in sql.params.items():
        print(f"-- {name} = {value!r}")
    if query.expand:
        print("-- without the related rows: each expansion is a statement of its own (querykit.fetch)")
