"""A question answered: its tree, its SQL, its first rows, and how the other languages say it."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

import querykit
from querykit.ast.nodes import Query
from querykit.demo.questions import Question
from querykit.errors import NotExpressible, QueryError
from querykit.languages.registry import LANGUAGES
from querykit.schema.model import Schema

__all__ = ["Answer", "Translated", "answer"]


class Translated(NamedTuple):
    """A text of another language; `whole` is False where it says only the condition, not order, page …"""

    text: str
    whole: bool


class Answer(NamedTuple):
    """What came of a question.

    `more` says that there are more rows than these; a translation that is an error says why there is none.
    """

    question: Question
    query: Query
    sql: querykit.SQL
    rows: list[dict[str, object]]
    more: bool
    translations: dict[str, Translated | QueryError]


def answer(question: Question, query: Query, schema: Schema, connection: Connection, shown: int) -> Answer:
    """Ask; `query` is the question's text, parsed.

    Raises
    ------
    QueryError: the question asks for what the schema does not have.
    """
    sql = querykit.to_sql(query, schema, dialect=connection.dialect.name, entity=question.entity)
    page = _first(query, shown + 1)
    rows = querykit.fetch(connection, page, schema, entity=question.entity)
    others = (name for name in LANGUAGES if name != question.language)
    return Answer(
        question=question,
        query=query,
        sql=sql,
        rows=rows[:shown],
        more=len(rows) > shown,
        translations={name: _translated(question, query, name) for name in others},
    )


def _first(query: Query, count: int) -> Query:
    """The query for so many rows at most, so that a demo on a real database reads no whole table."""
    return query.replace(top=count if query.top is None else min(query.top, count))


def _translated(question: Question, query: Query, target: str) -> Translated | QueryError:
    try:
        text = querykit.translate(
            question.text, source=question.language, target=target, entity=question.entity
        )
        return Translated(text, whole=True)
    except NotExpressible as error:
        refusal = error
    try:
        return Translated(querykit.render(query.filter, target), whole=False) if query.filter else refusal
    except NotExpressible:
        return refusal
