"""`querykit functions`: every function, and how each language writes it."""

from __future__ import annotations

import argparse

from querykit.ast.nodes import Call, Path
from querykit.cli.plain import to_json
from querykit.cli.style import width
from querykit.cli.table import table
from querykit.errors import QueryError
from querykit.functions.catalog import CATALOG, Function
from querykit.languages.registry import LANGUAGES, language

__all__ = ["ABOUT", "arguments", "run"]

ABOUT = "list the functions and operators, as each language writes them"


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
    body = [(row.id, *(said[row.id][name] or "–" for name in LANGUAGES), row.doc) for row in rows]
    print(*table(("function", *LANGUAGES, "is"), body, width()), sep="\n")


def _written(row: Function, name: str) -> str | None:
    """The function of fields a, b …, as the language's own renderer writes it; None where it cannot."""
    fields = tuple(Path((letter,)) for letter in "abcdefg"[: _arity(row)])
    try:
        return language(name).render_filter(Call(row.id, fields))
    except QueryError:
        return None


def _arity(row: Function) -> int:
    """As few arguments as the function takes."""
    if not row.overloads:
        return 2
    first = row.overloads[0]
    return max(len(first.params) - first.optional, 2 if first.variadic else 0)
