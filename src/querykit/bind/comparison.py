"""Comparisons and choices: places where operands take their type from one another."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from querykit import types as t
from querykit.ast.nodes import Call, Expr, Literal, Path, Value
from querykit.bind import collections, ids, objects
from querykit.bind.literals import is_in_range, natural_type
from querykit.bind.nullability import result_nullable
from querykit.bind.scope import Collection, Complex, Row
from querykit.bind.watched import question
from querykit.errors import NotExpressible, TypeMismatch
from querykit.functions.catalog import CATALOG
from querykit.plan.nodes import FALSE, TRUE, Bound, Column, Constant, Op
from querykit.schema.model import Property
from querykit.source import Span
from querykit.types import Type

if TYPE_CHECKING:
    from querykit.bind.expressions import Binder, Operand

__all__ = ["HANDLERS", "filled_length", "is_exact", "is_exactly", "unify"]

#: Of lists of values: powers of two, then hundreds; the longest is what the smallest limit of a dialect allows.
_LENGTHS = (1, 2, 4, 8, 16, 32, 64, *range(100, 1001, 100))
_FILLED = [next(length for length in _LENGTHS if length >= count) for count in range(_LENGTHS[-1] + 1)]
_ORDER = frozenset({"lt", "le", "gt", "ge", "between"})
#: Binary, stream and geo values compare only with null (OData 4.01 Part 2, 5.1.1.1).
_INCOMPARABLE = ("binary", "geo", "list")


def unify(
    binder: Binder, operands: Sequence[Operand], span: Span | None, *, lenient: bool
) -> tuple[Bound, ...]:
    """The operands as values of one type: literals take that of the others.

    Raises
    ------
    TypeMismatch: there is no common type.
    """
    settled = [operand for operand in operands if not isinstance(operand, Literal)]
    common = _common([operand.type for operand in settled], span)
    like = next((operand.property for operand in settled if isinstance(operand, Column)), None)
    if common is None or common == t.NULL:
        common = _common(
            [natural_type(operand) for operand in operands if isinstance(operand, Literal)], span
        )
    return tuple(_as(binder, operand, common or t.ANY, like, lenient) for operand in operands)


def _as(binder: Binder, operand: Operand, type: Type, like: Property | None, lenient: bool) -> Bound:
    if not isinstance(operand, Literal):
        if type == t.DATETIME and operand.type == t.DATE:
            return Op("date.midnight", (operand,), t.DATETIME, operand.nullable)
        return operand
    if like is not None and like.id_prefixes and operand.kind != "null":
        operand = ids.number(operand, like)
    natural = natural_type(operand)
    if type in t.NUMBERS and natural in t.NUMBERS and not is_exact(operand, type):
        type = t.FLOAT if natural == t.FLOAT else t.DECIMAL  # 5.5 beside an integer column stays 5.5
        like = None
    if type == t.DATE and natural == t.DATETIME and not _at_midnight(operand):
        return binder.slot(operand, t.DATETIME)
    return binder.slot(operand, type, like=like, lenient=lenient)


@question
def is_exact(literal: Literal, type: Type) -> bool:
    """Is the number literal a value of the number type?"""
    return is_exactly(literal.value, type)


def is_exactly(value: Value, type: Type) -> bool:
    """Is the number a value of the number type?"""
    if type == t.FLOAT:
        return True
    if isinstance(value, int):
        return type == t.DECIMAL or is_in_range(value)
    if not isinstance(value, (float, Decimal)) or not math.isfinite(value):
        return False
    number = Decimal(value)
    return type == t.DECIMAL or (number == number.to_integral_value() and abs(number) < 2**63)


@question
def _at_midnight(literal: Literal) -> bool:
    value = literal.value
    return isinstance(value, dt.datetime) and value.timetz() == dt.time()


def _common(types: Sequence[Type], span: Span | None) -> Type | None:
    """The type that values of all these types share; None for no types."""
    result: Type | None = None
    for type in types:
        result = type if result is None else _pair(result, type)
        if result is None:
            named = " and ".join(dict.fromkeys(str(type) for type in types))
            raise TypeMismatch(f"{named} values cannot be compared or mixed", span=span)
    return result


def _pair(left: Type, right: Type) -> Type | None:
    if left == right or right.kind in ("null", "any"):
        return left
    if left.kind in ("null", "any"):
        return right
    if {left.kind, right.kind} == {"date", "datetime"}:
        return t.DATETIME
    if left.kind == right.kind == "enum":
        return left if left.members else right
    if {left.kind, right.kind} <= {"enum", "string"} or {left.kind, right.kind} <= {"enum", "int"}:
        return left if left.kind == "enum" else right
    return t.promote(left, right)


def _compare(binder: Binder, call: Call) -> Bound:
    family, _, name = call.fn.partition(".")
    expected = 3 if name == "between" else 2
    if len(call.args) != expected:
        raise TypeMismatch(f"{call.fn} takes {expected} operands", code="arity", span=call.span)
    objects.check_classes(binder, call.args)
    operands = [binder.operand(arg) for arg in call.args]
    if any(_is_null(operand) for operand in operands):
        return _with_null(binder, family, name, operands, call)
    args = unify(binder, operands, call.span, lenient=family == "cmp")
    for arg in args:
        if arg.type.kind in _INCOMPARABLE or (name in _ORDER and arg.type.kind == "entity"):
            raise TypeMismatch(f"{arg.type} values can only be compared with null", span=call.span)
    return Op(call.fn, args, t.BOOL, result_nullable(call.fn, CATALOG[call.fn].nulls, args), call.span)


def _is_null(operand: Operand) -> bool:
    return (isinstance(operand, Literal) and operand.kind == "null") or (
        isinstance(operand, Constant) and operand.value is None
    )


def _with_null(binder: Binder, family: str, name: str, operands: Sequence[Operand], call: Call) -> Bound:
    """A comparison with the literal null."""
    others = [binder.settle(operand) for operand in operands if not _is_null(operand)]
    if name == "between":  # a value outside one bound is outside, even if the other bound is null
        value, low, high = call.args
        halves = (Call("cmp.ge", (value, low), call.span), Call("cmp.le", (value, high), call.span))
        return binder.condition(Call("bool.and", halves, call.span))
    if family == "cmp" and name in _ORDER:
        return Constant(None, t.BOOL)  # three-valued: never true, never false
    if family == "total" and name in ("lt", "gt"):
        return FALSE
    # eq, and le and ge of null and null (DESIGN: `null ge null` is true); criteria's `= null` is a null test.
    is_null: Bound = Op("null.is", tuple(others), t.BOOL, False, call.span) if others else TRUE
    return Op("bool.not", (is_null,), t.BOOL, False, call.span) if name == "ne" else is_null


def _null_test(binder: Binder, call: Call) -> Bound:
    (expr,) = call.args
    found = binder.operand(expr) if isinstance(expr, Literal) else binder.target(expr)
    if isinstance(found, Complex):
        return found.is_null(call.span)
    if isinstance(found, Row):
        found = found.presence(expr.span)
    if isinstance(found, Collection):
        raise binder.tables.no_value(found, expr.span)
    if _is_null(found):
        return TRUE
    return Op("null.is", (binder.settle(found),), t.BOOL, False, call.span)


def _membership(binder: Binder, call: Call) -> Bound:
    """`x in (…)`: each item is compared as by `eq` (OData 4.01 Part 2, 5.1.1.1.11)."""
    needle, collection = call.args
    items = binder.list_items(collection)
    if items is None:
        return _element(binder, call)
    lenient = call.fn.startswith("cmp.")
    objects.check_classes(binder, (needle, *items))
    operand = binder.operand(needle)
    if _is_null(operand):
        return _null_membership(binder, call, items)
    listed_operands = _filled([binder.operand(item) for item in items])
    left, *values = unify(binder, [operand, *listed_operands], call.span, lenient=lenient)
    listed = Op("list", tuple(values), t.collection(left.type), False)
    nullable = lenient and (left.nullable or any(value.nullable for value in values))
    return Op(call.fn, (left, listed), t.BOOL, nullable, call.span)


def filled_length(count: int) -> int:
    """How long a list of so many values is made."""
    return _FILLED[count] if count < len(_FILLED) else count


def _filled(items: list[Operand]) -> list[Operand]:
    """A list of literals, the last one repeated up to a length that many lists share, and so their statements."""
    values: list[Operand] = [item for item in items if isinstance(item, Literal) and not _is_null(item)]
    if not values or not all(isinstance(item, Literal) for item in items):
        return items
    length = filled_length(len(values))
    nulls = [item for item in items if _is_null(item)]
    return [*values, *[values[-1]] * (length - len(values)), *nulls[:1]]


def _element(binder: Binder, call: Call) -> Bound:
    """Membership in a collection of the row: of a value in a list, of a row in related rows, by their key."""
    needle, collection = call.args
    found = collections.collection_of(binder, binder.target(collection))
    if not isinstance(found, Collection) or (found.entity is None and not _is_row(binder, needle)):
        raise NotExpressible(
            "membership can be asked of a list only",
            code="in_collection",
            span=collection.span,
            hint="use any: Orders/any(o: o/id eq …)",
        )
    operand, fn = binder.operand(needle), f"{call.fn.removesuffix('.in')}.eq"

    def compare(element: Bound) -> Bound:
        if _is_null(operand):
            return Op("null.is", (element,), t.BOOL, False, call.span) if fn == "total.eq" else FALSE
        args = unify(binder, [element, operand], call.span, lenient=fn == "cmp.eq")
        return Op(fn, args, t.BOOL, result_nullable(fn, CATALOG[fn].nulls, args), call.span)

    return collections.contains(binder, found, compare, call.span)


def _is_row(binder: Binder, expr: Expr) -> bool:
    return isinstance(expr, Path) and isinstance(binder.target(expr), Row)


def _null_membership(binder: Binder, call: Call, items: Sequence[Expr]) -> Bound:
    """null in a list: by `eq`, so null equals null in OData and is unknown elsewhere."""
    if call.fn == "cmp.in":
        return Constant(None, t.BOOL) if items else FALSE
    tests: list[Bound] = []
    for item in items:
        bound = binder.scalar(item)
        tests.append(TRUE if _is_null(bound) else Op("null.is", (bound,), t.BOOL, False))
    if not tests:
        return FALSE
    return tests[0] if len(tests) == 1 else Op("bool.or", tuple(tests), t.BOOL, False, call.span)


def _alternatives(binder: Binder, call: Call) -> Bound:
    """`case`, `Iif`: conditions and values in turn, the values of one type."""
    pairs = len(call.args) // 2
    conditions = [binder.condition(call.args[2 * index]) for index in range(pairs)]
    rest = call.args[2 * pairs :]
    values = unify(
        binder,
        [binder.operand(expr) for expr in (*(call.args[2 * index + 1] for index in range(pairs)), *rest)],
        call.span,
        lenient=False,
    )
    args: list[Bound] = []
    for condition, value in zip(conditions, values, strict=False):
        args += [condition, value]
    args += values[pairs:]
    type = _common([value.type for value in values], call.span) or t.ANY
    return Op("logic.case", tuple(args), type, result_nullable("logic.case", "own", args), call.span)


def _alike(binder: Binder, call: Call) -> Bound:
    """`IsNull(a, b)`, `Max(a, b)`: arguments and result are of one type."""
    if len(call.args) != 2:
        raise TypeMismatch(f"{call.fn} takes 2 arguments", code="arity", span=call.span)
    args = unify(binder, [binder.operand(arg) for arg in call.args], call.span, lenient=False)
    type = _common([arg.type for arg in args], call.span) or t.ANY
    return Op(call.fn, args, type, result_nullable(call.fn, CATALOG[call.fn].nulls, args), call.span)


def _flags(binder: Binder, call: Call) -> Bound:
    """`has`: all the bits are set; of an enumeration stored by name, which has no flags, it is equality."""
    left, right = unify(binder, [binder.operand(arg) for arg in call.args], call.span, lenient=False)
    nullable = left.nullable or right.nullable
    by_name = left.type.kind == "string" or any(isinstance(stored, str) for _, stored in left.type.members)
    if not by_name:
        left = Op("bit.and", (left, right), left.type, nullable)
    return Op("cmp.eq", (left, right), t.BOOL, nullable, call.span)


HANDLERS: dict[str, Callable[[Binder, Call], Bound]] = {
    **{
        f"{family}.{name}": _compare
        for family in ("cmp", "total")
        for name in ("eq", "ne", "lt", "le", "gt", "ge")
    },
    "cmp.between": _compare,
    "cmp.in": _membership,
    "total.in": _membership,
    "null.is": _null_test,
    "null.coalesce": _alike,
    "math.greatest": _alike,
    "math.least": _alike,
    "logic.case": _alternatives,
    "enum.has": _flags,
}
