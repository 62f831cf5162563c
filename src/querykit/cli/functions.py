"""`querykit functions`: every function, and how each language writes it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from querykit.ast.nodes import Call, Expr, Literal, Named, Path, Query
from querykit.cli.plain import to_json
from querykit.cli.style import width
from querykit.cli.table import table
from querykit.cli.usage import UsageError
from querykit.errors import QueryError
from querykit.functions.catalog import CATALOG
from querykit.functions.signature import Function
from querykit.languages.registry import LANGUAGES, language

__all__ = ["ABOUT", "arguments", "run"]

ABOUT = "list the functions and operators as each language writes them; with --json also what they do"


_A, _B = (Call("search.term", (Literal("string", letter),)) for letter in "ab")

#: Arguments that are no fields.
_OWN: dict[str, tuple[Expr, ...]] = {
    "search.term": _A.args,
    "search.not": (_A,),
    "search.and": (_A, _B),
    "search.or": (_A, _B),
    "object": (Named("a", Literal("int", 1)),),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "part", nargs="?", default="", help="only those with this in their id: date, str.lower …"
    )


def run(options: argparse.Namespace) -> None:
    rows = [row for row in CATALOG.values() if options.part.lower() in row.id]
    if not rows:
        raise UsageError(f"no function has '{options.part}' in its id; without a part all are listed")
    said = {row.id: {name: _written(row, name) for name in LANGUAGES} for row in rows}
    if options.json:
        print(to_json([{"id": row.id, "about": row.doc, **said[row.id]} for row in rows]))
        return
    columns = _columns(said)
    body = [(row.id, *(said[row.id][names[0]] or "–" for names in columns)) for row in rows]
    headers = ("function", *(", ".join(names) for names in columns))
    print(*table(headers, body, width(), whole=1), sep="\n")
    silent = [name for name in LANGUAGES if not any(name in names for names in columns)]
    if silent:
        print(f"None of these can be said in {', '.join(silent)}.")


def _columns(said: dict[str, dict[str, str | None]]) -> list[list[str]]:
    """The languages, those that write everything alike together; not those that write nothing."""
    columns: dict[tuple[str | None, ...], list[str]] = {}
    for name in LANGUAGES:
        spellings = tuple(row[name] for row in said.values())
        if any(spellings):
            columns.setdefault(spellings, []).append(name)
    return list(columns.values())


def _written(row: Function, name: str) -> str | None:
    """The function as the language's own renderer writes it; None where it cannot."""
    for arguments in _samples(row):
        call = Call(row.id, arguments)
        try:
            if row.id.startswith("search."):
                return language(name).render(Query(entity="a", search=call))
            return language(name).render_filter(call)
        except QueryError:
            continue
    return None


def _samples(row: Function) -> Iterator[tuple[Expr, ...]]:
    """Arguments to show a function with: fields a, b …, or else a field and texts, or a list, or a type."""
    if row.id in _OWN:
        yield _OWN[row.id]
        return
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
