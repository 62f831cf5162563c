"""`querykit demo`: questions to a sample CRM, from text to rows."""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import querykit
from querykit.cli.plain import to_json
from querykit.cli.style import Style, width
from querykit.cli.table import printable, rows_table
from querykit.cli.tree import as_data, draw
from querykit.cli.usage import UsageError, error_data, read
from querykit.errors import QueryError
from querykit.languages.registry import LANGUAGES

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from querykit.demo.answer import Answer, Translated
    from querykit.demo.questions import Question
    from querykit.schema.model import Schema

__all__ = ["ABOUT", "arguments", "run"]

ABOUT = "ask a sample CRM in every language: the tree, the SQL, the rows, the other languages"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--db", metavar="URL", help="ask this database instead of the sample in memory")
    parser.add_argument(
        "--build", action="store_true", help="write the sample CRM into the database of --db first"
    )
    parser.add_argument("--question", type=int, metavar="N", help="ask only the question with this number")
    parser.add_argument("--rows", type=_count, default=5, metavar="N", help="show so many rows (default: 5)")
    own = parser.add_argument_group("a question of your own")
    own.add_argument("--ask", metavar="TEXT", help="the query")
    own.add_argument("--from", dest="source", metavar="LANGUAGE", help=f"one of {', '.join(LANGUAGES)}")
    own.add_argument("--entity", help="what it asks")


def run(options: argparse.Namespace) -> None:
    from querykit.cli.database import database_errors
    from querykit.demo.answer import answer

    questions = _questions(options)
    engine, schema = _crm(options)
    if options.db and not options.ask:
        questions = [(number, item) for number, item in questions if _askable(schema, item)]
        if not questions:
            raise UsageError("no question of the demo is about what this database has: give one with --ask")
    with database_errors(), engine.connect() as connection:
        answers = (
            (number, answer(item, read(item.text, item.language), schema, connection, options.rows))
            for number, item in questions
        )
        if options.json:
            print(to_json({"questions": [_as_data(number, item, engine) for number, item in answers]}))
            return
        style, room = Style(sys.stdout), width()
        for number, item in answers:
            print(*_page(number, item, engine.dialect.name, style, room), sep="\n", end="\n\n")


def _questions(options: argparse.Namespace) -> list[tuple[int, Question]]:
    from querykit.demo.questions import QUESTIONS, Question

    if options.ask is not None:
        if options.source is None:
            raise UsageError("--ask needs --from LANGUAGE")
        asked = read(options.ask, options.source).entity or options.entity
        if asked is None:
            raise UsageError("the text does not say what it asks: give --entity NAME")
        return [(1, Question("Your question", "", options.source.lower(), asked, options.ask))]
    numbered = list(enumerate(QUESTIONS, start=1))
    if options.question is None:
        return numbered
    if not 1 <= options.question <= len(numbered):
        raise UsageError(f"the questions are numbered 1 to {len(numbered)}")
    return [numbered[options.question - 1]]


def _crm(options: argparse.Namespace) -> tuple[Engine, Schema]:
    from querykit.cli.database import database_errors, memory, opened, reflected
    from querykit.demo import crm

    if options.db is not None and not options.build:
        return reflected(options.db)
    if options.build and options.db is None:
        raise UsageError("--build needs --db URL")
    engine = memory() if options.db is None else opened(options.db)
    with database_errors():
        crm.build(engine)
    return engine, crm.schema()


def _askable(schema: Schema, question: Question) -> bool:
    """Has the schema what the question asks for?"""
    try:
        querykit.to_sql(read(question.text, question.language), schema, "sqlite", question.entity)
    except QueryError:
        return False
    return True


def _page(number: int, answer: Answer, dialect: str, style: Style, room: int) -> Iterator[str]:
    question = answer.question
    origin = " · ".join(filter(None, (question.system, question.language, question.entity)))
    yield style.heading(f"{number}. {question.title}") + style.faint(f"  [{origin}]")
    yield from _section("", _wrapped(question.text, room - 2), style)
    yield from _section("AST", draw(answer.query), style)
    yield from _section(f"SQL ({dialect})", [*_wrapped(answer.sql.text, room - 2), *_values(answer)], style)
    yield from _section(_rows_title(answer), rows_table(answer.rows, room - 2), style)
    yield from _section("the same in", list(_translations(answer, room - 2)), style)


def _section(title: str, lines: Sequence[str], style: Style) -> Iterator[str]:
    if title:
        yield style.label(title)
    for line in lines:
        yield f"  {line}"


def _values(answer: Answer) -> list[str]:
    return [f":{name} = {value!r}" for name, value in answer.sql.params.items()]


def _rows_title(answer: Answer) -> str:
    if answer.more:
        return f"the first {len(answer.rows)} rows"
    return {0: "no rows", 1: "1 row"}.get(len(answer.rows), f"{len(answer.rows)} rows")


def _translations(answer: Answer, room: int) -> Iterator[str]:
    margin = max(map(len, LANGUAGES)) + 2
    for name, said in answer.translations.items():
        first, *rest = _wrapped(_said(said), room - margin)
        yield f"{name:{margin}}{first}"
        yield from (" " * margin + line for line in rest)


def _said(translation: Translated | QueryError) -> str:
    if isinstance(translation, QueryError):
        return f"cannot be said: {translation.message}"
    text = translation.text or "(an empty text)"
    return text if translation.whole else f"only the condition: {text}"


def _wrapped(text: str, room: int) -> list[str]:
    """A long text in lines, broken before the options of a URL and where it has blanks."""
    lines: list[str] = []
    for option in re.sub(r"&(?=[$\w]+=)", "\n&", text).splitlines():
        lines += textwrap.wrap(printable(option), room, break_on_hyphens=False) or [""]
    return lines


def _as_data(number: int, answer: Answer, engine: Engine) -> dict[str, Any]:
    return {
        "number": number,
        **answer.question._asdict(),
        "ast": as_data(answer.query),
        "sql": {"dialect": engine.dialect.name, "text": answer.sql.text, "params": answer.sql.params},
        "rows": answer.rows,
        "more": answer.more,
        "translations": {
            name: {"error": error_data(said)} if isinstance(said, QueryError) else said._asdict()
            for name, said in answer.translations.items()
        },
    }


def _count(text: str) -> int:
    value = int(text) if text.isdecimal() else 0
    if not 1 <= value <= 1_000:
        raise argparse.ArgumentTypeError("a number from 1 to 1000 is needed")
    return value
