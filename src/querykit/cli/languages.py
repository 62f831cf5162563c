"""`querykit languages`: what can be read and written."""

from __future__ import annotations

import argparse

from querykit.cli.plain import to_json
from querykit.cli.style import width
from querykit.cli.table import table
from querykit.languages.registry import LANGUAGES, language

__all__ = ["ABOUT", "arguments", "run"]

ABOUT = "list the query languages"


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(options: argparse.Namespace) -> None:
    rows = [(name, _about(name)) for name in LANGUAGES]
    if options.json:
        print(to_json([{"name": name, "about": about} for name, about in rows]))
    else:
        print(*table(("language", "what a text is"), rows, width()), sep="\n")


def _about(name: str) -> str:
    """The first sentence of the language's module."""
    return (language(name).__doc__ or "").strip().partition("\n")[0]
