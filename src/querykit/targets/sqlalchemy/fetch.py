"""Rows as nested dicts: the plan's own statement, and one more for each expansion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import DataError

from querykit.errors import QueryError, TypeMismatch
from querykit.plan.nodes import BoundQuery, Expand, Plan
from querykit.targets.sqlalchemy.compile import CompiledSelect
from querykit.targets.sqlalchemy.levels import RowLevel, link_columns

__all__ = ["CompiledFetch", "compile_fetch", "fetch_plan"]

_Key = tuple[Any, ...]
_Row = dict[str, Any]


class Executor(Protocol):
    """A SQLAlchemy `Connection` or `Session`."""

    def execute(self, statement: Any, parameters: Any = None, /) -> sa.Result[Any]: ...


class _Child(NamedTuple):
    """An expansion: its name, the columns of the parent's row that it is matched by, and how to fetch it."""

    name: str
    many: bool
    link: slice
    fetch: CompiledFetch


class CompiledFetch(NamedTuple):
    """A statement, the names of its outputs, and the expansions below it."""

    select: CompiledSelect
    names: tuple[str, ...]
    children: tuple[_Child, ...]

    def rows(self, executor: Executor, values: Sequence[Any]) -> list[_Row]:
        """The rows of the outermost statement, expansions nested in them."""
        return [row for _, row in self._keyed(executor, values)]

    def _keyed(self, executor: Executor, values: Sequence[Any]) -> list[tuple[_Key, _Row]]:
        """Each row behind the key of its parent."""
        found = executor.execute(self.select.statement, self.select.params(values)).all()
        width = len(self.names)
        rows = [dict(zip(self.names, row[:width], strict=True)) for row in found]
        for child in self.children if rows else ():
            related = child.fetch.related(executor, values)
            for row, columns in zip(rows, found, strict=True):
                mine = related.get(tuple(columns[child.link]), ())
                row[child.name] = list(mine) if child.many else next(iter(mine), None)
        end = max([width, *(child.link.stop for child in self.children)])
        return [(tuple(columns[end:]), row) for columns, row in zip(found, rows, strict=True)]

    def related(self, executor: Executor, values: Sequence[Any]) -> Mapping[_Key, list[_Row]]:
        """The rows by the key of their parents."""
        groups: dict[_Key, list[_Row]] = {}
        for key, row in self._keyed(executor, values):
            groups.setdefault(key, []).append(row)
        return groups


def compile_fetch(plan: Plan) -> CompiledFetch:
    """The statements of a lowered plan and its expansions.

    Raises
    ------
    NotExpressible: the schema does not say how a relation is linked.
    """
    return _compile(RowLevel(plan))


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
    compiled = compile_fetch(bound.plan)
    with _opened(connection) as executor:
        try:
            return compiled.rows(executor, bound.values)
        except DataError as error:  # SQL:2016, class 22: what a text asks for can cause it
            message = "the database cannot compute it for these values"
            raise TypeMismatch(message, code="data_exception", source=bound.source) from error
        except QueryError as error:
            raise error.located(bound.source) from None


@contextmanager
def _opened(connection: Executor | sa.Engine) -> Iterator[Executor]:
    if isinstance(connection, sa.Engine):
        with connection.connect() as opened:
            yield opened
    else:
        yield connection
