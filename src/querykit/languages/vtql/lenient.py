"""What the rules mean that `vtql_lenient.lark` has besides those of `vtql.lark`."""

from __future__ import annotations

from querykit.ast.build import negation
from querykit.ast.fresh import call
from querykit.ast.nodes import Call, Expr, Literal, Path, SortKey
from querykit.lalr import placed
from querykit.languages.vtql.builder import Builder, Limit, Order

__all__ = ["LenientBuilder"]


class LenientBuilder(Builder):
    """See `Builder`."""

    def run(self, parts: list[Expr]) -> list[Expr]:
        return parts

    def runs(self, parts: list[list[Expr]]) -> Expr:
        """With brackets to group, only the grammar knows what is a run."""
        return self._precedence(parts)

    @placed
    def unlike(self, field: Path, pattern: Literal) -> Expr:
        """`NOT LIKE null` is as little true as `LIKE null`."""
        test = self.like(field, pattern)
        return test if pattern.kind == "null" else negation(test)

    @placed
    def exclusion(self, field: Path, items: Call) -> Expr:
        """Beside null in the list no value is known to be outside: here a null must stay."""
        return negation(call("cmp.in", (field, items)))

    @placed
    def null(self, field: Path, word: str) -> Expr:
        return call("null.is", (field,))

    @placed
    def not_null(self, field: Path, word: str) -> Expr:
        return negation(call("null.is", (field,)))

    @placed
    def sorted(self, keys: list[SortKey]) -> Order:
        return Order(tuple(keys))

    @placed
    def sort_key(self, key: Path, direction: str = "asc") -> SortKey:
        return SortKey(key, direction.lower() == "desc", key.span)

    @placed
    def limit_offset(self, top: str, skip: str) -> Limit:
        return self.limit(skip, top)
