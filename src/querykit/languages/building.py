"""What the builders of the languages have in common: places, and runs of an operator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from querykit.ast.base import initialise
from querykit.ast.build import arithmetic, join_spans, logical
from querykit.ast.fresh import call
from querykit.ast.nodes import Call, Expr, Node
from querykit.ast.walk import children
from querykit.lalr import placed

__all__ = ["TreeBuilder", "arithmetic_runs"]


class TreeBuilder:
    """The base of a builder whose methods leave places to the driver."""

    def place(self, value: Any, start: int, end: int) -> None:
        """The place of a node, and of the nodes that were made together with it."""
        pending = [value]
        while pending:
            node = pending.pop()
            if isinstance(node, Node) and node.span is None:
                initialise(node, "span", (start, end))
                pending += children(node)

    @staticmethod
    @placed
    def begun_run(left: Expr, right: Expr) -> list[Expr]:
        return [left, right]

    @staticmethod
    @placed
    def longer_run(operands: list[Expr], operand: Expr) -> list[Expr]:
        operands.append(operand)
        return operands

    @placed
    def disjunction(self, operands: list[Expr]) -> Expr:
        return _logical_run("bool.or", operands)

    @placed
    def conjunction(self, operands: list[Expr]) -> Expr:
        return _logical_run("bool.and", operands)


def _logical_run(fn: str, operands: list[Expr]) -> Expr:
    """`a and b and c` is one call; one in brackets that is of the same kind is taken apart."""
    for operand in operands:
        if type(operand) is Call and operand.fn == fn:
            return logical(fn, operands)
    return call(fn, tuple(operands))


def arithmetic_runs(first: Expr, rest: Sequence[Any], id_of: Callable[[str], str]) -> Expr:
    """`a + b + c - d - e`: one call for each run of the same operator, as a long run must not be copied at each step.

    Parameters
    ----------
    rest: operator, operand, operator, operand …
    """
    if len(rest) == 2:  # nearly always
        fn = id_of(rest[0])
        if type(first) is not Call or first.fn != fn:
            return call(fn, (first, rest[1]))
    left, index = first, 0
    while index < len(rest):
        fn, operands = id_of(rest[index]), [left]
        while index < len(rest) and id_of(rest[index]) == fn:
            operands.append(rest[index + 1])
            index += 2
        left = arithmetic(fn, operands, join_spans(left.span, operands[-1].span))
    return left
