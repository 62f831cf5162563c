"""`querykit dialects`: whose SQL can be written."""

from __future__ import annotations

import argparse
import textwrap

from querykit.cli.plain import to_json
from querykit.cli.style import width
from querykit.cli.table import table
from querykit.functions.sql.dialects import DIALECTS

__all__ = ["ABOUT", "arguments", "run"]

ABOUT = "list the SQL dialects"


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(options: argparse.Namespace) -> None:
    if options.json:
        print(to_json([row._asdict() for row in DIALECTS.values()]))
        return
    rows = [
        (row.name, ", ".join(row.aliases), row.bind.format("name", "type"), f"nulls {row.nulls}")
        for row in DIALECTS.values()
    ]
    print(*table(("dialect", "also called", "parameter", "order"), rows, width()), sep="\n")
    print()
    for row in DIALECTS.values():
        if row.notes:
            notes = f"{row.name + ':':12}{'; '.join(row.notes)}"
            print(textwrap.fill(notes, width(), subsequent_indent=" " * 12, break_on_hyphens=False))
