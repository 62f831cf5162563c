"""What each rule of `vtql.lark` means: nodes of the tree, or the parts of a query.

One method per rule; no state of a parse, no recursion. Tokens whose names begin with `_` are gone already.
"""

from __future__ import annotations

from typing import Any, NamedTuple, NoReturn

from querykit.ast.nodes import Aggregate, Call, EntitySet, Expr, Literal, Path, Selection, SortKey
from querykit.errors import ParseError
from querykit.grammar import Token
from querykit.languages.vtql import values
from querykit.languages.vtql.precedence import Precedence
from querykit.source import Span

__all__ = ["Builder", "Limit", "Order", "StrictBuilder", "around", "field_of", "pattern_of", "span_of"]

_COMPARISONS = {
    "=": "cmp.eq",
    "!=": "cmp.ne",
    "<>": "cmp.ne",  # lenient
    "<": "cmp.lt",
    "<=": "cmp.le",
    ">": "cmp.gt",
    ">=": "cmp.ge",
}


class _Select(NamedTuple):
    items: tuple[Selection, ...] | None


class _Where(NamedTuple):
    condition: Expr


class Order(NamedTuple):
    keys: tuple[SortKey, ...]


class Limit(NamedTuple):
    top: int
    skip: int | None


class Builder:
    """Called by the parser with the values of a rule's parts, as soon as the rule has been read.

    Parameters
    ----------
    precedence: what a run of tests joined by AND and OR means.
    """

    #: The code of an error that Vtiger's parser leaves to its database.
    _LEFT_TO_DATABASE = "vtql_syntax"

    def __init__(self, precedence: Precedence) -> None:
        super().__init__()
        self._precedence = precedence

    def statement(self, parts: list[Any]) -> dict[str, Any]:
        """The fields of the query."""
        query: dict[str, Any] = {"select": parts[0].items, "entity": str(parts[1]), "top": values.PAGE}
        for part in parts[2:]:
            if isinstance(part, _Where):
                query["filter"] = part.condition
            elif isinstance(part, Order):
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
        return _Select(tuple([Selection(field_of(token), span=span_of(token)) for token in parts]))

    # --- Conditions

    def where(self, parts: list[Expr]) -> _Where:
        return _Where(parts[0])

    def disjunction(self, parts: list[list[Expr]]) -> Expr:
        return self._precedence(parts)

    def conjunction(self, parts: list[Expr]) -> list[Expr]:
        return parts

    def comparison(self, parts: list[Token]) -> Expr:
        field, operator, token = parts[:3]
        span = around(field, parts[-1])
        value = values.literal(token, span_of(token))
        if value.kind == "null":
            return Call("cmp.in", (field_of(field), Call("list", (), span_of(token))), span)
        if operator.type == "LIKE":
            return Call("str.like", (field_of(field), pattern_of(value, token)), span)
        return Call(_COMPARISONS[operator], (field_of(field), value), span)

    def membership(self, parts: list[Token]) -> Expr:
        field, *tokens = parts
        items = [values.literal(token, span_of(token)) for token in tokens if token.type != "RPAR"]
        listed = Call(
            "list", tuple([item for item in items if item.kind != "null"]), around(tokens[0], tokens[-1])
        )
        return Call("cmp.in", (field_of(field), listed), around(field, tokens[-1]))

    def unclosed(self, parts: list[Token]) -> NoReturn:
        raise ParseError(
            "the list is not closed",
            code=self._LEFT_TO_DATABASE,
            span=span_of(parts[-1]),
            hint="')' stands after the last value",
        )

    # --- Order and limit

    def order(self, parts: list[Token]) -> Order:
        keys = [token for token in parts if token.type != "DIRECTION"]
        descending = parts[-1].type == "DIRECTION" and parts[-1].lower() == "desc"
        last = len(keys) - 1
        return Order(
            tuple(
                [
                    SortKey(field_of(key), descending and place == last, span_of(key))
                    for place, key in enumerate(keys)
                ]
            )
        )

    def limit(self, parts: list[Token]) -> Limit:
        numbers = [self._count(token) for token in parts]
        return Limit(min(numbers[-1], values.PAGE), numbers[0] if len(numbers) > 1 else None)

    def _count(self, token: Token) -> int:
        """A number of rows."""
        if not token.removeprefix("+").isdigit():
            raise ParseError(
                f"LIMIT takes a number, not {str(token)[:40]}",
                code=self._LEFT_TO_DATABASE,
                span=span_of(token),
                hint="LIMIT rows, or LIMIT offset, rows: digits without apostrophes",
            )
        return values.integer(token, span_of(token))


class StrictBuilder(Builder):
    """What Vtiger refuses although the grammar has it."""

    _LEFT_TO_DATABASE = "vtql_database"

    def membership(self, parts: list[Token]) -> Expr:
        first, more = parts[1], [token for token in parts[2:] if token.type != "RPAR"]
        if first == "0" and more:  # WSQ tests the first value for being "empty", which 0 is in PHP
            raise ParseError(
                "a list cannot begin with 0",
                code="vtql_syntax",
                span=span_of(first),
                hint="put 0 in another place, or in apostrophes: '0'",
            )
        return super().membership(parts)


def span_of(token: Token) -> Span:
    start = token.start_pos or 0
    return start, start + len(token)


def around(first: Token, last: Token) -> Span:
    return span_of(first)[0], span_of(last)[1]


def field_of(token: Token) -> Path:
    return Path((str(token),), span=span_of(token))


def pattern_of(value: Literal, token: Token) -> Literal:
    """`LIKE 5` is `LIKE '5'`: a pattern is a text."""
    text = str(value.value) if value.kind in ("string", "int") else str(token)
    return Literal("string", text, span=value.span)
