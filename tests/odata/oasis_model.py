"""The OASIS cases that need a model, with the model that they assume: aggregation_model.xml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from querykit import Schema
from querykit.bind import bind
from querykit.errors import QueryError
from querykit.languages.odata import parse
from querykit.limits import Limits
from querykit.source import Span

__all__ = ["MODELLED", "refusal"]

_FOLDER = Path(__file__).parent


def _modelled() -> dict[str, str]:
    lines = (_FOLDER / "modelled_cases.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {case: entity for entity, *cases in pairs for case in cases}


#: Case -> the entity that it asks for.
MODELLED = _modelled()


@cache
def _schema() -> Schema:
    return Schema.from_csdl((_FOLDER / "aggregation_model.xml").read_text(encoding="utf-8"))


def refusal(row: dict[str, Any], limits: Limits) -> Span | None:
    """Where, within the text of the case, the model refuses what the grammar accepts; None if it does not."""
    before = "" if row["option"] == "query" else f"{row['option']}="
    query = parse(before + row["text"], None, limits)
    try:
        bind(query, _schema(), MODELLED[row["id"]], limits=limits)
    except QueryError as error:
        start, end = error.position or (0, 0)
        return start - len(before), end - len(before)
    return None
