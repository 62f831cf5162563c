"""`aggregate` and the groups it is for (Agg 3.2.1, 3.2.3): one result for each group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from querykit.ast.nodes import Call, Expr, Named, Path, SortKey
from querykit.bind.apply.methods import Method, aggregate_op, method, spoken
from querykit.bind.collections import custom_aggregate
from querykit.bind.expressions import Binder
from querykit.bind.rows import Rows
from querykit.bind.scope import Collection, Complex, Row
from querykit.errors import NotExpressible, ParseError
from querykit.functions.catalog import CATALOG
from querykit.plan.conditions import both
from querykit.plan.nodes import Bound, Column, Subquery
from querykit.plan.walk import walk
from querykit.source import Span

__all__ = ["aggregated"]

_Paths = tuple[Path, ...]

#: What aggregates the values of finer groups into that of coarser ones.
_AGAIN = {"sum": "sum", "min": "min", "max": "max", "count": "sum"}


class _Chain(NamedTuple):
    """`value with sum from Day with average as name`: methods, each but the first over results by the paths."""

    name: str
    value: Expr | None
    methods: tuple[str, ...]
    levels: tuple[_Paths, ...]
    span: Span | None


class _Item(NamedTuple):
    name: str
    method: str
    value: Expr | None
    span: Span | None


def aggregated(binder: Binder, rows: Rows, groups: _Paths, args: Sequence[Expr | SortKey]) -> None:
    """Make results of the rows: one for each group, with the aggregates under their names.

    Raises
    ------
    NotExpressible: an aggregate of the service's own, or ones that cannot be computed together.
    ParseError: a name is there already.
    """
    chains = [_chain(arg) for arg in args]
    _check_names(rows, chains)
    levels = _levels(chains)
    if levels:  # finer groups are those of the rows that are kept
        rows.where += rows.left_out
        rows.left_out = []
    stages = [_stages(chain, len(levels)) for chain in chains]
    for depth in range(len(levels) + 1):
        within = tuple(path for level in levels[depth:] for path in level)
        _group(binder, rows, (*groups, *within), [item for stage in stages for item in stage[depth]])
    for chain in chains:
        _finish(binder, rows, chain, len(levels))


def _chain(arg: Expr | SortKey) -> _Chain:
    if not isinstance(arg, Named) or not isinstance(arg.value, Call):
        raise custom_aggregate(arg.span)
    call, methods, levels = arg.value, [], []
    while len(call.args) == 2 and isinstance(call.args[0], Call) and isinstance(call.args[1], Call):
        methods.append(call)
        levels.append(tuple(path for path in call.args[1].args if isinstance(path, Path)))
        call = call.args[0]
    names = tuple(method(item) for item in (call, *reversed(methods)))
    value = call.args[0] if call.args else None
    return _Chain(arg.name, value, names, tuple(reversed(levels)), arg.span)


def _check_names(rows: Rows, chains: Sequence[_Chain]) -> None:
    """A name must differ from all others of the rows and of the step (Agg 3.2.1.1)."""
    seen: set[str] = set()
    for chain in chains:
        if chain.name in seen or rows.row.has(chain.name):
            raise ParseError(
                f"there is a '{chain.name}' already",
                code="repeated_name",
                span=chain.span,
                hint="choose another name",
            )
        seen.add(chain.name)


def _levels(chains: Sequence[_Chain]) -> tuple[_Paths, ...]:
    """The finer groups, of which all aggregates of one step are computed."""
    found = {chain.levels: chain for chain in chains if chain.levels}
    if len(found) > 1:
        raise NotExpressible(
            "aggregates over different finer groups cannot be computed in one step",
            code="aggregate_from",
            span=list(found.values())[1].span,
            hint="concat them",
        )
    return next(iter(found), ())


def _stages(chain: _Chain, depth: int) -> list[list[_Item]]:
    """What is computed in each grouping, from the finest; only the last has the name of the text."""
    if chain.methods[0] == "avg" and not chain.levels and depth:
        parts = [chain._replace(name=f"{chain.name} {part}", methods=(part,)) for part in ("sum", "count")]
        return [a + b for a, b in zip(*(_stages(part, depth) for part in parts), strict=True)]
    methods = chain.methods
    if not chain.levels and depth:
        if methods[0] not in _AGAIN:
            raise NotExpressible(
                f"{spoken(methods[0])} cannot be computed from finer groups",
                code="aggregate_from",
                span=chain.span,
                hint="concat it",
            )
        methods += (_AGAIN[methods[0]],) * depth
    stages: list[list[_Item]] = []
    value = chain.value
    for index, name in enumerate(methods):
        result = chain.name if index == depth else f"{chain.name} {index}"
        stages.append([_Item(result, name, value, chain.span)])
        value = Path((result,), span=chain.span)
    return stages


def _finish(binder: Binder, rows: Rows, chain: _Chain, depth: int) -> None:
    """The average over finer groups, from the sum and the count."""
    if chain.methods[0] != "avg" or chain.levels or not depth:
        return
    parts = [rows.row.computed.pop(f"{chain.name} {part}") for part in ("sum", "count")]
    rows.row.computed[chain.name] = binder.apply(CATALOG["math.divby"], parts, chain.span)


def _group(binder: Binder, rows: Rows, groups: _Paths, items: Sequence[_Item]) -> None:
    """GROUP BY; groups and what is aggregated are columns of the statement inside, unless they are plain."""
    rows.before_group()
    with binder.scope(rows.row):
        columns = dict(named for path in groups for named in _columns(binder, path))
        methods = [Method.of(binder, item.method, item.value, item.span) for item in items]
    if rows.left_out:
        condition = both(*rows.left_out)
        methods = [item.where(condition) for item in methods]
    arguments = [item.argument for item in methods if item.argument is not None]
    if any(not isinstance(column, Column) for column in columns.values()) or any(map(_asks_rows, arguments)):
        places = iter(rows.derive([*columns.values(), *arguments]))
        columns = {name: next(places) for name in columns}
        methods = [
            item if item.argument is None else item._replace(argument=next(places)) for item in methods
        ]
    values = {item.name: aggregate_op(binder, found) for item, found in zip(items, methods, strict=True)}
    rows.grouped(columns, values)


def _columns(binder: Binder, path: Path) -> Iterator[tuple[str, Bound]]:
    """What a path groups by; a related row is what its key is."""
    name = "/".join(step for step in path.steps if isinstance(step, str))
    found = binder.target(path)
    if isinstance(found, Collection):
        raise binder.tables.no_value(found, path.span)
    if not isinstance(found, Row):
        yield name, found
        return
    if isinstance(found, Complex):
        yield from found.outputs()
        return
    parts = found.entity.named_key
    if not parts:
        found.key(path.span)  # says why not
    for part in parts:
        yield f"{name}/{part}" if name else part, found.column(part)


def _asks_rows(expr: Bound) -> bool:
    """SQL Server aggregates no subquery."""
    return any(isinstance(item, Subquery) for item in walk(expr))
