"""What the rules mean that `vtql_lenient.lark` has besides those of `vtql.lark`."""

from __future__ import annotations

from typing import Any

from querykit.ast.build import negation
from querykit.ast.nodes import Call, Expr, SortKey
from querykit.grammar import Token
from querykit.languages.vtql import values
from querykit.languages.vtql.builder import Builder, Limit, Order, around, field_of, span_of

__all__ = ["LenientBuilder"]


class LenientBuilder(Builder):
    """See `Builder`."""

    def group(self, parts: list[Any]) -> Expr:
        return parts[0]  # type: ignore[no-any-return]  # lark types no children

    def unlike(self, parts: list[Token]) -> Expr:
        """`NOT LIKE null` is as little true as `LIKE null`."""
        test = self.comparison(parts)
        return test if _is_never_true(test) else negation(test, test.span)

    def exclusion(self, parts: list[Token]) -> Expr:
        """Beside null in the list no value is known to be outside: here a null must stay."""
        field, *tokens = parts
        span = around(field, tokens[-1])
        items = [values.literal(token, span_of(token)) for token in tokens if token.type != "RPAR"]
        listed = Call("list", tuple(items), around(tokens[0], tokens[-1]))
        return negation(Call("cmp.in", (field_of(field), listed), span), span)

    def null(self, parts: list[Token]) -> Expr:
        return Call("null.is", (field_of(parts[0]),), around(parts[0], parts[-1]))

    def not_null(self, parts: list[Token]) -> Expr:
        test = self.null(parts)
        return negation(test, test.span)

    def order(self, parts: list[Any]) -> Order:
        return Order(tuple(parts))

    def key(self, parts: list[Token]) -> SortKey:
        descending = len(parts) > 1 and parts[1].lower() == "desc"
        return SortKey(field_of(parts[0]), descending, span_of(parts[0]))

    def limit_offset(self, parts: list[Token]) -> Limit:
        return self.limit(parts[::-1])


def _is_never_true(test: Expr) -> bool:
    return isinstance(test, Call) and test.fn == "cmp.in"
