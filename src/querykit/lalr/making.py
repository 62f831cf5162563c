"""What the values of a production become: a call of the builder, or a list that the rule around takes in.

A method of a builder takes the list of children, as Lark gives it. One that is marked `placed` takes its values one by
one, those of a rule that is written inline as one list, and says nothing of places: the driver knows them, and sets
them only where somebody asks.
"""

# No postponed annotations: a named tuple that has texts for them takes longer to make than a filter to read.
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from querykit.lalr.tables import Production

__all__ = ["Make", "maker", "placed", "shared"]

_Method = TypeVar("_Method", bound=Callable[..., Any])


class Make(NamedTuple):
    """
    Parameters
    ----------
    call: a function of the values.
    placed: the driver sets the place of what it returns.
    shared: what it returns of one text is the same each time, and may be kept.
    """

    call: Callable[..., Any]
    placed: bool = False
    shared: bool = False


def placed(method: _Method) -> _Method:
    """Mark a method of a builder: it takes values one by one, and leaves places to the driver."""
    method.placed = True  # type: ignore[attr-defined]  # a mark on a function
    return method


def shared(method: _Method) -> _Method:
    """The same, of a method of one token: what it returns depends on the text alone, and is immutable."""
    method.shared = True  # type: ignore[attr-defined]  # a mark on a function
    return placed(method)


def maker(production: Production, builder: object) -> Make | None:
    """A function of the values; None where the one value stays as it is.

    Raises
    ------
    AttributeError: the builder has no method for the production.
    """
    if production.inline:
        return Make(_LISTS.get(production.values) or _spliced(production.values, _itself))
    if production.single and production.values in ("v", "t"):
        return None
    method: Callable[..., Any] = getattr(builder, production.method)
    if getattr(method, "placed", False):
        return Make(method, True, getattr(method, "shared", False))
    if "i" in production.values:
        return Make(_spliced(production.values, _one_alone(method) if production.single else method))
    return Make(_of(method, len(production.values)))


def _begun(value: Any) -> list[Any]:
    return [value]


def _grown(values: list[Any], value: Any) -> list[Any]:
    values.append(value)
    return values


def _begun_by_two(first: Any, second: Any) -> list[Any]:
    return [first, second]


def _grown_by_two(values: list[Any], first: Any, second: Any) -> list[Any]:
    values += (first, second)
    return values


#: Lists as they begin and grow: nearly all inline rules.
_LISTS: dict[str, Callable[..., Any]] = {
    "v": _begun,
    "t": _begun,
    "iv": _grown,
    "it": _grown,
    "tv": _begun_by_two,
    "itv": _grown_by_two,
}


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
