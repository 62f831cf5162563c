"""Rows of no entity: what grouping makes, under the names that the query gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from querykit.bind.scope import Row, Tables
from querykit.errors import NotExpressible, UnknownName, suggest
from querykit.plan.nodes import Bound, Column
from querykit.schema.model import Entity
from querykit.source import Span

__all__ = ["Result"]

_NOTHING = Entity("result", "", {})


class Result(Row):
    """The row that names mean after a grouping; a path keeps its steps, `Customer/Country` is one name.

    Parameters
    ----------
    values: by name, the steps of a path with `/` between them.
    names: those whose values no two results have all alike.
    """

    __slots__ = ("_prefix", "names")

    def __init__(
        self, tables: Tables, values: Mapping[str, Bound], names: tuple[str, ...], prefix: str = ""
    ) -> None:
        super().__init__(tables, _NOTHING)
        self.computed.update(values)
        self.names = names
        self._prefix = prefix

    def step(self, name: str, span: Span | None) -> Bound | Row:
        full = self._prefix + name
        if full in self.computed:
            return self.tables.written_out(self.computed[full], span)
        if any(other.startswith(full + "/") for other in self.computed):
            return Result(self.tables, self.computed, self.names, full + "/")
        raise UnknownName(
            f"there is no '{full[:128]}' in the result",
            code="unknown_property",
            span=span,
            hint=suggest(full, self.computed) or "a step of $apply sees what the step before it made",
        )

    def has(self, name: str) -> bool:
        return name in self.computed or any(other.startswith(name + "/") for other in self.computed)

    def outputs(self) -> Iterator[tuple[str, Bound]]:
        return (item for item in self.computed.items() if item[0].startswith(self._prefix))

    def identity(self) -> Iterator[Bound]:
        return (self.computed[name] for name in self.names if name in self.computed)

    def key(self, span: Span | None) -> Column:
        raise NotExpressible(
            "a result of grouping is not one value", code="row_as_value", span=span, hint="name a value of it"
        )
