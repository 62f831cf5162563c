"""Values and conditions of a plan as text (subqueries as trees), each with how tightly it binds and how large it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, assert_never

from sqlglot import exp

from querykit import types as t
from querykit.errors import LimitExceeded, NotExpressible, QueryError
from querykit.functions.catalog import CATALOG
from querykit.functions.sql import Dialect, Hole, Level, Shape, filling, shape, weight
from querykit.plan.conditions import connect
from querykit.plan.nodes import Bound, Column, Constant, Op, Slot, Sort, Subquery, Window
from querykit.targets.sqlglot.derived import has_subquery
from querykit.targets.sqlglot.parameters import Parameters
from querykit.targets.sqlglot.printer import Written, node, template
from querykit.targets.sqlglot.sources import Sources
from querykit.types import Type

__all__ = ["Expressions", "Part"]


_KEY = Hole(0, 0)

#: Families whose operators say themselves what null does to them, and take a bare NULL.
_TAKING_NULL = ("cmp.", "null.", "bool.", "logic.", "agg.")


#: IN and NOT IN item by item: comparison, connective.
_MEMBERSHIP = {"cmp.in": ("cmp.eq", "bool.or"), "cmp.not_in": ("cmp.ne", "bool.and")}


class Part(NamedTuple):
    """A piece of a statement.

    Parameters
    ----------
    written: its text or tree.
    level: how tightly it holds together.
    weight: how many parts it is made of.
    condition: it is a condition, which is no value in every dialect.
    """

    written: Written
    level: int = Level.ATOM
    weight: int = 1
    condition: bool = False

    @property
    def node(self) -> exp.Expr:
        """Its tree."""
        return node(self.written)


#: An argument that the template does without.
_UNUSED = Part("NULL")


class Expressions:
    """Expressions over the tables in sight.

    Parameters
    ----------
    subquery: builds the tree of a subquery whose outer rows are these.
    """

    def __init__(
        self,
        dialect: Dialect,
        parameters: Parameters,
        sources: Sources,
        subquery: Callable[[Expressions, Subquery], Part],
    ) -> None:
        self.dialect = dialect
        self.parameters = parameters
        self.sources = sources
        self._subquery = subquery

    def within(self, sources: Sources) -> Expressions:
        """The same over the tables of a subquery, and those around it."""
        return Expressions(self.dialect, self.parameters, sources, self._subquery)

    def value(self, bound: Bound) -> Part:
        """The expression where a value stands."""
        part = self._part(bound)
        if self.dialect.booleans or not part.condition:
            return part
        return self.call("bool.as_value" if bound.nullable else "bool.as_value_not_null", (part,), (t.BOOL,))

    def condition(self, bound: Bound) -> Part:
        """The expression where a condition stands."""
        if isinstance(bound, Constant) and bound.value is not None and not self.dialect.booleans:
            return Part("1 = 1" if bound.value else "1 = 0", Level.COMPARISON, 1, True)
        part = self._part(bound)
        if self.dialect.booleans or part.condition:
            return part
        return self.call("bool.as_condition", (part,), (t.BOOL,))

    def _part(self, bound: Bound) -> Part:
        match bound:
            case Column():
                if bound.property.computed:
                    raise NotExpressible(
                        f"'{bound.property.name}' is an expression that only SQLAlchemy knows",
                        code="computed_property",
                        hint="use to_sqlalchemy or fetch",
                    )
                return Part(self.sources.column(bound.table, bound.property.column))
            case Slot():
                return Part(self.parameters.mark(bound))
            case Constant():
                return Part(self._constant(bound))
            case Op():
                return self._op(bound)
            case Subquery():
                return self._subquery(self, bound)
            case Window():
                return self._window(bound)
            case _:
                assert_never(bound)

    def _window(self, bound: Window) -> Part:
        """ROW_NUMBER or SUM over rows of the statement, the sum with an order of the rows before."""
        args = [] if bound.argument is None else [self.value(bound.argument)]
        function = Part("ROW_NUMBER()") if not args else self.call("agg.sum", args)
        groups = [self.value(expr).node for expr in bound.partition]
        window = exp.Window(this=function.node, partition_by=groups)
        if bound.order:
            window.set("order", exp.Order(expressions=[self.sort_key(key) for key in bound.order]))
        if bound.order and args:
            frame = exp.WindowSpec(
                kind="ROWS",
                start="UNBOUNDED",
                start_side="PRECEDING",
                end=exp.Literal.number(1),
                end_side="PRECEDING",
            )
            window.set("spec", frame)
        return Part(window, Level.ATOM, 1 + sum(arg.weight for arg in args))

    def sort_key(self, key: Sort) -> exp.Expr:
        """Nulls lowest, said only where the dialect would put them elsewhere."""
        part = self.value(key.expr)
        words = " DESC" if key.descending else ""
        if key.expr.nullable and self.dialect.nulls != "low":
            if not key.descending:
                words += " NULLS FIRST"
            elif self.dialect.nulls == "high":
                words += " NULLS LAST"
        return node(template((_KEY, words), (part.written,), (part.level,)))

    def _constant(self, constant: Constant) -> str:
        if constant.value is None:
            return "NULL"
        names = ("FALSE", "TRUE") if self.dialect.booleans else ("0", "1")
        return names[constant.value]

    def _op(self, op: Op) -> Part:
        if op.fn in _MEMBERSHIP and "in" in self.dialect.without_subqueries and not _is_of_values(op):
            return self._part(_one_by_one(op))
        args = _flat(op)
        if _is_null(op, args):
            return Part("NULL")
        try:
            found = self._shape(op, args)
            _, _, used, _, encodings = filling(found)
            parts: list[Part] = []
            # A loop: recursion takes three frames for each level of the tree
            for index, arg in enumerate(args):
                if index not in used and not found.joiner:
                    parts.append(_UNUSED)
                elif index in encodings and isinstance(arg, Slot):
                    parts.append(Part(self.parameters.mark(arg, encodings[index])))
                elif index in found.conditions:
                    parts.append(self.condition(arg))
                else:
                    parts.append(Part(self.parameters.mark(arg)) if type(arg) is Slot else self.value(arg))
            if found.joiner and self.dialect.chain:
                parts = self._grouped(op.fn, found, parts)
            return _filled(found if len(parts) == len(args) else self._joined(op.fn, len(parts)), parts)
        except QueryError as error:
            raise error.located(None, op.span) from None

    def _shape(self, op: Op, args: Sequence[Bound]) -> Shape:
        if op.fn in _MEMBERSHIP and len(args) - 1 > self.dialect.list_items:
            raise LimitExceeded(
                f"{self.dialect.name} takes at most {self.dialect.list_items:,} items in a list",
                code="list_items",
            )
        if op.custom is not None:
            return op.custom.shape(self.dialect.name)
        first = args[0] if args else None
        return shape(
            op.fn,
            self.dialect.name,
            len(args),
            tuple(dict.fromkeys([arg.type for arg in args])),
            slots=frozenset([index for index, arg in enumerate(args[:8]) if type(arg) is Slot]),
            collation=first.property.collation if isinstance(first, Column) else None,
        )

    def _grouped(self, fn: str, found: Shape, parts: list[Part]) -> list[Part]:
        """A long run of AND or OR as groups in brackets: the tree of a run is as deep as it is long."""
        most = self.dialect.chain
        if len(parts) <= most:
            return parts
        if fn not in ("bool.and", "bool.or"):  # not associative in floating point
            raise LimitExceeded(f"{self.dialect.name} takes at most {most} operands in a row", code="nesting")
        groups = [parts[start : start + most] for start in range(0, len(parts), most)]
        return [_bracketed(_filled(self._joined(fn, len(group)), group)) for group in groups]

    def _joined(self, fn: str, arity: int) -> Shape:
        return shape(fn, self.dialect.name, arity, (t.BOOL,))

    def call(self, fn: str, parts: Sequence[Part], types: tuple[Type, ...] = ()) -> Part:
        """An operation on parts that exist already."""
        return _filled(shape(fn, self.dialect.name, len(parts), types), parts)


def _filled(found: Shape, parts: Sequence[Part]) -> Part:
    """The template with the parts in its holes."""
    size = weight(found, [part.weight for part in parts])
    if found.template == "{0}":  # the argument itself
        return parts[0]._replace(weight=size, condition=found.predicate)
    pieces, level, *_ = filling(found)
    written = template(pieces, [part.written for part in parts], [part.level for part in parts])
    return Part(written, level, size, found.predicate)


def _bracketed(part: Part) -> Part:
    written = template(("(", Hole(0, 0), ")"), (part.written,), (part.level,))
    return part._replace(written=written, level=Level.ATOM)


def _is_null(op: Op, args: Sequence[Bound]) -> bool:
    """Is it a function of a null literal? A null without a type is ambiguous for the functions of many engines."""
    for arg in args:
        if type(arg) is Constant and arg.value is None:
            break
    else:
        return False
    row = op.custom or CATALOG.get(op.fn)
    return not (op.fn.startswith(_TAKING_NULL) or (row is not None and row.nulls != "strict"))


def _flat(op: Op) -> Sequence[Bound]:
    """The arguments; a list in their place counts item by item."""
    if op.fn not in _MEMBERSHIP:
        return op.args
    value, items = op.args
    return (value, *items.args) if isinstance(items, Op) else op.args


def _is_of_values(op: Op) -> bool:
    """Is a list of values looked through, and for something that is no subquery?"""
    value, *items = _flat(op)
    return all(isinstance(item, Slot) for item in items) and not has_subquery(value)


def _one_by_one(op: Op) -> Bound:
    """`x IN (a, b)` as `x = a OR x = b`."""
    value, *items = _flat(op)
    fn, connective = _MEMBERSHIP[op.fn]
    tests: list[Bound] = [Op(fn, (value, item), op.type, op.nullable, op.span) for item in items]
    return connect(connective, tests)
