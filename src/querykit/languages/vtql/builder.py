"""What each rule of `vtql.lark` means: nodes of the tree, or the parts of a query.

One method per rule; no state, no recursion. Tokens whose names begin with `_` are gone already.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from querykit.ast.build import join_spans, logical
from querykit.ast.nodes import Aggregate, Call, EntitySet, Expr, Literal, Path, Selection, SortKey
from querykit.errors import ParseError
from querykit.grammar import Token, Transformer
from querykit.languages.vtql import values
from querykit.source import Span

__all__ = ["Builder"]

_COMPARISONS = {"=": "cmp.eq", "!=": "cmp.ne", "<": "cmp.lt", "<=": "cmp.le", ">": "cmp.gt", ">=": "cmp.ge"}


class _Select(NamedTuple):
    items: tuple[Selection, ...] | None


class _Where(NamedTuple):
    condition: Expr


class _Order(NamedTuple):
    keys: tuple[SortKey, ...]


class _Limit(NamedTuple):
    top: int
    skip: int | None


class Builder(Transformer[Token, Any]):
    """Called by the parser with the values of a rule's parts, as soon as the rule has been read."""

    def statement(self, parts: list[Any]) -> dict[str, Any]:
        """The fields of the query."""
        query: dict[str, Any] = {"select": parts[0].items, "entity": str(parts[1]), "top": values.PAGE}
        for part in parts[2:]:
            if isinstance(part, _Where):
                query["filter"] = part.condition
            elif isinstance(part, _Order):
                query["order"] = part.keys
            else:
                query["top"], query["skip"] = part
        return query

    def all_columns(self, parts: list[Token]) -> _Select:
        return _Select(None)

    def count(self, parts: list[Token]) -> _Select:
        everything = Aggregate("count", EntitySet(None))
        return _Select((Selection(everything, "count"),))

    def columns(self, parts: list[Token]) -> _Select:
        return _Select(tuple([Selection(_field(token), span=_span(token)) for token in parts]))

    # --- Conditions

    def where(self, parts: list[Expr]) -> _Where:
        return _Where(parts[0])

    def disjunction(self, parts: list[Expr]) -> Expr:
        return logical("bool.or", parts, join_spans(parts[0].span, parts[-1].span))

    def conjunction(self, parts: list[Expr]) -> Expr:
        return logical("bool.and", parts, join_spans(parts[0].span, parts[-1].span))

    def comparison(self, parts: list[Token]) -> Expr:
        field, operator, token = parts[:3]
        span = _around(field, parts[-1])
        value = values.literal(token, _span(token))
        if value.kind == "null":
            return Call("cmp.in", (_field(field), Call("list", (), _span(token))), span)
        if operator.type == "LIKE":
            return Call("str.like", (_field(field), _pattern(value, token)), span)
        return Call(_COMPARISONS[operator], (_field(field), value), span)

    def membership(self, parts: list[Token]) -> Expr:
        field, *tokens = parts
        items = [values.literal(token, _span(token)) for token in tokens if token.type != "RPAR"]
        listed = Call(
            "list", tuple([item for item in items if item.kind != "null"]), _around(tokens[0], tokens[-1])
        )
        return Call("cmp.in", (_field(field), listed), _around(field, tokens[-1]))

    # --- Order and limit

    def order(self, parts: list[Token]) -> _Order:
        keys = [token for token in parts if token.type != "DIRECTION"]
        descending = parts[-1].type == "DIRECTION" and parts[-1].lower() == "desc"
        last = len(keys) - 1
        return _Order(
            tuple(
                [
                    SortKey(_field(key), descending and place == last, _span(key))
                    for place, key in enumerate(keys)
                ]
            )
        )

    def limit(self, parts: list[Token]) -> _Limit:
        numbers = [_count(token) for token in parts]
        return _Limit(min(numbers[-1], values.PAGE), numbers[0] if len(numbers) > 1 else None)


def _span(token: Token) -> Span:
    start = token.start_pos or 0
    return start, start + len(token)


def _around(first: Token, last: Token) -> Span:
    return _span(first)[0], _span(last)[1]


def _field(token: Token) -> Path:
    return Path((str(token),), span=_span(token))


def _pattern(value: Literal, token: Token) -> Literal:
    """`LIKE 5` is `LIKE '5'`: a pattern is a text."""
    text = str(value.value) if value.kind in ("string", "int") else str(token)
    return Literal("string", text, span=value.span)


def _count(token: Token) -> int:
    """A number of rows (WSQ lets the database refuse what is none)."""
    if not token.removeprefix("+").isdigit():
        raise ParseError(
            f"LIMIT takes a number, not {str(token)[:40]}",
            code="vtql_syntax",
            span=_span(token),
            hint="LIMIT rows, or LIMIT offset, rows: digits without apostrophes",
        )
    return values.integer(token, _span(token))
