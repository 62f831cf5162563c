"""Any tree, in any language: refused as a `QueryError`, or said in a text that is read as the same tree.

The same but for `normal_forms`. Languages whose conditions are brought into another form altogether (VTQL has no
brackets, FetchXML no expressions) print the text again, and tests/differential asks for the same rows.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from every_query import queries
from every_tree import expressions
from hypothesis import HealthCheck, event, given, settings
from normal_forms import criteria_form, odata_form, odata_request
from vocabularies import SAYABLE

import querykit
from querykit import Limits, QueryError
from querykit.ast.nodes import Expr, Query
from querykit.languages.registry import LANGUAGES

EXAMPLES = int(os.environ.get("QUERYKIT_EXAMPLES", "800")) // 10
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
WIDE = Limits(depth=128, collection_depth=64, expand_depth=16)

#: Language -> the options with which its texts are read: the same tree, with those of the second column or a refusal.
READERS: dict[str, tuple[list[dict[str, str]], list[dict[str, str]]]] = {
    "odata": ([{}], [{"version": "4.0"}]),
    "vtql": ([{}, {"mode": "strict"}, {"mode": "lenient"}], []),
}
EXPRESSION_FORMS: dict[str, Callable[[Any], Any]] = {
    "odata": odata_form,
    "criteria": criteria_form,
    "logo": criteria_form,
}
REQUEST_FORMS: dict[str, Callable[[Any], Any]] = {
    "odata": odata_request,
    "criteria": lambda query: Query(filter=query.filter and criteria_form(query.filter)),
}


def said(tree: Query | Expr, language: str) -> str | None:
    """The text, or None where the language has none."""
    try:
        return querykit.render(tree, language)
    except QueryError as error:
        refusal = error
    assert refusal.code
    assert refusal.message
    event(f"{language} refuses")
    return None


def check(tree: Any, language: str, read: Callable[..., Any], form: Callable[[Any], Any] | None) -> bool:
    text = said(tree, language)
    if text is None:
        return False
    all_of, some = READERS.get(language, ([{}], []))
    back, *others = [read(text, language, None, WIDE, **options) for options in all_of]
    for options in some:
        try:
            others.append(read(text, language, None, WIDE, **options))
        except QueryError:
            event("of a newer version")
    assert all(other == back for other in others), text
    event(f"{language} {'says' if back == tree else 'rewrites'}")
    if form is not None:
        assert back == form(tree), text
    assert querykit.render(back, language) == text
    return True


def check_expression(tree: Expr, language: str) -> bool:
    if language == "resengo":  # it has no bare conditions
        return check(Query(filter=tree), language, querykit.parse, None)
    return check(tree, language, querykit.parse_filter, EXPRESSION_FORMS.get(language))


def check_request(query: Query, language: str) -> bool:
    return check(query, language, querykit.parse, REQUEST_FORMS.get(language))


@SETTINGS
@given(expressions())
def test_any_expression(tree: Expr) -> None:
    for language in LANGUAGES:
        check_expression(tree, language)


@SETTINGS
@given(queries())
def test_any_request(query: Query) -> None:
    for language in LANGUAGES:
        check_request(query, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_expressions_in_the_words_of_a_language(language: str) -> None:
    sayable = SAYABLE[language]
    results: list[bool] = []

    @SETTINGS
    @given(expressions(sayable.words, sayable.depth))
    def run(tree: Expr) -> None:
        results.append(check_expression(tree, language))

    run()
    assert sum(results) > len(results) * 0.3


@pytest.mark.parametrize("language", LANGUAGES)
def test_requests_in_the_words_of_a_language(language: str) -> None:
    sayable = SAYABLE[language]
    results: list[bool] = []

    @SETTINGS
    @given(queries(sayable.in_requests or sayable.words, sayable.fields, sayable.depth - 1))
    def run(query: Query) -> None:
        results.append(check_request(query.replace(entity=query.entity or "entity"), language))

    run()
    assert sum(results) > len(results) * 0.3
