"""Trees into criteria text, as DevExpress prints it: `[Name] = 'x' And Not [Price] In (1, 2)`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from querykit.ast.nodes import Aggregate, Call, EntitySet, Expr, Literal, Named, Parameter, Path, Query
from querykit.ast.walk import check_limits, walk
from querykit.errors import NotExpressible
from querykit.functions import spelling
from querykit.languages.criteria import calls, literals, names
from querykit.languages.criteria.operators import WRITERS, Level, Written
from querykit.languages.criteria.substitutes import refusal, substitute
from querykit.limits import DEPTH_CEILING, Limits
from querykit.rewrite.parameters import inlined

__all__ = ["Printer", "expression_text", "query_text"]

_SIZE = 10**9
#: The printer recurses, so depth is bounded; how large a tree may be is not its business.
_BOUNDS = Limits(
    nodes=_SIZE,
    depth=DEPTH_CEILING,
    list_items=_SIZE,
    collection_depth=DEPTH_CEILING,
    expand_depth=DEPTH_CEILING,
)

_PARAMETER = re.compile(r"[^\W\d]\w*")
_GRID_FUNCTION = re.compile(r"[#@]\w+")

_SPELLINGS = cache(spelling.by_id)
_AGGREGATES = {row.function: row for row in calls.AGGREGATES}
_AGGREGATE_NAMES = frozenset(row.name.casefold() for row in calls.AGGREGATES)

#: Options of a request that a criterion does not have: attribute of `Query` -> name in a message. How many rows
#: to take is no matter of the criterion: DevExpress's data sources are given it beside (TopReturnedObjects).
_OPTIONS = {
    "order": "an order",
    "select": "a selection of properties",
    "expand": "an expansion",
    "skip": "rows to skip",
    "count": "a count",
    "search": "a search",
    "compute": "computed values",
    "apply": "transformations",
    "options": "an option for the service to act on",
}


def expression_text(expr: Expr) -> str:
    """The canonical text; see `render_filter`."""
    check_limits(expr, _BOUNDS)
    if any(_is_total(node) for node in walk(expr)):
        from querykit.rewrite.logic import to_three_valued

        expr = to_three_valued(expr)
        check_limits(expr, _BOUNDS)
    printer = Printer()
    text = printer.operand(expr, Level.OR)
    printer.check_parameters(expr)
    return text


def query_text(query: Query) -> str:
    """The text of a query that has nothing but a filter; see `render`."""
    for attribute, option in _OPTIONS.items():
        value = getattr(query, attribute)
        if value is None or value is False or value == ():
            continue
        raise NotExpressible(
            f"criteria says only conditions, and the query has {option}",
            span=_first_span(value),
            hint="use logo for whole requests",
            source=query.source,
        )
    try:
        filtered = inlined(query).filter
        return "" if filtered is None else expression_text(filtered)
    except NotExpressible as error:
        raise error.located(query.source) from None


class Printer:
    """Prints one tree; remembers the positional parameters in the order they were printed."""

    __slots__ = ("_positional",)

    def __init__(self) -> None:
        self._positional: list[str] = []

    def operand(self, node: Expr, least: Level) -> str:
        """The text of a node, in brackets if it binds less than asked for."""
        text, level = _NODES[type(node)](self, node)
        return f"({text})" if level < least else text

    def items(self, nodes: Sequence[Expr]) -> str:
        return ", ".join([self.operand(node, Level.OR) for node in nodes])

    def check_parameters(self, expr: Expr) -> None:
        """A `?` means its place in the text, so each must be printed once, in order."""
        if self._positional != [str(number) for number in range(len(self._positional))]:
            raise NotExpressible(
                "the parameters ? would take each other's values in the order the text has them",
                span=expr.span,
                hint="give the values when parsing, or name the parameters: ?name",
            )

    def parameter(self, node: Parameter) -> Written:
        name = node.name.removeprefix("@")
        if name.isdigit():
            self._positional.append(name)
            return "?", Level.OPERAND
        if not _PARAMETER.fullmatch(name):
            raise NotExpressible(f"'{name[:40]}' is no name of a parameter in criteria", span=node.span)
        return f"?{name}", Level.OPERAND

    def call(self, call: Call) -> Written:
        call = substitute(call) or call
        writer = WRITERS.get(call.fn)
        if writer is not None:
            return writer(self, call)
        name, args = _function(call)
        return f"{name}({self.items(args)})", Level.OPERAND

    def aggregate(self, node: Aggregate) -> Written:
        source = _source(node.source)
        if node.condition is not None:
            source = f"{source}[{self.operand(node.condition, Level.OR)}]"
        elif source != "[]":  # the set itself is filtered only where there is a condition
            source += "[]"
        if node.function == "any" and source != "[]":
            return source, Level.OPERAND
        return f"{source}.{_aggregate_name(node)}({self.items(_aggregate_args(node))})", Level.OPERAND


def _function(call: Call) -> tuple[str, Sequence[Expr]]:
    """Name and arguments as written."""
    if call.fn.startswith("custom."):
        return _custom_name(call.fn.removeprefix("custom."), call), call.args
    row = _SPELLINGS("criteria").get(call.fn)
    args = call.args
    if call.fn == "logic.case" and len(args) % 2 == 0:
        args = (*args, Literal("null", None))
    if call.fn in calls.TYPE_TESTS:
        args = _with_class(call)
    if row is None or not row.least <= len(args) <= row.most:
        raise refusal(call)
    return row.name, [args[place] for place in row.order[: len(args)]] if row.order else args


def _with_class(call: Call) -> tuple[Expr, ...]:
    """A class is named in a text; the types of values have no names."""
    *others, named = call.args
    if isinstance(named, Literal) and named.kind == "type":
        if not names.CLASS.fullmatch(str(named.value)) or str(named.value).startswith("Edm."):
            raise refusal(call)
        named = Literal("string", named.value, span=named.span)
    return (*others, named)


def _is_word(name: str) -> bool:
    return names.IDENTIFIER.fullmatch(name) is not None and name.casefold() not in names.KEYWORDS


def _custom_name(name: str, node: Call) -> str:
    if _GRID_FUNCTION.fullmatch(name):
        return f"[{name}]"
    if not _is_word(name) or calls.is_reserved(name):
        raise NotExpressible(f"'{name[:40]}' is no name of a custom function in criteria", span=node.span)
    return name


def _aggregate_name(node: Aggregate) -> str:
    row = _AGGREGATES.get(node.function)
    if row is not None:
        return row.name
    name = node.function.removeprefix("custom.")
    if name == node.function or not _is_word(name) or name.casefold() in _AGGREGATE_NAMES:
        raise NotExpressible(f"criteria has no aggregate {name[:40]}", span=node.span)
    return name


def _aggregate_args(node: Aggregate) -> Sequence[Expr]:
    """Several arguments of a custom aggregate are a list."""
    argument = node.argument
    if argument is None:
        return ()
    if isinstance(argument, Call) and argument.fn == "list" and node.function.startswith("custom."):
        return argument.args
    return (argument,)


def _source(source: Path | EntitySet) -> str:
    if isinstance(source, Path):
        return names.path_text(source)
    if source.name is None:
        return "[]"
    if not names.CLASS.fullmatch(source.name):
        raise NotExpressible(f"'{source.name[:40]}' is no name of a class in criteria", span=source.span)
    return f"[<{source.name}>]"


def _literal(_: Printer, node: Literal) -> Written:
    text = literals.write(node)
    return text, Level.SIGN if text.startswith("-") else Level.OPERAND


def _path(_: Printer, node: Path) -> Written:
    return names.path_text(node), Level.OPERAND


def _unsayable(_: Printer, node: EntitySet | Named) -> Written:
    what = "values that are sets of rows" if isinstance(node, EntitySet) else "named arguments"
    raise NotExpressible(f"criteria has no {what}", span=node.span)


_NODES: dict[type[Any], Callable[[Printer, Any], Written]] = {
    Literal: _literal,
    Parameter: Printer.parameter,
    Path: _path,
    Call: Printer.call,
    Aggregate: Printer.aggregate,
    EntitySet: _unsayable,
    Named: _unsayable,
}


def _is_total(node: object) -> bool:
    """Does it need `to_three_valued`?"""
    if isinstance(node, Aggregate):
        return node.function == "all"
    return isinstance(node, Call) and node.fn.startswith("total.")


def _first_span(value: Any) -> tuple[int, int] | None:
    first = value[0] if isinstance(value, tuple) and value else value
    return getattr(first, "span", None)
