"""Walking a tree that is to be said in another logic: places that ask for a truth value, and for a value."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from querykit.ast.nodes import Aggregate, Call, EntitySet, Expr, Key, Literal, Named, Node, Path, Step
from querykit.ast.walk import check_limits, children, walk
from querykit.limits import DEPTH_CEILING, Limits
from querykit.rewrite.constants import TRUE, connect, either, inverse
from querykit.rewrite.nulls import is_condition, null_test
from querykit.rewrite.polarity import Want, push

__all__ = ["Conditions"]

_GROWTH = 16  # spelling a null rule out takes at most so many nodes for one


class Conditions(ABC):
    """One rewriting of one tree.

    A part in which nothing is foreign to the new logic is kept as it stands. Every part is rewritten once,
    even where its result is needed in two places, so the work is linear in the tree.
    """

    def __init__(self, root: Expr) -> None:
        self._root = root
        nodes = list(walk(root))
        self._size = len(nodes)
        # ids of nodes with something foreign in them; `root` keeps them alive
        self._affected: set[int] = set()
        for node in reversed(nodes):
            if self.foreign(node) or any(id(child) in self._affected for child in children(node)):
                self._affected.add(id(node))

    @abstractmethod
    def foreign(self, node: Node) -> bool:
        """Has the new logic no such node?"""

    @abstractmethod
    def comparison(self, node: Call, want: Want) -> Expr:
        """What `push` asks of a leaf, for a comparison whose operands are rewritten."""

    @abstractmethod
    def comparison_value(self, node: Call) -> Expr:
        """An expression with the value, null included, of a foreign comparison with rewritten operands."""

    @abstractmethod
    def for_all(self, node: Aggregate, condition: Expr) -> Expr:
        """The same as an `all` over the condition, which is not rewritten yet; never null."""

    def run(self) -> Expr:
        """The rewritten tree, true of the same rows.

        Raises
        ------
        NotExpressible: the new logic has no exact way to say it.
        LimitExceeded: what it takes to say it is too large or deep for any further pass.
        """
        return self._checked(self.condition)

    def run_value(self) -> Expr:
        """The rewritten tree with the same values, null included; raises as `run`."""
        return self._checked(self.value)

    def _checked(self, rewrite: Callable[[Expr], Expr]) -> Expr:
        if id(self._root) not in self._affected:
            return self._root
        result = rewrite(self._root)
        room = Limits(
            nodes=max(1_000, self._size * _GROWTH),
            depth=DEPTH_CEILING,
            list_items=max(1, self._size),
            collection_depth=DEPTH_CEILING,
        )
        check_limits(result, room)
        return result

    # --- where a truth value is asked for

    def condition(self, node: Expr, want: Want = Want.TRUE) -> Expr:
        return push(node, want, leaf=self._leaf, connect=connect, whole=self._stays)

    def _stays(self, node: Expr, want: Want) -> bool:
        return id(node) not in self._affected and want in (Want.TRUE, Want.FALSE)

    def _leaf(self, node: Expr, want: Want) -> Expr:
        if isinstance(node, Call) and id(node) in self._affected:
            asserted = _asserted(node)
            if asserted is not None:
                return self._truth_test(node, asserted, want)
        if isinstance(node, Call) and (self.foreign(node) or _needs_parts(node, want)):
            return self.comparison(Call(node.fn, tuple(self._operands(node)), node.span), want)
        return wanted(self.value(node), want)

    def _truth_test(self, node: Call, asserted: tuple[Expr, bool], want: Want) -> Expr:
        """`condition eq true` and its like: no comparison is needed for that."""
        operand, truth = asserted
        if node.fn.startswith("total."):  # never null: what is not true is false
            want = Want.TRUE if want in (Want.TRUE, Want.NOT_FALSE) else Want.NOT_TRUE
            differs = {Want.TRUE: Want.NOT_TRUE, Want.NOT_TRUE: Want.TRUE}
            of_false = {Want.TRUE: Want.FALSE, Want.NOT_TRUE: Want.NOT_FALSE}
            want = differs[want] if node.fn == "total.ne" else want
            return self.condition(operand, want if truth else of_false[want])
        keeps = (node.fn == "cmp.eq") == truth
        return self.condition(operand, want if keeps else want.negated)

    # --- where a value is asked for

    def value(self, node: Expr) -> Expr:
        """An expression with the same value everywhere."""
        if id(node) not in self._affected:
            return node
        if isinstance(node, Call):
            return self._call_value(node)
        if isinstance(node, Aggregate):
            return self._aggregate_value(node)
        if isinstance(node, Path):
            return Path(tuple([self._step(step) for step in node.steps]), node.up, node.span)
        if isinstance(node, Named):
            return Named(node.name, self.value(node.value), node.span)
        return node

    def _operands(self, node: Call) -> list[Expr]:
        return [self.value(operand) for operand in node.args]

    def _call_value(self, node: Call) -> Expr:
        if node.fn == "logic.case":
            return Call(node.fn, tuple(self._branches(node.args)), node.span)
        result = Call(node.fn, tuple(self._operands(node)), node.span)
        return self.comparison_value(result) if self.foreign(node) else result

    def _branches(self, args: Sequence[Expr]) -> list[Expr]:
        """A branch is taken where its condition is true, so that stands where a filter does."""
        tests = len(args) // 2 * 2
        return [
            self.condition(arg) if place < tests and place % 2 == 0 else self.value(arg)
            for place, arg in enumerate(args)
        ]

    def _aggregate_value(self, node: Aggregate) -> Expr:
        if node.function == "all":
            return self.for_all(node, TRUE if node.condition is None else node.condition)
        return Aggregate(
            node.function,
            self.source(node),
            None if node.condition is None else self.condition(node.condition),
            None if node.argument is None else self.value(node.argument),
            node.span,
        )

    def source(self, node: Aggregate) -> Path | EntitySet:
        source = self.value(node.source)
        assert isinstance(source, Path | EntitySet)
        return source

    def _step(self, step: Step) -> Step:
        if isinstance(step, Key):
            return Key(tuple([self.value(arg) for arg in step.args]), step.span)
        if isinstance(step, Call):
            return Call(step.fn, tuple(self._operands(step)), step.span)
        return step


def wanted(test: Expr, want: Want) -> Expr:
    """What `push` asks of a leaf, for a condition that is rewritten."""
    if want is Want.TRUE:
        return test
    if want is Want.FALSE:
        return inverse(test)
    return either(inverse(test) if want is Want.NOT_TRUE else test, null_test(test), span=test.span)


def _asserted(node: Call) -> tuple[Expr, bool] | None:
    """The condition and the truth value that a call compares, or None."""
    if node.fn not in ("total.eq", "total.ne", "cmp.eq", "cmp.ne"):
        return None
    for operand, other in (node.args, node.args[::-1]):
        if isinstance(other, Literal) and other.kind == "bool" and is_condition(operand):
            return operand, other.value is True
    return None


def _needs_parts(node: Call, want: Want) -> bool:
    """Does null make it null in a way that only its parts tell?"""
    return node.fn in ("cmp.in", "cmp.between") and want in (Want.NOT_TRUE, Want.NOT_FALSE)
