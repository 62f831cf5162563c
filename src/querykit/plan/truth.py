"""Lowering: the logic of the languages becomes SQL's, and stays as plain as a person would write it.

A condition keeps a row where it is true; false and null both drop it. So only under a negation does it matter
which of the two a comparison is, and only over values that can be null: `revenue gt 5` is ``revenue > 5``,
`not (revenue gt 5)` over a nullable column is ``revenue <= 5 OR revenue IS NULL`` (OData 4.01 Part 2, 5.1.1.1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from operator import is_

from querykit import types as t
from querykit.plan import sargable
from querykit.plan.conditions import (
    NEGATING,
    OPPOSITE,
    boolean,
    connect,
    constant,
    either,
    inside,
    is_nothing,
    is_null,
    is_strict,
    null_tests,
    outside,
    total,
    total_negated,
)
from querykit.plan.late import Computed, Edge, Late, computed
from querykit.plan.nodes import (
    FALSE,
    TRUE,
    Bound,
    Column,
    Constant,
    Expand,
    Op,
    Output,
    Plan,
    Slot,
    Sort,
    Subquery,
    Table,
    Union,
    Window,
)
from querykit.plan.relative import is_moment, is_short, spelled_out
from querykit.plan.walk import tables, walk
from querykit.rewrite.polarity import Want, push

__all__ = ["Lowered", "lower"]


class Lowered:
    """A plan in SQL's logic, and what its additional slots stand for."""

    __slots__ = ("moments", "plan")

    def __init__(self, plan: Plan, moments: tuple[tuple[Late, t.Type], ...]) -> None:
        self.plan = plan
        self.moments = moments


def lower(plan: Plan, values: int) -> Lowered:
    """The plan with SQL's three-valued operators only.

    Parameters
    ----------
    plan: as bound.
    values: how many slots are taken; moments of the clock and integers get the numbers after these.
    """
    lowering = _Lowering(values)
    return Lowered(lowering.plan(plan), tuple(lowering.moments))


class _Lowering:
    def __init__(self, values: int) -> None:
        self._values = values
        self.moments: list[tuple[Late, t.Type]] = []

    # -- statements ---------------------------------------------------------------------------------

    def plan(self, plan: Plan) -> Plan:
        where = None if plan.where is None else self.condition(plan.where)
        having = None if plan.having is None else self.condition(plan.having)
        group = None if plan.group is None else tuple(self.value(expr) for expr in plan.group)
        return replace(
            plan,
            table=plan.table if plan.table.rows is None else self._derived(plan.table, plan.table.rows),
            where=None if where == TRUE else where,
            group=group,
            having=None if having == TRUE else having,
            outputs=tuple([self._output(output) for output in plan.outputs]),
            order=tuple(self._order(plan.order)),
            expand=tuple(Expand(item.name, item.relation, self.plan(item.plan)) for item in plan.expand),
        )

    def _output(self, output: Output) -> Output:
        value = self.value(output.expr)
        return output if value is output.expr else Output(output.name, value)

    def _order(self, order: Sequence[Sort]) -> Iterator[Sort]:
        """Without what turns out to be a constant, which is the number of a column to some dialects."""
        keys = (Sort(self.value(key.expr), key.descending) for key in order)
        return (key for key in keys if not isinstance(key.expr, (Constant, Slot)))

    def _derived(self, table: Table, rows: Plan | Union) -> Table:
        if isinstance(rows, Plan):
            return replace(table, rows=self.plan(rows))
        return replace(table, rows=Union(tuple(self.plan(plan) for plan in rows.plans)))

    def condition(self, expr: Bound, want: Want = Want.TRUE) -> Bound:
        """A condition that is true just where `expr` is what is wanted."""
        return push(expr, want, leaf=self._leaf, connect=connect, whole=sargable.is_dated)

    def value(self, expr: Bound) -> Bound:
        """The same value, where it matters whether it is false or null."""
        if isinstance(expr, Subquery):
            return self._aggregate(expr)
        if isinstance(expr, Window):
            return self._window(expr)
        if not isinstance(expr, Op):
            return expr
        if is_moment(expr.fn):
            return self.moment(expr.fn, expr.type)
        if is_short(expr.fn):
            return self.value(spelled_out(expr, self))
        if expr.fn.startswith("total."):  # never null, though its SQL could be
            condition = self.condition(expr)
            if not condition.nullable:
                return condition
            return Op("bool.is_true", (condition,), t.BOOL, False, expr.span)
        if expr.fn == "logic.case":
            return replace(expr, args=tuple(self._case_args(expr.args)))
        args = tuple(self.value(arg) for arg in expr.args)
        if is_strict(expr) and any(map(is_nothing, args)):
            return Constant(None, expr.type)  # `length(null)`, which only text from outside would ask for
        late = computed(expr, args)
        if late is not None:
            return self._computed(late, expr)
        return expr if all(map(is_, args, expr.args)) else replace(expr, args=args)

    def _computed(self, late: Computed, expr: Op) -> Bound:
        """A truth goes as a number, which is a placeholder's value and a condition in every dialect."""
        if expr.type != t.BOOL:
            return replace(self._late(late, expr.type), nullable=expr.nullable)
        number = replace(self._late(late, t.INT), nullable=expr.nullable)
        return Op("cmp.eq", (number, self.number(1)), t.BOOL, expr.nullable, expr.span)

    def _window(self, expr: Window) -> Window:
        return replace(
            expr,
            argument=None if expr.argument is None else self.value(expr.argument),
            partition=tuple(self.value(item) for item in expr.partition),
            order=tuple(Sort(self.value(key.expr), key.descending) for key in expr.order),
        )

    def _case_args(self, args: Sequence[Bound]) -> list[Bound]:
        """CASE WHEN asks a condition only whether it is true."""
        last = len(args) - len(args) % 2
        return [self.condition(a) if i < last and i % 2 == 0 else self.value(a) for i, a in enumerate(args)]

    def moment(self, fn: str, type: t.Type) -> Slot:
        """A function of the clock, which a request reads once."""
        return self._late(fn, type)

    def number(self, value: int) -> Slot:
        return self._late(value, t.INT)

    def edge(self, value: Edge, like: Column) -> Slot:
        """An end of a range, sent as the column stores its values."""
        return replace(self._late(value, like.type), like=like.property)

    def _late(self, value: Late, type: t.Type) -> Slot:
        key = (value, type)
        if key not in self.moments:
            self.moments.append(key)
        return Slot(self._values + self.moments.index(key), type)

    # -- leaves of a condition ------------------------------------------------------------------------

    def _leaf(self, expr: Bound, want: Want) -> Bound:
        if isinstance(expr, Constant):
            return constant(expr.value, want)
        if isinstance(expr, Subquery) and expr.type == t.BOOL and expr.function in ("any", "all", "none"):
            return self._subquery(expr, want)
        if isinstance(expr, Op):
            handler = _LEAVES.get(expr.fn)
            if handler is not None:
                return handler(self, expr, want)
            if is_short(expr.fn):
                return self.condition(spelled_out(expr, self), want)
            if sargable.is_dated(expr, want):
                return self.condition(connect("bool.and", sargable.dated(expr) or ()), want)
        return boolean(self.value(expr), want)

    def _subquery(self, expr: Subquery, want: Want) -> Subquery:
        """Any is EXISTS; all is NOT EXISTS of one for which the condition is false or null (5.1.1.13)."""
        function, inner = expr.function, Want.TRUE
        if function == "all":
            function, inner = "none", Want.NOT_TRUE
        if want in NEGATING and function in ("any", "none"):
            function = "none" if function == "any" else "any"
        condition = None if expr.condition is None else self.condition(expr.condition, inner)
        argument = None if expr.argument is None else self.value(expr.argument)
        condition = None if condition == TRUE else condition
        return replace(expr, function=function, condition=condition, argument=argument)

    def _aggregate(self, expr: Subquery) -> Bound:
        """An aggregate of a value that is the same for all elements is said without one.

        SQL takes an aggregate over columns of an outer query for one *of* the outer query (SQL:2016, 6.9).
        """
        if expr.argument is None or not _is_outer(expr.argument, expr.table):
            return self._subquery(expr, Want.TRUE)
        exists = replace(expr, function="any", argument=None, type=t.BOOL, nullable=False)
        value = expr.argument
        if expr.function == "sum":
            count = replace(expr, function="count", argument=None, type=t.INT, nullable=False)
            value = Op("math.mul", (value, count), expr.type, value.nullable, expr.span)
        return self.value(Op("logic.case", (exists, value), expr.type, True, expr.span))

    def compare(self, expr: Op, want: Want) -> Bound:
        """A three-valued comparison: its opposite is exact, only null needs a word."""
        left, right = (self.value(arg) for arg in expr.args)
        if is_nothing(left) or is_nothing(right):
            return constant(None, want)
        left, right = self._alike((left, right))
        name = expr.fn.partition(".")[2]
        name = OPPOSITE[name] if want in NEGATING else name
        operands: tuple[Bound, ...] = left, right
        test = Op(f"cmp.{name}", operands, t.BOOL, left.nullable or right.nullable, expr.span)
        found = sargable.compared(name, left, right, self)
        if found is not None:
            test, operands = found[0], found[1:]
        return either(test, *null_tests(operands)) if want.lenient else test

    def compare_total(self, expr: Op, want: Want) -> Bound:
        """OData's comparisons, which are true or false also of null."""
        left, right = (self.value(arg) for arg in expr.args)
        name = expr.fn.partition(".")[2]
        if is_nothing(left) or is_nothing(right):
            return self._compare_nothing(name, right if is_nothing(left) else left, want)
        left, right = self._alike((left, right))
        asked = OPPOSITE[name] if want in NEGATING else name
        found = sargable.compared(asked, left, right, self)
        if found is not None:
            keeps_null = asked == "ne" or (want in NEGATING and asked != "eq")
            return either(found[0], *null_tests(found[1:])) if keeps_null else found[0]
        if want in NEGATING:
            return total_negated(name, left, right, expr)
        return total(name, left, right, expr)

    def _compare_nothing(self, name: str, other: Bound, want: Want) -> Bound:
        """Null compared with a value: equal (and so `ge`, `le`) if that is null, never less or greater."""
        if name in ("lt", "gt"):
            return constant(False, want)
        same: Bound = TRUE if is_nothing(other) else is_null(other) if other.nullable else FALSE
        return self.condition(Op("bool.not", (same,), t.BOOL, False) if name == "ne" else same, want)

    def between(self, expr: Op, want: Want) -> Bound:
        value, low, high = (self.value(arg) for arg in expr.args)
        if want is Want.NOT_FALSE or any(
            map(is_nothing, (value, low, high))
        ):  # a value outside one bound is outside, even if the other is null
            halves = [Op("cmp.ge", (value, low), t.BOOL, True), Op("cmp.le", (value, high), t.BOOL, True)]
            return self.condition(connect("bool.and", halves), want)
        args = self._alike((value, low, high))
        test: Bound = Op("cmp.between", args, t.BOOL, any(arg.nullable for arg in args), expr.span)
        found = sargable.compared_between(value, low, high, self)
        if found is not None:
            test, args = found[0], found[1:]
        if want in NEGATING:
            test = Op("bool.not", (test,), t.BOOL, test.nullable, expr.span)
        return either(test, *null_tests(args)) if want is Want.NOT_TRUE else test

    def null_test(self, expr: Op, want: Want) -> Bound:
        (value,) = (self.value(arg) for arg in expr.args)
        value = sargable.column_of(value) or value
        if is_nothing(value):
            return constant(True, want)
        if not value.nullable:
            return FALSE if want in (Want.TRUE, Want.NOT_FALSE) else TRUE
        fn = "null.is_not" if want in NEGATING else "null.is"
        return Op(fn, (value,), t.BOOL, False, expr.span)

    def membership(self, expr: Op, want: Want) -> Bound:
        """IN over values; null items and items that are expressions are taken out of the list."""
        value = self.value(expr.args[0])
        items = [self.value(item) for item in expr.args[1].args]  # type: ignore[union-attr]  # always a list
        is_total = expr.fn == "total.in"
        if not all(isinstance(item, (Slot, Constant)) for item in items) or (
            sargable.is_part(value) and len(items) <= sargable.MOST_RANGES
        ):
            fn = "total.eq" if is_total else "cmp.eq"
            tests = [Op(fn, (value, item), t.BOOL, not is_total, expr.span) for item in items]
            return self.condition(connect("bool.or", tests), want)
        values = tuple(item for item in items if not item.nullable)
        has_null = len(values) < len(items)
        if is_nothing(value):
            return constant(has_null if is_total else None if items else False, want)
        if want in NEGATING:
            return outside(expr, value, values, has_null, is_total, want)
        return inside(expr, value, values, has_null, is_total, want)

    def strict(self, expr: Op, want: Want) -> Bound:
        """A Boolean function that is null just where an argument is."""
        args = tuple(self.value(arg) for arg in expr.args)
        if any(map(is_nothing, args)):
            return constant(None, want)
        test: Bound = replace(expr, args=args)
        if want in NEGATING:
            test = Op("bool.not", (test,), t.BOOL, test.nullable, expr.span)
        if want in (Want.TRUE, Want.FALSE):
            return test
        return either(test, *null_tests(args))

    def is_true(self, expr: Op, want: Want) -> Bound:
        """Two-valued by itself: asked of what it is asked of."""
        (operand,) = expr.args
        return self.condition(operand, Want.NOT_TRUE if want in NEGATING else Want.TRUE)

    def searched(self, expr: Op, want: Want) -> Bound:
        """Ways to say one thing, of which a target takes one: each is asked the same."""
        return replace(expr, args=tuple(self.condition(arg, want) for arg in expr.args))

    def same_day(self, expr: Op, want: Want) -> Bound:
        days = tuple(Op("date.date", (arg,), t.DATE, arg.nullable, expr.span) for arg in expr.args)
        fn = "cmp.eq" if len(days) == 2 else "cmp.between"
        return self._leaf(Op(fn, days, t.BOOL, expr.nullable, expr.span), want)

    def same_date(self, expr: Op, want: Want) -> Bound:
        """Null just where the column is; OData's test is then false."""
        found, column = sargable.same_date(expr, self)
        test = Op("bool.not", (found,), t.BOOL, found.nullable) if want in NEGATING else found
        if expr.fn.startswith("total."):
            return either(test, *null_tests((column,))) if want in NEGATING else test
        return either(test, *null_tests((column,))) if want.lenient else test

    def _alike(self, operands: tuple[Bound, ...]) -> tuple[Bound, ...]:
        """Moments of the clock are sent as the column beside them stores its values."""
        column = next((operand for operand in operands if isinstance(operand, Column)), None)
        if column is None or column.type not in (t.DATE, t.DATETIME):
            return operands
        return tuple(
            replace(operand, like=column.property)
            if isinstance(operand, Slot) and operand.index >= self._values and operand.type == column.type
            else operand
            for operand in operands
        )


#: Operation -> how it answers a question; others are values that happen to be Boolean.
_LEAVES: dict[str, Callable[[_Lowering, Op, Want], Bound]] = {
    **{f"cmp.{name}": _Lowering.compare for name in OPPOSITE},
    **{f"total.{name}": _Lowering.compare_total for name in OPPOSITE},
    "cmp.between": _Lowering.between,
    "cmp.in": _Lowering.membership,
    "total.in": _Lowering.membership,
    "null.is": _Lowering.null_test,
    "bool.is_true": _Lowering.is_true,
    "date.is_same_day": _Lowering.same_day,
    "date.in_range": _Lowering.same_day,
    **{
        f"{family}.{name}": _Lowering.same_date
        for family in ("cmp", "total")
        for name in ("in_month", "on_date")
    },
    "search.fts5": _Lowering.searched,
    "search.tsvector": _Lowering.searched,
    "search.in_rows": _Lowering.strict,
    "tsvector.phrase": _Lowering.strict,
    "tsvector.prefix": _Lowering.strict,
    **{
        f"str.{name}": _Lowering.strict
        for name in ("contains", "startswith", "endswith", "like", "like_set", "matches")
    },
}


def _is_outer(expr: Bound, table: Table) -> bool:
    """Does a value depend on rows around the table, and not on the table or what it joins?"""
    used: set[int] = set()
    inner: set[int] = set()
    for item in walk(expr):
        if isinstance(item, Column):
            used.add(item.table)
        elif isinstance(item, Subquery):
            used.add(item.outer)
            inner.update(_table_ids(item.table))
    used -= inner
    return bool(used) and not used & set(_table_ids(table))


def _table_ids(table: Table) -> Iterator[int]:
    return (here.id for here in tables(table))
