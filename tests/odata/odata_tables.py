"""Reading the tables of this folder, and trees as short texts to be written into them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as File
from typing import Any, NamedTuple

from querykit.ast.nodes import (
    Aggregate,
    Call,
    Cast,
    EntitySet,
    Expansion,
    Expr,
    Key,
    Literal,
    Named,
    Node,
    Parameter,
    Path,
    Query,
    Selection,
    SortKey,
    Transformation,
)
from querykit.languages.odata import parse, parse_filter, render, render_filter

_FOLDER = File(__file__).parent


#: After this line of a table the texts are whole queries, before it they are expressions.
_QUERIES = "# whole queries"


class Row(NamedTuple):
    """A text of a table, and what stands indented below it."""

    text: str
    is_query: bool
    below: str = ""

    def read(self) -> Query | Expr:
        return read(self.text, self.is_query)


def read(text: str, is_query: bool) -> Query | Expr:
    return parse(text) if is_query else parse_filter(text)


def printed(tree: Query | Expr) -> str:
    return render(tree) if isinstance(tree, Query) else render_filter(tree)


def rows(name: str) -> list[Row]:
    """The rows of a table; lines that begin with `# ` are comments."""
    found: list[Row] = []
    is_query = False
    for line in (_FOLDER / name).read_text(encoding="utf-8").split("\n"):
        is_query = is_query or line == _QUERIES
        if line.startswith("    "):
            row = found.pop()
            found.append(row._replace(below=f"{row.below}\n{line[4:]}".lstrip("\n")))
        elif line and not line.startswith("# "):
            found.append(Row(line, is_query))
    return found


def shape(node: Node) -> str:
    """`(total.eq ^City 'x')`: a prefix `^` for each scope a path steps out of, `.` for the row itself."""
    if isinstance(node, Call):
        return f"({' '.join([node.fn, *map(shape, node.args)])})"
    if isinstance(node, Path):
        return "^" * node.up + ("/".join(map(_step, node.steps)) or ".")
    if isinstance(node, Literal):
        return _literal(node)
    if isinstance(node, Aggregate):
        parts = [
            f"{word}{shape(part)}" for word, part in (("", node.condition), ("of ", node.argument)) if part
        ]
        return f"({' '.join([node.function, shape(node.source), *parts])})"
    if isinstance(node, Named):
        return f"{node.name}={shape(node.value)}"
    if isinstance(node, Parameter):
        return f"@{node.name}"
    if isinstance(node, EntitySet):
        return f"<{node.name or ''}>"
    if isinstance(node, Query):
        return f"({' '.join(_parts(node))})"
    return _item(node)


def _step(step: Any) -> str:
    if isinstance(step, Cast):
        return f"<{step.type}>"
    if isinstance(step, Key):
        return f"[{' '.join(map(shape, step.args))}]"
    return step if isinstance(step, str) else shape(step)


def _literal(node: Literal) -> str:
    if node.kind in ("null", "bool"):
        return {None: "null", True: "true", False: "false"}[node.value]  # type: ignore[index]
    if node.kind == "int":
        return str(node.value)
    if node.kind == "string":
        return f"{node.name}:{node.value!r}" if node.name else repr(node.value)
    return ":".join(filter(None, (node.kind, node.name, str(node.value))))


def _parts(query: Query) -> Iterator[str]:
    for name in query.fields:
        value = getattr(query, name)
        if value is None or value == ():
            continue
        if isinstance(value, tuple):
            yield f"{name}={' '.join(map(shape, value))}"
        else:
            yield f"{name}={shape(value) if isinstance(value, Node) else value}"


def _item(node: Node) -> str:
    if isinstance(node, SortKey):
        return shape(node.expr) + (" desc" if node.descending else "")
    if isinstance(node, Selection):
        return shape(node.expr) + (shape(node.query) if node.query else "")
    if isinstance(node, Transformation):
        branches = [f"| {' '.join(map(shape, branch))}".rstrip() for branch in node.branches]
        return f"<{' '.join([node.name, *map(shape, node.args), *branches])}>"
    assert isinstance(node, Expansion)
    kind = f"${node.kind}" if node.kind else ""
    levels = f"*{node.levels}" if node.levels else ""
    return shape(node.path) + kind + levels + (shape(node.query) if node.query != Query() else "")
