"""A query as the parameters of a LogoCRM request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from querykit.ast.nodes import Expr, Node, Path, Query, Selection, SortKey
from querykit.errors import NotExpressible, QueryError
from querykit.languages import criteria
from querykit.languages.form import check_said, encode
from querykit.languages.logo.request import CAP, EVERYTHING, PAGE

__all__ = ["query_text"]

_NAME = re.compile(r"[^\W\d]\w*")  # as in `logo.lark`


_SAID = frozenset({"entity", "filter", "order", "select", "expand", "top", "skip", "count", "aliases"})


def query_text(query: Query) -> str:
    """The parameters that a query needs, in a fixed order."""
    try:
        return "&".join([f"{name}={encode(value)}" for name, value in _parameters(query)])
    except QueryError as error:
        raise error.located(query.source) from None


def _parameters(query: Query) -> Iterator[tuple[str, str]]:
    check_said(query, _SAID, "Logo")
    if query.filter is not None:
        yield "q", criteria.render(Query(filter=query.filter, aliases=query.aliases, source=query.source))
    if query.order:
        yield "sort", ",".join([_sort_key(key) for key in query.order])
    if query.select is not None:
        fields = [_field(item) for item in query.select]
        if not fields:
            raise _refusal("selection of nothing", query, "name the fields")
        if "*" not in fields:
            yield "fields", ",".join(fields)
    if query.expand:
        _check_expansion(query)
        yield "expandLevel", "full"
    if query.top is not None and query.top > CAP:
        raise NotExpressible(
            f"Logo gives {CAP} rows at most", span=query.span, hint="ask page by page: limit=100&offset=100 …"
        )
    if query.top not in (None, PAGE):
        yield "limit", str(query.top)
    if query.skip is not None:
        yield "offset", str(query.skip)
    if query.count is not None:
        yield "withCount", "true" if query.count else "false"


def _sort_key(key: SortKey) -> str:
    return _path(key.expr, "order by computed values") + (" DESC" if key.descending else "")


def _field(item: Selection) -> str:
    if item.query is not None:
        raise _refusal("options of a field", item, "name the fields of related objects by their paths")
    if item.expr == Path(("*",)):
        return "*"
    if item.name is not None and item.expr != Path((item.name,)):
        raise _refusal("fields under another name", item, "a field is a property")
    return _path(item.expr, "computed fields")


def _path(expr: Expr, what: str) -> str:
    if not isinstance(expr, Path) or expr.up or not expr.steps:
        raise _refusal(what, expr, "name a property, or a path of properties")
    for step in expr.steps:
        if not isinstance(step, str) or not _NAME.fullmatch(step):
            shown = f"'{step[:40]}'" if isinstance(step, str) else "such a step"
            raise NotExpressible(
                f"{shown} is no name in Logo", span=expr.span, hint="a name has letters, digits and _"
            )
    return ".".join(map(str, expr.steps))


def _check_expansion(query: Query) -> None:
    """Everything, one level deep and unshaped, is all that can be expanded."""
    for item in query.expand:
        plain = item.query == EVERYTHING.query and item.levels in (None, 1) and not item.kind
        if item.path != EVERYTHING.path or not plain:
            raise _refusal("choice of what to expand", item, "expandLevel=full expands everything: $expand=*")


def _refusal(what: str, node: Node, hint: str) -> NotExpressible:
    return NotExpressible(f"Logo has no {what}", span=node.span, hint=hint)
