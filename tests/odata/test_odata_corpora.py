"""The OASIS cases, other implementations' tests, and probes of the OASIS grammar: accepted and rejected, in numbers.

Run with `-s` to see the counts and every miss. Each exception has a reason here; there are no others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import corpora
from querykit.errors import QueryError
from querykit.languages.odata import parse, parse_filter, render, render_filter
from querykit.languages.percent import encode
from querykit.limits import Limits

#: The texts test syntax; some expand seven levels deep.
WIDE = Limits(depth=128, collection_depth=64, expand_depth=64, expand_width=100)

EXPRESSIONS = ("$filter", "expr", "literal")
OPTIONS = (*EXPRESSIONS, "$orderby", "$expand", "$select", "$search", "$compute", "$apply")

#: Deliberate, with the reason; nothing else of the OASIS cases may be accepted wrongly.
LENIENT = {
    "core-0311": "a blank before the value of an option",
    "core-0568": "# in a word: it would end a URL, but a text can be decoded already",
    "core-0572": "; in a word, for the same reason; it ends a word if an option comes after it",
}
#: Refused although valid.
REFUSED = {"core-0288": "a key after /$filter(…): one row of a filtered collection"}

#: Codes of what is known and has no tree yet.
UNSUPPORTED = ("unsupported_option", "unsupported_path")

Row = dict[str, Any]


def load(name: str, options: tuple[str, ...] = OPTIONS) -> list[Row]:
    return [row for row in corpora.load(name) if row["option"] in options]


def text_of(row: Row) -> str:
    """The decoded text; a fragment of a path gets the path that it needs."""
    text: str = row.get("decoded") or row["text"]
    return f"Items/{text}" if row.get("rule") in ("anyExpr", "allExpr") else text


def parsed(option: str, text: str) -> str:
    """`accepted`, `unsupported` (what has no tree yet) or `rejected`; what is read survives printing."""
    error: QueryError | None = None
    try:
        if option in EXPRESSIONS:
            expr = parse_filter(text, None, WIDE)
            assert parse_filter(render_filter(expr), None, WIDE) == expr, text
        else:
            query = parse(text, None, WIDE)
            assert parse(render(query), None, WIDE) == query, text
    except QueryError as caught:
        error = caught
    if error is None:
        return "accepted"
    assert error.position is not None, text
    assert error.source is not None, text
    return "unsupported" if error.code in UNSUPPORTED else "rejected"


def read(row: Row) -> str:
    option, text = row["option"], text_of(row)
    if option not in EXPRESSIONS:
        is_encoded = "%3b" in text or (option == "$search" and "%" in text)  # some rows have no decoded form
        encoded = row["text"] if is_encoded else encode(text)
        text = f"{option}={encoded}"
    return parsed(option, text)


def tally(rows: list[Row], valid: Callable[[Row], bool]) -> tuple[Counter[tuple[str, bool, str]], list[str]]:
    """Counts by option, verdict and outcome; and the misses."""
    counts: Counter[tuple[str, bool, str]] = Counter()
    misses = []
    for row in rows:
        outcome = read(row)
        counts[row["option"], valid(row), outcome] += 1
        if (outcome == "accepted") != valid(row):
            misses.append(f"{row.get('id', '')} {row['option']} {outcome}: {text_of(row)}")
    for option in OPTIONS:
        cells = [
            f"{counts[key]} {'valid' if key[1] else 'invalid'} {key[2]}"
            for key in sorted(counts)
            if key[0] == option
        ]
        print(option, ", ".join(cells))
    print(*misses, sep="\n")
    return counts, misses


def share(counts: Counter[tuple[str, bool, str]], valid: bool, outcome: str) -> float:
    total = sum(count for key, count in counts.items() if key[1] == valid)
    return sum(count for key, count in counts.items() if key[1:] == (valid, outcome)) / total


def test_oasis() -> None:
    """Left out: forms of JSON bodies; cases of one literal type (`0` is no Boolean, but a literal all the same)."""
    rows = [
        row
        for row in load("odata-oasis.jsonl")
        if not row.get("payload_form")
        and not (row["option"] == "literal" and row["rule"] in ("date", "boolean") and not row["valid"])
        and row["rule"] != "stringInUrl"  # a part of JSON values
        and not row["name_dependent"]
    ]
    counts, misses = tally(rows, lambda row: row["valid"])
    wrong = {miss.split(" ")[0] for miss in misses if " unsupported: " not in miss}
    assert wrong == {*LENIENT, *REFUSED}
    rejected = [key for key in counts if key[1:] in ((True, "rejected"), (True, "unsupported"))]
    assert rejected == [("expr", True, "rejected")]


def test_peers() -> None:
    """Valid and no dialect must be accepted; what the OASIS grammar rejects must be rejected."""
    rows = [
        row
        for row in load("odata-peers.jsonl")
        if (row["valid"] and not row.get("dialect")) or row.get("level") == "syntax"
    ]
    counts, misses = tally(rows, lambda row: row["valid"])
    assert {miss.split(" ")[0] for miss in misses if " accepted: " in miss} == {
        "peer-3246",  # a property of a collection without any or all: only a model knows the collections
        "peer-2964",  # an aggregate without a method: only a model knows which a service has by name
    }
    assert {miss.split(" ")[0] for miss in misses if " rejected: " in miss} == {
        "peer-3249",  # a key after a function call
        "peer-3526",  # a double quote within a phrase
        "peer-4633",  # all() without a condition
    }
    assert share(counts, True, "accepted") > 0.99


def test_probes() -> None:
    """Verdicts of the OASIS grammar on texts at its edges."""
    _, misses = tally(load("odata-probes.jsonl"), lambda row: row["abnf401"])
    wrong = {miss.split(": ", 1)[1] for miss in misses if " unsupported: " not in miss}
    assert wrong == {
        # blanks that are missing, or too many
        *("not(a)", "tolower (a) eq 'x'", "(a eq 1)and(b eq 2)", "(a eq 1) and(b eq 2)", "a/ b eq 1"),
        *(" a eq 1", "a eq 1 ", "a DESC, b", "a , b", "a ", "filter(a eq 1) / top(1)"),
        "a;b",
        # grammatical without a meaning
        *("a/all()", "a eq 2020-02-30", "a/ eq 1"),
    }


def test_version_4_0() -> None:
    """What the grammar of 4.0 rejects of the 4.01 probes is refused as too new; `$apply` has versions of its own."""
    wrong = set()
    for row in load("odata-probes.jsonl", (*OPTIONS, "query")):
        option, text = row["option"], row["text"]
        whole = text if option == "query" else f"{option}={encode(text)}"
        if option == "$apply" or not row["abnf401"] or read_as("4.01", option, text, whole) != "read":
            continue
        if (read_as("4.0", option, text, whole) == "read") != row["abnf40"]:
            wrong.add(text)
    assert wrong == {
        *(
            "filter=a eq 1",
            "FILTER=a eq 1",
            "top=5",
        ),  # options of the service's own in 4.0: refused to be safe
        *("é", "日本"),  # a comment of the grammar has Unicode letters as well
        "a($apply=aggregate($count as c))",
    }


def read_as(version: str, option: str, text: str, whole: str) -> str:
    try:
        if option in EXPRESSIONS:
            parse_filter(text, None, WIDE, version=version)
        else:
            parse(whole, None, WIDE, version=version)
    except QueryError as error:
        return error.code
    return "read"


def test_whole_queries() -> None:
    """Query strings with any options are read, or refused by name; those of Temporal Data are unknown.

    So are custom options with an exclamation mark: one must not pass for a condition that is negated.
    """
    rows = [row for row in load("odata-oasis.jsonl", ("query",)) if row["valid"]]
    outcomes = {f"{row['id']} {row['text']}": parsed("query", row["text"]) for row in rows}
    print(Counter(outcomes.values()))
    rejected = [text for text, outcome in outcomes.items() if outcome == "rejected"]
    print(*rejected, sep="\n")
    unknown = {text.split(" ")[0] for text in rejected if not text.startswith("temp-")}
    assert unknown == {"core-0632", "core-0633", "core-0634", "core-0635"}
