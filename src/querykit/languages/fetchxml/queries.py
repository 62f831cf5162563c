"""A `<fetch>` document as a query."""

from __future__ import annotations

import re
from typing import Any

from querykit.ast.nodes import Aggregate, EntitySet, Expr, Path, Selection, SortKey
from querykit.errors import NotExpressible, ParseError
from querykit.languages.fetchxml.elements import Element
from querykit.languages.fetchxml.filters import bare_condition, rows_condition
from querykit.languages.fetchxml.links import is_key
from querykit.languages.fetchxml.vocabulary import check

__all__ = ["condition_of", "query_of"]

#: Word -> the aggregate. `count` counts rows whatever its attribute, `countcolumn` values.
_AGGREGATES = {
    "count": "count",
    "countcolumn": "count",
    "sum": "sum",
    "avg": "avg",
    "min": "min",
    "max": "max",
}

_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def query_of(fetch: Element) -> dict[str, Any]:
    """The fields of the query.

    Raises
    ------
    ParseError, NotExpressible
    """
    _expect(fetch, "fetch")
    entities = fetch.children
    if len(entities) != 1:
        span = entities[1].span if entities else fetch.span
        raise ParseError("one entity is asked", code="element", span=span, hint='<entity name="account">')
    (entity,) = entities
    if not entity.get("name"):
        raise ParseError("the entity has no name", code="element", span=entity.span, hint='name="account"')
    distinct = _flag(fetch, "distinct")
    if _flag(fetch, "aggregate"):
        select: tuple[Selection, ...] | None = _aggregates(entity)
    else:
        select = _columns(entity)
    if distinct:
        _check_distinct(fetch, entity, select)
    top, skip = _page(fetch)
    return {
        "entity": entity.get("name"),
        "filter": rows_condition(entity, distinct),
        "order": _order(entity),
        "select": select,
        "top": top,
        "skip": skip,
        "count": True if _flag(fetch, "returntotalrecordcount") else None,
    }


def condition_of(element: Element) -> Expr:
    """The condition of a `<filter>` or `<condition>` alone."""
    _expect(element, "filter", "condition")
    condition = bare_condition(element)
    if condition is None:
        raise ParseError(
            "the filter is empty", code="filter", span=element.span, hint="put a condition into it"
        )
    return condition


def _expect(element: Element, *names: str) -> None:
    if element.name not in names:
        raise ParseError(
            f"<{' or '.join(names)}> is expected, not <{element.name[:64]}>",
            code="element",
            span=element.span,
        )
    check(element)


# --- Columns


def _columns(entity: Element) -> tuple[Selection, ...] | None:
    """No attribute, or all of them: None (Dataverse, "all-attributes element": the same)."""
    attributes = list(entity.named("attribute"))
    if not attributes or any(True for _ in entity.named("all-attributes")):
        return None
    return tuple([_column(attribute) for attribute in attributes])


def _column(attribute: Element) -> Selection:
    if attribute.get("aggregate"):
        raise ParseError(
            "an aggregate needs a fetch that aggregates",
            code="aggregate",
            span=attribute.place("aggregate"),
            hint='<fetch aggregate="true">',
        )
    path = _path(attribute)
    return Selection(path, attribute.get("alias") or None, span=attribute.span)


def _aggregates(entity: Element) -> tuple[Selection, ...]:
    attributes = list(entity.named("attribute"))
    if not attributes or any(True for _ in entity.named("all-attributes")):
        raise ParseError("an aggregate query names what it aggregates", code="aggregate", span=entity.span)
    return tuple([_aggregate(attribute) for attribute in attributes])


def _aggregate(attribute: Element) -> Selection:
    word = attribute.get("aggregate")
    if word is None or word not in _AGGREGATES:
        raise ParseError(
            "this attribute is not aggregated" if word is None else f"there is no aggregate '{word[:64]}'",
            code="aggregate",
            span=attribute.place("aggregate"),
            hint=f"one of {', '.join(_AGGREGATES)}",
        )
    alias = attribute.get("alias")
    if not alias:
        raise ParseError("an aggregate needs an alias", code="aggregate", span=attribute.span)
    argument = _path(attribute) if word != "count" else None
    value = Aggregate(_AGGREGATES[word], EntitySet(None), None, argument, attribute.span)
    return Selection(value, alias, span=attribute.span)


def _path(attribute: Element, name: str = "name") -> Path:
    found = attribute.get(name)
    if not found:
        raise ParseError(
            f"<{attribute.name}> names no attribute", code="value", span=attribute.span, hint=f'{name}="…"'
        )
    return Path((found,), span=attribute.place(name))


def _check_distinct(fetch: Element, entity: Element, select: tuple[Selection, ...] | None) -> None:
    """Rows with their key are different anyhow; so `distinct` says something only of a choice without it."""
    paths = () if select is None else [item.expr for item in select]
    if select is None or any(
        isinstance(path, Path) and is_key(entity.get("name") or "", str(path.steps[0])) for path in paths
    ):
        return
    raise NotExpressible(
        "distinct values of some attributes are not supported",
        code="distinct",
        span=fetch.place("distinct"),
        hint="distinct rows are: select the key as well",
    )


# --- Order and page


def _order(entity: Element) -> tuple[SortKey, ...]:
    keys = []
    for order in entity.named("order"):
        if order.get("alias"):
            raise NotExpressible(
                "an order by an alias is not supported",
                code="order",
                span=order.place("alias"),
                hint='attribute="…"',
            )
        keys.append(SortKey(_path(order, "attribute"), _flag(order, "descending"), order.span))
    return tuple(keys)


def _page(fetch: Element) -> tuple[int | None, int | None]:
    """Rows at most, and rows to leave out."""
    top, count, page = (_number(fetch, name) for name in ("top", "count", "page"))
    if top is not None and (count is not None or page is not None):
        raise ParseError(
            "top does not go with pages",
            code="page",
            span=fetch.place("top"),
            hint="top alone, or count and page",
        )
    if page is None:
        return (count if top is None else top), None
    if page == 0:
        raise ParseError("pages are counted from 1", code="page", span=fetch.place("page"))
    if count is None:
        if page == 1:
            return None, None
        raise ParseError(
            "a page needs to know how large pages are",
            code="page",
            span=fetch.place("page"),
            hint='count="50"',
        )
    return count, (page - 1) * count


def _number(element: Element, name: str) -> int | None:
    text = element.get(name)
    if text is None:
        return None
    if not re.fullmatch("[0-9]{1,9}", text.strip()):
        raise ParseError(f"{name} is a number of up to nine digits", code="page", span=element.place(name))
    return int(text)


def _flag(element: Element, name: str) -> bool:
    text = element.get(name)
    if text is None:
        return False
    value = _TRUTH.get(text.strip().lower())
    if value is None:
        raise ParseError(f"{name} is true or false", code="value", span=element.place(name))
    return value
