"""`python -m tests.engines`: which engines run on this machine, and what the others want.

`python -m tests.engines page` writes docs/engines.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from engines.page import page
from engines.registry import ENGINES, named


def main(words: list[str]) -> int:
    if words == ["page"]:
        print("\n".join(page()))
        return 0
    missing = 0
    for name, entry in ENGINES.items():
        engine = named(name)
        missing += isinstance(engine, str)
        said = f"not here: {engine}" if isinstance(engine, str) else engine.version
        print(f"{name:<12}{entry.lane:<6}{said}", flush=True)
    return min(missing, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
