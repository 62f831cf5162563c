"""Free-text search, portable: a term is found where a searchable property contains it, in any letter case.

What matches is up to the service (OData 4.01 Part 1, 11.2.6.6); a row without a text is not found, so `NOT`
keeps it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from querykit import types as t
from querykit.ast.nodes import Call, Expr, Literal
from querykit.bind.scope import Row
from querykit.errors import NotExpressible
from querykit.plan.nodes import Bound, Column, Op

if TYPE_CHECKING:
    from querykit.bind.expressions import Binder

__all__ = ["search"]

_CONNECTIVES = {"search.and": "bool.and", "search.or": "bool.or", "search.not": "bool.not"}


def search(binder: Binder, expr: Expr, row: Row) -> Bound:
    """The condition that a search expression stands for on a row; it is never null.

    Raises
    ------
    NotExpressible: the schema marks no property of the entity as searchable.
    """
    if isinstance(expr, Call) and expr.fn in _CONNECTIVES:
        args = tuple(search(binder, arg, row) for arg in expr.args)
        return Op(_CONNECTIVES[expr.fn], args, t.BOOL, False, expr.span)
    columns = [
        row.column(name)
        for name, item in row.entity.properties.items()
        if item.searchable and not binder.tables.policy.hides(row.entity.name, name)
    ]
    if not columns:
        raise NotExpressible(
            f"{row.entity.name} cannot be searched",
            code="not_searchable",
            span=expr.span,
            hint="the schema marks no property as searchable",
        )
    assert isinstance(expr, Call)  # a search.term
    (word,) = expr.args
    tests = tuple(_found(binder, column, word) for column in columns)
    return tests[0] if len(tests) == 1 else Op("bool.or", tests, t.BOOL, False, expr.span)


def _found(binder: Binder, column: Column, word: Expr) -> Bound:
    assert isinstance(word, Literal)
    folded = Literal("string", str(word.value).lower(), span=word.span)
    text = Op("str.lower", (column,), t.STRING, column.nullable)
    test = Op("str.contains", (text, binder.slot(folded, t.STRING)), t.BOOL, column.nullable, word.span)
    return Op("bool.is_true", (test,), t.BOOL, False) if column.nullable else test
