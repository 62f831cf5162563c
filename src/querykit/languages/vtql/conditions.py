"""Any condition as VTQL has conditions: comparisons of a field with a value, joined by AND and OR.

In this order: OData's comparisons become three-valued ones, negations move into the comparisons, what brackets
would group is multiplied out, and tests for null that another test of the field decides are left out.
"""

from __future__ import annotations

from typing import TypeGuard

from querykit.ast.build import negation
from querykit.ast.nodes import Call, Expr, Path
from querykit.rewrite.constants import OPPOSITES, both, connect, constant, either, inverse
from querykit.rewrite.logic import to_three_valued
from querykit.rewrite.normalforms import disjunctive
from querykit.rewrite.nulls import beside_null, is_null_literal, null_test
from querykit.rewrite.patterns import functions_to_like, like_set_to_like
from querykit.rewrite.polarity import Want, push

__all__ = ["alternatives"]


def alternatives(expr: Expr) -> list[list[Expr]]:
    """The conjunctions of which one must hold, each a list of tests that VTQL may have.

    Raises
    ------
    NotExpressible: without brackets there are too many.

    >>> from querykit.ast.nodes import Literal
    >>> adult = Call("cmp.ge", (Path(("age",)), Literal("int", 18)))
    >>> [[test.fn for test in term] for term in alternatives(negation(adult))]
    [['cmp.lt']]
    """
    terms = disjunctive(push(to_three_valued(expr), Want.TRUE, leaf=_leaf, connect=connect))
    decided = [_without_null_tests(term) for term in terms]
    return [term for term in decided if term is not None]


def _without_null_tests(term: list[Expr]) -> list[Expr] | None:
    """The tests without those for null that the others make needless; None if no row passes them.

    VTQL's own tests are true of values only: beside `a != 1`, "a is not null" says nothing and "a is null" is
    false. So `a ne 1 and a ne null`, OData's way of saying `a != 1`, comes out as that.
    """
    absent = {_null_tested(test) for test in term}
    present = {
        _null_tested(test.args[0]) for test in term if isinstance(test, Call) and test.fn == "bool.not"
    }
    valued = {operand for test in term if _strict(test) for operand in test.args if isinstance(operand, Path)}
    if absent & (present | valued) - {None}:
        return None
    return [
        test
        for test in term
        if not (isinstance(test, Call) and test.fn == "bool.not" and _null_tested(test.args[0]) in valued)
    ]


def _null_tested(test: Expr) -> Expr | None:
    return test.args[0] if isinstance(test, Call) and test.fn == "null.is" else None


def _strict(test: Expr) -> TypeGuard[Call]:
    return isinstance(test, Call) and (test.fn in OPPOSITES or test.fn in ("cmp.in", "str.like"))


def _leaf(test: Expr, want: Want) -> Expr:
    return _held(test) if want is Want.TRUE else _failed(test)


def _held(test: Expr) -> Expr:
    if isinstance(test, Path):
        return Call("cmp.eq", (test, constant(True, test.span)), test.span)
    if not isinstance(test, Call):
        return test
    beside = beside_null(test) if test.fn in ("cmp.eq", "cmp.ne") else None
    if beside is not None:  # `cmp.eq(x, null)` is `null.is(x)`, see `rewrite.logic`
        return null_test(beside) if test.fn == "cmp.eq" else inverse(null_test(beside))
    if test.fn == "cmp.between":
        value, low, high = test.args
        return both(Call("cmp.ge", (value, low), test.span), Call("cmp.le", (value, high), test.span))
    return functions_to_like(test) or like_set_to_like(test) or test


def _failed(test: Expr) -> Expr:
    """The test that is true where the given one is false."""
    if isinstance(test, Path):
        return Call("cmp.eq", (test, constant(False, test.span)), test.span)
    if not isinstance(test, Call):
        return inverse(test)
    if test.fn == "cmp.between":
        value, low, high = test.args
        return either(Call("cmp.lt", (value, low), test.span), Call("cmp.gt", (value, high), test.span))
    if test.fn == "cmp.in":
        return _differs_from_all(test)
    return _held(inverse(test)) if test.fn in OPPOSITES else negation(test, test.span)


def _differs_from_all(test: Call) -> Expr:
    operand, items = test.args
    if not isinstance(items, Call) or items.fn != "list":
        return negation(test, test.span)
    if any(map(is_null_literal, items.args)):
        return constant(False, test.span)
    return both(*[Call("cmp.ne", (operand, item), test.span) for item in items.args])
