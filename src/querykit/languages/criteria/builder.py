"""What each rule of `criteria.lark` means: nodes of the tree.

One method per rule or alias; no state, no recursion. Runs of an operator arrive as one list, so that a chain
costs as much as it is long.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from querykit.ast.build import arithmetic, join_spans, logical, negation
from querykit.ast.nodes import Aggregate, Call, Cast, EntitySet, Expr, Literal, Parameter, Path, Step
from querykit.errors import ParseError
from querykit.grammar import Token
from querykit.languages.criteria import calls, literals, moments, names
from querykit.source import Span

__all__ = ["Builder"]

_COMPARISONS = {
    "=": "cmp.eq",
    "==": "cmp.eq",
    "<>": "cmp.ne",
    "!=": "cmp.ne",
    "<": "cmp.lt",
    "<=": "cmp.le",
    ">": "cmp.gt",
    ">=": "cmp.ge",
}
_ARITHMETIC = {"+": "math.add", "-": "math.sub", "*": "math.mul", "/": "math.div", "%": "math.mod"}


class _Step(NamedTuple):
    names: names.Steps
    span: Span
    word: str | None  # a bare word, which as the first step may be reserved


class _Trail:
    """A path while it grows; one list for all its steps keeps a long path linear."""

    __slots__ = ("span", "steps", "up")

    def __init__(self, up: int, steps: tuple[Step, ...], span: Span) -> None:
        self.up, self.steps, self.span = up, list(steps), span

    def path(self) -> Path:
        return Path(tuple(self.steps), self.up, self.span)


class _Parent(NamedTuple):
    up: int
    span: Span


class _Condition(NamedTuple):
    expr: Expr | None
    span: Span


class _Filtered(NamedTuple):
    source: Path | EntitySet
    condition: Expr | None
    span: Span


class _Arguments(NamedTuple):
    items: tuple[Expr, ...]
    span: Span


class Builder:
    """Called by the parser with the values of a rule's parts, as soon as the rule has been read."""

    def query(self, parts: list[Expr]) -> Expr | None:
        return parts[0] if parts else None

    # --- Conditions

    def disjunction(self, parts: list[Expr]) -> Expr:
        return logical("bool.or", parts, _around(parts))

    def conjunction(self, parts: list[Expr]) -> Expr:
        return logical("bool.and", parts, _around(parts))

    def negated(self, parts: list[Any]) -> Expr:
        return negation(parts[1], _between(parts[0], parts[1]))

    def compared(self, parts: list[Any]) -> Expr:
        left, operator, right = parts
        return Call(_COMPARISONS[operator], (left, right), join_spans(left.span, right.span))

    def null_test(self, parts: list[Any]) -> Expr:
        """`x Is Null`, `x Is Not Null`."""
        return _test("null.is", (parts[0],), parts[1:], parts[-1])

    def membership(self, parts: list[Any]) -> Expr:
        return _test("cmp.in", (parts[0], parts[-1]), parts[1:], parts[-1])

    def interval(self, parts: list[Any]) -> Expr:
        low, high, closing = parts[-3:]
        return _test("cmp.between", (parts[0], low, high), parts[1:], closing)

    def pattern(self, parts: list[Any]) -> Expr:
        return _test("str.like_set", (parts[0], parts[-1]), parts[1:], parts[-1])

    # --- Arithmetic

    def bit_or(self, parts: list[Any]) -> Expr:
        return arithmetic("bit.or", parts, _around(parts))

    def bit_xor(self, parts: list[Any]) -> Expr:
        return arithmetic("bit.xor", parts[::2], _around(parts))

    def bit_and(self, parts: list[Any]) -> Expr:
        return arithmetic("bit.and", parts, _around(parts))

    def sum(self, parts: list[Any]) -> Expr:
        """`a + b + c - d - e`: one call for each run of the same operator."""
        value: Expr = parts[0]
        at = 1
        while at < len(parts):
            operator, operands = parts[at], [value]
            while at < len(parts) and parts[at] == operator:
                operands.append(parts[at + 1])
                at += 2
            value = arithmetic(_ARITHMETIC[operator], operands, _around(operands))
        return value

    product = sum

    def negative(self, parts: list[Any]) -> Expr:
        sign, operand = parts
        span = _between(sign, operand)
        folded = literals.negated(operand, span) if isinstance(operand, Literal) else None
        return folded or Call("math.neg", (operand,), span)

    def positive(self, parts: list[Any]) -> Expr:
        return _respanned(parts[1], _between(parts[0], parts[1]))

    def complement(self, parts: list[Any]) -> Expr:
        return Call("bit.not", (parts[1],), _between(parts[0], parts[1]))

    def group(self, parts: list[Any]) -> Expr:
        opening, expr, closing = parts
        return _respanned(expr, _between(opening, closing))

    def items(self, parts: list[Any]) -> Expr:
        return Call("list", tuple(parts[1:-1]), _around(parts))

    # --- Constants

    def string(self, parts: list[Token]) -> Expr:
        return literals.read_string(parts[0], _span(parts[0]))

    def char(self, parts: list[Token]) -> Expr:
        return literals.read_char(parts[0], _span(parts[0]))

    def number(self, parts: list[Token]) -> Expr:
        return literals.read_number(parts[0], _span(parts[0]))

    def true(self, parts: list[Token]) -> Expr:
        return Literal("bool", True, span=_span(parts[0]))

    def false(self, parts: list[Token]) -> Expr:
        return Literal("bool", False, span=_span(parts[0]))

    def null(self, parts: list[Token]) -> Expr:
        return Literal("null", None, span=_span(parts[0]))

    def guid(self, parts: list[Token]) -> Expr:
        return literals.read_guid(parts[0], _span(parts[0]))

    def moment(self, parts: list[Token]) -> Expr:
        return moments.read_moment(parts[0], _span(parts[0]))

    def day_or_time(self, parts: list[Token]) -> Expr:
        return moments.read_day_or_time(parts[0], _span(parts[0]))

    def user_value(self, parts: list[Token]) -> Expr:
        return literals.read_user_value(parts[0], _span(parts[0]))

    def parameter(self, parts: list[Token]) -> Expr:
        """`?name`, or `?`: without a name until all of them are known and numbered."""
        return Parameter(parts[0][1:], _span(parts[0]))

    # --- Operands

    def step(self, parts: list[Token]) -> _Step:
        token, span = parts[-1], _around(parts)
        read = names.bracketed(token, span) if token.type == "BRACKETED" else names.bare(token)
        if len(parts) > 1:
            cast = Cast(parts[0][1:-1].strip(), _span(parts[0]))
            return _Step(names.Steps(read.up, (cast, *read.steps)), span, None)
        return _Step(read, span, str(token) if token.type == "NAME" else None)

    def path(self, parts: list[_Step]) -> _Trail:
        step = parts[0]
        if step.word is not None and calls.is_reserved(step.word):
            raise ParseError(
                f"'{step.word}' is a function, and cannot be a property without brackets",
                code="reserved_word",
                span=step.span,
                hint=f"write [{step.word}] or @{step.word} for the property, {step.word}(…) for the function",
            )
        return _Trail(step.names.up, step.names.steps, step.span)

    def outer_path(self, parts: list[Any]) -> _Trail:
        parent, step = parts
        _check_no_parent(step)
        return _Trail(parent.up, step.names.steps, (parent.span[0], step.span[1]))

    def longer_path(self, parts: list[Any]) -> _Trail:
        trail: _Trail
        trail, step = parts
        _check_no_parent(step)
        trail.steps += step.names.steps
        trail.span = (trail.span[0], step.span[1])
        return trail

    def field(self, parts: list[_Trail]) -> Expr:
        return parts[0].path()

    def parent(self, parts: list[Token]) -> _Parent:
        return _Parent(1, _span(parts[0]))

    def grandparent(self, parts: list[Any]) -> _Parent:
        return _Parent(parts[0].up + 1, (parts[0].span[0], _span(parts[1])[1]))

    def outer_row(self, parts: list[_Parent]) -> Expr:
        return Path((), parts[0].up, parts[0].span)

    # --- Functions and collections

    def call(self, parts: list[Any]) -> Expr:
        name, arguments = parts
        return calls.call(str(name), arguments.items, _around(parts))

    def arguments(self, parts: list[Any]) -> _Arguments:
        return _Arguments(tuple(parts[1:-1]), _around(parts))

    def condition(self, parts: list[Any]) -> _Condition:
        return _Condition(parts[1] if len(parts) > 2 else None, _around(parts))

    def rows(self, parts: list[Token]) -> EntitySet:
        """`[<Ns.Type>]` or `[]`."""
        return EntitySet(parts[0][1:-1].strip().strip("<>").strip() or None, _span(parts[0]))

    def path_filtered(self, parts: list[Any]) -> _Filtered:
        return _Filtered(parts[0].path(), parts[1].expr, _around(parts))

    def filtered(self, parts: list[Any]) -> _Filtered:
        return _Filtered(parts[0], parts[1].expr, _around(parts))

    def existence(self, parts: list[_Filtered]) -> Aggregate:
        filtered = parts[0]
        return Aggregate("any", filtered.source, filtered.condition, None, filtered.span)

    def bare_aggregate(self, parts: list[Any]) -> Aggregate:
        source, condition = _rows(parts[0])
        return calls.bare_aggregation(str(parts[1]), source, condition, _around(parts))

    def aggregation(self, parts: list[Any]) -> Aggregate:
        source, condition = _rows(parts[0])
        return calls.aggregation(str(parts[1]), source, condition, parts[2].items, _around(parts))

    def path_aggregation(self, parts: list[Any]) -> Aggregate:
        trail, name, arguments = parts
        return calls.aggregation(str(name), trail.path(), None, arguments.items, _around(parts))


def _rows(collection: _Filtered | EntitySet) -> tuple[Path | EntitySet, Expr | None]:
    if isinstance(collection, EntitySet):
        return collection, None
    return collection.source, collection.condition


def _test(fn: str, args: tuple[Expr, ...], rest: list[Any], last: Any) -> Expr:
    """`x In (…)`; with Not among the rest its negation."""
    span = _between(args[0], last)
    test = Call(fn, args, span)
    return negation(test, span) if any(getattr(part, "type", "") == "NOT" for part in rest) else test


def _check_no_parent(step: _Step) -> None:
    if step.names.up:
        raise ParseError(
            "^ can only begin a path", code="name", span=step.span, hint="[^.Order.Name], or ^.Order.Name"
        )


def _span(part: Any) -> Span:
    """The place of a token or of what a rule gave."""
    if isinstance(part, Token):
        return part.start_pos or 0, part.end_pos or 0
    span: Span = part.span
    return span


def _between(first: Any, last: Any) -> Span:
    return _span(first)[0], _span(last)[1]


def _around(parts: list[Any]) -> Span:
    return _between(parts[0], parts[-1])


def _respanned(expr: Any, span: Span) -> Expr:
    """The same with a wider place: what stands in brackets is blamed with its brackets."""
    copy: Expr = type(expr)(*[getattr(expr, name) for name in expr.fields], span)
    return copy
