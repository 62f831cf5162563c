"""`querykit functions`: every function, and how each language writes it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from querykit.ast.nodes import Call, Expr, Literal, Path
from querykit.cli.plain import to_json
from querykit.cli.style import width
from querykit.cli.table import table
from querykit.errors import QueryError
from querykit.functions.catalog import CATALOG
from querykit.functions.signature import Function
from querykit.languages.registry import LANGUAGES, language

__all__ = ["ABOUT", "arguments", "run"]

ABOUT = "list the functions and operators as each language writes them; with --json also what they do"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "part", nargs="?", default="", help="only those with this in their id: date, str.lower …"
    )


def run(options: argparse.Namespace) -> None:
    rows = [row for row in CATALOG.values() if options.part.lower() in row.id]
    said = {row.id: {name: _written(row, name) for name in LANGUAGES} for row in rows}
    if options.json:
        print(to_json([{"id": row.id, "about": row.doc, **said[row.id]} for row in rows]))
        return
    body = [(row.id, *(said[row.id][name] or "–" for name in LANGUAGES)) for row in rows]
    print(*table(("function", *LANGUAGES), body, width(), whole=1), sep="\n")


def _written(row: Function, name: str) -> str | None:
    """The function as the language's own renderer writes it; None where it cannot."""
    for arguments in _samples(row):
        try:
            return language(name).render_filter(Call(row.id, arguments))
        except QueryError:
            continue
    return None


def _samples(row: Function) -> Iterator[tuple[Expr, ...]]:
    """Arguments to show a function with: fields a, b …, or else a field and texts, or a list, or a type."""
    letters = "abcdefg"[: _arity(row)]
    yield tuple(Path((letter,)) for letter in letters)
    if letters:
        field, texts = Path((letters[0],)), tuple(Literal("string", letter) for letter in letters[1:])
        yield (field, *texts)
        yield field, Call("list", texts)
        yield field, Literal("type", "Edm.String")


def _arity(row: Function) -> int:
    """As few arguments as the function takes."""
    if not row.overloads:
        return 2
    first = row.overloads[0]
    return max(len(first.params) - first.optional, 2 if first.variadic else 0)
