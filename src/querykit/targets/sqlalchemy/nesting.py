"""Deep expressions, refused before a database with a small parser stack refuses them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import InternalTraversal

from querykit.functions.sql import check_nesting
from querykit.targets.sqlalchemy.shapes import dialect_of

__all__ = ["Nested"]


class Nested(ColumnElement[Any]):
    """An expression that is written as it is, once the dialect's parser is known to hold it.

    Parameters
    ----------
    outside: statements that the one with the expression is a derived table of, one inside the other.
    """

    inherit_cache = True
    _traverse_internals = [
        ("element", InternalTraversal.dp_clauseelement),
        ("outside", InternalTraversal.dp_plain_obj),
    ]

    def __init__(self, element: ColumnElement[Any], outside: int = 0) -> None:
        self.element = element
        self.outside = outside
        self.type = element.type

    def self_group(self, against: Any = None) -> ColumnElement[Any]:
        grouped = self.element.self_group(against=against)
        return self if grouped is self.element else Nested(grouped, self.outside)


@compiles(Nested)
def _nested(nested: Nested, compiler: SQLCompiler, **kw: Any) -> str:
    text: str = compiler.process(nested.element, **kw)
    dialect = dialect_of(compiler)
    before, behind = "SELECT 1 FROM (" * nested.outside, ")" * nested.outside
    check_nesting(f"{before}SELECT 1 WHERE {text}{behind}", dialect.parser_stack, dialect.name)
    return text
