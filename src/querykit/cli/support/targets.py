"""The targets, and which of them run a sample."""

from __future__ import annotations

import querykit
from querykit.ast.nodes import Query, Selection
from querykit.cli.support.constructs import Sample
from querykit.cli.support.model import ENTITY, rows, schema
from querykit.errors import QueryError
from querykit.functions.sql.dialects import DIALECTS

__all__ = ["TARGETS", "Targets"]

#: The evaluator, rows fetched from SQLite by SQLAlchemy, and the SQL text of each dialect.
TARGETS = ("evaluate", "fetch", *DIALECTS)


class Targets:
    """All targets over one schema; the database is in memory and has no rows."""

    def __init__(self) -> None:
        from querykit.cli.database import memory

        self._schema = schema()
        self._rows = rows(self._schema)
        self._engine = memory()
        with self._engine.begin() as connection:
            for entity in self._schema.entities.values():
                connection.exec_driver_sql(f"CREATE TABLE {entity.table} ({', '.join(entity.properties)})")

    def that_run(self, samples: tuple[Sample, ...]) -> tuple[str, ...]:
        """The targets that run one of the samples."""
        queries = [query for sample in samples for query in _queries(sample) if self._has_meaning(query)]
        return tuple(name for name in TARGETS if any(self._runs(query, name) for query in queries))

    def _has_meaning(self, query: Query) -> bool:
        return self._runs(query, "evaluate")

    def _runs(self, query: Query, target: str) -> bool:
        try:
            if target == "evaluate":
                querykit.evaluate(query, self._rows, self._schema, ENTITY)
            elif target == "fetch":
                with self._engine.connect() as connection:
                    querykit.fetch(connection, query, self._schema, ENTITY)
            elif query.expand:
                return False  # takes a statement for each level
            else:
                querykit.to_sql(query, self._schema, target, ENTITY)
        except QueryError:
            return False
        return True


def _queries(sample: Sample) -> tuple[Query, ...]:
    """A condition filters; any other value is selected."""
    if isinstance(sample, Query):
        return (sample,)
    return Query(filter=sample), Query(select=(Selection(sample, "value"),))
