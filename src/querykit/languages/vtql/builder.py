"""What each rule of `vtql.lark` means: nodes of the tree, or the parts of a query.

One method per rule or alias; no state of a parse, no recursion, and little of places, which the parser knows.
Tokens whose names begin with `_` are gone already.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from querykit.ast.fresh import binary, call, path, query
from querykit.ast.nodes import (
    Aggregate,
    Call,
    EntitySet,
    Expr,
    Literal,
    Path,
    Query,
    Selection,
    SortKey,
)
from querykit.errors import ParseError
from querykit.lalr import NoPlace, placed, shared, span_of
from querykit.languages.building import TreeBuilder
from querykit.languages.vtql import values
from querykit.languages.vtql.precedence import Precedence

__all__ = ["Builder", "Limit", "Order", "StrictBuilder"]


class Order(NamedTuple):
    keys: tuple[SortKey, ...]


class Limit(NamedTuple):
    top: int
    skip: int | None


def _compared(fn: str) -> Callable[[Path, Literal], Call]:
    """What makes a comparison; one with null is never true."""
    made = binary(fn)

    def comparison(field: Path, value: Literal) -> Call:
        return made(field, value) if value.kind != "null" else _in(field, call("list", (), value.span))

    return placed(comparison)


_in = binary("cmp.in")


class Builder(TreeBuilder):
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

    @placed
    def statement(
        self, selected: tuple[Selection, ...] | Selection | None, entity: str, *parts: Any
    ) -> Query:
        condition: Expr | None = None
        order: tuple[SortKey, ...] = ()
        limit = _FIRST_PAGE
        for part in parts:
            if isinstance(part, Order):
                order = part.keys
            elif isinstance(part, Limit):
                limit = part
            else:
                condition = part
        select = (selected,) if isinstance(selected, Selection) else selected
        return query(str(entity), condition, order, select, limit.top, limit.skip)

    @shared
    def all_columns(self, star: str) -> None:
        return None

    @placed
    def count(self, *ignored: Any) -> Selection:
        return Selection(Aggregate("count", EntitySet(None)), "count")

    @placed
    def columns(self, columns: list[Path]) -> tuple[Selection, ...]:
        return tuple([Selection(column, span=column.span) for column in columns])

    @shared
    def name(self, word: str) -> Path:
        return path((str(word),))

    # --- Conditions

    @placed
    def conjunction(self, operands: list[Expr]) -> Expr:
        return call("bool.and", tuple(operands))

    @placed
    def disjunction(self, operands: list[Expr]) -> Expr:
        """Without brackets to group, an operand that is a conjunction is a run."""
        return self._precedence([_run(operand) for operand in operands])

    equal = staticmethod(_compared("cmp.eq"))
    not_equal = staticmethod(_compared("cmp.ne"))
    less = staticmethod(_compared("cmp.lt"))
    less_or_equal = staticmethod(_compared("cmp.le"))
    greater = staticmethod(_compared("cmp.gt"))
    greater_or_equal = staticmethod(_compared("cmp.ge"))
    like = staticmethod(_compared("str.like"))

    value = staticmethod(shared(values.literal))
    pattern = staticmethod(shared(values.pattern))

    @staticmethod
    @placed
    def bracketed(value: Any, close: str) -> Any:
        return value

    @placed
    def items(self, items: list[Literal], close: str = "") -> Call:
        return call("list", tuple(items))

    @staticmethod
    @placed
    def membership(field: Path, items: Call) -> Call:
        """Nulls in the list find nothing."""
        literals: tuple[Any, ...] = items.args
        there = [item for item in literals if item.kind != "null"]
        if len(there) < len(literals):
            items = call("list", tuple(there), items.span)
        return _in(field, items)

    @placed
    def unclosed(self, *parts: Any) -> NoReturn:
        last = parts[-1][-1] if isinstance(parts[-1], list) else parts[-1]
        raise ParseError(
            "the list is not closed",
            code=self._LEFT_TO_DATABASE,
            span=last.span,
            hint="')' stands after the last value",
        )

    # --- Order and limit

    @placed
    def order(self, keys: list[Path], direction: str = "asc") -> Order:
        descending, last = direction.lower() == "desc", len(keys) - 1
        return Order(
            tuple([SortKey(key, descending and place == last, key.span) for place, key in enumerate(keys)])
        )

    @placed
    def limit(self, first: str, second: str | None = None) -> Limit:
        if second is None:
            return Limit(min(self._count(first), values.PAGE), None)
        skip = self._count(first)
        return Limit(min(self._count(second), values.PAGE), skip)

    def _count(self, token: str) -> int:
        """A number of rows."""
        if not token.removeprefix("+").isdigit():
            raise ParseError(
                f"LIMIT takes a number, not {str(token)[:40]}",
                code=self._LEFT_TO_DATABASE,
                span=span_of(token),
                hint="LIMIT rows, or LIMIT offset, rows: digits without apostrophes",
            )
        try:
            return values.integer(token)
        except ParseError as error:
            raise error.located(None, span_of(token)) from None


_FIRST_PAGE = Limit(values.PAGE, None)


class StrictBuilder(Builder):
    """What Vtiger refuses although the grammar has it."""

    _LEFT_TO_DATABASE = "vtql_database"

    @placed
    def items(self, items: list[Literal], close: str = "") -> Call:
        first = items[0]
        if len(items) > 1 and first.kind == "int" and first.value == 0:
            if first.span is None:
                raise NoPlace
            if (
                first.span[1] - first.span[0] == 1
            ):  # WSQ tests for being "empty", which 0 is in PHP, but not 00
                raise ParseError(
                    "a list cannot begin with 0",
                    code="vtql_syntax",
                    span=first.span,
                    hint="put 0 in another place, or in apostrophes: '0'",
                )
        return super().items(items)


def _run(operand: Expr) -> tuple[Expr, ...]:
    return operand.args if isinstance(operand, Call) and operand.fn == "bool.and" else (operand,)
