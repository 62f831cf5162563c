"""What AND and OR without brackets mean: Vtiger's documentation and its database disagree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from querykit.ast.build import join_spans, logical
from querykit.ast.nodes import Expr

__all__ = ["PRECEDENCES", "Precedence"]

#: Takes the runs of tests joined by AND between which OR stands.
Precedence: TypeAlias = Callable[[Sequence[Sequence[Expr]]], Expr]


def _sql(runs: Sequence[Sequence[Expr]]) -> Expr:
    """AND binds tighter than OR: Vtiger copies both into its SQL as they stand."""
    return _joined("bool.or", [_joined("bool.and", run) for run in runs])


def _left(runs: Sequence[Sequence[Expr]]) -> Expr:
    """From left to right, as the documentation says: ``a OR b AND c`` is ``(a OR b) AND c``."""
    connectives = ["bool.and" if place else "bool.or" for run in runs for place in range(len(run))]
    tests = [test for run in runs for test in run]
    done, fn = tests[:1], connectives[0]
    for test, connective in zip(tests[1:], connectives[1:], strict=True):
        if connective != fn:
            done, fn = [_joined(fn, done)], connective
        done.append(test)
    return _joined(fn, done)


def _joined(fn: str, operands: Sequence[Expr]) -> Expr:
    return logical(fn, operands, join_spans(operands[0].span, operands[-1].span))


#: Value of the option `precedence` -> what it means.
PRECEDENCES: dict[str, Precedence] = {"sql": _sql, "left": _left}
