"""The tables of a statement: under what name each can be reached."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from sqlglot import exp

from querykit.errors import NotExpressible
from querykit.functions.sql import Dialect
from querykit.functions.sql import dialect as find_dialect
from querykit.plan.nodes import Table
from querykit.targets.sqlglot.names import identifier
from querykit.targets.sqlglot.printer import print_sql

__all__ = ["Names", "Sources"]


class Names:
    """The table names that one statement has used: a table keeps its own name the first time.

    Parameters
    ----------
    taken: names, in lower case, that no table keeps.
    """

    def __init__(self, dialect: Dialect, taken: Iterable[str] = ()) -> None:
        self._dialect = dialect
        self._taken = set(taken)

    def table(self, name: str, schema: str | None) -> tuple[exp.Table, str]:
        """The node for FROM, and the name that columns are qualified with."""
        node = exp.Table(this=identifier(name, self._dialect))
        if schema is not None:
            node.set("db", self._schema(schema))
        free = self.free(name)
        if free != name:
            node.set("alias", exp.TableAlias(this=identifier(free, self._dialect)))
        return node, free

    def free(self, name: str) -> str:
        """The name, or `t1`, `t2` … where it is taken."""
        free, number = name, 0
        while free.casefold() in self._taken:
            number += 1
            free = f"t{number}"
        self._taken.add(free.casefold())
        return free

    def _schema(self, schema: str) -> exp.Expr:
        """`database.schema` is two names."""
        parts = [identifier(part, self._dialect) for part in schema.split(".")]
        return parts[0] if len(parts) == 1 else exp.Dot.build(parts)


class Sources:
    """The tables that an expression can see, by their ids in the plan.

    Parameters
    ----------
    outer: the tables around a subquery.
    qualified: columns are always written with their table.
    """

    def __init__(
        self, dialect: Dialect, names: Names, outer: Sources | None = None, qualified: bool = False
    ) -> None:
        self._dialect = dialect
        self._outer = outer
        self._tables: dict[int, str] = {}
        self.names = names
        self.qualified = qualified or outer is not None

    def add(self, table: Table) -> exp.Table:
        """A table of the plan, put in sight.

        Raises
        ------
        NotExpressible: the entity's rows are those of a statement that only SQLAlchemy knows.
        """
        if not table.entity.table:
            raise NotExpressible(
                f"'{table.entity.name}' is a list in a column, which each database keeps in a way of its own",
                code="list_column",
                hint="ask the evaluator, or make it a relation",
            )
        if table.entity.derived:
            raise NotExpressible(
                f"'{table.entity.name}' is no table of its own", hint="use to_sqlalchemy or fetch"
            )
        node, name = self.names.table(table.entity.table, table.entity.schema)
        self._tables[table.id] = name
        return node

    def derive(self, table: Table) -> str:
        """The name of a derived table, put in sight."""
        name = self.names.free(table.entity.table or table.entity.name)
        self._tables[table.id] = name
        return name

    @property
    def are_qualified(self) -> bool:
        """Are columns written with their table?"""
        return self.qualified or len(self._tables) > 1

    def column(self, table: int, column: str) -> str:
        return self.of(self._name(table) if self.are_qualified else None, column)

    def node(self, table: int, column: str) -> exp.Column:
        """A column as a tree: sqlglot names the results of derived tables by it."""
        return _node(self._name(table) if self.are_qualified else None, column, self._dialect)

    def linked(self, table: int, column: str) -> str:
        """A column of a join or of a correlation: with its table, always."""
        return self.of(self._name(table), column)

    def of(self, table: str | None, column: str) -> str:
        return _column(table, column, self._dialect.name)

    def _name(self, table: int) -> str:
        """
        Raises
        ------
        NotExpressible: it is further out than a subquery of the dialect can see.
        """
        here: Sources | None = self
        levels = 0
        while here is not None and table not in here._tables:
            here, levels = here._outer, levels + 1
        assert here is not None, "a column of a table that is not in the plan"
        if levels > self._dialect.reach > 0:
            raise NotExpressible(
                f"a condition on related rows of related rows cannot ask about the first row on {self._dialect.name}",
                code="correlation",
                hint="compare with the rows between",
            )
        return here._tables[table]


@lru_cache(maxsize=4096)
def _column(table: str | None, column: str, dialect: str) -> str:
    """As the dialect writes it."""
    found = find_dialect(dialect)
    return print_sql(_node(table, column, found), found)


def _node(table: str | None, column: str, dialect: Dialect) -> exp.Column:
    node = exp.Column(this=identifier(column, dialect))
    if table is not None:
        node.set("table", identifier(table, dialect))
    return node
