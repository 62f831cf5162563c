"""Filters and links as one condition.

A condition may be about a linked row (`entityname`), wherever it stands. A row is kept if there are linked rows
for which all filters hold, so each part of the filters goes to the innermost link that it speaks of, where the
rows around are in sight as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from querykit.ast.build import conjunction, logical, negation
from querykit.ast.nodes import Aggregate, Call, EntitySet, Expr, Path
from querykit.errors import NotExpressible, ParseError, suggest
from querykit.languages.fetchxml.elements import Element
from querykit.languages.fetchxml.links import (
    Scope,
    at_most_one,
    check_names,
    check_no_columns,
    repeated,
    scopes,
)
from querykit.languages.fetchxml.operators import condition_tree

__all__ = ["bare_condition", "joined", "outer_condition", "rows_condition"]


def rows_condition(entity: Element, distinct: bool) -> Expr | None:
    """The condition that filters and links make together; None if there are none.

    Raises
    ------
    ParseError, NotExpressible
    """
    known = scopes(entity, distinct)
    builder = _Builder(known)
    root = next(iter(known.values()))
    pending = [root]
    while pending:
        scope = pending.pop()
        pending += scope.children
        if not scope.outer:
            for part in _conjuncts(scope.element):
                builder.place(part, scope)
    condition = builder.condition(root)
    for scope in known.values():
        if scope.outer:
            builder.check_outer(scope, distinct)
    return condition


def outer_condition(scope: Scope, known: dict[str, Scope]) -> Expr | None:
    """What the filters of an outer link say of its rows."""
    builder = _Builder(known)
    home = Scope(scope.element, scope.parent)
    return conjunction(*[builder.built(part, home, scope.depth) for part in _conjuncts(scope.element)])


def joined(element: Element, around: Path) -> Call:
    """The field of the linked entity is equal to one of the rows around."""
    return Call(
        "cmp.eq", (Path((element.get("from") or "",), 0, element.place("from")), around), element.span
    )


def bare_condition(element: Element) -> Expr | None:
    """A `<filter>` or `<condition>` alone."""
    scope = Scope(element, None)
    return _Builder({}).built(element, scope, 0)


def _conjuncts(element: Element) -> Iterator[Element]:
    """The conditions of an entity that must all hold."""
    pending = [*element.named("filter")][::-1]
    while pending:
        part = pending.pop()
        if part.name == "filter" and _connective(part) == "bool.and":
            pending += part.children[::-1]
        else:
            yield part


def _connective(element: Element) -> str:
    kind = element.get("type") or "and"
    if kind not in ("and", "or"):
        raise ParseError(
            f"there is no filter of type '{kind[:64]}'",
            code="filter",
            span=element.place("type"),
            hint="and, or",
        )
    return f"bool.{kind}"


class _Builder:
    """Builds the conditions of one query; `known` are its scopes by alias."""

    def __init__(self, known: dict[str, Scope]) -> None:
        self._known = known

    # --- where conditions go

    def place(self, part: Element, home: Scope) -> None:
        """Put a part of a filter into the innermost scope that it speaks of."""
        place = home
        for scope in self._mentioned(part):
            if place in scope.around():
                place = scope
            elif scope not in place.around():
                raise NotExpressible(
                    "a condition about two links side by side",
                    code="link",
                    span=part.span,
                    hint="a condition can speak of a link and of those around it",
                )
        place.conjuncts.append((part, home))

    def _mentioned(self, part: Element) -> Iterator[Scope]:
        pending = [part]
        while pending:
            element = pending.pop()
            pending += element.children
            if element.name == "condition":
                for scope in self._scopes_of(element):
                    yield scope if scope.parent is None or not scope.outer else scope.parent

    def _scopes_of(self, condition: Element) -> Iterator[Scope]:
        if condition.get("entityname"):
            yield self._linked(condition, condition.get("entityname") or "", "entityname")
        alias, dot, _ = (condition.get("valueof") or "").rpartition(".")
        if dot:
            yield self._linked(condition, alias, "valueof")

    def _linked(self, condition: Element, name: str, attribute: str) -> Scope:
        scope = self._known.get(name)
        if scope is None:
            raise ParseError(
                f"there is no link '{name[:64]}'",
                code="alias",
                span=condition.place(attribute),
                hint=suggest(name, self._known),
            )
        return scope

    # --- trees

    def condition(self, scope: Scope) -> Expr | None:
        """What must hold of a row of the scope."""
        parts = [self.built(part, home, scope.depth) for part, home in scope.conjuncts]
        links = [
            self._related(child.element, scope, scope.depth, self.condition(child))
            for child in scope.children
            if not child.outer
        ]
        return conjunction(*parts, *links)

    def built(self, element: Element, home: Scope, depth: int) -> Expr | None:
        """The tree of a part of a filter that stands so deep; None for an empty filter, which says nothing.

        `home` is what bare names belong to.
        """
        if element.name == "condition":
            return self._test(element, home, depth)
        if element.name == "link-entity":
            return self._filter_link(element, home, depth)
        parts = [self.built(child, home, depth) for child in element.children]
        present = [part for part in parts if part is not None]
        return logical(_connective(element), present, element.span) if present else None

    def _test(self, element: Element, home: Scope, depth: int) -> Expr:
        name = element.get("attribute")
        if not name:
            raise ParseError("the condition names no attribute", code="value", span=element.span)
        entity = element.get("entityname")
        scope = self._linked(element, entity, "entityname") if entity else home
        if scope.outer:
            return self._absence(element, name, scope, depth)
        return condition_tree(
            element, scope.field(name, depth, element, "attribute"), self._other(element, home, depth)
        )

    def _other(self, element: Element, home: Scope, depth: int) -> Path | None:
        valueof = element.get("valueof")
        if not valueof:
            return None
        alias, dot, name = valueof.rpartition(".")
        scope = self._linked(element, alias, "valueof") if dot else home
        if scope.outer:
            raise self._of_outer(element)
        return scope.field(name, depth, element, "valueof")

    def _absence(self, element: Element, name: str, scope: Scope, depth: int) -> Expr:
        """An outer link whose `from` is null has found no row: how FetchXML asks for rows without others."""
        operator = element.get("operator")
        assert scope.parent is not None
        if operator not in ("null", "not-null") or name != scope.element.get("from"):
            raise self._of_outer(element)
        inner = Scope(scope.element, scope.parent)
        inner.depth = depth + 1
        conditions = [self.built(part, inner, depth + 1) for part in _conjuncts(scope.element)]
        found = self._related(scope.element, scope.parent, depth, conjunction(*conditions))
        if operator == "not-null":
            return found
        scope.proved = scope.proved or any(part is element for part, _ in scope.parent.conjuncts)
        return negation(found, element.span)

    def check_outer(self, scope: Scope, distinct: bool) -> None:
        """An outer link keeps every row, but may repeat it; its filter is read, whatever comes of it."""
        for part in _conjuncts(scope.element):
            self.built(part, Scope(scope.element, scope.parent), scope.depth)
        if not (scope.proved or distinct or at_most_one(scope.element)):
            raise repeated(scope.element)

    def _of_outer(self, element: Element) -> NotExpressible:
        return NotExpressible(
            "this condition on an outer link is not supported",
            code="link",
            span=element.span,
            hint="only whether there is a related row: null or not-null of the field that 'from' names",
        )

    def _filter_link(self, element: Element, home: Scope, depth: int) -> Expr:
        """`any` and `not any` inside a filter (Dataverse, "Filter on column values in related tables")."""
        kind = element.get("link-type")
        if kind not in ("any", "not any"):
            raise NotExpressible(
                f"a link of type '{(kind or 'inner')[:64]}' inside a filter is not supported",
                code="link",
                span=element.place("link-type"),
                hint="any or not any",
            )
        check_names(element)
        check_no_columns(element)
        scope = Scope(element, home)
        scope.depth = depth + 1  # `home` may be further out
        parts = [self.built(part, scope, depth + 1) for part in _conjuncts(element)]
        for nested in element.named("link-entity"):
            raise NotExpressible(
                "links inside this link are not supported",
                code="link",
                span=nested.span,
                hint='put it into a filter, as link-type="any"',
            )
        found = self._related(element, home, depth, conjunction(*parts))
        return negation(found, element.span) if kind == "not any" else found

    def _related(self, element: Element, around: Scope, depth: int, condition: Expr | None) -> Aggregate:
        """There is a row of the linked entity, joined by its field, for which the condition holds."""
        join = joined(element, around.field(element.get("to") or "", depth + 1, element, "to"))
        source = EntitySet(element.get("name"), element.place("name"))
        return Aggregate("any", source, conjunction(join, condition), None, element.span)
