"""Rows as a caller has them, with or without a schema, made ready for the evaluator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from querykit.schema.infer import infer_data
from querykit.schema.model import Schema

__all__ = ["in_memory"]

_Rows: TypeAlias = Sequence[Mapping[str, Any]]


def in_memory(
    rows: _Rows | Mapping[str, _Rows], schema: Schema | None, entity: object = None
) -> tuple[Mapping[str, _Rows], Schema, object]:
    """The rows by entity name, the schema (read off the rows without one), and the entity that is asked for.

    Parameters
    ----------
    rows: of one entity, or lists of rows by entity name.
    schema: None takes the types from the values.
    entity: may be missing where there is only one.

    Raises
    ------
    UnknownName: the schema does not have the entity.

    >>> data, schema, entity = in_memory([{"name": "Warner"}], None)
    >>> entity, list(schema.entities), schema.entity(entity).properties["name"].type.kind
    ('Row', ['Row'], 'string')
    """
    if isinstance(rows, Mapping):
        data = rows
        known = schema or infer_data(data)
        candidates = list(data)
    else:
        name = _name(entity, schema)
        data = {name: rows}
        known = schema or infer_data(data)
        candidates = [name]
    if entity is None and len(candidates) == 1:
        entity = candidates[0]
    return data, known, entity


def _name(entity: object, schema: Schema | None) -> str:
    """The name under which a plain list of rows is kept."""
    if schema is None:
        return entity if isinstance(entity, str) else getattr(entity, "__name__", "Row")
    if entity is not None:
        return schema.entity(entity).name
    return next(iter(schema.entities), "Row") if len(schema.entities) == 1 else "Row"
