"""Values that are known only when a statement runs, and are no part of the text."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from querykit.functions.custom import CustomFunction
from querykit.plan.nodes import Bound, Constant, Op, Slot

__all__ = ["Computed", "Edge", "Late", "computed"]


class Computed(NamedTuple):
    """A call, on constants, of a function of the user that no dialect can say."""

    function: CustomFunction
    args: tuple[Slot | Constant, ...]


class Edge(NamedTuple):
    """The first or the last moment at which a comparison of a part of a moment holds (`functions.python.ranges`).

    Parameters
    ----------
    slots: the numbers of those with the values that the part is compared with.
    """

    part: str
    comparison: str
    slots: tuple[int, ...]
    is_last: bool


#: A function of the clock, by its id; an integer; a call; or an end of a range.
Late: TypeAlias = str | int | Computed | Edge


def computed(op: Op, args: tuple[Bound, ...]) -> Computed | None:
    """The call as a value of the request; None where SQL has to say it."""
    if op.custom is None or not op.custom.is_bound_first:
        return None
    constants = tuple(arg for arg in args if isinstance(arg, (Slot, Constant)))
    return Computed(op.custom, constants) if len(constants) == len(args) else None
