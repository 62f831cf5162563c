"""Any condition in FetchXML's terms: operators about a field, joined by `and` and `or`, and links.

OData's comparisons become three-valued ones first, then negations move into the operators, for which FetchXML
has opposites. Those keep rows without a value, so `not-null` is written beside one that may not (`model`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeGuard

from querykit.ast.nodes import Aggregate, Call, EntitySet, Expr, Literal, Node, Path
from querykit.errors import NotExpressible
from querykit.languages.fetchxml.model import ALWAYS, NEVER, Condition, Link, Part, connect
from querykit.languages.fetchxml.moments import PERIODS, distance_asked
from querykit.languages.fetchxml.operators import COMPARISONS, USER
from querykit.languages.fetchxml.values import value_text
from querykit.rewrite.constants import OPPOSITES
from querykit.rewrite.logic import to_three_valued
from querykit.rewrite.nulls import beside_null, is_null_literal, null_test
from querykit.rewrite.patterns import functions_to_like
from querykit.rewrite.polarity import Want, push

__all__ = ["field_name", "join_of", "part_of"]

_OPERATORS = {fn: name for name, fn in COMPARISONS.items()}
_PERIODS = {fn: name for name, fn in PERIODS.items()}
_USER = {row: name for name, row in USER.items()}
_MIRRORED = {"cmp.lt": "cmp.gt", "cmp.gt": "cmp.lt", "cmp.le": "cmp.ge", "cmp.ge": "cmp.le"}


def part_of(expr: Expr) -> Part:
    """The condition as FetchXML has it.

    Raises
    ------
    NotExpressible: it has no form for it.

    >>> part_of(Call("bool.not", (Call("cmp.lt", (Path(("a",)), Literal("int", 1))),))).operator
    'ge'
    """
    return _pushed(to_three_valued(expr), Want.TRUE)


def _pushed(expr: Expr, want: Want) -> Part:
    # `push` is written for one type; it takes trees and gives what `leaf` and `connect` give
    return push(expr, want, leaf=_leaf, connect=connect)  # type: ignore[arg-type, return-value]  # leaves are calls here, parts there


def _leaf(test: Expr, want: Want) -> Part:
    holds = want is Want.TRUE
    if isinstance(test, Literal) and test.kind in ("bool", "null"):
        return ALWAYS if test.value is holds else NEVER
    if isinstance(test, Path):
        return Condition(field_name(test), "eq", ("1" if holds else "0",), test)
    if isinstance(test, Aggregate):
        return _link(test, holds)
    handler = _HANDLERS.get(test.fn) if isinstance(test, Call) else None
    if handler is None or not isinstance(test, Call):
        raise _no_condition(test)
    return handler(test, holds)


# --- Comparisons


def _comparison(test: Call, holds: bool) -> Part:
    fn = test.fn if holds else OPPOSITES[test.fn]
    beside = beside_null(test)
    if beside is not None:  # `cmp.eq(x, null)` is `null.is(x)`, see `rewrite.logic`
        if fn not in ("cmp.eq", "cmp.ne"):
            return NEVER
        return _pushed(null_test(beside), Want.TRUE if fn == "cmp.eq" else Want.FALSE)
    left, right = test.args
    if not _is_field(left) and _is_field(right):
        left, right, fn = right, left, _MIRRORED.get(fn, fn)
    return _compared(Call(fn, (left, right), test.span))


def _compared(test: Call) -> Part:
    left, right = test.args
    if _is_day(left):
        return _day(test, field_name(left.args[0]), right)
    distance = distance_asked(test)
    if distance is not None:
        return Condition(field_name(left), distance.operator, (str(distance.number),), test)
    name = field_name(left)
    if isinstance(right, Literal):
        return Condition(name, _OPERATORS[test.fn], (value_text(right),), test)
    if isinstance(right, Path):
        return Condition(name, _OPERATORS[test.fn], (), test, valueof=field_name(right))
    operator = _USER.get((test.fn, right.fn)) if isinstance(right, Call) and not right.args else None
    if operator is None:
        raise _no_value(right)
    return Condition(name, operator, (), test)


#: Comparison of days -> the operators of which one holds, and the days by which their value is later.
_DAYS: dict[str, tuple[tuple[str, int], ...]] = {
    "cmp.eq": (("on", 0),),
    "cmp.le": (("on-or-before", 0),),
    "cmp.ge": (("on-or-after", 0),),
    "cmp.lt": (("on-or-before", -1),),
    "cmp.gt": (("on-or-after", 1),),
    "cmp.ne": (("on-or-before", -1), ("on-or-after", 1)),
}


def _day(test: Call, name: str, value: Expr) -> Part:
    day = _day_of(value)
    if day is None:
        raise _no_value(value)
    try:
        parts = [
            Condition(name, operator, ((day + timedelta(later)).isoformat(),), test)
            for operator, later in _DAYS[test.fn]
        ]
    except OverflowError:
        raise NotExpressible("the day before or after lies outside the calendar", span=value.span) from None
    return connect("bool.or", parts)


def _day_of(value: Expr) -> date | None:
    moment = value.value if isinstance(value, Literal) else None
    if isinstance(moment, datetime):
        return moment.date() if moment.tzinfo is None and moment.time() == time() else None
    if isinstance(moment, date):
        return moment
    if isinstance(value, Literal) and value.kind == "string":
        try:
            return date.fromisoformat(str(value.value))
        except ValueError:
            return None
    return None


def _membership(test: Call, holds: bool) -> Part:
    operand, items = test.args
    if not isinstance(items, Call) or items.fn != "list":
        raise _refusal("membership in a collection", test, "in takes a list of values")
    values = [item for item in items.args if not is_null_literal(item)]
    if not holds and len(values) < len(items.args):
        return NEVER  # whether it is null or equal to it, nobody knows
    if not values:
        return NEVER if holds else ALWAYS
    texts = [value_text(item) for item in values if isinstance(item, Literal)]
    if len(texts) == len(values) and isinstance(operand, Path):
        return Condition(field_name(operand), "in" if holds else "not-in", tuple(texts), test)
    fn, compare = ("bool.or", "cmp.eq") if holds else ("bool.and", "cmp.ne")
    return connect(fn, [_comparison(Call(compare, (operand, item), test.span), True) for item in values])


def _between(test: Call, holds: bool) -> Part:
    value, *bounds = test.args
    texts = [
        value_text(bound) for bound in bounds if isinstance(bound, Literal) and not is_null_literal(bound)
    ]
    if isinstance(value, Path) and len(texts) == 2:
        return Condition(field_name(value), "between" if holds else "not-between", tuple(texts), test)
    distance = distance_asked(test) if holds else None
    if distance is not None:
        return Condition(field_name(value), distance.operator, (str(distance.number),), test)
    fn, first, last = ("bool.and", "cmp.ge", "cmp.le") if holds else ("bool.or", "cmp.lt", "cmp.gt")
    halves = (Call(first, (value, bounds[0]), test.span), Call(last, (value, bounds[1]), test.span))
    return connect(fn, [_comparison(half, True) for half in halves])


# --- Other tests


def _null(test: Call, holds: bool) -> Part:
    (operand,) = test.args
    if _is_day(operand):
        (operand,) = operand.args
    if isinstance(operand, Path):
        return Condition(field_name(operand), "null" if holds else "not-null", (), test)
    parts = null_test(operand)
    if parts == test:
        raise _no_field(operand)
    return _pushed(parts, Want.TRUE if holds else Want.FALSE)


def _empty(test: Call, holds: bool) -> Part:
    name = field_name(test.args[0])
    if holds:
        return connect("bool.or", [Condition(name, "null", (), test), Condition(name, "eq", ("",), test)])
    return Condition(name, "ne", ("",), test)


def _pattern(test: Call, holds: bool) -> Part:
    like = functions_to_like(test) or test
    if like.fn == "str.matches":
        raise _no_function(test)
    operand, pattern = like.args
    if not isinstance(pattern, Literal) or not isinstance(pattern.value, str):
        raise _no_value(pattern)
    text = pattern.value if like.fn == "str.like_set" else _with_sets(pattern.value)
    return Condition(field_name(operand), "like" if holds else "not-like", (text,), test)


def _with_sets(pattern: str) -> str:
    r"""A `str.like` pattern as one of T-SQL, where brackets escape.

    >>> _with_sets("100\\%_[x]")
    '100[%]_[[]x]'
    """

    def spelled(match: re.Match[str]) -> str:
        char = match["escaped"] or match["bracket"]
        return f"[{char}]" if char in "%_[" else char

    return re.sub(r"\\(?P<escaped>.)|(?P<bracket>\[)", spelled, pattern, flags=re.DOTALL)


def _period(test: Call, holds: bool) -> Part:
    if not holds:
        raise _refusal(
            f"opposite of {_PERIODS[test.fn]}",
            test,
            "ask for the days before and after: on-or-before, on-or-after",
        )
    return Condition(field_name(test.args[0]), _PERIODS[test.fn], (), test)


_HANDLERS: dict[str, Callable[[Call, bool], Part]] = {
    **dict.fromkeys(_OPERATORS, _comparison),
    **dict.fromkeys(_PERIODS, _period),
    **dict.fromkeys(("str.like", "str.like_set"), _pattern),
    **dict.fromkeys(("str.startswith", "str.endswith", "str.contains", "str.matches"), _pattern),
    "cmp.in": _membership,
    "cmp.between": _between,
    "null.is": _null,
    "str.is_null_or_empty": _empty,
}


# --- Links


def _link(test: Aggregate, holds: bool) -> Part:
    if test.function != "any" or not isinstance(test.source, EntitySet) or test.source.name is None:
        raise _refusal(
            "conditions on a relation by its name",
            test,
            "a link says which fields join: criteria's [<Order>][customer_id = ^.id] does",
        )
    joined, rest = join_of(test)
    condition = connect("bool.and", [_pushed(part, Want.TRUE) for part in rest])
    if condition == NEVER:
        return NEVER if holds else ALWAYS
    origin, target = (str(path.steps[0]) for path in joined)
    return Link(test.source.name, origin, target, condition, test, negated=not holds)


def join_of(test: Aggregate) -> tuple[tuple[Path, Path], Sequence[Expr]]:
    """The fields that join, of the linked row and of the row around, and what else must hold."""
    condition = test.condition
    parts = condition.args if isinstance(condition, Call) and condition.fn == "bool.and" else (condition,)
    for place, part in enumerate(parts):
        if isinstance(part, Call) and part.fn == "cmp.eq":
            for pair in (part.args, part.args[::-1]):
                joined = _joined(*pair)
                if joined is not None:
                    return joined, [
                        each for each in (*parts[:place], *parts[place + 1 :]) if each is not None
                    ]
    raise _refusal("links without a join", test, "one field of the linked row equals one of the row around")


def _joined(inner: Expr, outer: Expr) -> tuple[Path, Path] | None:
    if not isinstance(inner, Path) or not isinstance(outer, Path) or (inner.up, outer.up) != (0, 1):
        return None
    both = (*inner.steps, *outer.steps)
    plain = len(inner.steps) == len(outer.steps) == 1 and all(isinstance(step, str) for step in both)
    return (inner, outer) if plain else None


# --- Operands


def _is_field(expr: Expr) -> bool:
    return isinstance(expr, Path) or _is_day(expr)


def _is_day(expr: Expr) -> TypeGuard[Call]:
    """The day of a field: `date(a)`, or `GetDate([a])`, which is its midnight."""
    return isinstance(expr, Call) and expr.fn in ("date.date", "date.midnight")


def field_name(expr: Expr) -> str:
    """The name of a field of the row at hand.

    Raises
    ------
    NotExpressible: it is something else.
    """
    if not isinstance(expr, Path):
        raise _no_field(expr)
    if expr.up:
        raise _refusal(
            "fields of the row around in this place", expr, "put the condition into its own filter"
        )
    if len(expr.steps) != 1 or not isinstance(expr.steps[0], str) or not expr.steps[0]:
        raise _refusal("fields of related rows", expr, "a link-entity joins the other entity")
    return expr.steps[0]


def _no_field(expr: Expr) -> NotExpressible:
    if isinstance(expr, Call):
        return _no_function(expr)
    what = "values of related rows" if isinstance(expr, Aggregate) else "values in the place of a field"
    return _refusal(what, expr, "a condition compares a field with values")


def _no_value(expr: Expr) -> NotExpressible:
    if isinstance(expr, Call):
        return _no_function(expr)
    if isinstance(expr, Literal):
        return _refusal(f"{expr.kind} values in this place", expr, "a day is written 2010-01-31")
    return _refusal(
        "parameters" if not isinstance(expr, Path) else "fields in this place", expr, "give the value"
    )


def _no_condition(test: Expr) -> NotExpressible:
    if isinstance(test, Call):
        return _no_function(test)
    return _refusal("conditions without a field", test, "a condition compares a field with values")


def _no_function(call: Call) -> NotExpressible:
    name = call.fn.rpartition(".")[2]
    what = "arithmetic" if call.fn.startswith(("math.", "bit.")) else f"function {name}"
    return _refusal(what, call, "a condition compares a field with values")


def _refusal(what: str, node: Node, hint: str) -> NotExpressible:
    return NotExpressible(f"FetchXML has no {what}", span=node.span, hint=hint)
