"""What a text gives back of a tree: the tree, but for the readings that are listed here, each with its reason.

First a language's own rewriting (`querykit.rewrite` and what each language substitutes) puts the tree into words
that the language has; that it keeps the meaning is the business of tests/differential. Then come the forms that one
text stands for. Nothing else may change.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from querykit.ast.build import arithmetic, negation
from querykit.ast.nodes import (
    Aggregate,
    Call,
    EntitySet,
    Expansion,
    Literal,
    Named,
    Node,
    Path,
    Query,
    Selection,
    SortKey,
    Transformation,
)
from querykit.ast.walk import walk
from querykit.errors import NotExpressible
from querykit.languages.criteria.literals import negated
from querykit.languages.criteria.substitutes import substitute
from querykit.languages.odata.rewritings import prepared, prepared_value
from querykit.languages.odata.search_text import search_text
from querykit.rewrite.logic import to_three_valued

__all__ = ["criteria_form", "odata_form", "odata_request"]

Rule = Callable[[Any], Any]
_TRUE = Literal("bool", True)


def _rebuilt(node: Any, before: Rule, after: Rule) -> Any:
    """The tree with `before` applied to each node on the way down, `after` on the way up."""
    if isinstance(node, tuple):
        return tuple(_rebuilt(item, before, after) for item in node)
    if not isinstance(node, Node):
        return node
    node = before(node)
    return after(node.replace(**{name: _rebuilt(getattr(node, name), before, after) for name in node.fields}))


# ---- literals


def _odata_literal(node: Literal) -> Literal:
    kind, value, name = node.kind, node.value, node.name
    if kind in ("byte", "int16", "int64", "uint32"):
        kind = "int"  # one form for all integers
    elif kind == "char" or (kind == "enum" and not name):
        kind = "string"  # text, and OData 4.01's members without their type, are both in quotes
    elif kind == "single":
        kind = "double"
    elif kind == "decimal":
        text = f"{value:f}"
        value = Decimal(text if "." in text else f"{text}.0")  # the point tells it from an integer
    elif kind == "datetime" and isinstance(value, dt.datetime) and not value.utcoffset():
        value = value.replace(tzinfo=dt.UTC)  # a local moment is taken as UTC
    if kind == "double" and isinstance(value, float) and math.isnan(value):
        value = math.nan  # there is one
    return Literal(kind, value, name if kind in ("enum", "geo", "string") else "")


def _criteria_literal(node: Literal) -> Literal:
    kind, value, name = node.kind, node.value, node.name
    if kind == "enum" and not name:
        kind = "string"  # as above
    elif kind == "decimal":
        value = Decimal(f"{value:f}")  # no exponents
    elif kind == "datetime" and isinstance(value, dt.datetime) and value.tzinfo is not None:
        value = value.astimezone(dt.UTC).replace(tzinfo=None)  # no zones
    return Literal(kind, value, name if kind in ("enum", "object", "user") else "")


# ---- OData


def _odata_call(node: Call) -> Any:
    fn, args = node.fn, node.args
    if fn in ("total.eq", "total.ne"):  # `x eq null` is the test for null
        left, right = args
        for operand, other in ((left, right), (right, left)):
            if isinstance(other, Literal) and other.kind == "null":
                missing = Call("null.is", (operand,))
                return missing if fn == "total.eq" else negation(missing)
    if fn == "logic.case" and len(args) % 2 == 0 and len(args) > 2 and args[-2] == _TRUE:
        return Call(fn, (*args[:-2], args[-1]))  # `true:` at the end is "else"
    if fn == "str.concat":  # of two, nested to the left
        whole = args[0]
        for part in args[1:]:
            whole = Call(fn, (whole, part))
        return whole
    if fn == "search.term":  # in double quotes where it is no word
        (text,) = args
        word = text.name == "" and _is_word(text.value)
        return Call(fn, (text if word or text.name == "incomplete" else text.replace(name="phrase"),))
    return node


def _is_word(text: str) -> bool:
    try:
        return search_text(Call("search.term", (Literal("string", text),))) == text
    except NotExpressible:
        return False


def _odata_after(node: Any) -> Any:
    if isinstance(node, Literal):
        return _odata_literal(node)
    if isinstance(node, Call):
        return _odata_call(node)
    if isinstance(node, Aggregate) and node.function == "all" and node.condition is None:
        return node.replace(condition=_TRUE)  # `all(x:true)`
    if isinstance(node, Path) and node.steps and isinstance(node.steps[0], EntitySet):
        return Path(node.steps)  # from $root on no scope matters
    return node


def _same(node: Any) -> Any:
    return node


def odata_form(condition: Any) -> Any:
    return _rebuilt(prepared(condition), _same, _odata_after)


def _odata_value(expr: Any) -> Any:
    if isinstance(expr, SortKey):
        return expr.replace(expr=_odata_value(expr.expr))
    if isinstance(expr, Named):
        return expr.replace(value=_odata_value(expr.value))
    return _rebuilt(prepared_value(expr), _same, _odata_after)


def odata_request(query: Query) -> Query:
    """The URL's path says which entity is asked, not its query."""
    return query.replace(
        entity=None,
        filter=None if query.filter is None else odata_form(query.filter),
        order=tuple(map(_odata_value, query.order)),
        select=None if query.select is None else tuple(map(_odata_selection, query.select)),
        expand=tuple(
            Expansion(item.path, odata_request(item.query), item.levels, item.kind) for item in query.expand
        ),
        aliases=tuple(map(_odata_value, query.aliases)),
        search=_rebuilt(query.search, _same, _odata_after),
        compute=tuple(map(_odata_value, query.compute)),
        apply=tuple(map(_odata_step, query.apply)),
    )


def _odata_selection(item: Selection) -> Selection:
    nested = None if item.query is None else odata_request(item.query)
    return Selection(item.expr, item.name, None if nested == Query() else nested)  # `a()` is `a`


def _odata_step(step: Transformation) -> Transformation:
    form = odata_form if step.name == "filter" else _odata_value
    branches = tuple(tuple(map(_odata_step, branch)) for branch in step.branches)
    return Transformation(step.name, tuple(map(form, step.args)), branches)


# ---- criteria


def _criteria_before(node: Any) -> Any:
    if isinstance(node, Call):
        node = substitute(node) or node
        if node.fn == "logic.case" and len(node.args) % 2 == 0:
            node = Call(node.fn, (*node.args, Literal("null", None)))  # Iif has an else
    return node


def _criteria_after(node: Any) -> Any:
    if isinstance(node, Literal):
        return _criteria_literal(node)
    if not isinstance(node, Call):
        return node
    if node.fn == "math.neg" and isinstance(node.args[0], Literal):
        return negated(node.args[0], None) or node  # a minus is part of the number
    if node.fn == "cmp.in" and node.args[1] == Call("list"):
        return Literal("bool", False)  # criteria has no empty list
    if node.fn == "math.add":
        return arithmetic(node.fn, node.args)  # AddTimeSpan of a sum
    return node


def criteria_form(expr: Any) -> Any:
    foreign = any(
        getattr(node, "fn", "").startswith("total.") or getattr(node, "function", "") == "all"
        for node in walk(expr)
    )
    return _rebuilt(to_three_valued(expr) if foreign else expr, _criteria_before, _criteria_after)
