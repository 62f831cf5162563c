"""Queries and conditions as FetchXML, spelled and ordered as Dynamics' own tools write it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from querykit.ast.nodes import Aggregate, EntitySet, Expr, Node, Query, Selection, SortKey
from querykit.errors import NotExpressible, QueryError
from querykit.languages.fetchxml.conditions import field_name, part_of
from querykit.languages.fetchxml.grouping import Column, Grouping, grouping_of
from querykit.languages.fetchxml.link_columns import LinkColumns, is_linked
from querykit.languages.fetchxml.links import is_key
from querykit.languages.fetchxml.model import ALWAYS, NEGATIVE, NEVER, Condition, Filter, Link, Part
from querykit.languages.fetchxml.values import attribute_text, content_text
from querykit.source import Span

__all__ = ["condition_text", "query_text"]


class _Tag(NamedTuple):
    """An element to be written; `text` instead of children."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    span: Span | None
    children: tuple[_Tag, ...] = ()
    text: str | None = None


def query_text(query: Query) -> str:
    """The document of a query.

    Raises
    ------
    QueryError: code ``no_entity``, the query does not say what it asks.
    NotExpressible
    """
    if not query.entity:
        raise QueryError(
            "FetchXML needs the entity that is asked",
            code="no_entity",
            hint="give entity=…, e.g. entity='account'",
        )
    _refuse_the_rest(query)
    grouping = _grouping(query)
    aggregate = grouping is not None or any(_is_over_all(item.expr) for item in query.select or ())
    links = LinkColumns()
    condition = query.filter if grouping is None else grouping.condition
    if grouping is not None:
        columns = [*map(_group, grouping.groups), *(_grouped(item, query) for item in grouping.aggregates)]
        orders = [_alias_order(key) for key in query.order]
    elif aggregate:
        columns, orders = _aggregates(query), []
    else:
        links = LinkColumns.of(query.select or (), query.order)
        columns = _columns(query.select)
        orders = [_order(key) for key in query.order if not is_linked(key.expr)]
    part = ALWAYS if condition is None else _sayable(part_of(condition), condition)
    entity = _Tag(
        "entity", (("name", query.entity),), query.span, (*columns, *orders, *_filter_and_links(part, links))
    )
    fetch = _Tag("fetch", tuple(_options(query, aggregate)), query.span, (entity,))
    return "\n".join(_lines(fetch, ""))


def condition_text(expr: Expr) -> str:
    """The `<filter>` (or, of one condition, the `<condition>`) of an expression, in one line.

    Raises
    ------
    NotExpressible
    """
    part = _sayable(part_of(expr), expr)
    if part == ALWAYS:
        raise NotExpressible(
            "FetchXML cannot write a condition that is always true", span=expr.span, hint="leave it out"
        )
    tags = list(_anded([part] if not isinstance(part, Filter) or part.kind == "or" else part.parts))
    tag = tags[0] if len(tags) == 1 and tags[0].name != "link-entity" else _filter("and", tags, expr)
    return "".join(line.strip() for line in _lines(tag, ""))


def _refuse_the_rest(query: Query) -> None:
    if query.expand:
        raise _refusal("related rows in the answer", query.expand[0], "query the related entity for its rows")
    if query.search is not None:
        raise _refusal("search", query.search, "name the fields, with like")
    for option in query.options:
        raise _refusal(option.name, option, "it is for the service to act on")
    if query.compute:
        raise _refusal("computed values", query.compute[0], "it filters, sorts, groups and aggregates")


def _grouping(query: Query) -> Grouping | None:
    """The groups of `$apply`, where that is all; nothing comes after them but the order and the page."""
    if not query.apply:
        return None
    found = grouping_of(query.apply)
    if found is None or query.filter is not None or query.select is not None:
        node = query.apply[0] if found is None else (query.filter or query)
        raise _refusal(
            "transformations but conditions, then groups by fields with their aggregates",
            node,
            "filter(…)/groupby((a,b),aggregate(c with sum as d))",
        )
    return found


def _sayable(part: Part, expr: Expr) -> Part:
    if part == NEVER:
        raise NotExpressible(
            "FetchXML cannot write a condition that is never true",
            span=expr.span,
            hint="the answer is known: no rows",
        )
    return part


# --- Sections


def _options(query: Query, aggregate: bool) -> Iterator[tuple[str, str]]:
    if query.top is not None:
        yield "count", str(query.top)
    if query.skip or (query.skip is not None and query.top is not None):
        yield "page", str(_page(query))
    if aggregate:
        yield "aggregate", "true"
    if query.count:
        yield "returntotalrecordcount", "true"


def _page(query: Query) -> int:
    top, skip = query.top, query.skip or 0
    if not top or skip % top:
        raise NotExpressible(
            "FetchXML skips whole pages only",
            span=query.span,
            hint="skip a multiple of the rows that are asked for",
        )
    return skip // top + 1


def _columns(select: Sequence[Selection] | None) -> list[_Tag]:
    columns = [_column(item) for item in select or () if not is_linked(item.expr)]
    if select and not columns:
        raise _refusal("columns of links alone", select[0], "select a column of the entity as well")
    if not columns or None in columns:
        return [_Tag("all-attributes", (), None)]
    return [column for column in columns if column is not None]


def _column(item: Selection) -> _Tag | None:
    """None is every column."""
    if item.query is not None:
        raise _refusal("options of a column", item, "query the related entity")
    name = field_name(item.expr)
    if name == "*":
        return None
    alias = () if item.name in (None, name) else (("alias", str(item.name)),)
    return _Tag("attribute", (("name", name), *alias), item.span)


def _aggregates(query: Query) -> list[_Tag]:
    if query.order:
        raise _refusal("order of one row", query.order[0], "leave it out")
    return [_aggregate(item, query) for item in query.select or ()]


def _aggregate(item: Selection, query: Query) -> _Tag:
    node = item.expr
    if not isinstance(node, Aggregate) or node.source != EntitySet(None) or node.condition is not None:
        raise _refusal("columns beside aggregates, or aggregates of related rows", item, "a query of its own")
    if node.function not in ("count", "sum", "avg", "min", "max"):
        raise _refusal(
            f"aggregate {node.function.removeprefix('custom.')}", item, "count, sum, avg, min or max"
        )
    if node.argument is None:
        # any attribute will do, and this one is there; Resco calls it `id`
        word, name = "count", f"{query.entity}id"
    else:
        word, name = ("countcolumn" if node.function == "count" else node.function), field_name(node.argument)
    return _Tag(
        "attribute", (("name", name), ("alias", item.name or node.function), ("aggregate", word)), item.span
    )


def _is_over_all(expr: Expr) -> bool:
    return isinstance(expr, Aggregate) and not is_linked(expr)


def _group(item: Column) -> _Tag:
    part = (("dategrouping", item.how),) if item.how else ()
    return _Tag(
        "attribute",
        (("name", _name(item)), ("groupby", "true"), *part, ("alias", item.alias)),
        item.span,
    )


def _grouped(item: Column, query: Query) -> _Tag:
    distinct = (("distinct", "true"),) if item.distinct else ()
    name = f"{query.entity}id" if item.path is None else _name(item)
    attributes = (("name", name), ("alias", item.alias), ("aggregate", item.how), *distinct)
    return _Tag("attribute", attributes, item.span)


def _name(item: Column) -> str:
    assert item.path is not None
    return field_name(item.path)


def _alias_order(key: SortKey) -> _Tag:
    """Groups are ordered by their aliases."""
    return _Tag("order", (("alias", field_name(key.expr)), *_descending(key.descending)), key.span)


def _order(key: SortKey) -> _Tag:
    return _Tag("order", (("attribute", field_name(key.expr)), *_descending(key.descending)), key.span)


def _descending(flag: bool) -> tuple[tuple[str, str], ...]:
    return (("descending", "true"),) if flag else ()


# --- Conditions


def _filter_and_links(condition: Part, columns: LinkColumns) -> Iterator[_Tag]:
    """What must hold, as children of an entity: joins are elements of their own, which may show columns."""
    parts = condition.parts if isinstance(condition, Filter) and condition.kind == "and" else (condition,)
    joins = [part for part in parts if isinstance(part, Link) and not part.negated]
    tags = list(_anded([part for part in parts if not isinstance(part, Link) or part.negated]))
    if len(tags) == 1 and tags[0].name == "filter":
        yield from tags
    elif tags:
        yield _filter("and", tags, None)
    shown = dict(columns.links)
    for link in joins:
        kind = "inner" if is_key(link.entity, link.origin) else "exists"
        inside = shown.pop((link.entity, link.origin, link.target, None), None) or LinkColumns()
        yield _link(link[:3], kind, _inside(inside, link.condition), link.node.span, inside.name)
    for (entity, origin, target, rest), inside in shown.items():
        if inside.links:
            raise NotExpressible(
                "FetchXML has no link inside an outer link",
                span=None if rest is None else rest.span,
                hint="ask that there is a row: the link is an inner one then",
            )
        part = ALWAYS if rest is None else _sayable(part_of(rest), rest)
        yield _link((entity, origin, target), "outer", _inside(inside, part), None, inside.name)


def _inside(columns: LinkColumns, condition: Part) -> Iterator[_Tag]:
    for attribute, alias in columns.columns:
        yield _Tag("attribute", (("name", attribute), *((("alias", alias),) if alias else ())), None)
    for attribute, descending in columns.orders:
        yield _Tag("order", (("attribute", attribute), *_descending(descending)), None)
    yield from _filter_and_links(condition, columns)


def _link(
    join: tuple[str, str, str],
    kind: str,
    children: Iterator[_Tag],
    span: Span | None,
    alias: str | None = None,
) -> _Tag:
    entity, origin, target = join
    named = (("alias", alias),) if alias not in (None, entity) else ()
    attributes = (("name", entity), ("from", origin), ("to", target), *named, ("link-type", kind))
    return _Tag("link-entity", attributes, span, tuple(children))


def _filter(kind: str, tags: Sequence[_Tag], node: Node | None) -> _Tag:
    return _Tag("filter", (("type", kind),), None if node is None else node.span, tuple(tags))


def _anded(parts: Sequence[Part]) -> Iterator[_Tag]:
    """All must hold. A negative operator that keeps no row without a value needs `not-null`, once for a field."""
    valued = {
        part.attribute
        for part in parts
        if isinstance(part, Condition) and part.operator not in NEGATIVE and part.operator != "null"
    }
    for part in parts:
        yield _tag(part)
        if _is_strict(part) and isinstance(part, Condition) and part.attribute not in valued:
            valued.add(part.attribute)
            yield _tag(part._replace(operator="not-null", values=(), valueof=None))


def _ored(parts: Sequence[Part]) -> Iterator[_Tag]:
    for part in parts:
        yield _filter("and", list(_anded([part])), None) if _is_strict(part) else _tag(part)


def _is_strict(part: Part) -> bool:
    return isinstance(part, Condition) and part.operator in NEGATIVE and not part.lenient


def _tag(part: Part) -> _Tag:
    if isinstance(part, Filter):
        return _filter(part.kind, list(_anded(part.parts) if part.kind == "and" else _ored(part.parts)), None)
    if isinstance(part, Link):
        inside = part.condition.parts if isinstance(part.condition, Filter) else (part.condition,)
        tags = _ored(inside) if _is_or(part.condition) else _anded(inside)
        children = [_filter("or" if _is_or(part.condition) else "and", list(tags), None)] if inside else []
        return _link(part[:3], "not any" if part.negated else "any", iter(children), part.node.span)
    return _condition(part)


def _is_or(part: Part) -> bool:
    return isinstance(part, Filter) and part.kind == "or"


def _condition(part: Condition) -> _Tag:
    span = part.node.span
    if part.operator.startswith(("from now", "ahead")):
        raise _refusal("comparison with this moment", part.node, "next-x-days, last-x-days … count from now")
    attributes = [("attribute", part.attribute), ("operator", part.operator)]
    if part.valueof is not None:
        attributes.append(("valueof", part.valueof))
    listed = len(part.values) > 1 or part.operator in ("in", "not-in")
    if part.values and not listed:
        attributes.append(("value", part.values[0]))
    children = [_Tag("value", (), span, (), value) for value in part.values] if listed else []
    return _Tag("condition", tuple(attributes), span, tuple(children))


# --- Text


def _lines(tag: _Tag, margin: str) -> Iterator[str]:
    attributes = "".join([f" {name}={attribute_text(value, tag.span)}" for name, value in tag.attributes])
    opening = f"{margin}<{tag.name}{attributes}"
    if tag.text is not None:
        yield f"{opening}>{content_text(tag.text, tag.span)}</{tag.name}>"
    elif not tag.children:
        yield f"{opening} />"
    else:
        yield f"{opening}>"
        for child in tag.children:
            yield from _lines(child, margin + "  ")
        yield f"{margin}</{tag.name}>"


def _refusal(what: str, node: Node, hint: str) -> NotExpressible:
    return NotExpressible(f"FetchXML has no {what}", span=node.span, hint=hint)
