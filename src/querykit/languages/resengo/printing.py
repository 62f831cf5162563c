"""A query as the parameters of a Resengo request."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from querykit.ast.nodes import Call, Expr, Literal, Node, Path, Query, SortKey
from querykit.errors import NotExpressible, QueryError
from querykit.languages.form import check_said, encode
from querykit.languages.resengo import terms
from querykit.languages.resengo.moments import moment_text

__all__ = ["query_text"]

_ID = re.compile(r"[^\W\d]\w*ID", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d]\w*")
_DIGITS = re.compile("-?[0-9]{1,19}")
_LARGEST = 2**63 - 1

#: Where the whole condition is asked to be true, OData's comparisons with a value and SQL's are the same.
_EQUAL = ("cmp.eq", "total.eq")
_IN = ("cmp.in", "total.in")
_SINCE = ("cmp.ge", "total.ge")
_MIRRORED = {"cmp.le": "cmp.ge", "total.le": "total.ge", **{fn: fn for fn in _EQUAL}}

_SOMEONE_ELSE = terms.someone_else()
_CONDITIONS = "ids, and UpdateDate since a moment, are all that can be asked"


#: Every answer tells how many items there are.
_SAID = frozenset({"entity", "filter", "order", "select", "expand", "top", "skip", "count", "aliases"})


def query_text(query: Query) -> str:
    """The parameters that a query needs: conditions, order, page."""
    try:
        return "&".join([f"{name}={encode(value)}" for name, value in _parameters(query)])
    except QueryError as error:
        raise error.located(query.source) from None


def _parameters(query: Query) -> Iterator[tuple[str, str]]:
    check_said(query, _SAID, "Resengo")
    if query.filter is not None:
        yield from _conditions(query.filter)
    if query.select is not None and Path(("*",)) not in [item.expr for item in query.select]:
        raise _refusal("selection of fields", query, "an item comes with all its fields")
    if query.order:
        yield terms.SORTING, f"{_sorted_by(query.order)}Ascending"
    if query.top not in (None, terms.PAGE):
        yield terms.ITEMS, str(_items(query))
    if query.skip is not None:
        yield terms.PAGE_INDEX, str(_page_index(query))
    for item in query.expand:
        if item != terms.ORDER_ITEMS:
            raise _refusal("expansion but OrderItems", item, "query the related items by their ids")
    if query.expand:
        yield terms.INCLUDE, "true"


# --- Conditions


def _conditions(condition: Expr) -> Iterator[tuple[str, str]]:
    operands = _operands(condition, "bool.and")
    moments = [operand for operand in operands if _is_since(operand)]
    names: set[str] = set()
    for operand in operands:
        if operand in moments or operand == _SOMEONE_ELSE:
            continue
        name, values = _ids(operand)
        if name.lower() in names:
            raise _refusal(
                "way to ask for the same id twice", operand, "values of one parameter are joined by Or"
            )
        names.add(name.lower())
        yield from ((name, str(value)) for value in values)
    if moments or _SOMEONE_ELSE in operands:
        yield terms.SINCE, _since(condition, operands, moments)


def _operands(expr: Expr, fn: str) -> tuple[Expr, ...]:
    return expr.args if isinstance(expr, Call) and expr.fn == fn else (expr,)


def _ids(operand: Expr) -> tuple[str, list[int]]:
    """The values of `id = 1`, `id in (1, 2)`, and of such conditions joined with Or."""
    first, *tests = _operands(operand, "bool.or")
    name, values = _test(first)
    for test in tests:
        other, more = _test(test)
        if other != name:
            raise _refusal("Or between different fields", operand, "different parameters are joined by And")
        values += more
    return name, values


def _test(test: Expr) -> tuple[str, list[int]]:
    if not isinstance(test, Call):
        raise _refusal("such condition", test, _CONDITIONS)
    if test.fn in _IN and isinstance(test.args[1], Call) and test.args[1].fn == "list":
        path, items = test.args[0], test.args[1].args
    elif test.fn in _EQUAL:
        path, value = _turned(test).args
        items = (value,)
    else:
        raise _refusal("such condition", test, _CONDITIONS)
    name = path.steps[0] if isinstance(path, Path) and len(path.steps) == 1 and not path.up else None
    if not isinstance(name, str) or not _ID.fullmatch(name) or terms.documented(name) != name:
        raise _refusal("conditions but on ids", test, _CONDITIONS)
    if not items:
        raise _refusal("condition that is never true", test, "the answer is known: no items")
    return name, [_integer(item, texts=test.fn.startswith("cmp.")) for item in items]


def _integer(item: Expr, texts: bool) -> int:
    """The number; where comparing is SQL's, a text is read as the field asks, so that one of digits is a number too."""
    value = item.value if isinstance(item, Literal) else None
    if texts and isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    if type(value) is not int or abs(value) > _LARGEST:
        raise _refusal("ids but whole numbers", item, "give the number")
    return value


def _turned(test: Call) -> Call:
    """`1 = id` as `id = 1`."""
    left, right = test.args
    turn = isinstance(left, Literal) and test.fn in _MIRRORED
    return Call(_MIRRORED[test.fn], (right, left), test.span) if turn else test


def _is_since(operand: Expr) -> bool:
    if not isinstance(operand, Call) or operand.fn not in (*_SINCE, *_MIRRORED):
        return False
    turned = _turned(operand)
    return turned.fn in _SINCE and turned.args[0] == terms.UPDATED


def _since(condition: Expr, operands: tuple[Expr, ...], moments: list[Expr]) -> str:
    if len(moments) != 1 or _SOMEONE_ELSE not in operands:
        raise _refusal(
            "condition on changes but LastUpdatedBySomeoneElseSince",
            moments[0] if moments else condition,
            "it leaves out what the caller changed: UpdateDate ge … and (@caller eq null or UpdatePersonID ne @caller)",
        )
    assert isinstance(moments[0], Call)
    since = _turned(moments[0]).args[1]
    if not isinstance(since, Literal) or not isinstance(since.value, dt.date):
        raise _refusal("moments but constants", since, "give the moment")
    return moment_text(since.value)


# --- Order and page


def _sorted_by(order: tuple[SortKey, ...]) -> str:
    key, *others = order
    if others:
        raise _refusal("order by several fields", others[0], "sort by one field")
    if key.descending:
        raise _refusal("descending order", key, "SubscriptionIDAscending, UpdateDateAscending …")
    name = key.expr.steps[0] if isinstance(key.expr, Path) and len(key.expr.steps) == 1 else None
    if not isinstance(name, str) or not _NAME.fullmatch(name) or terms.documented(name) != name:
        raise _refusal("order but by a field", key, "sort by one field")
    return name


def _items(query: Query) -> int:
    if not query.top or query.top > terms.PAGE:
        raise NotExpressible(
            f"a page of Resengo has 1 to {terms.PAGE} items", span=query.span, hint="ask page by page"
        )
    return query.top


def _page_index(query: Query) -> int:
    size, skip = query.top or terms.PAGE, query.skip or 0
    if skip % size:
        raise _refusal("rows to skip but whole pages", query, f"skip a multiple of {size}")
    return skip // size + 1


def _refusal(what: str, node: Node, hint: str) -> NotExpressible:
    return NotExpressible(f"Resengo has no {what}", span=node.span, hint=hint)
