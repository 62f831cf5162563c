"""Links between entities: the scopes that conditions stand in, and what may be a link.

A link asks whether there is a related row; `exists` says just that. An inner join gives the row once for each related
row, which is the same only where there is one at most (`from` is the key of the linked entity: `<entity>id` in
Dynamics, `id` in Resco), or where `distinct` makes the rows one again. Where there is one at most, the link may show
columns of it (`linked`).
"""

from __future__ import annotations

from collections.abc import Iterator

from querykit.ast.nodes import Path
from querykit.errors import NotExpressible, ParseError, suggest
from querykit.languages.fetchxml.elements import Element

__all__ = ["Scope", "is_key", "scopes"]

_CONDITIONS = frozenset({"exists", "in", "matchfirstrowusingcrossapply"})
_JOINS = frozenset({"inner", "natural", "outer"})
_NOT_HERE = frozenset({"any", "not any", "all", "not all"})


class Scope:
    """Rows that names belong to: those asked for, or those of a link. `depth` counts the links around."""

    __slots__ = ("children", "conjuncts", "depth", "element", "outer", "parent", "proved")

    def __init__(self, element: Element, parent: Scope | None, outer: bool = False) -> None:
        self.element = element
        self.parent = parent
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.outer = outer
        self.proved = False  # a condition keeps only rows without a related one
        self.children: list[Scope] = []
        self.conjuncts: list[tuple[Element, Scope]] = []  # conditions, and the scope of their bare names

    @property
    def name(self) -> str:
        return self.element.get("alias") or self.element.get("name") or ""

    def around(self) -> Iterator[Scope]:
        """This scope and those around it."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def field(self, name: str, depth: int, element: Element, attribute: str) -> Path:
        """A field of these rows, seen from so deep."""
        return Path((name,), depth - self.depth, element.place(attribute))


def is_key(entity: str, attribute: str) -> bool:
    """Is it the key by the conventions of Dynamics or Resco? (All activities of Dynamics have `activityid`.)

    >>> is_key("account", "accountid"), is_key("contact", "parentcustomerid")
    (True, False)
    """
    return attribute.lower() in ("id", f"{entity.lower()}id", "activityid")


def scopes(entity: Element, distinct: bool) -> dict[str, Scope]:
    """The scopes of an entity and its links by name, the entity first.

    Raises
    ------
    ParseError: codes ``link``, ``alias``.
    NotExpressible: codes ``link``, ``link_attributes``.
    """
    root = Scope(entity, None)
    known = {root.name: root}
    pending = [root]
    while pending:
        scope = pending.pop()
        for element in scope.element.named("link-entity"):
            child = Scope(element, scope, _is_outer(element, distinct))
            if scope.outer:
                raise _refusal("a link inside an outer link", element, "turn the links around, or use inner")
            scope.children.append(child)
            pending.append(child)
            if child.name in known and "alias" in element.attributes:
                raise ParseError(
                    f"the alias '{child.name[:64]}' is taken", code="alias", span=element.place("alias")
                )
            known.setdefault(child.name, child)
    return known


def check_names(element: Element) -> None:
    """A link needs to know of what and how."""
    for name in ("name", "from", "to"):
        if not element.get(name):
            raise ParseError(
                f"the link has no '{name}'",
                code="link",
                span=element.span,
                hint="from is a field of the linked entity, to one of the entity around",
            )


def check_no_columns(element: Element) -> None:
    """Rows that are only asked for have nothing to show."""
    for child in element.named("attribute", "all-attributes", "order"):
        raise NotExpressible(
            "columns of these linked rows are not supported",
            code="link_attributes",
            span=child.span,
            hint="each row has one at most where 'from' is the key of the linked entity, and the link inner or outer",
        )


def _is_outer(element: Element, distinct: bool) -> bool:
    check_names(element)
    kind = element.get("link-type") or "inner"
    if kind in _NOT_HERE:
        raise ParseError(
            f"a link of type '{kind}' stands inside a filter", code="link", span=element.place("link-type")
        )
    if kind not in _CONDITIONS | _JOINS:
        raise ParseError(
            f"there is no link type '{kind[:64]}'",
            code="link",
            span=element.place("link-type"),
            hint=suggest(kind, _CONDITIONS | _JOINS) or "inner, outer or exists",
        )
    if kind in _CONDITIONS or not at_most_one(element):
        check_no_columns(element)
    if kind in ("inner", "natural") and not distinct and not at_most_one(element):
        raise repeated(element)
    return kind == "outer"


def at_most_one(element: Element) -> bool:
    """Is there one related row at most?"""
    return is_key(element.get("name") or "", element.get("from") or "")


def repeated(element: Element) -> NotExpressible:
    return NotExpressible(
        "this link gives a row once for each related row",
        code="link",
        span=element.span,
        hint='each row once: <fetch distinct="true">, or link-type="exists"',
    )


def _refusal(what: str, element: Element, hint: str) -> NotExpressible:
    return NotExpressible(f"{what} is not supported", code="link", span=element.span, hint=hint)
