"""Paths: from names as written to columns, rows and collections."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from querykit.ast.nodes import Aggregate, Call, Cast, EntitySet, Path, Step
from querykit.bind import collections, custom, inheritance
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
        if isinstance(found, Collection) and isinstance(step, Cast):
            found = _of_type(binder, found, step, path)
            continue
        if isinstance(found, Collection):
            return _beyond_collection(binder, found, path, index)
        if isinstance(step, Call):
            found = _bound_function(binder, found, step, path)
            continue
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
        return inheritance.taken_as(
            row, inheritance.entity_of(binder.tables, step.type, path.span), path.span
        )
    what = "$root" if isinstance(step, EntitySet) else "a key in a path"
    raise NotExpressible(f"{what} cannot be queried", code="path_step", span=path.span)


def _of_type(binder: Binder, found: Collection, step: Cast, path: Path) -> Collection:
    """`Products/Ns.Special/any(…)`: only the elements of the type (OData 4.01 Part 2, 4.11)."""
    return replace(found, type=inheritance.entity_of(binder.tables, step.type, path.span))


def _bound_function(binder: Binder, found: Bound | Row, step: Call, path: Path) -> Bound:
    """`Name/Crm.Slug()`: what comes before is the first argument; a row goes as its key."""
    return custom.call(binder, step, found.key(path.span) if isinstance(found, Row) else found)


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
