"""Expressions of the syntax tree into typed expressions of the plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from querykit import types as t
from querykit.ast.nodes import Aggregate, Call, EntitySet, Expr, Literal, Named, Parameter, Path
from querykit.bind import collections, comparison, conversion, custom, ids, objects, paths, search
from querykit.bind.literals import convert, is_value_of, natural_type
from querykit.bind.nullability import result_nullable
from querykit.bind.overloads import accepts, arity_text, choose, expanded
from querykit.bind.scope import Collection, Row, Tables
from querykit.bind.watched import lifted, looked_at, plain
from querykit.errors import (
    Forbidden,
    LimitExceeded,
    NotExpressible,
    ParseError,
    TypeMismatch,
)
from querykit.functions.catalog import CATALOG
from querykit.functions.signature import Function, Overload
from querykit.limits import Limits
from querykit.plan.nodes import NULL_CONSTANT, Bound, Constant, Op, Slot
from querykit.schema.model import Property
from querykit.source import Span
from querykit.types import Type

__all__ = ["Binder", "Operand"]

#: An argument before its place has given it a type: a literal waits for the operand it meets.
Operand: TypeAlias = Bound | Literal

#: Operators of which each step of a run decides its own type: 7 div 2 div 1.5 divides integers first.
_STEPWISE = frozenset({"math.div", "math.divby", "math.mod"})


class Binder:
    """Binds the expressions of one plan; `rows` are the rows in scope, innermost last.

    `all_rows`: those that are being queried are all of their entity, so that an entity set without a name is that.
    `related`: they are of one parent each.
    """

    def __init__(
        self, tables: Tables, limits: Limits, aliases: Mapping[str, Expr], values: list[Any]
    ) -> None:
        self.tables = tables
        self.limits = limits
        self.rows: list[Row] = []
        self.all_rows = True
        self.related = False
        self._values = values
        self._aliases = aliases
        self._open_aliases: list[str] = []
        # Counted again while binding: an alias can be used many times, and aliases in one another.
        self._nodes = 0
        self._depth = 0
        self._calls: dict[str, Callable[[Binder, Call], Bound]] = {
            **comparison.HANDLERS,
            **conversion.HANDLERS,
            **search.HANDLERS,
        }

    # -- entry points -------------------------------------------------------------------------------

    def condition(self, expr: Expr) -> Bound:
        """An expression that must be true or false."""
        bound = self.settle(self.operand(expr))
        if bound.type.kind not in ("bool", "any", "null"):
            raise TypeMismatch(
                f"a condition is expected here, not a {bound.type} value",
                code="not_a_condition",
                span=expr.span,
            )
        return bound

    def scalar(self, expr: Expr) -> Bound:
        """An expression that is one value; a literal takes its own type, a row becomes its key."""
        return self.settle(self.operand(expr))

    def operand(self, expr: Expr) -> Operand:
        """An expression as an argument: literals are left open."""
        if isinstance(expr, Literal):
            return objects.key_of(self, expr) if expr.kind == "object" else expr
        if isinstance(expr, Parameter):
            return self._parameter(expr)
        found = self.target(expr)
        if isinstance(found, Row):
            return found.key(expr.span)
        if isinstance(found, Collection):
            raise self.tables.no_value(found, expr.span)
        return found

    def target(self, expr: Expr) -> Bound | Row | Collection:
        """Like `scalar`, but a path may end in a row or a collection."""
        self._nodes += 1
        self._depth += 1
        if self._nodes > self.limits.nodes or self._depth > self.limits.depth:
            raise self._too_large(expr)
        try:
            if isinstance(expr, Path):
                return paths.resolve(self, expr)
            if isinstance(expr, Call):
                return self._call(expr)
            if isinstance(expr, Aggregate):
                return collections.aggregate(self, expr)
            return self._no_value(expr)
        finally:
            self._depth -= 1

    def _no_value(self, expr: Expr) -> Bound:
        if isinstance(expr, EntitySet):
            raise NotExpressible("a whole entity set is not a value", code="row_as_value", span=expr.span)
        if isinstance(expr, Named):
            raise NotExpressible(f"'{expr.name}=' has no meaning here", code="named_argument", span=expr.span)
        return self.scalar(expr)

    # -- literals -----------------------------------------------------------------------------------

    def slot(
        self, literal: Literal, type: Type, *, like: Property | None = None, lenient: bool = False
    ) -> Bound:
        """A literal as a value of the type."""
        if literal.kind == "null":
            return NULL_CONSTANT
        if literal.kind in ("type", "user"):
            raise NotExpressible(
                f"{literal.kind} literals have no value here", code="literal", span=literal.span
            )
        value = convert(plain(literal), type, lenient=lenient)
        if type.kind in ("bool", "any") and isinstance(value, bool):
            looked_at(literal)
            return Constant(value, t.BOOL)
        self._values.append(value)
        lifted(literal, len(self._values) - 1, type, lenient)
        return Slot(len(self._values) - 1, type, like)

    def settle(self, operand: Operand, type: Type | None = None) -> Bound:
        """An operand with a type of its own, or of its place."""
        if not isinstance(operand, Literal):
            return operand
        return self.slot(operand, type or natural_type(operand))

    def _parameter(self, parameter: Parameter) -> Operand:
        """The value of an alias, in the scope of the whole query; null without one."""
        name = parameter.name
        if name not in self._aliases:
            return Literal("null", None, span=parameter.span)
        if name in self._open_aliases:
            raise ParseError(f"@{name} is defined by itself", code="alias_cycle", span=parameter.span)
        if len(self._open_aliases) >= self.limits.depth:
            raise self._too_large(parameter)
        rows, self.rows = self.rows, self.rows[:1]
        self._open_aliases.append(name)
        try:
            return self.operand(self._aliases[name])
        finally:
            self._open_aliases.pop()
            self.rows = rows

    def _too_large(self, expr: Expr) -> LimitExceeded:
        code = "nodes" if self._nodes > self.limits.nodes else "depth"
        what = f"{self.limits.nodes} nodes" if code == "nodes" else f"{self.limits.depth} levels"
        return LimitExceeded(f"more than {what} once parameters are put in", code=code, span=expr.span)

    def list_items(self, expr: Expr) -> tuple[Expr, ...] | None:
        """The items of a list, also of one that an alias stands for; None if it is no list."""
        if isinstance(expr, Parameter) and expr.name in self._aliases and expr.name not in self._open_aliases:
            expr = self._aliases[expr.name]
        return expr.args if isinstance(expr, Call) and expr.fn == "list" else None

    # -- scopes -------------------------------------------------------------------------------------

    @contextmanager
    def scope(self, row: Row) -> Any:
        """`row` is the innermost row."""
        self.rows.append(row)
        try:
            yield row
        finally:
            self.rows.pop()

    # -- calls --------------------------------------------------------------------------------------

    def _call(self, call: Call) -> Bound:
        handler = self._calls.get(call.fn)
        if handler is not None:
            return handler(self, call)
        function = CATALOG.get(call.fn)
        if function is None:
            return custom.call(self, call)
        allowed = self.tables.policy.functions
        if allowed is not None and function.id not in allowed and function.nulls != "logic":
            raise Forbidden(f"{function.id} may not be called", code="function", span=call.span)
        if not function.overloads:
            raise NotExpressible(f"{function.id} cannot be computed", code="function", span=call.span)
        if function.nulls == "logic":
            return self._connective(call)
        operands = [ids.written(self, self.operand(arg)) for arg in call.args]
        if call.fn in _STEPWISE and len(operands) > 2:
            return self._stepwise(function, operands, call.span)
        return self.apply(function, operands, call.span)

    def _connective(self, call: Call) -> Op:
        """and, or, not: what stands in them is a condition, and the error points at the one that is not."""
        bound = []
        for arg in call.args:  # a loop has no stack frame of its own
            bound.append(self.condition(arg))
        args = tuple(bound)
        return Op(call.fn, args, t.BOOL, any(arg.nullable for arg in args), call.span)

    def _stepwise(self, function: Function, operands: Sequence[Operand], span: Span | None) -> Bound:
        if len(operands) > self.limits.depth:
            raise LimitExceeded(f"more than {self.limits.depth} divisions in a row", code="depth", span=span)
        result = operands[0]
        for operand in operands[1:]:
            result = self.apply(function, [result, operand], span)
        return self.settle(result)

    def apply(self, function: Function, operands: Sequence[Operand], span: Span | None) -> Op:
        """The operation that the first fitting overload stands for."""
        overload = self.overload(function, operands)
        if overload is None:
            raise self._no_overload(function, operands, span)
        args = self._arguments(overload, operands)
        result = _result(overload, args)
        fn = overload.becomes or function.id
        return Op(fn, args, result, result_nullable(fn, function.nulls, args), span)

    def types(self, operands: Sequence[Operand]) -> list[Type]:
        return [_type(operand) for operand in operands]

    def overload(self, function: Function, operands: Sequence[Operand]) -> Overload | None:
        """One that takes the arguments as they are, or once literals are converted: a date as a date-time."""
        found = choose(function, self.types(operands))
        if found is not None:
            return found
        for overload in function.overloads:
            params = expanded(overload, len(operands))
            if params is not None and all(
                accepts(param, _type(operand)) or _convertible(operand, param)
                for param, operand in zip(params, operands, strict=True)
            ):
                return overload
        return None

    def _arguments(self, overload: Overload, operands: Sequence[Operand]) -> tuple[Bound, ...]:
        params = expanded(overload, len(operands)) or ()
        numbers = [_type(operand) for operand in operands if not isinstance(operand, Literal)]
        widest = max((n for n in numbers if n in t.NUMBERS), key=t.NUMBERS.index, default=None)
        args = []
        for param, operand in zip(params, operands, strict=True):
            wanted = param if isinstance(param, Type) and param != t.ANY else None
            if isinstance(operand, Literal) and param == "number":
                wanted = _number_type(operand, widest)
            args.append(self.settle(operand, wanted))
        return tuple(args)

    def _no_overload(
        self, function: Function, operands: Sequence[Operand], span: Span | None
    ) -> TypeMismatch:
        got = ", ".join(str(_type(operand)) for operand in operands)
        if not any(expanded(overload, len(operands)) for overload in function.overloads):
            message = f"{function.id} takes {arity_text(function)} arguments, not {len(operands)}"
            return TypeMismatch(message, code="arity", span=span)
        wanted = " or ".join(
            "(" + ", ".join(str(param) for param in overload.params) + ")"
            for overload in function.overloads[:4]
        )
        return TypeMismatch(f"{function.id} does not take ({got})", span=span, hint=f"it takes {wanted}")


def _type(operand: Operand) -> Type:
    return natural_type(operand) if isinstance(operand, Literal) else operand.type


def _convertible(operand: Operand, param: Type | str) -> bool:
    return isinstance(operand, Literal) and isinstance(param, Type) and is_value_of(operand, param, False)


def _number_type(literal: Literal, widest: Type | None) -> Type | None:
    """A number literal beside numbers: decimal or double as they are (OData 4.01 Part 2, 5.1.1.18)."""
    natural = natural_type(literal)
    if natural in (t.DECIMAL, t.FLOAT) and widest in (t.DECIMAL, t.FLOAT):
        return widest
    return None


def _result(overload: Overload, args: tuple[Bound, ...]) -> Type:
    if isinstance(overload.result, Type):
        return overload.result
    if overload.result == "promoted":
        result = t.INT
        for arg in args:
            result = t.promote(result, arg.type) or t.ANY
            if result == t.ANY:
                break
        return result
    return args[0].type
