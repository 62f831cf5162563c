"""Write the tables of all grammars: `python -m querykit._build`; with `--check`, say which are out of date."""

from __future__ import annotations

import argparse
import sys

from querykit._build.grammars import GRAMMARS, module_text

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """0, or 1 where `--check` finds a module that is out of date."""
    parser = argparse.ArgumentParser(prog="python -m querykit._build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check: bool = parser.parse_args(arguments).check
    stale = 0
    for row in GRAMMARS:
        text = module_text(row)
        if row.path.is_file() and row.path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        print(f"{row.path.name} is out of date" if check else f"wrote {row.path.name}")
        if not check:
            row.path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
