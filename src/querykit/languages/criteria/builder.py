"""What each rule of `criteria.lark` means: nodes of the tree.

One method per rule or alias; no state, no recursion, and nothing of places, which the parser knows. Runs of an
operator arrive as one list, so that a chain costs as much as it is long.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from querykit.ast.build import arithmetic
from querykit.ast.fresh import binary, call, literal, path
from querykit.ast.nodes import Aggregate, Cast, EntitySet, Expr, Literal, Parameter, Path, Step
from querykit.errors import LimitExceeded, ParseError
from querykit.lalr import Token, placed, shared
from querykit.languages.building import TreeBuilder, arithmetic_runs
from querykit.languages.criteria import calls, literals, moments, names
from querykit.limits import DEPTH_CEILING

__all__ = ["Builder"]

_ARITHMETIC = {"+": "math.add", "-": "math.sub", "*": "math.mul", "/": "math.div", "%": "math.mod"}

_in = binary("cmp.in")
_like = binary("str.like_set")


class _Filtered(NamedTuple):
    source: Path | EntitySet
    condition: Expr | None


class _Called(NamedTuple):
    """A function behind a collection."""

    name: str
    arguments: tuple[Expr, ...]


class Builder(TreeBuilder):
    """Called by the parser with the values of a rule's parts, as soon as the rule has been read."""

    @placed
    def nothing(self) -> None:
        """An empty text."""

    # --- Conditions

    @staticmethod
    @placed
    def negated(operand: Expr) -> Expr:
        return call("bool.not", (operand,))

    equal = staticmethod(placed(binary("cmp.eq")))
    not_equal = staticmethod(placed(binary("cmp.ne")))
    less = staticmethod(placed(binary("cmp.lt")))
    less_or_equal = staticmethod(placed(binary("cmp.le")))
    greater = staticmethod(placed(binary("cmp.gt")))
    greater_or_equal = staticmethod(placed(binary("cmp.ge")))

    @staticmethod
    @placed
    def null_test(operand: Expr, null: str) -> Expr:
        return call("null.is", (operand,))

    @staticmethod
    @placed
    def not_null_test(operand: Expr, null: str) -> Expr:
        return _not(call("null.is", (operand,)))

    membership = staticmethod(placed(binary("cmp.in")))

    @staticmethod
    @placed
    def no_membership(operand: Expr, items: Expr) -> Expr:
        return _not(_in(operand, items))

    @staticmethod
    @placed
    def interval(operand: Expr, low: Expr, high: Expr, close: str) -> Expr:
        return call("cmp.between", (operand, low, high))

    @staticmethod
    @placed
    def no_interval(operand: Expr, low: Expr, high: Expr, close: str) -> Expr:
        return _not(call("cmp.between", (operand, low, high)))

    pattern = staticmethod(placed(binary("str.like_set")))

    @staticmethod
    @placed
    def no_pattern(operand: Expr, pattern: Expr) -> Expr:
        return _not(_like(operand, pattern))

    # --- Arithmetic

    @placed
    def bit_or(self, first: Expr, rest: list[Expr]) -> Expr:
        return arithmetic("bit.or", [first, *rest])

    @placed
    def bit_xor(self, first: Expr, rest: list[Expr]) -> Expr:
        return arithmetic("bit.xor", [first, *rest])

    @placed
    def bit_and(self, first: Expr, rest: list[Expr]) -> Expr:
        return arithmetic("bit.and", [first, *rest])

    @staticmethod
    @placed
    def sum(first: Expr, rest: list[Any]) -> Expr:
        return arithmetic_runs(first, rest, _ARITHMETIC.__getitem__)

    product = sum

    @placed
    def negative(self, sign: str, operand: Expr) -> Expr:
        folded = literals.negated(operand, None) if isinstance(operand, Literal) else None
        return folded or call("math.neg", (operand,))

    @placed
    def positive(self, sign: str, operand: Expr) -> Expr:
        return _unplaced(operand)

    @placed
    def complement(self, operand: Expr) -> Expr:
        return call("bit.not", (operand,))

    @staticmethod
    @placed
    def group(operand: Expr, close: str) -> Expr:
        return operand if operand.span is None else _unplaced(operand)

    @staticmethod
    @placed
    def items(items: list[Expr], close: str) -> Expr:
        return call("list", tuple(items))

    # --- Constants

    string = staticmethod(placed(literals.read_string))
    char = staticmethod(placed(literals.read_char))
    number = staticmethod(placed(literals.read_number))
    guid = staticmethod(placed(literals.read_guid))
    moment = staticmethod(placed(moments.read_moment))
    day_or_time = staticmethod(placed(moments.read_day_or_time))
    user_value = staticmethod(placed(literals.read_user_value))

    @shared
    def true(self, word: str) -> Expr:
        return literal("bool", True)

    @shared
    def false(self, word: str) -> Expr:
        return literal("bool", False)

    @shared
    def null(self, word: str) -> Expr:
        return literal("null", None)

    @placed
    def parameter(self, text: str) -> Expr:
        """`?name`, or `?`: without a name until all of them are known, and numbered."""
        return Parameter(text[1:])

    # --- Operands

    @shared
    def field(self, word: str) -> Path:
        if calls.is_reserved(word):
            raise ParseError(
                f"'{word}' is a function, and cannot be a property without brackets",
                code="reserved_word",
                hint=f"write [{word}] or @{word} for the property, {word}(…) for the function",
            )
        return path(names.bare(word).steps)

    @shared
    def escaped_field(self, word: str) -> Path:
        return path(names.bare(word).steps)

    @shared
    def bracketed_field(self, text: str) -> Path:
        read = names.bracketed(text)
        return path(read.steps, read.up)

    step = escaped_field
    bracketed_step = bracketed_field

    @placed
    def cast_step(self, cast: str, word: str) -> Path:
        return path((_cast(cast), *names.bare(word).steps))

    @placed
    def bracketed_cast_step(self, cast: str, text: str) -> Path:
        read = names.bracketed(text)
        return path((_cast(cast), *read.steps), read.up)

    @placed
    def outer_path(self, up: int, step: Path) -> Path:
        return path(_inner(step), up)

    @placed
    def longer_path(self, before: Path, step: Path) -> Path:
        steps = (*before.steps, *_inner(step))
        if len(steps) > DEPTH_CEILING:  # a step is a level; a path without end would be copied without end
            raise LimitExceeded(f"more than {DEPTH_CEILING} levels in one another", code="depth")
        return path(steps, before.up)

    @placed
    def parent(self) -> int:
        return 1

    @placed
    def grandparent(self, up: int) -> int:
        return up + 1

    @placed
    def outer_row(self, up: int) -> Expr:
        return path((), up)

    # --- Functions and collections

    @placed
    def call_without_arguments(self, opening: str, close: str) -> Expr:
        return calls.call(names.called(opening), ())

    @placed
    def call_of_one(self, opening: str, argument: Expr, close: str) -> Expr:
        return calls.call(names.called(opening), (argument,))

    @placed
    def call_of_more(self, opening: str, first: Expr, rest: list[Expr], close: str) -> Expr:
        return calls.call(names.called(opening), (first, *rest))

    @placed
    def called(self, opening: str, *arguments: Any) -> _Called:
        items = arguments[0] if len(arguments) > 1 else ()
        return _Called(names.called(opening), tuple(items))

    @placed
    def no_condition(self, opening: str, close: str) -> None:
        """`[Orders][]`."""

    @placed
    def condition(self, opening: str, condition: Expr, close: str) -> Expr:
        return condition

    @placed
    def rows(self, text: str) -> EntitySet:
        """`[<Ns.Type>]` or `[]`."""
        return EntitySet(text[1:-1].strip().strip("<>").strip() or None)

    @placed
    def filtered(self, source: Path | EntitySet, condition: Expr | None) -> _Filtered:
        return _Filtered(source, condition)

    @placed
    def existence(self, filtered: _Filtered) -> Aggregate:
        return Aggregate("any", filtered.source, filtered.condition, None)

    @placed
    def bare_aggregate(self, rows: _Filtered | EntitySet, name: str) -> Aggregate:
        return calls.bare_aggregation(str(name), *_rows(rows))

    @placed
    def aggregation(self, rows: _Filtered | EntitySet, called: _Called) -> Aggregate:
        return calls.aggregation(called.name, *_rows(rows), called.arguments)

    @placed
    def path_aggregation(self, source: Path, called: _Called) -> Aggregate:
        return calls.aggregation(called.name, source, None, called.arguments)


def _not(test: Expr) -> Expr:
    return call("bool.not", (test,))


def _rows(collection: _Filtered | EntitySet) -> tuple[Path | EntitySet, Expr | None]:
    if isinstance(collection, EntitySet):
        return collection, None
    return collection.source, collection.condition


def _cast(text: str) -> Cast:
    """`<Manager>`."""
    return Cast(text[1:-1].strip(), (text.start_pos, text.end_pos) if isinstance(text, Token) else None)


def _inner(step: Path) -> tuple[Step, ...]:
    """The steps of one that is not the first."""
    if step.up:
        hint = "[^.Order.Name], or ^.Order.Name"
        raise ParseError("^ can only begin a path", code="name", span=step.span, hint=hint)
    return step.steps


def _unplaced(expr: Expr) -> Expr:
    """The same, for a wider place: what stands in brackets is blamed with its brackets."""
    copy: Expr = expr.replace(span=None)
    return copy
