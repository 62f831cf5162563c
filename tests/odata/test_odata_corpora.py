"""The OASIS cases, other implementations' tests, and probes of the OASIS grammar: every verdict, every position.

What is not met is listed in `corpus_exceptions.txt` with its reason, and a line there that no longer holds fails as
well. Run with `-s` to see the counts and every miss.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest
from oasis_model import MODELLED, NOT_RUN, code_of_not_run, refusal

import corpora
from querykit.ast.nodes import Call, Expr, Literal
from querykit.errors import QueryError
from querykit.languages.odata import parse, parse_filter, render, render_filter
from querykit.languages.percent import encode
from querykit.limits import Limits

#: The texts test syntax; some expand seven levels deep.
WIDE = Limits(depth=128, collection_depth=64, expand_depth=64, expand_width=100, page_size=10**6)
EXPRESSIONS = ("$filter", "expr", "literal")
VERSIONS = ("4.01", "4.0")

Row = dict[str, Any]


class Form(NamedTuple):
    """How a text is given to the parser: what stands around it, and whether it is percent-decoded."""

    before: str = "$filter="
    after: str = ""
    is_url: bool = True


#: Rules of the grammar that are a part of something -> the whole. A `…Value` is the content of a literal.
FORMS = {
    "odataIdentifier": (Form("$compute=a as "),),
    "anyExpr": (Form("$filter=Items/"),),
    "allExpr": (Form("$filter=Items/"),),
    "stringInUrl": (Form("$filter=[", "]"),),
    "durationValue": (Form("duration'", "'", False),),
    "enumValue": (Form("Ns.E'", "'", False),),
    "primitiveValue": tuple(
        Form(before, "'" if before else "", False) for before in ("binary'", "geography'", "Ns.E'", "")
    ),
}
#: Rules for the literals of one type -> their kind: `INF` is a literal, but no date.
KINDS = {
    "boolean": "bool",
    "date": "date",
    "dateValue": "date",
    "dateTimeOffsetValue": "datetime",
    "guid": "guid",
    "timeOfDayValue": "time",
}


class Outcome(NamedTuple):
    """`place` is where the text fails, None if it is accepted or well-formed but of another kind."""

    accepted: bool
    place: int | None = None


def forms_of(row: Row) -> tuple[Form, ...]:
    found = FORMS.get(row.get("rule") or "")
    if found is not None:
        return found
    if row["option"] == "query":
        return (Form(""),)
    if row["option"] in EXPRESSIONS:
        is_plain = row.get("payload_form") or "%" not in row["text"]
        return (Form("", is_url=False) if is_plain else Form(),)
    return (Form(f"{row['option']}="),)


def read_as(form: Form, text: str, kind: str | None, version: str = "4.01") -> Outcome:
    """What is read survives printing."""
    whole = form.before + text + form.after
    try:
        if form.is_url:
            query = parse(whole, None, WIDE, version=version)
            assert parse(render(query), None, WIDE) == query, whole
            tree = query.filter
        else:
            tree = parse_filter(whole, None, WIDE, version=version)
            assert parse_filter(render_filter(tree), None, WIDE) == tree, whole
    except QueryError as error:
        return Outcome(False, place_of(error) - len(form.before))
    return Outcome(kind is None or kind == kind_of(tree))


def place_of(error: QueryError) -> int:
    assert error.position is not None, error
    assert error.source is not None, error
    return error.position[0]


def kind_of(tree: Expr | None) -> str:
    assert isinstance(tree, (Literal, Call))
    return tree.kind if isinstance(tree, Literal) else tree.fn


def read(row: Row) -> Outcome:
    """The text in all forms that it can have: accepted in one of them, or where the first of them fails."""
    kind = KINDS.get(row.get("rule") or "")
    outcomes = [read_as(form, row["text"], kind) for form in forms_of(row)]
    return Outcome(any(outcome.accepted for outcome in outcomes), outcomes[0].place)


def exceptions(corpus: str) -> set[str]:
    """`core-0001 verdict`: the lines of a section, without their reasons."""
    found: set[str] = set()
    section = ""
    for line in Path(__file__).with_name("corpus_exceptions.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif line and not line.startswith("#") and section == corpus:
            item, _, reason = line.partition(": ")
            assert reason, line
            found.add(item)
    return found


def check(corpus: str, count: int, misses: list[str]) -> None:
    print(f"{corpus}: {count - len(misses)} of {count} as stated", *misses, sep="\n")
    assert set(misses) == exceptions(corpus)


def test_oasis_verdicts() -> None:
    rows = corpora.load("odata-oasis.jsonl")
    misses = [row["id"] for row in rows if is_accepted(row) != row["valid"]]
    check("odata-oasis.jsonl, verdicts", len(rows), misses)


def is_accepted(row: Row) -> bool:
    return read(row).accepted and not (row["id"] in MODELLED and refusal(row, WIDE))


def test_refusals_of_the_model() -> None:
    """A name that the model refuses is what the text fails behind: at the next character, or behind a blank."""
    rows = [row for row in corpora.load("odata-oasis.jsonl") if row["id"] in MODELLED]
    assert {row["id"] for row in rows} == set(MODELLED)
    places = [(row, refusal(row, WIDE)) for row in rows if not row["valid"]]
    assert [
        row["id"] for row, place in places if not (place and place[0] <= row["fail_at"] <= place[1] + 1)
    ] == []


def test_what_is_not_run() -> None:
    """What no statement can say is parsed, and refused as that: not as an unknown name."""
    rows = [row for row in corpora.load("odata-oasis.jsonl") if row["id"] in NOT_RUN]
    assert all(row["valid"] for row in rows)
    codes = {row["id"]: code_of_not_run(row, WIDE) for row in rows}
    assert codes == {case: code for case, (_, code) in NOT_RUN.items()}


def test_oasis_positions() -> None:
    """A text fails where the OASIS grammar fails: at the first character that cannot go on."""
    rows = [row for row in corpora.load("odata-oasis.jsonl") if not row["valid"]]
    placed = [(row, read(row)) for row in rows]
    failed = [(row, outcome.place) for row, outcome in placed if outcome.place is not None]
    check(
        "odata-oasis.jsonl, positions",
        len(failed),
        [row["id"] for row, place in failed if place != row["fail_at"]],
    )


def peers() -> Iterator[tuple[Row, str]]:
    """Valid and no dialect must be accepted; what the OASIS grammar rejects must be rejected."""
    for row in corpora.load("odata-peers.jsonl"):
        is_sure = row["valid"] and not row.get("dialect") and not row.get("contested")
        if not (is_sure or row.get("level") == "syntax"):
            continue
        text = row["text"]
        if row["option"] != "query" and "%" in text:  # whole queries are decoded after they are split
            text = row.get("decoded") or unquote(text)
        yield row, text.strip() if row.get("outer_ws") else text


def read_decoded(row: Row, text: str, version: str = "4.01") -> bool:
    """Is a text of one option accepted, or a whole query (which is decoded after it is split)?"""
    if row["option"] in EXPRESSIONS:
        return read_as(Form("", is_url=False), text, None, version).accepted
    (form,) = forms_of(row)
    return read_as(form, text if row["option"] == "query" else encode(text), None, version).accepted


def test_peers() -> None:
    rows = list(peers())
    misses = [row["id"] for row, text in rows if read_decoded(row, text) != row["valid"]]
    check("odata-peers.jsonl", len(rows), misses)


@pytest.mark.parametrize("version", VERSIONS)
def test_probes(version: str) -> None:
    """Verdicts of the OASIS grammars of both versions on texts at their edges."""
    rows = corpora.load("odata-probes.jsonl")
    column = "abnf401" if version == "4.01" else "abnf40"
    misses = [
        f"{row['option']} {row['text']}".strip()
        for row in rows
        if read_decoded(row, row["text"], version) != row[column]
    ]
    check(f"odata-probes.jsonl, {version}", len(rows), misses)
