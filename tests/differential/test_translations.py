"""A request said in another language gives the same rows, there and back: the evaluator cannot tell them apart."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest
from crm import SCHEMA, databases
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from queries import Trees
from wordings import requests

import querykit
from querykit import NotExpressible, Query, TypeMismatch
from querykit.ast.nodes import Expr
from querykit.languages.registry import LANGUAGES

EXAMPLES = int(os.environ.get("QUERYKIT_EXAMPLES", "800")) // 16


def table(name: str) -> dict[str, dict[str, int]]:
    """Language -> language -> how many of a hundred requests."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    (_, *targets), *rows = [line.split() for line in lines if not line.startswith("#")]
    return {source: dict(zip(targets, map(int, shares), strict=True)) for source, *shares in rows}


LEAST = table("spoken.txt")

#: The one asymmetry: values of VTQL and FetchXML are texts, which only a schema can tell from those of OData, which
#: compares with care: `id eq '5'` is a mismatch. Languages that compare as SQL does read them as the column asks.
TEXTUAL = {"vtql", "fetchxml"}
#: What a language may not be able to say of its own requests, once another has simplified them.
SIMPLIFIED = (
    "VTQL cannot write a condition that is never true",
    "VTQL cannot write a condition that is always true",
)
#: DevExpress's data sources are given the number of rows beside the criterion.
BESIDE = {"criteria": "top"}


def checked(max_examples: int) -> settings:
    return settings(
        max_examples=max_examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )


@st.composite
def conditions(draw: st.DrawFn) -> Expr:
    return Trees(draw).condition(["Shop"], 3)


def said(query: Query, language: str) -> str | None:
    try:
        return querykit.render(query, language)
    except NotExpressible as error:
        event(f"{language}: {error.code}")
        return None


def read(text: str, language: str, original: Query) -> Query:
    query = querykit.parse(text, language)
    beside = {BESIDE[language]: getattr(original, BESIDE[language])} if language in BESIDE else {}
    return query.replace(entity="Shop", **beside)


def rows(query: Query, data: dict[str, list[dict]], ways: set[str]) -> list[dict] | None:
    """None where only a schema knows what the values are."""
    try:
        return querykit.evaluate(query, data, SCHEMA, "Shop")
    except TypeMismatch:
        assert "odata" in ways
        assert ways & TEXTUAL
        event("texts that a schema would have to read")
        return None


def back(query: Query, language: str) -> str | None:
    try:
        return querykit.render(query, language)
    except NotExpressible as refusal:
        if not refusal.message.startswith(SIMPLIFIED):
            raise
        return None


def test_every_pair_is_counted() -> None:
    assert {source: list(shares) for source, shares in LEAST.items()} == {
        source: list(LANGUAGES) for source in LANGUAGES
    }


def _at_least(share: float) -> float:
    """Of the examples, less two standard deviations: what is drawn depends on the modules that are loaded."""
    return EXAMPLES * share - 2 * math.sqrt(EXAMPLES * share * (1 - share))


@pytest.mark.parametrize("source", LANGUAGES)
def test_there_and_back(source: str) -> None:
    """The request in its own language, in every other one, and in its own again."""
    spoken = dict.fromkeys(LANGUAGES, 0)

    @given(data=databases(), query=requests(source))
    @checked(EXAMPLES)
    def check(data: dict[str, list[dict]], query: Query) -> None:
        text = said(query, source)
        if text is None:
            return
        first = read(text, source, query)
        expected = querykit.evaluate(query, data, SCHEMA, "Shop")
        assert querykit.evaluate(first, data, SCHEMA, "Shop") == expected, text
        for target in LANGUAGES:
            translated = said(first, target)
            if translated is None:
                continue
            spoken[target] += 1
            second = read(translated, target, first)
            assert rows(second, data, {source, target}) in (expected, None), f"{text}\n{translated}"
            returned = back(second, source)
            if returned is not None:
                third = read(returned, source, first)
                assert rows(third, data, {source, target}) in (expected, None), (
                    f"{text}\n{translated}\n{returned}"
                )

    check()
    print(source, spoken)
    least = {target: _at_least(share / 100) for target, share in LEAST[source].items()}
    assert {target: count for target, count in spoken.items() if count < least[target]} == {}


@pytest.mark.parametrize("language", ["odata", "criteria", "vtql", "fetchxml"])
def test_the_same_rows(language: str) -> None:
    """Any condition, most of which a small language refuses."""

    @given(data=databases(), condition=conditions())
    @checked(EXAMPLES * 3)
    def check(data: dict[str, list[dict]], condition: Expr) -> None:
        try:
            text = querykit.render(condition, language)
        except NotExpressible as error:
            event(error.code)
            return
        event("said")
        trees = (condition, querykit.parse_filter(text, language))
        kept = [querykit.evaluate(Query(filter=tree), data, SCHEMA, "Shop") for tree in trees]
        assert kept[0] == kept[1], text

    check()
