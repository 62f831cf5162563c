"""What FetchXML can say, between a tree and its text: conditions, filters and links.

A filter without parts is a constant: `and` of nothing is true, `or` of nothing false.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from querykit.ast.nodes import Node

__all__ = ["ALWAYS", "NEGATIVE", "NEVER", "Condition", "Filter", "Link", "Part", "connect"]


class Condition(NamedTuple):
    """An operator about a field.

    Parameters
    ----------
    node: what it says, for errors.
    lenient: a negative operator that may keep rows without a value, as FetchXML's do. One that may not is
        written with `not-null` beside it.
    """

    attribute: str
    operator: str
    values: tuple[str, ...]
    node: Node
    valueof: str | None = None
    lenient: bool = False


class Filter(NamedTuple):
    """`and` or `or` of parts, none of which is a filter of the same kind."""

    kind: str
    parts: tuple[Part, ...]


class Link(NamedTuple):
    """There is (or, `negated`, is not) a row of the entity that is joined and for which the condition holds."""

    entity: str
    origin: str
    target: str
    condition: Part
    node: Node
    negated: bool = False


Part: TypeAlias = Condition | Filter | Link

ALWAYS = Filter("and", ())
NEVER = Filter("or", ())

#: Operators that in FetchXML keep rows without a value.
NEGATIVE = frozenset({"ne", "not-in", "not-between", "not-like", "ne-userid", "ne-businessid"})


def connect(fn: str, parts: Iterable[Part]) -> Part:
    """`bool.and` or `bool.or` of the parts: flat, constants folded, "or it is null" put into its operator."""
    kind = fn.removeprefix("bool.")
    flat: list[Part] = []
    for part in parts:
        flat += part.parts if isinstance(part, Filter) and part.kind == kind else [part]
    absorbing = NEVER if kind == "and" else ALWAYS
    if absorbing in flat:
        return absorbing
    if kind == "or":
        flat = _with_nulls(flat)
    else:
        flat = _with_periods(flat)
    return flat[0] if len(flat) == 1 else Filter(kind, tuple(flat))


def _with_nulls(parts: Sequence[Part]) -> list[Part]:
    """`a <> 1 or a is null` is the operator `ne`."""
    empty = {part.attribute for part in parts if isinstance(part, Condition) and part.operator == "null"}
    merged: set[str] = set()
    result: list[Part] = []
    for part in parts:
        if isinstance(part, Condition) and part.operator in NEGATIVE and part.attribute in empty:
            merged.add(part.attribute)
            part = part._replace(lenient=True)
        result.append(part)
    return [
        part
        for part in result
        if not (isinstance(part, Condition) and part.operator == "null" and part.attribute in merged)
    ]


def _with_periods(parts: Sequence[Part]) -> list[Part]:
    """From now on, and before the end of a day ahead: one operator."""
    result: list[Part] = []
    for part in parts:
        last = result[-1] if result else None
        if (
            isinstance(part, Condition)
            and isinstance(last, Condition)
            and part.operator.startswith("ahead-x-")
            and last.operator == "from now-x-"
            and part.attribute == last.attribute
        ):
            result[-1] = part._replace(operator=part.operator.replace("ahead", "next"))
        else:
            result.append(part)
    return result
