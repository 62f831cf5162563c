"""A `<fetch>` document as a query."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from querykit.ast.nodes import Aggregate, EntitySet, Expr, Path, Selection, SortKey
from querykit.errors import NotExpressible, ParseError, suggest
from querykit.languages.fetchxml.elements import Element
from querykit.languages.fetchxml.filters import bare_condition, rows_condition
from querykit.languages.fetchxml.grouping import DATE_PARTS, Column, Grouping, steps
from querykit.languages.fetchxml.linked import linked_columns, linked_order
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
    top, skip = _page(fetch)
    page = {
        "entity": entity.get("name"),
        "top": top,
        "skip": skip,
        "count": True if _flag(fetch, "returntotalrecordcount") else None,
    }
    distinct = _flag(fetch, "distinct")
    return page | (_aggregates if _flag(fetch, "aggregate") else _rows)(entity, distinct)


def _rows(entity: Element, distinct: bool) -> dict[str, Any]:
    condition, order = rows_condition(entity, distinct), _order(entity)
    select = _columns(entity, linked_columns(entity, distinct))
    if distinct and select is not None and not _has_key(entity, select):
        groups = tuple([_plain_group(item) for item in select])
        apply = steps(Grouping(condition, groups, ()))
        return {"apply": apply, "order": tuple([_group_order(key, groups) for key in order])}
    return {"filter": condition, "order": (*order, *linked_order(entity, distinct)), "select": select}


def _aggregates(entity: Element, distinct: bool) -> dict[str, Any]:
    condition, columns = rows_condition(entity, distinct), _aggregated(entity)
    if columns.groups or any(item.distinct for item in columns.aggregates):
        apply = steps(columns._replace(condition=condition))
        return {"apply": apply, "order": _alias_order(entity, columns)}
    select = tuple([_over_all(item) for item in columns.aggregates])
    return {"filter": condition, "order": _order(entity), "select": select}


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


def _columns(entity: Element, linked: Sequence[Selection]) -> tuple[Selection, ...] | None:
    """No attribute, or all of them: None (Dataverse, "all-attributes element": the same)."""
    attributes = list(entity.named("attribute"))
    if not attributes or any(True for _ in entity.named("all-attributes")):
        return (Selection(Path(("*",))), *linked) if linked else None
    return (*[_column(attribute) for attribute in attributes], *linked)


def _column(attribute: Element) -> Selection:
    for word in ("aggregate", "groupby", "dategrouping"):
        if attribute.get(word) not in (None, "", "false", "0"):
            raise ParseError(
                f"{'an aggregate' if word == 'aggregate' else word} needs a fetch that aggregates",
                code="aggregate",
                span=attribute.place(word),
                hint='<fetch aggregate="true">',
            )
    path = _path(attribute)
    return Selection(path, attribute.get("alias") or None, span=attribute.span)


# --- Aggregates


def _aggregated(entity: Element) -> Grouping:
    """The attributes of a fetch that aggregates."""
    attributes = list(entity.named("attribute"))
    if not attributes or any(True for _ in entity.named("all-attributes")):
        raise ParseError("an aggregate query names what it aggregates", code="aggregate", span=entity.span)
    groups, aggregates = [], []
    for attribute in attributes:
        if _flag(attribute, "groupby"):
            groups.append(_group(attribute))
        else:
            aggregates.append(_aggregate(attribute))
    return Grouping(None, tuple(groups), tuple(aggregates))


def _group(attribute: Element) -> Column:
    part = attribute.get("dategrouping") or ""
    if attribute.get("aggregate"):
        raise ParseError(
            "an attribute is grouped by or aggregated", code="aggregate", span=attribute.place("aggregate")
        )
    if part.startswith("fiscal"):
        raise NotExpressible(
            "fiscal years are not supported",
            code="dategrouping",
            span=attribute.place("dategrouping"),
            hint="only the CRM knows when they begin",
        )
    if part and part not in DATE_PARTS:
        raise ParseError(
            f"there is no date grouping '{part[:64]}'",
            code="dategrouping",
            span=attribute.place("dategrouping"),
            hint=f"one of {', '.join(DATE_PARTS)}",
        )
    return Column(_alias(attribute, "a group"), _path(attribute), part, attribute.span)


def _aggregate(attribute: Element) -> Column:
    word = attribute.get("aggregate")
    if word is None or word not in _AGGREGATES:
        raise ParseError(
            "this attribute is not aggregated" if word is None else f"there is no aggregate '{word[:64]}'",
            code="aggregate",
            span=attribute.place("aggregate"),
            hint=f"one of {', '.join(_AGGREGATES)}" + (', or groupby="true"' if word is None else ""),
        )
    distinct = _flag(attribute, "distinct")
    if distinct and word != "countcolumn":
        raise ParseError("distinct goes with countcolumn", code="aggregate", span=attribute.place("distinct"))
    path = _path(attribute) if word != "count" else None
    return Column(_alias(attribute, "an aggregate"), path, word, attribute.span, distinct)


def _alias(attribute: Element, what: str) -> str:
    alias = attribute.get("alias")
    if not alias:
        raise ParseError(f"{what} needs an alias", code="aggregate", span=attribute.span)
    return alias


def _over_all(item: Column) -> Selection:
    value = Aggregate(_AGGREGATES[item.how], EntitySet(None), None, item.path, item.span)
    return Selection(value, item.alias, span=item.span)


def _alias_order(entity: Element, columns: Grouping) -> tuple[SortKey, ...]:
    """Results of groups have no names but aliases."""
    known = [item.alias for item in (*columns.groups, *columns.aggregates)]
    keys = []
    for order in entity.named("order"):
        alias = order.get("alias") or ""
        if alias not in known:
            raise ParseError(
                f"there is no alias '{alias[:64]}'" if alias else "groups are ordered by an alias",
                code="order",
                span=order.place("alias" if alias else "attribute"),
                hint=suggest(alias, known) or 'alias="…"',
            )
        keys.append(
            SortKey(Path((alias,), span=order.place("alias")), _flag(order, "descending"), order.span)
        )
    return tuple(keys)


def _path(attribute: Element, name: str = "name") -> Path:
    found = attribute.get(name)
    if not found:
        raise ParseError(
            f"<{attribute.name}> names no attribute", code="value", span=attribute.span, hint=f'{name}="…"'
        )
    return Path((found,), span=attribute.place(name))


def _has_key(entity: Element, select: tuple[Selection, ...]) -> bool:
    """Rows with their key are different anyhow; a choice without it is grouped by."""
    names = [str(item.expr.steps[0]) for item in select if isinstance(item.expr, Path)]
    return any(name == "*" or is_key(entity.get("name") or "", name) for name in names)


def _group_order(key: SortKey, groups: Sequence[Column]) -> SortKey:
    """Distinct values are in the order of one of them."""
    for group in groups:
        if group.path == key.expr:
            return SortKey(Path((group.alias,), span=key.expr.span), key.descending, key.span)
    raise ParseError(
        "distinct values are ordered by one of them",
        code="order",
        span=key.expr.span,
        hint="select the attribute",
    )


def _plain_group(item: Selection) -> Column:
    if not isinstance(item.expr, Path):
        raise NotExpressible(
            "distinct values of linked rows are not supported",
            code="distinct",
            span=item.span,
            hint="distinct rows are: select the key as well",
        )
    return Column(item.name or str(item.expr.steps[0]), item.expr, "", item.span)


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
