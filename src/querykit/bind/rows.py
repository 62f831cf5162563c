"""A statement in the making: what the steps of a query have made of the rows of an entity so far.

The steps are those of SQL's logical order. One that comes too late for the statement at hand (a condition behind a
page, a grouping of groups) makes that statement a derived table and begins another over it: so
`filter(…)/groupby(…)/filter(…)` is one statement with WHERE, GROUP BY and HAVING, and the meaning of no step changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from querykit.bind.derived import column_of, columns_of, over, shared
from querykit.bind.results import Result
from querykit.bind.scope import Row
from querykit.plan.conditions import both
from querykit.plan.nodes import Bound, Column, Constant, Expand, Output, Plan, Slot, Sort, Union
from querykit.plan.walk import depends_on_rows
from querykit.schema.model import Property
from querykit.source import Span

__all__ = ["Rows", "concatenated"]


class Rows:
    """One statement, not finished.

    Parameters
    ----------
    base: the row of the table that the statement is of.
    row: what names mean, where that is something else.
    """

    def __init__(self, base: Row, row: Row | None = None) -> None:
        self._begin(base, row or base)

    def _begin(self, base: Row, row: Row) -> None:
        self.base = base
        self.row = row
        self.where: list[Bound] = []
        self.group: tuple[Bound, ...] | None = None
        self.having: list[Bound] = []
        self.left_out: list[
            Bound
        ] = []  # conditions of what a group aggregates: the others are in no aggregate
        self.order: list[Sort] = []
        self.limit: Slot | None = None
        self.offset: Slot | None = None

    @property
    def paged(self) -> bool:
        return self.limit is not None or self.offset is not None

    @property
    def all_of_entity(self) -> bool:
        """Are they the rows of the entity's table, every one?"""
        grouped = self.group is not None or self.base.rows is not None
        return not (grouped or self.paged or self.where or self.left_out)

    # -- steps, each behind a check that it does not come too late -----------------------------------

    def before_condition(self) -> None:
        """Conditions hold before the page; not every engine has HAVING for one result of all rows."""
        if self.paged or self.group == ():
            self.derive()

    def keep(self, condition: Bound) -> None:
        """Only the rows for which the condition is true."""
        (self.where if self.group is None else self.having).append(condition)

    def before_group(self) -> None:
        if self.paged or self.group is not None:
            self.derive()

    def grouped(self, groups: Mapping[str, Bound], values: Mapping[str, Bound]) -> None:
        """One result for each combination of the groups' values; the order of the rows is gone."""
        self.group = tuple(groups.values())
        self.row = Result(self.row.tables, {**groups, **values}, tuple(groups))
        self.order = []
        self.left_out = []

    def before_sort(self) -> None:
        if self.paged:
            self.derive()

    def sort(self, keys: Iterable[Sort]) -> None:
        """Sorting is stable: rows that the keys leave alike stay as they were.

        What is the same for all rows sorts nothing, and not every engine takes it.
        """
        found: dict[Bound, Sort] = {}
        for key in [*keys, *self.order]:
            if depends_on_rows(key.expr):
                found.setdefault(key.expr, key)
        self.order = list(found.values())

    def settle_order(self) -> None:
        """No two rows may change places between two pages."""
        if self.group != ():
            self.sort([*self.order, *(Sort(expr, False) for expr in self.row.identity())])

    def skip(self, number: Slot) -> None:
        if self.paged:
            self.derive()
        self.settle_order()
        self.offset = number

    def take(self, number: Slot) -> None:
        if self.limit is not None:
            self.derive()
        self.settle_order()
        self.limit = number

    # -- statements -----------------------------------------------------------------------------------

    def plan(self, outputs: Sequence[Output], *, total: bool = False, expand: Sequence[Expand] = ()) -> Plan:
        """The finished statement."""
        return Plan(
            table=self.base.freeze(),
            outputs=tuple(outputs),
            where=both(*self.where) if self.where else None,
            order=tuple(self.order),
            limit=self.limit,
            offset=self.offset,
            total=total,
            group=self.group,
            having=both(*self.having) if self.having else None,
            expand=tuple(expand),
        )

    def derive(self, extra: Sequence[Bound] = ()) -> list[Column]:
        """Make it a derived table, and begin the statement over it; the order of the rows stays.

        Parameters
        ----------
        extra: values of the rows that have no name.

        Returns
        -------
        The columns of the extra values.
        """
        columns = columns_of(self.row)
        names = {name: columns.add(name, value) for name, value in self.row.computed.items()}
        hidden = [columns.of(value) for value in extra]
        behind = [columns.of(key.expr) for key in self.order]
        order = self.order
        if not self.paged:  # a derived table has no order of its own
            self.order = []
        self._begin(*over(self.row, names, columns, self.plan(columns.outputs())))
        self.order = [
            Sort(column_of(self.base, item), key.descending) for item, key in zip(behind, order, strict=True)
        ]
        return [column_of(self.base, item) for item in hidden]


def concatenated(branches: Sequence[Rows], span: Span | None) -> Rows:
    """The rows of all statements; a value that a branch does not have is null there (Agg CS03, 3.4.1).

    Raises
    ------
    NotExpressible: a name is for values of different types.
    """
    for branch in branches:
        if branch.paged:
            branch.derive()
        branch.order = []
    rows = [branch.row for branch in branches]
    whole = not any(isinstance(row, Result) for row in rows)  # still rows of the entity
    values = [row.computed if whole else dict(row.outputs()) for row in rows]
    wanted = shared(values, span)
    plans: list[Plan] = []
    columns, names = columns_of(None), dict[str, Property]()
    for branch, value in zip(branches, values, strict=True):
        columns = columns_of(branch.row if whole else None)
        names = {
            name: columns.add(name, value.get(name) or Constant(None, type), (type, nullable))
            for name, (type, nullable) in wanted.items()
        }
        plans.append(branch.plan(columns.outputs()))
    row = rows[0] if whole else Result(rows[0].tables, {}, tuple(names))
    made = Rows(*over(row, names, columns, Union(tuple(plans))))
    made.row.beside_key = tuple(names)  # a row may be in several branches
    return made
