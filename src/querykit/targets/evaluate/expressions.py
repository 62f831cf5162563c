"""The value of a bound expression for a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from querykit.clock import Reading
from querykit.errors import NotExpressible, QueryError
from querykit.functions.python import aggregate, call, custom
from querykit.functions.python.aggregates import AGGREGATES
from querykit.functions.python.comparison import COLLATED, fold, order_key
from querykit.plan.nodes import Bound, Column, Constant, Op, Slot, Sort, Subquery, Table, Window
from querykit.targets.evaluate.rows import Data, Record
from querykit.targets.evaluate.values import read

__all__ = ["Evaluator", "Scope"]

#: Searches that an index answers; what it finds is said in words by the second argument.
_INDEXED = ("search.fts5", "search.tsvector")


class Scope(NamedTuple):
    """What names mean: a row for each table of the plan, by its id.

    `group`: the scopes of the rows that an aggregate or a window of the statement is of.
    """

    records: Mapping[int, Record]
    group: Sequence[Scope] = ()


class Evaluator:
    """Computes expressions; holds what is the same for all rows of one request."""

    def __init__(self, values: Sequence[Any], data: Data, now: Reading) -> None:
        self.values = values
        self.data = data
        self.now = now

    def value(self, expr: Bound, scope: Scope) -> Any:
        """A Python value, or None for null.

        Raises
        ------
        QueryError: a function does not take the values of this row, or its result would be too large.
        """
        return _HANDLERS[type(expr)](self, expr, scope)

    def key(self, expr: Bound, scope: Scope) -> Any:
        """What orders the value: null lowest (OData 4.01 Part 1, 11.2.6.2), texts by the column's collation."""
        return order_key(_collate((expr,))(self.value(expr, scope)))

    def enter(self, scope: Scope, table: Table, record: Record) -> Scope:
        """The scope inside a row of a table, with the rows that its to-one joins lead to."""
        records = dict(scope.records)
        pending = [(table, record)]
        while pending:
            table, record = pending.pop()
            records[table.id] = record
            for join in table.joins:
                found = self.data.related(record, join.relation, join.table.entity)
                missing = Record(join.table.entity, None)  # a path through it is null (odata.md, 4)
                pending.append((join.table, next(iter(found), missing)))
        return Scope(records)

    # -- one method for each kind of node ---------------------------------------------------------------

    def _column(self, expr: Column, scope: Scope) -> Any:
        return scope.records[expr.table].value(expr.property)

    def _slot(self, expr: Slot, scope: Scope) -> Any:
        return read(self.values[expr.index], expr.type, "parameter")

    def _constant(self, expr: Constant, scope: Scope) -> bool | None:
        return expr.value

    def _op(self, expr: Op, scope: Scope) -> Any:
        if expr.fn.startswith("agg."):
            return self._over_group(expr, scope)
        if expr.fn in _INDEXED:
            return self.value(expr.args[1], scope)
        args = [self.value(arg, scope) for arg in expr.args]
        if expr.fn in COLLATED:
            args = list(map(_collate(expr.args), args))
        try:
            if expr.custom is not None:
                return read(custom(expr.custom, args), expr.type, expr.custom.name)
            return call(expr.fn, args, self.now)
        except QueryError as error:
            raise error.located(None, expr.span) from None

    def _over_group(self, expr: Op, scope: Scope) -> Any:
        """`count(*)` and other aggregates of all the rows a query keeps."""
        function = expr.fn.removeprefix("agg.")
        if function not in AGGREGATES:
            raise NotExpressible(
                f"there is no evaluation of '{expr.fn}'", code="unknown_function", span=expr.span
            )
        return self._aggregate(function, expr.args[0] if expr.args else None, scope.group)

    def _window(self, expr: Window, scope: Scope) -> Any:
        """The place of a row among those that have the partition's values alike, or a sum over them."""
        mine = [self.key(item, scope) for item in expr.partition]
        rows = [one for one in scope.group if [self.key(item, one) for item in expr.partition] == mine]
        before = self.ordered(rows, expr.order)
        place = next(index for index, one in enumerate(before) if one.records is scope.records)
        if expr.function == "row_number":
            return place + 1
        return self._aggregate("sum", expr.argument, before[:place] if expr.order else rows)

    def ordered(self, scopes: Sequence[Scope], order: Sequence[Sort]) -> list[Scope]:
        """The last key first: each sort keeps the order of equals."""
        found = list(scopes)
        for sort in reversed(order):
            # mypy gives no type to a default of a lambda
            found.sort(key=lambda scope, expr=sort.expr: self.key(expr, scope), reverse=sort.descending)  # type: ignore[misc]
        return found

    def _subquery(self, expr: Subquery, scope: Scope) -> Any:
        inner = [self.enter(scope, expr.table, record) for record in self._elements(expr, scope)]
        if expr.function == "all":  # one that is false or null is enough (OData 4.01 Part 2, 5.1.1.13.2)
            return all(self._holds(expr.condition, one) for one in inner)
        kept = [one for one in inner if self._holds(expr.condition, one)]
        if expr.function in ("any", "none"):
            return bool(kept) == (expr.function == "any")
        if expr.function == "single":  # several are not the one: the manual leaves it open (criteria.md, 5)
            one = kept[0] if len(kept) == 1 else None
            return None if one is None or expr.argument is None else self.value(expr.argument, one)
        try:
            return self._aggregate(expr.function, expr.argument, kept)
        except QueryError as error:
            raise error.located(None, expr.span) from None

    def _elements(self, expr: Subquery, scope: Scope) -> Sequence[Record]:
        if expr.relation is None:
            return self.data.all(expr.table.entity)
        return self.data.related(scope.records[expr.outer], expr.relation, expr.table.entity)

    def _holds(self, condition: Bound | None, scope: Scope) -> bool:
        return condition is None or self.value(condition, scope) is True

    def _aggregate(self, function: str, argument: Bound | None, scopes: Sequence[Scope]) -> Any:
        """Nulls are dropped first (Agg CS03, 3.1); without an argument rows are counted."""
        if argument is None:
            return len(scopes)
        values = [value for value in (self.value(argument, one) for one in scopes) if value is not None]
        collate = _collate((argument,))
        return aggregate(function, values, lambda value: order_key(collate(value)))


def _collate(operands: Sequence[Bound]) -> Callable[[Any], Any]:
    """How texts are made comparable: the first operand that is a column decides, as in SQLite."""
    column = next((operand for operand in operands if isinstance(operand, Column)), None)
    return fold if column is not None and column.property.collation == "nocase" else _as_is


def _as_is(value: Any) -> Any:
    return value


_HANDLERS: dict[type, Callable[[Evaluator, Any, Scope], Any]] = {
    Column: Evaluator._column,
    Slot: Evaluator._slot,
    Constant: Evaluator._constant,
    Op: Evaluator._op,
    Subquery: Evaluator._subquery,
    Window: Evaluator._window,
}
