"""sqlglot's printers, one for each dialect, with one node added: a template of the shapes table.

sqlglot knows functions by classes that it prints as it thinks each dialect has them, and prints many unchanged
that a dialect does not have. The table says what a dialect has; its text goes out as it stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeAlias

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect as Library
from sqlglot.expressions.core import Expression
from sqlglot.generator import Generator

from querykit.functions.sql import Dialect, Hole

__all__ = ["Template", "Written", "node", "print_sql", "template"]


class Template(Expression, exp.Condition):
    """Pieces of text and holes; the expressions go into the holes, those marked in brackets."""

    arg_types = {"this": True, "expressions": False}


#: A text of the dialect, or a tree that is printed with the statement around it.
Written: TypeAlias = str | exp.Expr


def node(written: Written) -> exp.Expr:
    """A part as a tree."""
    return exp.Var(this=written) if isinstance(written, str) else written


def template(pieces: Sequence[str | Hole], args: Sequence[Written], levels: Sequence[int]) -> Written:
    """A template and its arguments; one of too low a level gets brackets in its hole.

    Where the arguments are texts already, so is the whole: most conditions never become a tree.
    """
    out: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            out.append(piece)
            continue
        index, least = piece
        arg = args[index]
        if not isinstance(arg, str):
            return _tree(pieces, args, levels)
        out.append(f"({arg})" if levels[index] < least else arg)
    return "".join(out)


def _tree(pieces: Sequence[str | Hole], args: Sequence[Written], levels: Sequence[int]) -> Template:
    text = tuple(
        piece if isinstance(piece, str) else (piece.index, levels[piece.index] < piece.least)
        for piece in pieces
    )
    return Template(this=text, expressions=[node(arg) for arg in args])


def _write(printer: Generator, node: Template) -> str:
    args = node.expressions
    out: list[str] = []
    for piece in node.this:
        if isinstance(piece, str):
            out.append(piece)
            continue
        index, bracketed = piece
        text = printer.sql(args[index])
        out.append(f"({text})" if bracketed else text)
    return "".join(out)


@cache
def _printer(name: str) -> Any:
    """The printer of a dialect; as many as there are dialects."""
    base = Library.get_or_raise(name).generator_class
    return type(
        f"{base.__qualname__}WithTemplates", (base,), {"TRANSFORMS": {**base.TRANSFORMS, Template: _write}}
    )


def print_sql(statement: exp.Expr, dialect: Dialect) -> str:
    """The text of a statement that nobody needs any more."""
    text: str = _printer(dialect.sqlglot)(dialect=dialect.sqlglot).generate(statement, copy=False)
    return text
