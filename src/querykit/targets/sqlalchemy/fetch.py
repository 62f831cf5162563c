"""Rows as nested dicts: the plan's own statement, and one more for each expansion."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import DataError

from querykit.errors import QueryError, TypeMismatch
from querykit.plan.nodes import BoundQuery, Expand, Plan
from querykit.source import Source
from querykit.targets.sqlalchemy.compile import CompiledSelect
from querykit.targets.sqlalchemy.kept import kept_by_plan
from querykit.targets.sqlalchemy.levels import RowLevel, link_columns

__all__ = ["CompiledFetch", "Request", "compile_fetch", "compiled_fetch", "fetch_plan", "refusals"]

_Key = tuple[Any, ...]
_Row = dict[str, Any]


class Executor(Protocol):
    """A SQLAlchemy `Connection` or `Session`."""

    def execute(self, statement: Any, parameters: Any = None, /) -> sa.Result[Any]: ...


class Request(NamedTuple):
    """What somebody has to execute: the answer are all its rows."""

    statement: sa.Select[Any]
    parameters: Mapping[str, Any]


class _Child(NamedTuple):
    """An expansion: its name, the columns of the parent's row that it is matched by, and how to fetch it."""

    name: str
    many: bool
    link: slice
    fetch: CompiledFetch


class CompiledFetch(NamedTuple):
    """A statement, the names of its outputs, and the expansions below it.

    It executes nothing: it asks for one statement after another, and is told their rows, so that those who wait
    and those who `await` run the same.
    """

    select: CompiledSelect
    names: tuple[str, ...]
    children: tuple[_Child, ...]

    def steps(self, values: Sequence[Any]) -> Generator[Request, Sequence[Any], list[_Row]]:
        """The rows of the outermost statement, expansions nested in them."""
        keyed = yield from self._keyed(values)
        return [row for _, row in keyed]

    def _keyed(self, values: Sequence[Any]) -> Generator[Request, Sequence[Any], list[tuple[_Key, _Row]]]:
        """Each row behind the key of its parent."""
        found = yield Request(self.select.statement, self.select.params(values))
        width = len(self.names)
        rows = [dict(zip(self.names, row[:width], strict=True)) for row in found]
        for child in self.children if rows else ():
            related = _by_parent((yield from child.fetch._keyed(values)))
            for row, columns in zip(rows, found, strict=True):
                mine = related.get(tuple(columns[child.link]), ())
                row[child.name] = list(mine) if child.many else next(iter(mine), None)
        end = max([width, *(child.link.stop for child in self.children)])
        return [(tuple(columns[end:]), row) for columns, row in zip(found, rows, strict=True)]


def _by_parent(keyed: Sequence[tuple[_Key, _Row]]) -> Mapping[_Key, list[_Row]]:
    groups: dict[_Key, list[_Row]] = {}
    for key, row in keyed:
        groups.setdefault(key, []).append(row)
    return groups


def compile_fetch(plan: Plan) -> CompiledFetch:
    """The statements of a lowered plan and its expansions.

    Raises
    ------
    NotExpressible: the schema does not say how a relation is linked.
    """
    return _compile(RowLevel(plan))


#: The same, and kept for plans that are asked for again.
compiled_fetch = kept_by_plan(compile_fetch)


def _compile(level: RowLevel) -> CompiledFetch:
    names = tuple(output.name for output in level.plan.outputs)
    children: list[_Child] = []
    start = len(names)
    for item in level.plan.expand:
        end = start + len(link_columns(item.relation))
        children.append(_child(level, item, slice(start, end)))
        start = end
    return CompiledFetch(level.select(), names, tuple(children))


def _child(level: RowLevel, item: Expand, link: slice) -> _Child:
    below = RowLevel(item.plan, (level, item.relation))
    return _Child(item.name, item.relation.many, link, _compile(below))


def fetch_plan(connection: Executor | sa.Engine, bound: BoundQuery) -> list[dict[str, Any]]:
    """Run a lowered plan, one statement for itself and one for each expansion, and nest the rows.

    Parameters
    ----------
    connection: a SQLAlchemy `Connection`, `Session` or `Engine`.
    bound: the lowered plan, and the values of all its slots.

    Returns
    -------
    A dict for each row, in order, with Python values. An expansion is a list of dicts, or a dict or None where
    the relation leads to one row at most; rows that several parents lead to are one dict.

    Raises
    ------
    NotExpressible: the database's dialect cannot say a part of it.
    TypeMismatch: the database has no result for the values: an overflow, a text that is no number.
    """
    with refusals(bound.source), _opened(connection) as executor:
        steps = compiled_fetch(bound.plan).steps(bound.values)
        try:
            request = next(steps)
            while True:
                request = steps.send(executor.execute(*request).all())
        except StopIteration as finished:
            rows: list[dict[str, Any]] = finished.value
            return rows


@contextmanager
def refusals(source: Source | None) -> Iterator[None]:
    """What a text asks for in vain, as errors about the text."""
    try:
        yield
    except DataError as error:  # SQL:2016, class 22
        message = "the database cannot compute it for these values"
        raise TypeMismatch(message, code="data_exception", source=source) from error
    except QueryError as error:
        raise error.located(source) from None


@contextmanager
def _opened(connection: Executor | sa.Engine) -> Iterator[Executor]:
    if isinstance(connection, sa.Engine):
        with connection.connect() as opened:
            yield opened
    else:
        yield connection
