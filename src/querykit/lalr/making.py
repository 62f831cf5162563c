"""What the values of a production become: a call of the builder, or a list that the rule around takes in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from querykit.lalr.tables import Production

__all__ = ["maker"]


def maker(production: Production, builder: object) -> Callable[..., Any] | None:
    """A function of the values; None where the one value stays as it is.

    Raises
    ------
    AttributeError: the builder has no method for the production.
    """
    if production.inline:
        return _spliced(production.values, _itself)
    if production.single and production.values in ("v", "t"):
        return None
    method: Callable[[list[Any]], Any] = getattr(builder, production.method)
    if "i" in production.values:
        return _spliced(production.values, _one_alone(method) if production.single else method)
    return _of(method, len(production.values))


def _itself(children: list[Any]) -> Any:
    return children


def _one_alone(method: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Any]:
    return lambda children: children[0] if len(children) == 1 else method(children)


def _of(method: Callable[[list[Any]], Any], values: int) -> Callable[..., Any]:
    if values == 1:
        return lambda value: method([value])
    if values == 2:
        return lambda left, right: method([left, right])
    return lambda *values: method(list(values))


def _spliced(letters: str, method: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    """The values of inline rules among the others; a first list is used up, so that long ones grow in place."""

    def made(*values: Any) -> Any:
        children: list[Any] = values[0] if letters[0] == "i" else []
        start = 1 if letters[0] == "i" else 0
        for letter, value in zip(letters[start:], values[start:], strict=True):
            if letter == "i":
                children += value
            else:
                children.append(value)
        return method(children)

    return made if letters else lambda: method([])
