"""Derived tables: what a statement over the results of another one can see of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from querykit import types as t
from querykit.bind.results import Result
from querykit.bind.scope import Row
from querykit.errors import NotExpressible
from querykit.plan.columns import Columns
from querykit.plan.nodes import Bound, Column, Plan, Union
from querykit.schema.model import Entity, Property
from querykit.source import Span
from querykit.types import Type

__all__ = ["column_of", "columns_of", "over", "shared"]


def columns_of(row: Row | None) -> Columns:
    """The columns that a derived table gets: those of the entity as they are called there, then values.

    Parameters
    ----------
    row: of the statement inside; None, or a result: there is no entity.
    """
    if row is None or isinstance(row, Result):
        return Columns()
    return Columns([(item, _column(row, item)) for item in _stored(row)])


def _stored(row: Row) -> list[Property]:
    """Every column of an entity, also those that only relations start from."""
    found = {item.column: item for item in row.entity.properties.values()}
    for relation in row.entity.relations.values():
        for here, _ in relation.pairs if relation.through is None else relation.through.local:
            found.setdefault(here, Property(here, here, t.ANY))
    return list(found.values())


def _column(row: Row, item: Property) -> Column:
    return Column(row.id, item, item.type, item.nullable or row.optional)


def over(row: Row, names: Mapping[str, Property], columns: Columns, plan: Plan | Union) -> tuple[Row, Row]:
    """The row of the derived table, and what names mean on it.

    Parameters
    ----------
    row: what names meant inside.
    names: the columns of the values that have names; `columns` are all.
    """
    if not isinstance(row, Result):
        base = row.tables.new_row(row.entity, plan)
        base.computed.update({name: column_of(base, item) for name, item in names.items()})
        base.beside_key = row.beside_key
        return base, base
    base = row.tables.new_row(Entity("result", "", dict(columns.properties)), plan)
    values = {name: column_of(base, item) for name, item in names.items()}
    return base, Result(row.tables, values, row.names)


def column_of(base: Row, item: Property) -> Column:
    return Column(base.id, item, item.type, item.nullable)


def shared(rows: Sequence[Mapping[str, Bound]], span: Span | None) -> dict[str, tuple[Type, bool]]:
    """Each name that any of the rows has a value for, with the type of all of them, and whether null is one.

    Raises
    ------
    NotExpressible: a name is for values of different types.
    """
    found: dict[str, list[Bound]] = {}
    for row in rows:
        for name, value in row.items():
            found.setdefault(name, []).append(value)
    return {
        name: (
            _common(name, values, span),
            len(values) < len(rows) or any(value.nullable for value in values),
        )
        for name, values in found.items()
    }


def _common(name: str, values: Sequence[Bound], span: Span | None) -> Type:
    result = values[0].type
    for value in values[1:]:
        if value.type != result:
            promoted = t.promote(result, value.type)
            if promoted is None:
                raise NotExpressible(
                    f"'{name[:128]}' is a {result} value here and a {value.type} value there",
                    code="mixed_types",
                    span=span,
                    hint="name one of them otherwise",
                )
            result = promoted
    return result
