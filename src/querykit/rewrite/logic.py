"""From one language's logic to another's, keeping the same rows.

OData compares totally: null is a value, and a comparison is true or false (OData 4.01 Part 2, 5.1.1.1.1).
Criteria and VTQL compare as SQL does: null if an operand is null. A tree says which by its ids, `total.*` and
`cmp.*`; a language that has one kind only is rendered from a tree that has been rewritten here.

`to_three_valued` and `to_total` answer the question of a filter, "which rows is it true for", so null and false need no
difference at the top, and below a negation just what makes one is spelled out. Where a comparison stands as a
value (an operand, an argument), it keeps its exact value.

A comparison with the literal null has no use as SQL means it. By a decision for the whole project
`cmp.eq(x, null)` is `null.is(x)` and `cmp.ne(x, null)` is its negation (as criteria's users write them);
VTQL, where `= null` finds nothing, does not parse to these.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from querykit.ast.build import negation
from querykit.ast.nodes import Aggregate, Call, Expr, Node
from querykit.errors import NotExpressible
from querykit.rewrite.conditions import Conditions, wanted
from querykit.rewrite.constants import FALSE, OPPOSITES, TRUE, both, connect, constant, either, inverse
from querykit.rewrite.known import without_needless_nulls
from querykit.rewrite.nulls import beside_null, is_null_literal, null_test, nullable
from querykit.rewrite.polarity import Want, push

__all__ = ["to_three_valued", "to_total", "to_total_value"]


def to_three_valued(expr: Expr) -> Expr:
    """A condition with `cmp.*` in place of `total.*`, and `any` in place of `all`, that keeps the same rows.

    Parts in which neither occurs are kept as they stand.

    Raises
    ------
    NotExpressible: membership in a collection that is no list of values, whose nulls nobody knows.
    LimitExceeded: spelled out it is too large or too deep.

    >>> from querykit.ast.nodes import Literal, Path
    >>> differs = Call("total.ne", (Path(("a",)), Literal("int", 1)))
    >>> [part.fn for part in to_three_valued(differs).args]
    ['cmp.ne', 'null.is']
    """
    result = _ThreeValued(expr).run()
    return result if result is expr else without_needless_nulls(result)


def to_total(expr: Expr) -> Expr:
    """A condition with `total.*` in place of `cmp.*` that keeps the same rows.

    Raises
    ------
    NotExpressible: membership in a collection that is no list of values, below a negation.
    LimitExceeded: spelled out it is too large or too deep.

    >>> from querykit.ast.nodes import Literal, Path
    >>> differs = Call("cmp.ne", (Path(("a",)), Literal("int", 1)))
    >>> [part.fn for part in to_total(differs).args]
    ['total.ne', 'bool.not']
    """
    return _Total(expr).run()


def to_total_value(expr: Expr) -> Expr:
    """The same for an expression whose value matters: a sort key, a computed value. Raises as `to_total`.

    >>> from querykit.ast.nodes import Literal, Path
    >>> to_total_value(Call("cmp.gt", (Path(("a",)), Literal("int", 1)))).fn
    'logic.case'
    """
    return _Total(expr).run_value()


class _ThreeValued(Conditions):
    def foreign(self, node: Node) -> bool:
        if isinstance(node, Aggregate):
            return node.function == "all"
        return isinstance(node, Call) and node.fn.startswith("total.")

    def comparison(self, node: Call, want: Want) -> Expr:
        return push(_parts(node), want, leaf=_in_three_values, connect=partial(connect, span=node.span))

    def comparison_value(self, node: Call) -> Expr:
        test = self.comparison(node, Want.TRUE)
        return Call("logic.case", (test, TRUE, FALSE), node.span) if nullable(test) else test

    def for_all(self, node: Aggregate, condition: Expr) -> Expr:
        """There is no element for which the condition is not true."""
        exception = self.condition(condition, Want.NOT_TRUE)
        if exception == FALSE:
            return constant(True, node.span)
        return negation(Aggregate("any", self.source(node), exception, None, node.span), node.span)


def _in_three_values(test: Expr, want: Want) -> Expr:
    """What `push` asks of a leaf, said without `total.*`."""
    if isinstance(test, Call) and test.fn.startswith("total."):
        name = test.fn.removeprefix("total.")
        return _is_true(name, test) if want in (Want.TRUE, Want.NOT_FALSE) else _is_false(name, test)
    return constant(want.lenient, test.span) if is_null_literal(test) else wanted(test, want)


def _is_true(name: str, test: Call) -> Expr:
    """Null is equal to null, so `eq`, `le` and `ge` are true of two nulls; `ne` of one."""
    left, right = test.args
    beside = beside_null(test)
    if beside is not None:
        return _compare_with_null(name, beside, test)
    compare = Call(f"cmp.{name}", test.args, test.span)
    if name == "ne":
        return either(compare, *_apart(left, right), span=test.span)
    if name in ("eq", "le", "ge") and nullable(left) and nullable(right):
        return either(compare, both(null_test(left), null_test(right), span=test.span), span=test.span)
    return compare


def _is_false(name: str, test: Call) -> Expr:
    left, right = test.args
    beside = beside_null(test)
    if beside is not None:
        return inverse(_compare_with_null(name, beside, test))
    if name in ("eq", "ne"):
        return _is_true("ne" if name == "eq" else "eq", test)
    compare = inverse(Call(f"cmp.{name}", test.args, test.span))
    nulls = _apart(left, right) if name in ("le", "ge") else [null_test(left), null_test(right)]
    return either(compare, *nulls, span=test.span)


def _apart(left: Expr, right: Expr) -> list[Expr]:
    """One is null and the other is not."""
    first, second = null_test(left), null_test(right)
    return [both(first, inverse(second)), both(inverse(first), second)]


def _compare_with_null(name: str, operand: Expr, test: Call) -> Expr:
    """Null equals null; nothing is less than it, nor greater."""
    if name in ("lt", "gt"):
        return constant(False, test.span)
    same = null_test(operand)
    return inverse(same) if name == "ne" else same


class _Total(Conditions):
    def foreign(self, node: Node) -> bool:
        return isinstance(node, Call) and node.fn.startswith("cmp.")

    def comparison(self, node: Call, want: Want) -> Expr:
        return push(_parts(node), want, leaf=_in_total_terms, connect=partial(connect, span=node.span))

    def comparison_value(self, node: Call) -> Expr:
        test = self.comparison(node, Want.TRUE)
        if not nullable(node):
            return test
        return Call("logic.case", (test, TRUE, self.comparison(node, Want.FALSE), FALSE), node.span)

    def for_all(self, node: Aggregate, condition: Expr) -> Expr:
        return Aggregate("all", self.source(node), self.condition(condition), None, node.span)


_NEGATED = {**OPPOSITES, "cmp.in": "not in"}


def _in_total_terms(test: Expr, want: Want) -> Expr:
    """What `push` asks of a leaf, said without `cmp.*`.

    A comparison is true where the total one is and the operands that could make a difference are not null.
    """
    if not isinstance(test, Call) or not test.fn.startswith("cmp."):
        return constant(want.lenient, test.span) if is_null_literal(test) else wanted(test, want)
    beside = beside_null(test)
    if beside is not None:
        return _null_literal_compared(beside, test, want)
    fn = test.fn if want in (Want.TRUE, Want.NOT_TRUE) else _NEGATED[test.fn]
    total, nulls = _total_comparison(fn, test)
    if want in (Want.TRUE, Want.FALSE):
        return both(total, *map(inverse, nulls), span=test.span)
    return either(inverse(total), *nulls, span=test.span)


def _total_comparison(fn: str, test: Call) -> tuple[Expr, list[Expr]]:
    """The total comparison, and the null tests that must fail where it is to be true as `cmp` is."""
    nulls = [null_test(operand) for operand in test.args]
    if fn == "not in":
        return negation(Call("total.in", test.args, test.span), test.span), nulls
    total = Call(fn.replace("cmp.", "total."), test.args, test.span)
    if fn == "cmp.ne":
        return total, nulls
    if fn in ("cmp.eq", "cmp.le", "cmp.ge") and all(map(nullable, test.args)):
        return total, nulls[:1]
    return total, []


def _null_literal_compared(operand: Expr, test: Call, want: Want) -> Expr:
    if test.fn not in ("cmp.eq", "cmp.ne"):
        return constant(want.lenient, test.span)
    same = null_test(operand)
    return wanted(same if test.fn == "cmp.eq" else inverse(same), want)


def _parts(node: Call) -> Expr:
    """`between` and `in` taken apart, as far as null makes a difference.

    `between` is two comparisons. `in` is equality with one of the items; what is never null stays together.
    A null item of `cmp.in` becomes the condition null.
    """
    if node.fn == "cmp.between":
        value, low, high = node.args
        ends = (Call("cmp.ge", (value, low), node.span), Call("cmp.le", (value, high), node.span))
        return Call("bool.and", ends, node.span)
    if not node.fn.endswith(".in"):
        return node
    operand, items = node.args[0], _items(node)
    nulls = [item for item in items if is_null_literal(item)]
    values = tuple([item for item in items if not nullable(item)])
    # beside a null item, a null operand is decided: "in" for OData, unknown for SQL
    member = "cmp.in" if nulls else node.fn
    equals = node.fn.replace(".in", ".eq")
    parts: list[Expr] = []
    if values:
        parts.append(Call(member, (operand, Call("list", values, node.args[1].span)), node.span))
    if nulls:
        parts.append(nulls[0] if node.fn == "cmp.in" else Call(equals, (operand, nulls[0]), node.span))
    parts += [
        Call(equals, (operand, item), node.span)
        for item in items
        if nullable(item) and not is_null_literal(item)
    ]
    return Call("bool.or", tuple(parts), node.span)


def _items(node: Call) -> Sequence[Expr]:
    items = node.args[1]
    if isinstance(items, Call) and items.fn == "list":
        return items.args
    raise NotExpressible(
        "membership in a collection compares nulls as the source language does, which the target does not",
        span=items.span or node.span,
        hint="write it as a condition on the collection, e.g. names/any(n: n eq name)",
    )
