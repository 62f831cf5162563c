"""Calls that an engine answers differently, each under its reason (`deviations/<engine>.txt`)."""

from __future__ import annotations

from pathlib import Path

__all__ = ["deviations"]


def deviations(engine: str) -> dict[str, str]:
    """Call, as Python prints its arguments -> reason."""
    found: dict[str, str] = {}
    reason = ""
    path = Path(__file__).parent / "deviations" / f"{engine}.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            reason = line[2:]
        elif line:
            found[line] = reason
    return found
