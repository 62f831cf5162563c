"""The tables beside this file."""

from __future__ import annotations

from pathlib import Path

__all__ = ["blocks", "pairs"]


def blocks(name: str) -> list[str]:
    """Pieces of text between empty lines; those that begin with `#` are remarks."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [block for block in text.strip("\n").split("\n\n") if not block.startswith("#")]


def pairs(name: str) -> list[tuple[str, str]]:
    """The first line of each block, and the others."""
    return [(block.partition("\n")[0], block.partition("\n")[2]) for block in blocks(name)]
