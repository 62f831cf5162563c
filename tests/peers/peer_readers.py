"""Which reader goes with which kind of meaning, and how the two sides are compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import notation_apply
import notation_dump
import notation_linq
import notation_olingo
import notation_python
import notation_sql
import notation_tokens
import peer_dialect
from peer_terms import Term, term

from querykit.ast.nodes import Expr, Literal
from querykit.errors import QueryError
from querykit.languages.odata import parse, parse_filter
from querykit.languages.percent import encode
from querykit.limits import Limits

__all__ = ["outcome"]

Row = dict[str, Any]
Comparison = Callable[[Row], bool]

_WIDE = Limits(depth=128, collection_depth=64)


def outcome(row: Row) -> str:
    """`equal`, `different: …`, `unread: …` (no reader for it), `dialect` (we refuse what is not OData)."""
    try:
        ours, theirs = _COMPARE[row["meaning_kind"]](row)
    except QueryError as error:
        return "dialect" if row.get("dialect") else f"refused: {error.message}"
    except (
        AssertionError,
        KeyError,
        SyntaxError,
        ValueError,
        TypeError,
        IndexError,
        NotImplementedError,
    ) as error:
        return f"unread: {error!r}"
    return "equal" if ours in theirs else f"different: {ours} / {theirs}"


def expression(row: Row) -> Expr:
    return parse_filter(peer_dialect.standard(row), None, _WIDE)


def searched(row: Row) -> Expr:
    found = parse(f"$search={encode(row['text'])}").search
    assert found is not None
    return found


def _olingo(row: Row) -> tuple[Any, list[Any]]:
    if row["option"] == "$search":
        return term(searched(row)), [notation_olingo.read(row["meaning"])]
    if row["option"] == "$apply":
        return [], [notation_apply.failed(row["meaning"], parse(f"$apply={encode(row['text'])}").apply)]
    if row["option"] == "query":
        query = parse(row["text"])
        expr = query.filter or query.search
        assert expr is not None
    else:
        expr = expression(row)
    return term(expr, notation_olingo.style), [notation_olingo.read(row["meaning"])]


def _odata_query(row: Row) -> tuple[Any, Any]:
    expr, meaning = expression(row), row["meaning"]
    if "(" not in meaning:  # the name of a class
        return notation_python.kind_of(expr), [meaning]
    if meaning.startswith("("):
        assert isinstance(expr, Literal)
        return expr.value, [notation_python.duration_parts(meaning)]
    other = (row.get("meanings") or {}).get("odata-query AST / expected object sqlalchemy")
    texts = [meaning, *([other] if other else [])]
    return term(expr), [reading for text in texts if (reading := _attempt(notation_python.read, text))]


def _attempt(read: Callable[[str], Term], text: str) -> Term | None:
    """One of two notations is enough."""
    try:
        return read(text)
    except (AssertionError, KeyError):
        return None


def _linq(row: Row) -> tuple[Term, list[Term]]:
    return notation_linq.as_printed(term(expression(row))), [notation_linq.read(row["meaning"])]


def _dump(row: Row) -> tuple[Any, list[Any]]:
    query = parse(f"{row['option']}={encode(row['text'])}", None, _WIDE)
    return notation_dump.parts(query), [notation_dump.read(row["meaning"])]


def _tokens(row: Row) -> tuple[Term, list[Term]]:
    return term(expression(row)), [notation_tokens.read(row["meaning"])]


def _sql(row: Row) -> tuple[Term, list[Term]]:
    return notation_sql.loose(term(expression(row))), [notation_sql.read(row["meaning"])]


def _python_value(row: Row) -> tuple[Term, list[Term]]:
    return term(expression(row)), [notation_python.read(row["meaning"])]


_COMPARE: dict[str, Callable[[Row], tuple[Any, Any]]] = {
    "olingo tree text": _olingo,
    "odata-query AST / expected object": _odata_query,
    "LINQ lambda": _linq,
    "odata.net semantic tree dump": _dump,
    "odata.net token tree (C# source)": _tokens,
    "SQL": _sql,
    "python value": _python_value,
}
