"""Statements for the levels of an expanded query: one each, however many parents there are.

The rows of a level are those that are linked to the rows of the level above, and that level's own statement, as
a derived table of its link columns, says which these are: no list of keys goes to the database and back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement, Label

from querykit.plan.nodes import Plan
from querykit.schema.model import Relation
from querykit.targets.sqlalchemy.binds import Binds
from querykit.targets.sqlalchemy.compile import CompiledSelect, Statement
from querykit.targets.sqlalchemy.sources import Names, Source, equal_columns

__all__ = ["RowLevel", "link_columns"]

_Columns = Sequence[ColumnElement[Any]]
_Choose = Callable[[Statement], _Columns]


def link_columns(relation: Relation) -> list[str]:
    """The columns that a relation starts from."""
    pairs = relation.pairs if relation.through is None else relation.through.local
    return [here for here, _ in pairs]


class RowLevel:
    """The rows of a plan: all that it selects, or those that are linked to the rows of another level.

    Parameters
    ----------
    plan: lowered; its page holds for each parent.
    parent: the level above, and the relation that leads here; None for the outermost.
    """

    def __init__(self, plan: Plan, parent: tuple[RowLevel, Relation] | None = None) -> None:
        self.plan = plan
        self.parent = parent

    def select(self) -> CompiledSelect:
        """The statement: the outputs, then for each expansion the columns it starts from, then the parent's."""
        binds, names = Binds(), Names()
        if self.parent is None:
            statement = Statement(self.plan, binds, names)
            return CompiledSelect(statement.select(self._links(statement)), binds.slots)
        return CompiledSelect(self._of_parents(binds, names, self._all, last=True), binds.slots)

    def _all(self, statement: Statement) -> _Columns:
        return [*statement.outputs(), *self._links(statement)]

    def _links(self, statement: Statement) -> list[ColumnElement[Any]]:
        names = [name for item in self.plan.expand for name in link_columns(item.relation)]
        return [statement.source.column(name).label(f"link_{i}") for i, name in enumerate(names)]

    def _of_parents(self, binds: Binds, names: Names, choose: _Choose, *, last: bool) -> sa.Select[Any]:
        """The chosen columns of the rows of all parents; in order and with the parent's, if nothing follows."""
        assert self.parent is not None
        above, relation = self.parent
        statement = Statement(self.plan, binds, names)
        parents = above.links(relation, binds, names)
        rows = statement.rows
        if relation.through is None:
            rows = rows.join(parents.selectable, equal_columns(relation.pairs, parents, statement.source))
        else:
            link = names.through(relation.through)
            rows = rows.join(link.selectable, equal_columns(relation.through.remote, link, statement.source))
            rows = rows.join(parents.selectable, equal_columns(relation.through.local, parents, link))
        keys = [parents.column(name) for name in dict.fromkeys(link_columns(relation))]
        columns = list(choose(statement))
        if last:
            columns += [key.label(f"parent_{i}") for i, key in enumerate(keys)]
        statement.rows = rows
        if self.plan.limit is not None or self.plan.offset is not None:
            return self._page(statement, names, columns, keys, last=last)
        found = statement.filtered(*columns)
        return found.order_by(*statement.order()) if last else found

    def _page(
        self, statement: Statement, names: Names, columns: _Columns, keys: _Columns, *, last: bool
    ) -> sa.Select[Any]:
        """Limit and offset within each parent."""
        rank = sa.func.row_number().over(partition_by=keys, order_by=statement.order() or [columns[0]])
        inner = [_bare(column).label(f"c{index}") for index, column in enumerate(columns)]
        ranked = names.derived(statement.filtered(*inner, rank.label("place")), "ranked")
        *values, place = ranked.columns
        found = sa.select(*(value.label(column.name) for value, column in zip(values, columns, strict=True)))
        first: Any = sa.literal_column("0")
        if self.plan.offset is not None:
            first = statement.binds.count(self.plan.offset)
            found = found.where(place > first)
        if self.plan.limit is not None:
            limit = statement.binds.count(self.plan.limit)
            found = found.where(place <= (limit if self.plan.offset is None else first + limit))
        return found.order_by(place) if last else found

    def links(self, relation: Relation, binds: Binds, names: Names) -> Source:
        """The columns that a relation starts from, each combination of values once, by their own names."""
        columns = list(dict.fromkeys(link_columns(relation)))

        def choose(statement: Statement) -> _Columns:
            return [statement.source.column(name).label(name) for name in columns]

        if self.parent is not None:
            found = self._of_parents(binds, names, choose, last=False)
        else:
            found = self._outermost(Statement(self.plan, binds, names), names, choose)
        return Source(names.derived(found.distinct(), "parents"))

    def _outermost(self, statement: Statement, names: Names, choose: _Choose) -> sa.Select[Any]:
        """The rows of the page. DISTINCT goes around it: it must not see the columns that order the page."""
        if self.plan.limit is None and self.plan.offset is None:
            return statement.filtered(*choose(statement))
        return sa.select(*names.derived(statement.paged(*choose(statement)), "page").columns)


def _bare(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column.element if isinstance(column, Label) else column
