"""Which piece of a text is which literal of its tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from querykit.ast.nodes import Literal, Named, Node, Query
from querykit.ast.walk import walk
from querykit.bind.watched import Notes, Spot, Watched, WatchedNumber
from querykit.engine.texts import Terminal, Texts
from querykit.errors import QueryError
from querykit.languages.registry import Params
from querykit.source import Span

__all__ = ["Found", "Given", "given", "is_open", "read", "watched"]


_MOMENTS = frozenset({"date", "datetime", "time", "duration"})


class Found(NamedTuple):
    """A literal of the tree that is a piece of the text, with what stands before the piece and belongs to it."""

    literal: Literal
    terminal: Terminal
    prefix: str


class Given(NamedTuple):
    """A parameter: the piece that its value is counted as, its name, and the value."""

    piece: int
    name: str
    value: Any


def given(params: Params, pieces: int) -> list[Given]:
    """The parameters, counted behind the pieces of the text."""
    named = params.items() if isinstance(params, Mapping) else enumerate(params or ())
    return [Given(pieces + place, str(name), value) for place, (name, value) in enumerate(named)]


def read(query: Query, pieces: Sequence[str], texts: Texts) -> dict[Spot, Found]:
    """The literals of the tree that are pieces, whole and alone; a piece that is not among them is none."""
    spots = dict(_spots(pieces, texts))
    text = "".join(pieces)
    found: dict[Spot, Found] = {}
    wrong: set[int] = set()
    for node in walk(query):
        if not isinstance(node, Literal) or node.span is None:
            continue
        start, end = node.span
        spot, begin, gap = spots.get(end, ((-1, None), end, end))
        known = (
            _found(node, text[begin:end], text[start:begin], texts) if gap <= start <= begin < end else None
        )
        if known is None:
            wrong.update(
                spot[0] for spot, begin, _, end in _all(spots) if begin < node.span[1] and start < end
            )
        elif found.setdefault(spot, known).literal.span != node.span:
            wrong.add(spot[0])
    return {spot: known for spot, known in found.items() if spot[0] not in wrong}


def _all(spots: Mapping[int, tuple[Spot, int, int]]) -> Iterator[tuple[Spot, int, int, int]]:
    return ((spot, begin, gap, end) for end, (spot, begin, gap) in spots.items())


def _spots(pieces: Sequence[str], texts: Texts) -> Iterator[tuple[int, tuple[Spot, int, int]]]:
    """The end of each literal, and which it is, its beginning and that of the gap before."""
    place = 0
    for number, piece in enumerate(pieces):
        if number % 2 and piece.startswith("("):
            within = 0
            for item_number, item in enumerate(texts.items(piece)):
                gap, within = within, piece.index(item, within)
                yield place + within + len(item), ((number, item_number), place + within, place + gap)
                within += len(item)
        elif number % 2:
            yield place + len(piece), ((number, None), place, place - len(pieces[number - 1]))
        place += len(piece)


def _found(literal: Literal, piece: str, prefix: str, texts: Texts) -> Found | None:
    if literal.kind in _MOMENTS and isinstance(literal.value, str):
        return None  # beyond Python's calendar
    text = prefix + piece
    for terminal in texts.terminals:
        if terminal.proves(text) is None:
            continue
        try:
            again = terminal.read(text)
        except QueryError:
            return None
        if again.name == literal.name and _is_same(again, literal):
            return Found(literal, terminal, prefix)
        return None
    return None


def _is_same(one: Literal, other: Literal) -> bool:
    """Are kind and value the same? 1, 1.0 and true are not."""
    values = one.value, other.value
    return (
        one.kind == other.kind and type(values[0]) is type(values[1]) and repr(values[0]) == repr(values[1])
    )


# ---- the tree to be bound -----------------------------------------------------------------------------


def watched(
    query: Query,
    literals: Mapping[Span, Spot],
    rows: Mapping[str, Spot],
    params: Sequence[Given],
    text: str,
    notes: Notes,
) -> Query:
    """The query with its literals, numbers of rows and values of parameters watched.

    Parameters
    ----------
    literals, rows: where they are: by their spans, by the fields of the query.
    text: decoded, for the places of parameters.
    """
    spots = {**literals, **_parameters(query, params, text)}

    def choose(literal: Literal) -> Literal:
        spot = None if literal.span is None else spots.get(literal.span)
        return literal if spot is None else Watched(literal, spot, notes)

    changed: Query = _changed(query, choose)
    numbers = {field: WatchedNumber(getattr(query, field), spot, notes) for field, spot in rows.items()}
    return changed.replace(aliases=_aliases(changed, params, notes), **numbers)


def _parameters(query: Query, params: Sequence[Given], text: str) -> dict[Span, Spot]:
    """Values in the places of `?` and `?name`."""
    spans = {node.span for node in walk(query) if isinstance(node, Literal) and node.span is not None}
    marks = sorted(span for span in spans if text.startswith("?", span[0]))
    pieces = {item.name: item.piece for item in params if is_open(item)}
    names = {span: text[span[0] + 1 : span[1]] or str(number) for number, span in enumerate(marks)}
    return {span: (pieces[name], None) for span, name in names.items() if name in pieces}


def _aliases(query: Query, params: Sequence[Given], notes: Notes) -> tuple[Named, ...]:
    """Values of `@name`, which have no place in the text."""
    pieces = {item.name.lstrip("@"): item.piece for item in params if is_open(item)}
    return tuple(
        [
            alias.replace(value=Watched(alias.value, (pieces[alias.name], None), notes))
            if alias.name in pieces and isinstance(alias.value, Literal)
            else alias
            for alias in query.aliases
        ]
    )


def is_open(item: Given) -> bool:
    """Can another value be given in the same shape? Null and truths decide it."""
    return item.value is not None and not isinstance(item.value, bool)


def _changed(node: Any, choose: Callable[[Literal], Literal]) -> Any:
    """Recurses three frames a level: the depth has been checked."""
    if isinstance(node, Literal):
        return choose(node)
    if isinstance(node, tuple):
        return tuple([_changed(item, choose) for item in node])
    if not isinstance(node, Node):
        return node
    return node.replace(**{name: _changed(getattr(node, name), choose) for name in node.fields})
