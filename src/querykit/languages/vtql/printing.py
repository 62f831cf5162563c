"""A tree as VTQL text, spelled as Vtiger's documentation spells it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from querykit.ast.nodes import (
    Aggregate,
    Call,
    EntitySet,
    Expr,
    Literal,
    Node,
    Path,
    Query,
    Selection,
    SortKey,
)
from querykit.errors import NotExpressible, QueryError
from querykit.languages.vtql.conditions import alternatives
from querykit.languages.vtql.terminals import RESERVED
from querykit.languages.vtql.values import PAGE, value_text
from querykit.rewrite.nulls import is_null_literal
from querykit.rewrite.parameters import inlined
from querykit.source import Span

__all__ = ["condition_text", "query_text"]

_OPERATORS = {"cmp.eq": "=", "cmp.ne": "!=", "cmp.lt": "<", "cmp.le": "<=", "cmp.gt": ">", "cmp.ge": ">="}
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

_WORD = re.compile(r"[A-Za-z0-9_]+")
_KEY = re.compile(r"[A-Za-z0-9_]+|'(?:[^']|'')+'")  # a quoted key is part of its name, see the grammar

_NULL_HINT = "!= leaves out rows whose field is null: it will do where the query asks for a value as well"


def query_text(query: Query) -> str:
    """The SELECT statement of a query.

    Raises
    ------
    QueryError: code ``no_entity``, the query does not say what it asks.
    NotExpressible
    """
    query = inlined(query)
    if query.entity is None:
        raise QueryError(
            "VTQL needs the module that is asked",
            code="no_entity",
            hint="give entity=…, e.g. entity='Accounts'",
        )
    _refuse_the_rest(query)
    sections = [f"SELECT {_columns(query.select)} FROM {_name(query.entity, 'from', query.span)}"]
    terms = [[]] if query.filter is None else alternatives(query.filter)
    if [] not in terms:
        sections.append(f"WHERE {_terms(terms, query.filter)}")
    if query.order:
        sections.append(f"ORDER BY {_order(query.order)}")
    if query.skip is not None or query.top not in (None, PAGE):
        sections.append(f"LIMIT {_limit(query.top, query.skip, query.span)}")
    return " ".join(sections) + ";"


def condition_text(expr: Expr) -> str:
    """The WHERE condition of a filter.

    Raises
    ------
    NotExpressible
    """
    return _terms(alternatives(expr), expr)


def _refuse_the_rest(query: Query) -> None:
    if query.expand:
        raise _refusal("related rows", query.expand[0], "query the related module by the ids of these rows")
    if query.count:
        raise _refusal("count beside the rows", query, "SELECT count(*) is a query of its own")
    if query.search is not None:
        raise _refusal("search", query.search, "name the fields, with LIKE")
    for node in (*query.compute, *query.apply):
        raise _refusal("computed values", node, "it selects fields")
    for option in query.options:
        raise _refusal(option.name, option, "it is for the service to act on")


# --- Sections


def _columns(select: Sequence[Selection] | None) -> str:
    if not select:
        return "*"
    if len(select) == 1 and select[0].expr == Aggregate("count", EntitySet(None)):
        return "count(*)"
    names = [_column(item) for item in select]
    return "*" if "*" in names else ", ".join(names)


def _column(item: Selection) -> str:
    path = item.expr
    if isinstance(path, Path) and path == Path(("*",)) and item.query is None:
        return "*"
    if item.name is not None and path != Path((item.name,)):
        raise _refusal("columns under another name", item, "a column is a field of the module")
    if item.query is not None:
        raise _refusal("related rows", item, "query the related module by the ids of these rows")
    return _field(path, "select")


def _order(order: Sequence[SortKey]) -> str:
    """One direction stands after the last key, which alone it holds for."""
    for key in order[:-1]:
        if key.descending:
            raise _refusal("descending key before the last", key, "only the last key may be descending")
    keys = ", ".join([_field(key.expr, "order") for key in order])
    return f"{keys} DESC" if order[-1].descending else keys


def _limit(top: int | None, skip: int | None, span: Span | None) -> str:
    rows = PAGE if top is None else top
    if rows > PAGE:
        raise NotExpressible(
            f"Vtiger gives {PAGE} rows at most",
            span=span,
            hint="ask page by page: LIMIT 0, 100, LIMIT 100, 100 …",
        )
    return str(rows) if skip is None else f"{skip}, {rows}"


# --- Conditions


def _terms(terms: Sequence[Sequence[Expr]], expr: Expr | None) -> str:
    if not terms or [] in terms:
        raise NotExpressible(
            f"VTQL cannot write a condition that is {'always' if terms else 'never'} true",
            span=None if expr is None else expr.span,
            hint="leave it out" if terms else "the answer is known: no rows",
        )
    return " OR ".join([" AND ".join([_test(test) for test in term]) for term in terms])


def _test(test: Expr) -> str:
    if isinstance(test, Call):
        if test.fn in _OPERATORS:
            return _comparison(test)
        if test.fn == "cmp.in":
            return _membership(test)
        if test.fn == "str.like":
            return f"{_field(test.args[0], 'where')} LIKE {_value(test.args[1])}"
    raise _no_test(test)


def _comparison(test: Call) -> str:
    left, right = test.args
    operator = _OPERATORS[test.fn]
    if isinstance(left, Literal) and not isinstance(right, Literal):
        left, right, operator = right, left, _MIRRORED[operator]
    if is_null_literal(left) or is_null_literal(right):
        raise _refusal("tests for null", test, _NULL_HINT)
    if isinstance(right, Path):
        raise _refusal("comparisons of two fields", test, "one side is a value")
    return f"{_field(left, 'where')} {operator} {_value(right)}"


def _membership(test: Call) -> str:
    """No item is `field = null`, which is valid and never true."""
    operand, items = test.args
    field = _field(operand, "where")
    if not isinstance(items, Call) or items.fn != "list":
        raise _refusal("membership in a collection", test, "IN takes a list of values")
    values = [item for item in items.args if not is_null_literal(item)]
    return f"{field} IN ({', '.join(map(_value, values))})" if values else f"{field} = null"


def _no_test(test: Expr) -> NotExpressible:
    if not isinstance(test, Call):
        what = "conditions on related rows" if isinstance(test, Aggregate) else "conditions without a field"
        return _refusal(what, test, "a condition compares a field of the module with a value")
    if test.fn == "bool.not":
        (operand,) = test.args
        if not isinstance(operand, Call) or operand.fn != "null.is":
            return _refusal("NOT before such a condition", test, "it has the opposites of = < <= > >= and IN")
        test = operand
    if test.fn == "null.is":
        return _refusal("tests for null", test, _NULL_HINT)
    return _no_function(test)


def _no_function(call: Call) -> NotExpressible:
    name = call.fn.rpartition(".")[2]
    what = "arithmetic" if call.fn.startswith(("math.", "bit.")) else f"function {name}"
    return _refusal(what, call, "a condition compares a field of the module with a value")


# --- Operands


def _field(expr: Expr, section: str) -> str:
    if isinstance(expr, Call):
        raise _no_function(expr)
    if isinstance(expr, Aggregate):
        raise _refusal("values of related rows", expr, "query the related module")
    if not isinstance(expr, Path):
        raise _refusal("values in the place of a field", expr, "a condition compares a field with a value")
    if len(expr.steps) != 1 or expr.up or not isinstance(expr.steps[0], str):
        raise _refusal(
            "fields of related rows", expr, "a reference is compared with an id: account_id = '11x5'"
        )
    return _name(expr.steps[0], section, expr.span)


def _name(name: str, section: str, span: Span | None) -> str:
    form = _KEY if section == "order" else _WORD
    if not form.fullmatch(name):
        raise NotExpressible(
            f"'{name[:40]}' is no name in VTQL", span=span, hint="a name has letters, digits and underscores"
        )
    if name.lower() in RESERVED[section]:
        raise NotExpressible(f"'{name}' cannot be a name there", span=span, hint="VTQL has no quoted names")
    return name


def _value(expr: Expr) -> str:
    if isinstance(expr, Literal):
        return value_text(expr)
    if isinstance(expr, Call):
        raise _no_function(expr)
    if isinstance(expr, Path):
        raise _refusal("fields in the place of a value", expr, "a condition compares a field with a value")
    if isinstance(expr, Aggregate):
        raise _refusal("values of related rows", expr, "query the related module")
    raise _refusal("parameters", expr, "give the value")


def _refusal(what: str, node: Node, hint: str) -> NotExpressible:
    return NotExpressible(f"VTQL has no {what}", span=node.span, hint=hint)
