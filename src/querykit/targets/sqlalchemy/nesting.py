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
    """An expression that is written as it is, once the dialect's parser is known to hold it."""

    inherit_cache = True
    _traverse_internals = [("element", InternalTraversal.dp_clauseelement)]

    def __init__(self, element: ColumnElement[Any]) -> None:
        self.element = element
        self.type = element.type

    def self_group(self, against: Any = None) -> ColumnElement[Any]:
        grouped = self.element.self_group(against=against)
        return self if grouped is self.element else Nested(grouped)


@compiles(Nested)
def _nested(nested: Nested, compiler: SQLCompiler, **kw: Any) -> str:
    text: str = compiler.process(nested.element, **kw)
    dialect = dialect_of(compiler)
    check_nesting(f"SELECT 1 WHERE {text}", dialect.parser_stack, dialect.name)
    return text
