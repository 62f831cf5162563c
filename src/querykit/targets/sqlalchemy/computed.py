"""Values that a mapped class computes in SQL: hybrid properties and `column_property`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import HybridExtensionType
from sqlalchemy.orm import Mapper
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BooleanClauseList,
    ColumnElement,
    Grouping,
    Label,
    UnaryExpression,
)
from sqlalchemy.sql.expression import FromClause
from sqlalchemy.sql.util import ClauseAdapter, _deep_deannotate

__all__ = ["adapted", "expressions"]


def expressions(mapper: Mapper[Any]) -> dict[str, ColumnElement[Any]]:
    """The expressions of a class over the columns of its own tables, by the names of the attributes.

    One that cannot be said in SQL is left out, and one over other tables, unless it is a subquery.
    """
    found: dict[str, Any] = {
        item.key: item.expression for item in mapper.column_attrs if not _is_column(item.columns[0])
    }
    for name, descriptor in mapper.all_orm_descriptors.items():
        hybrid = descriptor.extension_type is HybridExtensionType.HYBRID_PROPERTY
        if hybrid and not str(name).startswith("_"):
            expression = _hybrid(mapper.class_, str(name))
            if expression is not None and not _is_column(expression):
                found[str(name)] = expression
    tables = [table for table in mapper.tables if isinstance(table, sa.Table)]
    own = {name: _own(expression, tables) for name, expression in found.items()}
    return {name: item for name, item in own.items() if set(sa.select(item).get_final_froms()) <= {*tables}}


def _is_column(expression: object) -> bool:
    return isinstance(expression, sa.Column)


def _hybrid(class_: type, name: str) -> ColumnElement[Any] | None:
    """What the hybrid is on the class; the code of the user may be for objects only, and raise anything."""
    try:
        found: Any = getattr(class_, name)
        if hasattr(found, "__clause_element__"):
            found = found.__clause_element__()
    except Exception:
        return None
    return found if isinstance(found, ColumnElement) else None


def _own(expression: ColumnElement[Any], tables: Collection[FromClause]) -> ColumnElement[Any]:
    """The expression as Core has it: whatever tables are around a subquery, it is of this row and no other."""

    def correlated(element: Any, **_: Any) -> Any:
        return element.correlate(*tables) if isinstance(element, (sa.ScalarSelect, sa.Exists)) else None

    plain: Any = _deep_deannotate(expression)
    found: Any = visitors.replacement_traverse(plain, {}, correlated)
    found = found.element if isinstance(found, Label) else found
    if _is_condition(found):  # not every database has conditions where a value stands
        return sa.case((found, sa.true()), (sa.not_(found), sa.false()))
    return found  # type: ignore[no-any-return]


def _is_condition(element: Any) -> bool:
    element = element.element if isinstance(element, Grouping) else element
    if isinstance(element, (sa.Exists, BooleanClauseList)):
        return True
    if isinstance(element, BinaryExpression):
        return operators.is_comparison(element.operator)
    return isinstance(element, UnaryExpression) and element.operator is operators.inv


def adapted(expression: ColumnElement[Any], selectable: FromClause) -> ColumnElement[Any]:
    """The expression over an alias of its table."""
    found: ColumnElement[Any] = ClauseAdapter(selectable).traverse(expression)
    return found
