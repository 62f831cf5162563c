"""The OASIS cases that need a model, with the model that they assume: aggregation_model.xml."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from querykit import Schema
from querykit.bind import bind
from querykit.errors import NotExpressible, QueryError
from querykit.languages.odata import parse
from querykit.limits import Limits
from querykit.source import Span

__all__ = ["MODELLED", "NOT_RUN", "code_of_not_run", "refusal"]

_FOLDER = Path(__file__).parent


def _lines(name: str) -> Iterator[list[str]]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return (line.split() for line in lines if line and not line.startswith("#"))


#: Case -> the entity that it asks for.
MODELLED = {case: entity for entity, *cases in _lines("modelled_cases.txt") for case in cases}
#: Case -> that of what is not run, and the code of the refusal.
NOT_RUN = {case: (entity, code) for code, entity, *cases in _lines("not_run_cases.txt") for case in cases}


@cache
def _schema() -> Schema:
    return Schema.from_csdl((_FOLDER / "aggregation_model.xml").read_text(encoding="utf-8"))


def refusal(row: dict[str, Any], limits: Limits) -> Span | None:
    """Where, within the text of the case, the model refuses what the grammar accepts; None if it does not."""
    error = _error(row, MODELLED[row["id"]], limits)
    if error is None:
        return None
    start, end = error.position or (0, 0)
    before = len(_before(row))
    return start - before, end - before


def code_of_not_run(row: dict[str, Any], limits: Limits) -> str:
    """Why a case of `NOT_RUN` is not run: the code of a `NotExpressible` with a place and a hint."""
    error = _error(row, NOT_RUN[row["id"]][0], limits)
    assert isinstance(error, NotExpressible), row["text"]
    assert error.position
    assert error.hint
    return error.code


def _before(row: dict[str, Any]) -> str:
    return "" if row["option"] == "query" else f"{row['option']}="


def _error(row: dict[str, Any], entity: str, limits: Limits) -> QueryError | None:
    query = parse(_before(row) + row["text"], None, limits)
    try:
        bind(query, _schema(), entity, limits=limits)
    except QueryError as error:
        return error
    return None
