"""Values and conditions of a plan as SQLAlchemy expressions.

What every dialect writes alike is SQLAlchemy's own operator, all else is `Shaped`. A Boolean is asked for as a
value or as a condition: there are dialects in which the one cannot stand for the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, assert_never

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import ColumnElement, Null

from querykit import types as t
from querykit.errors import LimitExceeded
from querykit.functions.catalog import CATALOG
from querykit.plan.nodes import Bound, Column, Constant, Op, Slot, Sort, Subquery, Window
from querykit.targets.sqlalchemy.binds import Binds
from querykit.targets.sqlalchemy.coltypes import result_type
from querykit.targets.sqlalchemy.nesting import Nested
from querykit.targets.sqlalchemy.shapes import (
    Condition,
    Negation,
    NullsFirst,
    NullsLast,
    Operation,
    Shaped,
    SureTruth,
    Truth,
)
from querykit.targets.sqlalchemy.sources import Names, Source
from querykit.targets.sqlalchemy.subqueries import subquery

__all__ = ["Expressions"]

_Expr = ColumnElement[Any]

_ONE, _ZERO = (sa.literal_column(digit, sa.Integer()) for digit in "10")
#: Conditions, on every dialect; SQLAlchemy's own true() is a value on some.
_ALWAYS, _NEVER = _ONE == _ONE, _ONE == _ZERO
#: Building and compiling an expression recurse, mostly within SQLAlchemy: this many stack frames are left to it,
#: so that none runs out of them below a web framework.
_FRAMES = 650

#: Stack frames for a derived table, as measured.
_STATEMENT = 17

#: Below so many frames an expression fits into every parser, in so many statements around its own.
_DEEP, _OUTSIDE = 80, 3

#: No template encodes an argument behind these.
_ENCODABLE = 8

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "cmp.eq": operators.eq,
    "cmp.ne": operators.ne,
    "cmp.lt": operators.lt,
    "cmp.le": operators.le,
    "cmp.gt": operators.gt,
    "cmp.ge": operators.ge,
}
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "math.add": operators.add,
    "math.sub": operators.sub,
    "math.mul": operators.mul,
}


class Expressions:
    """Expressions over the tables that are in sight.

    Parameters
    ----------
    binds, names: of the statement.
    outside: statements that this one is a derived table of, one inside the other.
    """

    def __init__(self, binds: Binds, names: Names, outside: int = 0) -> None:
        self.binds = binds
        self.names = names
        self.outside = outside
        self.sources: dict[int, Source] = {}
        self._frames = outside * _STATEMENT
        self._deepest = 0

    def value(self, bound: Bound) -> _Expr:
        """The expression where a value stands."""
        if bound.type == t.BOOL and not isinstance(bound, (Column, Slot)):
            return self._truth(bound)
        return self._expression(bound)

    def condition(self, bound: Bound) -> _Expr:
        """The expression where a condition stands."""
        if isinstance(bound, Constant) and bound.value is not None:
            return _ALWAYS if bound.value else _NEVER
        found = self._expression(bound)
        return Condition(found) if isinstance(found, (Shaped, Null)) else found

    def guarded(self, expr: _Expr) -> _Expr:
        """A part of a statement, to be held against the dialect's parser if anything in it is deep."""
        is_deep = self._deepest > _DEEP or self.outside > _OUTSIDE
        return Nested(expr, self.outside) if is_deep else expr

    def _expression(self, bound: Bound) -> _Expr:
        match bound:
            case Column():
                return self.sources[bound.table].property(bound.property)
            case Slot():
                return self.binds.bind(bound)
            case Constant():
                return sa.null()
            case Op() | Subquery():
                self._enter(bound)
                found = self._op(bound) if isinstance(bound, Op) else subquery(self, bound)
                self._leave(bound)
                return found
            case Window():
                return self._window(bound)
            case _:
                assert_never(bound)

    def _window(self, bound: Window) -> _Expr:
        """ROW_NUMBER or SUM over rows of the statement, the sum with an order of the rows before."""
        function: Any = sa.func.row_number()
        if bound.argument is not None:
            function = sa.func.sum(self.value(bound.argument))
        return function.over(  # type: ignore[no-any-return]
            partition_by=[self.value(expr) for expr in bound.partition] or None,
            order_by=[self.sort_key(key) for key in bound.order] or None,
            rows=(None, -1) if bound.order and bound.argument is not None else None,
        )

    def sort_key(self, key: Sort) -> _Expr:
        """Nulls lowest, whatever the dialect's habit."""
        expr = self.guarded(self.value(key.expr))
        if not key.expr.nullable:
            return expr.desc() if key.descending else expr
        return NullsLast(expr) if key.descending else NullsFirst(expr)

    def _op(self, op: Op) -> _Expr:
        native = _OPERATORS.get(op.fn)
        found = None if native is None else native(self, op)
        return self._shaped(op) if found is None else found

    def _enter(self, bound: Op | Subquery) -> None:
        self._frames += _cost(bound)
        self._deepest = max(self._deepest, self._frames)
        if self._frames > _FRAMES:
            raise LimitExceeded(
                "the expression is nested too deeply for SQLAlchemy", code="depth", span=bound.span
            )

    def _leave(self, bound: Op | Subquery) -> None:
        self._frames -= _cost(bound)

    def _shaped(self, op: Op) -> _Expr:
        """An operation by its template; Boolean arguments as what the template wants them to be."""
        args = _flat(op)
        if _is_null_of(op, args):
            return sa.null()
        first = args[0] if args else None
        operation = Operation(
            op.fn,
            len(args),
            tuple(dict.fromkeys(arg.type for arg in args)),
            frozenset(index for index, arg in enumerate(args[:_ENCODABLE]) if isinstance(arg, Slot)),
            first.property.collation if isinstance(first, Column) else None,
            op.custom,
        )
        found = [self._argument(arg, operation, index) for index, arg in enumerate(args)]
        return Shaped(operation, found, result_type(op.type))

    def _argument(self, arg: Bound, operation: Operation, index: int) -> _Expr:
        if isinstance(arg, Slot):
            return self.binds.argument(arg, operation, index)
        return self._truth(arg) if arg.type == t.BOOL else self.value(arg)

    def _truth(self, bound: Bound) -> Truth:
        kind = Truth if bound.nullable else SureTruth
        if isinstance(bound, Constant) and bound.value is not None:
            return kind(sa.true() if bound.value else sa.false())
        return kind(self._expression(bound))

    # -- operators that SQLAlchemy has; None: not in this case ----------------------------------------

    def compare(self, op: Op) -> _Expr | None:
        left, right = op.args
        if _is_null(left) or _is_null(right):  # SQLAlchemy would ask IS NULL, this is neither true nor false
            return sa.null()
        if left.type != right.type and left.type in (t.DATE, t.DATETIME):
            return None  # a day and a moment are no two texts of one form
        found: _Expr = _COMPARE[op.fn](self.value(left), self.value(right))
        return found

    def between(self, op: Op) -> _Expr | None:
        value, low, high = (self.value(arg) for arg in op.args)
        return value.between(low, high)

    def listed(self, op: Op) -> _Expr | None:
        value, items = op.args
        assert isinstance(items, Op)
        found = [self.value(item) for item in items.args]
        if op.fn == "cmp.in":
            return self.value(value).in_(found) if found else _NEVER
        return self.value(value).not_in(found) if found else _ALWAYS

    def arithmetic(self, op: Op) -> _Expr | None:
        if len(op.args) != 2:  # a long run is no deep tree
            return None
        left, right = (self.value(arg) for arg in op.args)
        found: _Expr = _ARITHMETIC[op.fn](left, right)
        return found

    def connective(self, op: Op) -> _Expr | None:
        parts = [self.condition(arg) for arg in op.args]
        return sa.and_(*parts) if op.fn == "bool.and" else sa.or_(*parts)

    def negation(self, op: Op) -> _Expr | None:
        operand = self.condition(op.args[0])
        return Negation(operand) if isinstance(operand, (Condition, Negation)) else sa.not_(operand)

    def null_test(self, op: Op) -> _Expr | None:
        value = self.value(op.args[0])
        return value.is_(sa.null()) if op.fn == "null.is" else value.is_not(sa.null())


_OPERATORS: dict[str, Callable[[Expressions, Op], _Expr | None]] = {
    **dict.fromkeys(_COMPARE, Expressions.compare),
    **dict.fromkeys(_ARITHMETIC, Expressions.arithmetic),
    "cmp.between": Expressions.between,
    "cmp.in": Expressions.listed,
    "cmp.not_in": Expressions.listed,
    "bool.and": Expressions.connective,
    "bool.or": Expressions.connective,
    "bool.not": Expressions.negation,
    "null.is": Expressions.null_test,
    "null.is_not": Expressions.null_test,
}


def _cost(bound: Op | Subquery) -> int:
    """Stack frames for it, as measured."""
    if isinstance(bound, Subquery):
        return 17
    if bound.fn in ("bool.and", "bool.or", "bool.not"):
        return 7
    return 12 if bound.type == t.BOOL else 6


def _is_null(bound: Bound) -> bool:
    return isinstance(bound, Constant) and bound.value is None


def _flat(op: Op) -> Sequence[Bound]:
    """The arguments; a list in their place counts item by item."""
    if not any(isinstance(arg, Op) and arg.fn == "list" for arg in op.args):
        return op.args
    flat: list[Bound] = []
    for arg in op.args:
        flat += arg.args if isinstance(arg, Op) and arg.fn == "list" else [arg]
    return flat


def _is_null_of(op: Op, args: Sequence[Bound]) -> bool:
    """Is it a function of a null literal? Many engines find one without a type ambiguous."""
    row = op.custom or CATALOG.get(op.fn)
    return row is not None and row.nulls == "strict" and any(_is_null(arg) for arg in args)
