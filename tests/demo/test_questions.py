"""Every question of the demo has the same answer in the database and in memory, and can be shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine

import querykit
from querykit.cli.main import main
from querykit.demo import crm
from querykit.demo.questions import QUESTIONS, Question
from querykit.languages.registry import LANGUAGES

TITLES = [question.title for question in QUESTIONS]


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    crm.build(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def rows() -> dict[str, list[dict[str, Any]]]:
    """The same rows, by entity, as the database gives them."""
    names = {entity.table: name for name, entity in crm.schema().entities.items()}
    return {names[table.name]: [dict(row) for row in source] for table, source in crm.tables()}


def test_there_are_enough_of_each_language() -> None:
    asked = [question.language for question in QUESTIONS]
    assert len(QUESTIONS) >= 12
    assert len(set(TITLES)) == len(TITLES)
    assert {name: asked.count(name) >= 3 for name in LANGUAGES} == dict.fromkeys(LANGUAGES, True)


@pytest.mark.parametrize("question", QUESTIONS, ids=TITLES)
def test_database_and_memory_agree(
    question: Question, connection: Connection, rows: dict[str, list[dict[str, Any]]]
) -> None:
    schema = crm.schema()
    query = querykit.parse(question.text, question.language)
    from_database = querykit.fetch(connection, query, schema, entity=question.entity)
    in_memory = querykit.evaluate(query, rows, schema, entity=question.entity)
    assert from_database
    assert plain(from_database, ordered=bool(query.order)) == plain(in_memory, ordered=bool(query.order))


def plain(rows: list[dict[str, Any]], ordered: bool) -> list[str]:
    """Rows for comparing: 1.50 is 1.5, and an order counts where one was asked for."""
    lines = [json.dumps(row, default=lambda value: str(number(value)), sort_keys=True) for row in rows]
    return lines if ordered else sorted(lines)


def number(value: object) -> object:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--json"]) == 0
    questions = json.loads(capsys.readouterr().out)["questions"]
    assert [question["title"] for question in questions] == TITLES
    for question in questions:
        assert question["rows"]
        assert question["ast"]["node"] == "Query"
        assert question["sql"]["text"].startswith("SELECT ")
        assert question["translations"].keys() == LANGUAGES.keys() - {question["language"]}


def test_text_fits_the_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    assert main(["demo"]) == 0
    text = capsys.readouterr().out
    assert "\033" not in text, "colour, and nobody looks on"
    body = [line for line in text.splitlines() if line.startswith("  ") and "│" not in line]
    assert max(map(len, body)) <= 90
    assert all(title in text for title in TITLES)


#: What OData cannot ask, by title.
NOT_IN_ODATA = {
    "How many large sales were won?": "a count is a request of its own: /$count",
    "The second page of the sales of half a year": "VTQL writes a date as a text, and only a schema could tell",
    "Notes of 2020 with a file of some size, or that are on nothing": "so does FetchXML, and numbers too",
}


@pytest.mark.parametrize(
    "question",
    [each for each in QUESTIONS if each.language != "odata" and each.title not in NOT_IN_ODATA],
    ids=lambda question: question.title,
)
def test_a_translation_into_odata_has_the_same_answer(question: Question, connection: Connection) -> None:
    """What criteria and VTQL ask, OData asks as well, null rules included."""
    schema = crm.schema()
    query = querykit.parse(question.text, question.language)
    said = querykit.parse(querykit.render(query, "odata"), "odata")
    first, second = (
        querykit.fetch(connection, each, schema, entity=question.entity) for each in (query, said)
    )
    assert plain(first, ordered=False) == plain(second, ordered=False)
