"""Trees as OData text: a `Query` as the query part of a URL, an expression as a `$filter`."""

from __future__ import annotations

from querykit.ast.nodes import Call, Cast, Expansion, Expr, Node, Path, Query, Selection
from querykit.ast.walk import check_limits, walk
from querykit.errors import NotExpressible
from querykit.languages.odata.apply_text import (
    computed_text,
    expression_text,
    sequence_text,
    sort_key_text,
    value_text,
)
from querykit.languages.odata.further_options import further_text
from querykit.languages.odata.names import is_identifier
from querykit.languages.odata.path_text import Scopes, expanded_text, selected_text
from querykit.languages.odata.rewritings import BOUNDS
from querykit.languages.odata.scopes import OWN
from querykit.languages.odata.search_text import search_text
from querykit.languages.percent import encode

__all__ = ["render_expression", "render_query"]

_OUTERMOST: Scopes = (OWN,)
#: What `/$ref`, `/$count` and `*` take (ABNF expandRefOption, expandCountOption, expandItem), and an item of `$select`.
_ALLOWED: dict[str, set[str]] = {
    "*": {"$levels"},
    "*/$ref": set(),
    "$value": set(),
    "ref": {"$filter", "$search", "$orderby", "$skip", "$top", "$count"},
    "count": {"$filter", "$search"},
    "select": {"$compute", "$filter", "$search", "$orderby", "$select", "$skip", "$top", "$count"},
}


def render_expression(expr: Expr) -> str:
    check_limits(expr, BOUNDS)
    return expression_text(expr, _OUTERMOST)


def render_query(query: Query) -> str:
    check_limits(query, BOUNDS)
    text = "&".join(f"{name}={encode(value)}" for name, value in _options(query, _OUTERMOST))
    return text.replace(";", "%3B") if ";" in text and any(map(_has_semicolon, walk(query))) else text


def _has_semicolon(node: Node) -> bool:
    """Is it a word to search for with a semicolon in it, which as it is would end the word (P2 5.1.8)?"""
    if not (isinstance(node, Call) and node.fn == "search.term"):
        return False
    text = search_text(node)
    return ";" in text and text[0] != '"'


def _options(query: Query, scopes: Scopes) -> list[tuple[str, str]]:
    """The options that a query has, in the order in which they are written."""
    options: list[tuple[str, str]] = []
    if query.apply:
        options.append(("$apply", sequence_text(query.apply, scopes)))
    if query.compute:
        options.append(("$compute", computed_text(query.compute, scopes)))
    if query.search is not None:
        options.append(("$search", search_text(query.search)))
    if query.filter is not None:
        options.append(("$filter", expression_text(query.filter, scopes)))
    if query.order:
        options.append(("$orderby", ",".join([sort_key_text(key, scopes) for key in query.order])))
    if query.expand:
        options.append(("$expand", ",".join([_expansion(item, scopes) for item in query.expand])))
    if query.select is not None:
        options.append(("$select", _selections(query, scopes)))
    if query.skip is not None:
        options.append(("$skip", str(query.skip)))
    if query.top is not None:
        options.append(("$top", str(query.top)))
    if query.count is not None:
        options.append(("$count", "true" if query.count else "false"))
    options += [further_text(item, lambda value: expression_text(value, scopes)) for item in query.options]
    for alias in query.aliases:
        if not is_identifier(alias.name):
            raise NotExpressible(f"OData cannot write the parameter '{alias.name[:60]}'", span=alias.span)
        options.append((f"@{alias.name}", value_text(alias.value, scopes)))
    return options


def _selections(query: Query, scopes: Scopes) -> str:
    if not query.select:
        raise NotExpressible("OData cannot select nothing", span=query.span)
    return ",".join([_selection(item, scopes) for item in query.select])


def _selection(item: Selection, scopes: Scopes) -> str:
    if item.name is not None or not isinstance(item.expr, Path):
        raise NotExpressible("OData selects properties; computed values need $compute", span=item.span)
    text = selected_text(item.expr)
    nested = "" if item.query is None else _nested(item.query, "select", scopes, item)
    if nested and (text.endswith(("*", ")")) or _is_type(item.expr)):
        raise NotExpressible(f"OData has no options of {text}", span=item.span)
    return text + nested


def _is_type(path: Expr) -> bool:
    """A type alone is no property."""
    return isinstance(path, Path) and len(path.steps) == 1 and isinstance(path.steps[0], Cast)


def _expansion(item: Expansion, scopes: Scopes) -> str:
    kind = f"/${item.kind}" if item.kind else ""
    last = item.path.steps[-1:]
    place = f"{last[0]}{kind}" if last in (("*",), ("$value",)) else item.kind
    text = expanded_text(item.path) + kind
    if (place and place not in _ALLOWED) or _is_type(item.path):
        raise NotExpressible(f"OData cannot expand {text}", span=item.span)
    return text + _nested(item.query, place, scopes, item, item.levels)


def _nested(query: Query, kind: str, scopes: Scopes, item: Node, levels: int | str | None = None) -> str:
    for asked in query.options:
        if asked.name in ("at", "from", "to", "toInclusive"):
            continue  # the others are of the whole request
        raise NotExpressible(f"OData has no ${asked.name[:60]} in this place", span=asked.span or item.span)
    options = _options(query, (OWN, *scopes))
    if levels is not None:
        options.append(("$levels", str(levels)))
    allowed = _ALLOWED.get(kind)
    for name, _ in options:
        if allowed is not None and name not in allowed and not (kind == "select" and name.startswith("@")):
            raise NotExpressible(f"OData has no {name} in this place", span=item.span)
    return f"({';'.join([f'{name}={value}' for name, value in options])})" if options else ""
