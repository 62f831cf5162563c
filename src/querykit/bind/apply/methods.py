"""Aggregation methods over the rows of a group (Agg 3.2.1.1)."""

from __future__ import annotations

from typing import NamedTuple

from querykit import types as t
from querykit.ast.nodes import Aggregate, Call, Expr, Literal, Path
from querykit.bind import collections
from querykit.bind.expressions import Binder
from querykit.bind.scope import Row
from querykit.errors import NotExpressible, TypeMismatch
from querykit.plan.nodes import TRUE, Bound, Constant, Op
from querykit.source import Span

__all__ = ["Method", "aggregate_op", "method", "spoken"]

_METHODS = ("sum", "min", "max", "avg", "count", "countdistinct")

#: Method over the rows of a collection -> the one over the results for each row.
_OVER_ROWS = {"sum": "sum", "min": "min", "max": "max", "count": "sum"}


def method(call: Call) -> str:
    """
    Raises
    ------
    NotExpressible: it is none of the standard methods.
    """
    name = call.fn.removeprefix("agg.")
    if name not in _METHODS:
        raise collections.custom_aggregate(call.span)
    return name


def spoken(name: str) -> str:
    """A method as texts call it."""
    return "average" if name == "avg" else name


class Method(NamedTuple):
    """A method and what it aggregates, nulls left out; without an argument rows are counted.

    `counts`: it counts rows of collections, of none 0.
    """

    name: str
    argument: Bound | None
    counts: bool = False

    @classmethod
    def of(cls, binder: Binder, name: str, value: Expr | None, span: Span | None) -> Method:
        """
        Raises
        ------
        TypeMismatch: the method does not take the values.
        NotExpressible: a path through a collection, for a method that cannot be computed row by row.
        """
        if value is None:
            return cls(name, None)
        collection = collections.beyond_collection(binder, value)
        if collection is not None:
            return cls._over(binder, name, collection, span)
        argument = binder.scalar(value)
        _check(binder, name, value, argument)
        return cls(name, argument)

    def where(self, condition: Bound) -> Method:
        """The same over the rows for which the condition is true."""
        value = TRUE if self.argument is None else self.argument
        kept = Op("logic.case", (condition, value), value.type, True)
        return self._replace(argument=kept)

    @classmethod
    def _over(
        cls, binder: Binder, name: str, collection: tuple[Path, Path | None], span: Span | None
    ) -> Method:
        """`Orders/Amount with sum`: the sum of the sums for each row."""
        source, value = collection
        if name not in _OVER_ROWS or (value is None and name != "count"):
            raise NotExpressible(
                f"{spoken(name)} over a collection cannot be run",
                code="aggregate_path",
                span=span,
                hint="sum, min, max and $count can; or ask the other entity, and filter and group there",
            )
        inner = collections.aggregate(binder, Aggregate(name, source, None, value, span=source.span))
        return cls(_OVER_ROWS[name], inner, name == "count")


def _check(binder: Binder, name: str, value: Expr, argument: Bound) -> None:
    """Does the method take values of the type?"""
    if isinstance(argument, Constant) and argument.value is None:
        raise TypeMismatch("null cannot be aggregated", span=value.span)
    if name in ("count", "countdistinct"):  # of rows that a path leads to as well
        return
    if isinstance(value, Path) and isinstance(binder.target(value), Row):
        raise TypeMismatch(
            "a row has no amount and no order", span=value.span, hint="aggregate a property of it"
        )
    if name in ("sum", "avg") and argument.type not in (*t.NUMBERS, t.DURATION, t.ANY):
        raise TypeMismatch(f"{spoken(name)} needs numbers, not {argument.type} values", span=value.span)
    if name in ("min", "max") and argument.type.kind in ("geo", "binary", "list"):
        raise TypeMismatch(f"{argument.type} values have no order", code="no_order", span=value.span)


def aggregate_op(binder: Binder, found: Method) -> Bound:
    """The operation on a group."""
    name, argument, counts = found
    if argument is None:
        return Op("agg.count", (), t.INT, False)
    if name in ("count", "countdistinct"):
        return Op(f"agg.{name}", (argument,), t.INT, False)
    type = t.DECIMAL if name == "avg" and argument.type == t.INT else argument.type
    op = Op(f"agg.{name}", (argument,), type, True)
    if not counts:
        return op
    return Op("null.coalesce", (op, binder.slot(Literal("int", 0), t.INT)), t.INT, False)
