"""Queries of Vtiger's clients, and verdicts of Vtiger's own parser (both kept beside the project)."""

from __future__ import annotations

import pytest
from vtiger import SCHEMA

from corpora import load
from querykit.bind import bind
from querykit.errors import QueryError
from querykit.languages import vtql
from querykit.limits import Limits

LIMITS = Limits()

#: Verdicts that the default mode does not follow, by the reason. Each is a deviation that the grammar lists.
DEVIATIONS = {
    "an unclosed list of values": ("( 'a' ;", "( 'a','b' ;", "( 'a','b' limit"),
    "`order` without `by`": ("order limit", "order where"),
    "LIMIT takes a number": ("limit '10'", "limit -5", "limit abc"),
    "a list may start with 0": ("in (0,",),
}

#: What the parser lets pass and the database refuses.
LEFT_TO_DATABASE = (*DEVIATIONS["an unclosed list of values"], *DEVIATIONS["LIMIT takes a number"])

CODES = {
    "QUERY_SYNTAX_ERROR": "vtql_syntax",
    "INTERNAL_SERVER_ERROR": "vtql_lexical",
    "ACCESS_DENIED": "vtql_access",
}


def code(text: str, mode: str = "default") -> str | None:
    """None where the text is read (and comes back from its print), else the code of the error."""
    try:
        query = vtql.parse(text, None, LIMITS, mode=mode)
    except QueryError as error:
        return error.code
    if mode != "lenient":
        assert vtql.parse(vtql.render(query), None, LIMITS, mode=mode) == query
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


@pytest.mark.parametrize(
    ("mode", "dialect", "taken", "of"),
    [
        ("strict", "vtql", 109, 126),
        ("default", "vtql", 124, 126),
        ("lenient", "vtql", 124, 126),
        ("strict", "corebos", 28, 145),
        ("default", "corebos", 39, 145),
        ("lenient", "corebos", 59, 145),
        ("lenient", "berlicrm", 9, 9),
        ("lenient", "vtenext", 3, 3),
    ],
)
def test_how_many_queries_of_a_dialect_are_taken(mode: str, dialect: str, taken: int, of: int) -> None:
    texts = [row["text"] for row in load("vtql.jsonl") if row["dialect"] == dialect]
    assert len(texts) == of
    assert sum(code(text, mode) is None for text in texts) >= taken


def test_strict_mode_meets_every_verdict_of_the_parser() -> None:
    rows = load("vtql-verdicts.jsonl")
    misses = []
    for row in rows:
        expected = CODES.get(row.get("code"), row.get("code"))
        if row["parser"] == "accept" and any(part in row["query"] for part in LEFT_TO_DATABASE):
            expected = "vtql_database"
        found = code(row["query"], "strict")
        known_names_only = found is None and row.get("code") in ("ACCESS_DENIED", "INVALID_ID_ATTRIBUTE")
        if found != expected and not known_names_only:  # whether a name is known, the schema says
            misses.append(f"{row['parser']} {row.get('code')}: {row['query']}")
    report(misses, len(rows))


#: What the model refuses: its codes, and ours.
MODEL_CODES = {"ACCESS_DENIED": ("unknown_entity", "unknown_property"), "INVALID_ID_ATTRIBUTE": ("bad_id",)}


def test_verdicts_that_depend_on_names() -> None:
    """What the parser takes is asked of a schema with the modules and fields that Vtiger's verdicts are about."""
    misses, met = [], 0
    for row in load("vtql-verdicts.jsonl"):
        if code(row["query"], "strict") is not None:
            continue
        found = bound(row["query"])
        expected = MODEL_CODES.get(row.get("code"), (None,))
        met += row["parser"] == "reject"
        # what the database refuses, and a text that is no truth value, which MySQL takes for 0
        left_to_database = "broken" in row.get("note", "") or "emailoptout = 't'" in row["query"]
        if found not in expected and not left_to_database:
            misses.append(f"{row['parser']} {row.get('code')}, found {found}: {row['query']}")
    report(misses, met)
    assert met == 6


def bound(text: str) -> str | None:
    try:
        bind(vtql.parse(text, None, LIMITS, mode="strict"), SCHEMA)
    except QueryError as error:
        return error.code
    return None


def test_verdicts_of_the_parser() -> None:
    codes = {name: CODES[name] for name in ("QUERY_SYNTAX_ERROR", "INTERNAL_SERVER_ERROR")}
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
