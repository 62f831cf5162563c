"""Paths: from names as written to columns, rows and collections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from querykit.ast.nodes import Aggregate, Cast, EntitySet, Key, Path, Step
from querykit.bind import collections
from querykit.bind.scope import Collection, Row
from querykit.errors import NotExpressible, ParseError, TypeMismatch, UnknownName
from querykit.plan.nodes import Bound

if TYPE_CHECKING:
    from querykit.bind.expressions import Binder

__all__ = ["origin", "resolve"]


def origin(binder: Binder, path: Path) -> Row:
    """The row that a path starts from.

    Raises
    ------
    ParseError: there are not so many scopes around.
    """
    if path.up >= len(binder.rows):
        raise ParseError(
            "there is no outer row here",
            code="no_outer_row",
            span=path.span,
            hint="the path steps out too far",
        )
    return binder.rows[-1 - path.up]


def resolve(binder: Binder, path: Path) -> Bound | Row | Collection:
    """What a path leads to."""
    found: Bound | Row | Collection = origin(binder, path)
    for index, step in enumerate(path.steps):
        if isinstance(found, Collection):
            return _beyond_collection(binder, found, path, index)
        if not isinstance(found, Row):
            raise TypeMismatch(
                f"'{_shown(path.steps[index - 1])}' is a {found.type} value and has no '{_shown(step)}'",
                code="path_through_value",
                span=path.span,
            )
        found = _step(binder, found, step, path)
    return found


def _step(binder: Binder, row: Row, step: Step, path: Path) -> Bound | Row | Collection:
    if isinstance(step, str):
        return row.step(step, path.span) if "!" not in step else _described(row, step, path)
    if isinstance(step, Cast):
        if step.type.rpartition(".")[2] == row.entity.name:
            return row  # a cast to the type it already has
        raise NotExpressible(
            f"{row.entity.name} cannot be taken as '{step.type[:128]}'", code="type_cast", span=path.span
        )
    what = {EntitySet: "$root", Key: "a key in a path"}.get(type(step), "a function in a path")
    raise NotExpressible(f"{what} cannot be queried", code="path_step", span=path.span)


def _described(row: Row, step: str, path: Path) -> Bound | Row | Collection:
    """XPO property descriptors: `Customer!` is the reference, `Customer!Key` its key value."""
    name, _, suffix = step.partition("!")
    found = row.step(name, path.span)
    if suffix == "Key" and isinstance(found, Row):
        return found.key(path.span)
    if suffix:
        raise UnknownName(f"'!{suffix[:64]}' is not known", code="descriptor", span=path.span)
    return found


def _beyond_collection(binder: Binder, found: Collection, path: Path, index: int) -> Bound:
    """`Orders.Count`, `Orders.Exists`: aggregates that user code writes without brackets."""
    rest = path.steps[index:]
    if rest in (("Count",), ("Exists",)):
        function = "count" if rest == ("Count",) else "any"
        source = Path(path.steps[:index], path.up, path.span)
        return collections.aggregate(binder, Aggregate(function, source, span=path.span))
    raise TypeMismatch(
        f"'{found.relation.name}' is a collection; a path cannot go through it",
        code="path_through_collection",
        span=path.span,
        hint="ask with any, all or count",
    )


def _shown(step: Step) -> str:
    return step[:64] if isinstance(step, str) else type(step).__name__.lower()
