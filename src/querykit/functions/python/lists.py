"""Lists and objects: values made of values, as tuples and dicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from querykit.functions.python.comparison import equal_or_null

__all__ = ["LISTS"]


def _object(*members: Any) -> dict[str, Any]:
    """Names and values in turn."""
    return dict(zip(members[::2], members[1::2], strict=True))


def _has_subset(items: tuple[Any, ...] | None, others: tuple[Any, ...] | None) -> bool | None:
    """Each item as often as it stands in the second (OData 4.01 Part 2, 5.1.1.6.1)."""
    if items is None or others is None:
        return None
    left = list(items)
    for other in others:
        place = next((index for index, item in enumerate(left) if equal_or_null(item, other)), None)
        if place is None:
            return False
        del left[place]
    return True


def _has_subsequence(items: tuple[Any, ...] | None, others: tuple[Any, ...] | None) -> bool | None:
    """Removing items of the first can give the second (OData 4.01 Part 2, 5.1.1.6.2)."""
    if items is None or others is None:
        return None
    rest = iter(items)
    return all(any(equal_or_null(item, other) for item in rest) for other in others)


LISTS: dict[str, Callable[..., Any]] = {
    "list": lambda *items: items,
    "object": _object,
    "coll.hassubset": _has_subset,
    "coll.hassubsequence": _has_subsequence,
}
