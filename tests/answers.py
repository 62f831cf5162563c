"""All that a translator says of a text, so that two can be compared."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import sqlite

from querykit import QueryError, Translator
from querykit.engine.translator import Translation

__all__ = ["answer"]

_DIALECT = sqlite.dialect()


def answer(translator: Translator, text: str, entity: str | None = "Account", params: Any = None) -> Any:
    """All that a translation says, or that its refusal says."""
    try:
        found = translator.plan(text, entity, params)
    except QueryError as error:
        return _refusal("plan", error)
    return found.query, *(_said(found, name) for name in ("sql", "params", "statement"))


def _said(found: Translation, name: str) -> Any:
    try:
        said = getattr(found, name)
        return str(said.compile(dialect=_DIALECT)) if name == "statement" else _exactly(said)
    except QueryError as error:
        return _refusal(name, error)


def _exactly(said: Any) -> Any:
    if isinstance(said, dict):
        return {key: (type(value), repr(value)) for key, value in said.items()}
    return said


def _refusal(what: str, error: QueryError) -> Any:
    return what, type(error), error.code, error.message, error.position, error.hint
