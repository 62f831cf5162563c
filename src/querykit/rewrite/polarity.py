"""Pushing negations down to the comparisons, in three-valued logic.

A condition keeps a row only where it is true, so at each place of a condition just one of four questions
matters. De Morgan's laws hold for all of them, and each moves through `and`, `or` and `not` down to a leaf
(a comparison, a Boolean function, a quantifier), which alone knows how null makes it true, false or null.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Protocol, TypeVar

__all__ = ["Want", "push"]


class Want(Enum):
    """What the rewritten condition is to be true of."""

    TRUE = "true"
    FALSE = "false"
    NOT_TRUE = "not true"  # false or null
    NOT_FALSE = "not false"  # true or null

    @property
    def negated(self) -> Want:
        """The question for the operand of a `not`: it is true where the operand is false, null where null."""
        return _NEGATED[self]

    @property
    def lenient(self) -> bool:
        """Is it true of null?"""
        return self in (Want.NOT_TRUE, Want.NOT_FALSE)

    @property
    def swaps(self) -> bool:
        """Does `and` become `or`? A conjunction is false (or not true) where one of its operands is."""
        return self in (Want.FALSE, Want.NOT_TRUE)


_NEGATED = {
    Want.TRUE: Want.FALSE,
    Want.FALSE: Want.TRUE,
    Want.NOT_TRUE: Want.NOT_FALSE,
    Want.NOT_FALSE: Want.NOT_TRUE,
}


class _Expr(Protocol):
    """Any tree node; those that have `fn` and `args` are calls."""


E = TypeVar("E", bound=_Expr)


def push(
    node: E,
    want: Want,
    *,
    leaf: Callable[[E, Want], E],
    connect: Callable[[str, Sequence[E]], E],
    whole: Callable[[E, Want], bool] | None = None,
) -> E:
    """A condition that is true just where `node` is what is wanted, and false or null everywhere else.

    Parameters
    ----------
    leaf: the same for a condition that is no `and`, `or` or `not`.
    connect: builds `bool.and` or `bool.or` of the parts.
    whole: says of an `and`, `or` or `not` that it is for `leaf` as it stands; None: of none.
    """
    fn = getattr(node, "fn", None)
    if fn not in ("bool.not", "bool.and", "bool.or") or (whole is not None and whole(node, want)):
        return leaf(node, want)
    if fn == "bool.not":
        operand: E = node.args[0]  # type: ignore[attr-defined]  # calls of both trees have args
        return push(operand, want.negated, leaf=leaf, connect=connect, whole=whole)
    parts = [push(part, want, leaf=leaf, connect=connect, whole=whole) for part in node.args]  # type: ignore[attr-defined]  # as above
    if want.swaps:
        fn = "bool.or" if fn == "bool.and" else "bool.and"
    return connect(fn, parts)
