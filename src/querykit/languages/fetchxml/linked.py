"""Columns of linked rows, where there is one at most: the one value of the rows that the link joins.

`Selection(Aggregate("single", EntitySet("contact"), contactid = ^.primarycontactid, fullname), "c.fullname")` is the
attribute `fullname` of the link `c`. A row whose inner link finds none is not there at all, which is said by the
condition that the link is; so only an outer link brings its filters here.
"""

from __future__ import annotations

from collections.abc import Iterator

from querykit.ast.build import conjunction
from querykit.ast.nodes import Aggregate, EntitySet, Expr, Path, Selection, SortKey
from querykit.errors import NotExpressible, ParseError
from querykit.languages.fetchxml.elements import Element
from querykit.languages.fetchxml.filters import joined, outer_condition
from querykit.languages.fetchxml.links import Scope, scopes

__all__ = ["linked_columns", "linked_order"]


def linked_columns(entity: Element, distinct: bool) -> tuple[Selection, ...]:
    """The attributes of all links, named as FetchXML does: `link.attribute`, or by their alias.

    Raises
    ------
    ParseError, NotExpressible
    """
    return tuple(_columns(entity, distinct))


def _columns(entity: Element, distinct: bool) -> Iterator[Selection]:
    known = scopes(entity, distinct)
    for scope, element in _elements(known, "attribute", "all-attributes"):
        if element.name == "all-attributes":
            raise NotExpressible(
                "all columns of linked rows are not supported",
                code="link_attributes",
                span=element.span,
                hint="name them",
            )
        value = _value(element, "name", scope, known)
        name = element.get("alias") or f"{scope.name}.{element.get('name')}"
        yield Selection(value, name, span=element.span)


def linked_order(entity: Element, distinct: bool) -> tuple[SortKey, ...]:
    """The orders that stand in links; they count after those of the entity."""
    known = scopes(entity, distinct)
    return tuple(
        [
            SortKey(
                _value(element, "attribute", scope, known),
                element.get("descending") in ("true", "1"),
                element.span,
            )
            for scope, element in _elements(known, "order")
        ]
    )


def _elements(known: dict[str, Scope], *names: str) -> Iterator[tuple[Scope, Element]]:
    root = next(iter(known.values()))
    pending = root.children[::-1]
    while pending:
        scope = pending.pop()
        pending += scope.children[::-1]
        for element in scope.element.named(*names):
            yield scope, element


def _value(element: Element, attribute: str, scope: Scope, known: dict[str, Scope]) -> Expr:
    name = element.get(attribute)
    if not name:
        raise ParseError(
            f"<{element.name}> names no attribute", code="value", span=element.span, hint=f'{attribute}="…"'
        )
    value: Expr = Path((name,), span=element.place(attribute))
    for link in scope.around():
        if link.parent is None:
            break
        around = Path((link.element.get("to") or "",), 1, link.element.place("to"))
        condition = conjunction(
            joined(link.element, around), outer_condition(link, known) if link.outer else None
        )
        source = EntitySet(link.element.get("name"), link.element.place("name"))
        value = Aggregate("single", source, condition, value, element.span)
    return value
