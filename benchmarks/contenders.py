"""What is timed: a function of a text for each library and stage."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from database import Account, Base
from sqlalchemy import Connection, select
from sqlalchemy.dialects import sqlite
from timing import Task

import querykit
from querykit.lalr.generated.odata import TABLES

__all__ = [
    "compiled_of_odata_query",
    "lark",
    "parse",
    "parse_criteria",
    "parse_ecql",
    "parse_odata_query",
    "parse_odata_v4_query",
    "parse_odatapy",
    "parse_vtql",
    "pieces",
    "prebuilt",
    "reads",
    "rows",
    "rows_of_odata_query",
    "select_of_odata_query",
    "select_of_odatapy",
    "translator",
]

DIALECT = sqlite.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy types none of its dialects
TABLE = Account.__table__


# ---- querykit ----


def parse(text: str) -> object:
    return querykit.parse_filter(text, "odata")


def parse_criteria(text: str) -> object:
    return querykit.parse_filter(text, "criteria")


def parse_vtql(text: str) -> object:
    return querykit.parse_filter(text, "vtql")


@cache
def pieces() -> Task:
    """The pass of our own tokenising expression."""
    assert TABLES.cutter is not None
    return re.compile(TABLES.cutter.pieces).findall


def translator(**options: Any) -> querykit.Translator:
    schema = querykit.Schema.from_sqlalchemy(Base)
    return querykit.Translator(schema, source="odata", dialect="sqlite", **options)


def rows(translator: querykit.Translator, connection: Connection) -> Task:
    def run(text: str) -> object:
        plan = translator.plan("$filter=" + text, entity="Account")
        return connection.execute(plan.statement, plan.params).all()

    return run


def prebuilt(translator: querykit.Translator, connection: Connection, text: str) -> Task:
    """The same statement with the same values, made once."""
    plan = translator.plan("$filter=" + text, entity="Account")
    statement, params = plan.statement, plan.params
    return lambda _: connection.execute(statement, params).all()


# ---- others ----


def reads(task: Task, text: str) -> bool:
    try:
        task(text)
    except Exception:
        return False
    return True


@cache
def _odata_query() -> tuple[Any, Any]:
    from odata_query.grammar import ODataLexer, ODataParser

    return ODataLexer(), ODataParser()


def parse_odata_query(text: str) -> object:
    lexer, parser = _odata_query()
    return parser.parse(lexer.tokenize(text))


def select_of_odata_query(text: str) -> object:
    from odata_query.sqlalchemy import apply_odata_core

    return apply_odata_core(select(TABLE), text)


def compiled_of_odata_query(text: str) -> object:
    compiled = select_of_odata_query(text).compile(dialect=DIALECT)  # type: ignore[attr-defined]  # odata-query has no types
    return str(compiled), compiled.params


def rows_of_odata_query(connection: Connection) -> Task:
    return lambda text: connection.execute(select_of_odata_query(text)).all()  # type: ignore[call-overload]  # odata-query has no types


def parse_odata_v4_query(text: str) -> object:
    from odata_v4_query import ODataFilterParser

    return ODataFilterParser().parse(text)


def parse_odatapy(text: str) -> object:
    from odatapy.server.uri.expression_parser import ExpressionParser

    return ExpressionParser.parse_string(text, strict=False)


def select_of_odatapy(text: str) -> object:
    from odatapy.ext.sqlalchemy import filter_to_sqlalchemy

    return select(TABLE).where(filter_to_sqlalchemy(parse_odatapy(text), TABLE))


def parse_ecql(text: str) -> object:
    from pygeofilter.parsers.ecql import parse

    return parse(text)


@cache
def lark() -> Task:
    """Lark's own parser for the same grammar, with the fastest setting that reads it, and a transformer inlined."""
    from lark import Lark, Transformer

    from querykit._build.grammars import grammar_text

    names = {name for _, name, _, is_inline, _ in TABLES.productions if not is_inline}
    tuples = {name: lambda _, children, name=name: (name, *children) for name in names}
    parser = Lark(
        grammar_text("odata"),
        parser="lalr",
        lexer="contextual",
        start="expression",
        maybe_placeholders=False,
        transformer=type("Tuples", (Transformer,), tuples)(),
    )
    return parser.parse
