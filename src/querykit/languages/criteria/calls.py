"""From a function's name and arguments to its call; which names are functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from querykit.ast.build import LEFT_ASSOCIATIVE, arithmetic
from querykit.ast.nodes import Aggregate, Call, Cast, EntitySet, Expr, Literal, Parameter, Path
from querykit.ast.walk import walk
from querykit.errors import ParseError, suggest
from querykit.functions import spelling
from querykit.functions.catalog import CATALOG
from querykit.functions.spelling import Spelling
from querykit.lalr import NoPlace

__all__ = ["AGGREGATES", "TYPE_TESTS", "aggregation", "bare_aggregation", "call", "is_reserved"]


class Aggregation(NamedTuple):
    """A built-in aggregate: how criteria writes it, and how many arguments it takes."""

    function: str
    name: str
    least: int
    most: int


AGGREGATES = (
    Aggregation("count", "Count", 0, 0),
    Aggregation("any", "Exists", 0, 0),
    Aggregation("sum", "Sum", 1, 1),
    Aggregation("avg", "Avg", 1, 1),
    Aggregation("min", "Min", 1, 1),
    Aggregation("max", "Max", 1, 1),
    Aggregation("single", "Single", 0, 1),
)
_AGGREGATES = {row.name.casefold(): row for row in AGGREGATES}

_SPELLINGS = cache(spelling.by_name)

#: Functions whose last argument names a class, in a text.
TYPE_TESTS = frozenset({"type.isof", "type.exactly"})

_GRID_FUNCTION = re.compile(r"\[[#@]\w+\]")


def is_reserved(name: str) -> bool:
    """Is the name that of a function? Alone it cannot be a property, as DevExpress has it."""
    folded = name.casefold()
    return folded in _AGGREGATES or folded in _SPELLINGS("criteria")


def call(name: str, args: tuple[Expr, ...]) -> Expr:
    """A function applied to its arguments: built-in, top-level aggregate, or custom."""
    folded = name.casefold()
    rows = _SPELLINGS("criteria").get(folded, ())
    for row in rows:
        if row.least <= len(args) <= row.most and not _is_unpaired(row, args):
            return _built_in(row, args)
    if folded in _AGGREGATES and (not rows or len(args) == 1):  # Max(e) of one argument; Max(a, b) is scalar
        return aggregation(name, EntitySet(None), None, args)
    if rows:
        raise _wrong_number(rows, args)
    if folded == "upcast":
        taken = _upcast(args)
        if taken is not None:
            return taken
    if name.startswith("["):
        return Call(f"custom.{_grid_function(name)}", args)
    return Call(f"custom.{_plain(name)}", args)


def _built_in(row: Spelling, args: tuple[Expr, ...]) -> Expr:
    named = args[-1] if args else None
    if row.id in TYPE_TESTS and isinstance(named, Literal) and named.kind == "string":
        args = (*args[:-1], Literal("type", named.value, span=named.span))
    if row.order:
        _check_places(args)
        args = tuple(arg for _, arg in sorted(zip(row.order, args, strict=False), key=lambda pair: pair[0]))
    return arithmetic(row.id, args) if row.id in LEFT_ASSOCIATIVE else Call(row.id, args)


def _check_places(args: tuple[Expr, ...]) -> None:
    """The `?` are numbered in text order: where that will not be the order of the tree, their places must be known.

    Raises
    ------
    NoPlace: the text is being read without places.
    """
    for arg in args:
        for node in walk(arg):
            if isinstance(node, Parameter) and node.span is None and not node.name:
                raise NoPlace


def _upcast(args: Sequence[Expr]) -> Path | None:
    """`Upcast(This, 'Ns.Manager', 'Level')`, which EF Core takes, is `<Ns.Manager>Level`."""
    texts = [arg for arg in args[1:] if isinstance(arg, Literal) and arg.kind == "string" and arg.value]
    if len(args) != 3 or len(texts) != 2 or not isinstance(args[0], Path):
        return None
    source, (type, name) = args[0], texts
    steps = (*source.steps, Cast(str(type.value), type.span), *str(name.value).split("."))
    return Path(steps, source.up)


def _is_unpaired(row: Spelling, args: tuple[Expr, ...]) -> bool:
    """Iif takes pairs of a condition and a value, and the value for all other cases."""
    return row.id == "logic.case" and len(args) % 2 == 0


def aggregation(
    name: str, source: Path | EntitySet, condition: Expr | None, args: tuple[Expr, ...]
) -> Aggregate:
    """An aggregate over a collection. A custom one may take several arguments: they become a list."""
    row = _AGGREGATES.get(name.casefold())
    argument = args[0] if len(args) == 1 else Call("list", args) if args else None
    if row is None:
        return Aggregate(f"custom.{_plain(name)}", source, condition, argument)
    if not row.least <= len(args) <= row.most:
        raise _wrong_number((row,), args)
    return Aggregate(row.function, source, condition, argument)


def bare_aggregation(name: str, source: Path | EntitySet, condition: Expr | None) -> Aggregate:
    """`.Count` and `.Exists` without `()`, which user code leaves out."""
    row = _AGGREGATES.get(name.casefold())
    if row is None or row.least:
        raise ParseError(
            f"'{name[:40]}' after a collection needs its argument in brackets",
            code="arity",
            hint=f".{name[:40]}(…)" if row else suggest(name, [known.name for known in AGGREGATES]),
        )
    return Aggregate(row.function, source, condition, None)


def _plain(name: str) -> str:
    if "!" in name:
        raise ParseError(
            f"'{name[:40]}' is no name of a function",
            code="name",
            hint="! stands after a reference only: Customer!",
        )
    return name


def _grid_function(name: str) -> str:
    if not _GRID_FUNCTION.fullmatch(name):
        raise ParseError(
            f"{name[:40]} is no name of a function",
            code="name",
            hint="a function stands without brackets; only the grids' functions are written [#Name](…)",
        )
    return name[1:-1]


def _wrong_number(rows: Sequence[Spelling | Aggregation], args: tuple[Expr, ...]) -> ParseError:
    name = rows[0].name
    known = CATALOG.get(rows[0].id) if isinstance(rows[0], Spelling) else None
    hint = f"{name}: {known.doc}" if known else "the collection stands before it: [Orders][].Sum(Total)"
    if name == "Iif":
        wanted, hint = "pairs of condition and value, then another value", "Iif(Price > 10, 'high', 'low')"
    else:
        aggregate = _AGGREGATES.get(name.casefold())  # Max(e) of one, Max(a, b) of two
        ranges = {(row.least, row.most) for row in (*rows, *((aggregate,) if aggregate else ()))}
        wanted = " or ".join(_range(least, most) for least, most in sorted(ranges))
        wanted += " argument" if wanted == "1" else " arguments"
    return ParseError(f"{name} takes {wanted}, not {len(args)}", code="arity", hint=hint)


def _range(least: int, most: int) -> str:
    if least == most:
        return str(least) if least else "no"
    return f"{least} or {most}" if most - least == 1 else f"{least} to {most}"
