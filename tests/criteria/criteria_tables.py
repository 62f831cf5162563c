"""Reading the tables: blocks of a text and the indented lines below it, `#` for comments."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def blocks(name: str) -> list[tuple[str, list[str]]]:
    """Each text of a table with its lines, the indentation taken off."""
    found: list[tuple[str, list[str]]] = []
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            found[-1][1].append(line[4:])
        elif line and not line.startswith("# "):
            found.append((line, []))
    return found


def pairs(name: str) -> list[tuple[str, str]]:
    return [(text, "\n".join(lines)) for text, lines in blocks(name)]
