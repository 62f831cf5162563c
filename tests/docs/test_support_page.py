"""docs/support.md is what the registry, the grammars and the targets give today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from querykit.cli.support.constructs import constructs
from querykit.cli.support.findings import IMPLIED, OTHERWISE, SAID, said
from querykit.cli.support.pages import page
from querykit.cli.support.targets import TARGETS, Targets
from querykit.functions.catalog import CATALOG
from querykit.functions.spelling import SPELLINGS
from querykit.languages.registry import LANGUAGES

PAGE = Path(__file__).parents[2] / "docs" / "support.md"
CONSTRUCTS = {item.about: item for item in constructs()}

#: Written in calls that have a construct of their own: the list of `in`, the arguments of a custom function, $search.
INSIDE = re.compile(r"list|object|search\..*")


def test_the_page_is_up_to_date() -> None:
    lines = list(page())
    assert PAGE.read_text(encoding="utf-8").splitlines() == lines, (
        "out of date; run: querykit languages --markdown > docs/support.md"
    )


def test_every_function_is_a_construct() -> None:
    assert [id for id in CATALOG if id not in CONSTRUCTS and not INSIDE.fullmatch(id)] == []


def test_names_are_unique() -> None:
    assert len(CONSTRUCTS) == len(list(constructs()))


@pytest.mark.parametrize("language", SPELLINGS)
def test_what_has_a_spelling_is_said(language: str) -> None:
    spelled = {row.id for row in SPELLINGS[language]} & CONSTRUCTS.keys()
    assert [id for id in spelled if said(CONSTRUCTS[id])[language].how != SAID] == []


@pytest.mark.parametrize("about", CONSTRUCTS)
def test_one_language_at_least_says_it(about: str) -> None:
    """Else the sample is wrong."""
    assert SAID in [row.how for row in said(CONSTRUCTS[about]).values()]


#: Construct -> how languages say it, and what does not run it. Facts of the specifications, by hand.
FACTS = [
    ("filter by ids", {"resengo": SAID, "criteria": SAID, "fetchxml": OTHERWISE}, ()),
    ("order, a direction each", {"odata": SAID, "vtql": "no", "criteria": "no"}, ()),
    ("top", {"criteria": IMPLIED, "vtql": SAID, "resengo": SAID}, ()),
    ("count beside the rows", {"resengo": IMPLIED, "logo": SAID, "vtql": "no"}, ()),
    ("total.ne", {"odata": SAID, "criteria": OTHERWISE, "vtql": "no"}, ()),
    ("cmp.ne", {"odata": OTHERWISE, "criteria": SAID, "vtql": SAID}, ()),
    ("str.startswith", {"odata": SAID, "criteria": SAID, "vtql": OTHERWISE}, ()),
    ("str.lower", {"odata": SAID, "vtql": "no", "fetchxml": "no"}, ()),
    ("expand", {"odata": SAID, "resengo": SAID, "logo": "no"}, TARGETS[2:]),
    ("any", {"odata": SAID, "criteria": SAID, "vtql": "no"}, ()),
    ("str.matches", {"odata": SAID}, ("sqlite", "tsql")),
    ("bit.and", {"odata": "no", "criteria": SAID}, ()),
]


@pytest.mark.parametrize(("about", "how", "missing"), FACTS, ids=[about for about, *_ in FACTS])
def test_facts(about: str, how: dict[str, str], missing: tuple[str, ...]) -> None:
    found = said(CONSTRUCTS[about])
    assert found.keys() == LANGUAGES.keys()
    assert {name: found[name].how for name in how} == how
    runs = Targets().that_run(CONSTRUCTS[about].samples)
    assert "evaluate" in runs
    assert not set(missing) & set(runs)
