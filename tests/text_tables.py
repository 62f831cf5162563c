"""Tables of texts in files: lines, pairs of lines, and texts with the picture of their error."""

from __future__ import annotations

from pathlib import Path

import term_notation
from querykit.ast.nodes import Query

__all__ = ["lines", "pairs", "pictures", "summary"]


def lines(path: Path) -> list[str]:
    """The lines that are neither empty nor a comment."""
    return [
        line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("# ")
    ]


def pairs(path: Path) -> list[tuple[str, str]]:
    found = lines(path)
    assert len(found) % 2 == 0
    return list(zip(found[::2], found[1::2], strict=True))


def pictures(path: Path) -> list[tuple[str, str]]:
    """A text, and the whole message that it is refused with; an empty line stands between two."""
    blocks = [block for block in path.read_text(encoding="utf-8").strip().split("\n\n") if block[:2] != "# "]
    return [(text, picture) for text, _, picture in (block.partition("\n") for block in blocks)]


def summary(query: Query) -> str:
    """What a query means, on one line: the condition, and the rest of the request."""
    parts = ["-" if query.filter is None else term_notation.show(query.filter)]
    if query.select is not None:
        parts.append("select " + " ".join(term_notation.show(item.expr) for item in query.select))
    if query.order:
        keys = [term_notation.show(key.expr) + " desc" * key.descending for key in query.order]
        parts.append("order " + " ".join(keys))
    if query.expand:
        parts.append("expand " + " ".join(term_notation.show(item.path) for item in query.expand))
    parts += [
        f"{name} {value}" for name in ("top", "skip", "count") if (value := getattr(query, name)) is not None
    ]
    return " | ".join(parts)
