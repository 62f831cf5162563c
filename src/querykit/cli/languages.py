"""`querykit languages`: what can be read and written, and how much each language can say."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from querykit.cli.plain import to_json
from querykit.cli.style import width
from querykit.cli.support.constructs import Construct, constructs
from querykit.cli.support.findings import said
from querykit.cli.support.pages import LEGEND, MARKS, counts, page, where
from querykit.cli.support.targets import Targets
from querykit.cli.table import table
from querykit.cli.usage import UsageError, known_options
from querykit.languages.registry import LANGUAGES, language

__all__ = ["ABOUT", "arguments", "run"]

ABOUT = "list the query languages, and what each can say"


def arguments(parser: argparse.ArgumentParser) -> None:
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--constructs",
        nargs="?",
        const="",
        metavar="PART",
        help="each construct, in each language and on each target; only those with this in their name or group",
    )
    choice.add_argument("--markdown", action="store_true", help="all constructs as docs/support.md has them")


def run(options: argparse.Namespace) -> None:
    if options.markdown:
        print(*page(), sep="\n")
    elif options.constructs is not None:
        _constructs(list(_chosen(options.constructs.casefold())), options.json)
    elif options.json:
        print(to_json([_about(name) for name in LANGUAGES]))
    else:
        _overview()


def _overview() -> None:
    room = width()
    for name in LANGUAGES:
        print(*_described(name, room), sep="\n")
    print()
    groups = [(name, list(group)) for name, group in groupby(constructs(), lambda item: item.group)]
    counted = [(f"{name} ({len(group)})", *counts(group).values()) for name, group in groups]
    print(*table(("how much of it can be said", *LANGUAGES), counted, room, whole=1), sep="\n")
    print("\n'querykit languages --constructs' lists them, '--constructs date' some of them")


def _described(name: str, room: int) -> Iterator[str]:
    """What a text of the language is, and its options with their defaults."""
    about = _about(name)
    options = " ".join(f"{option}={value}" for option, value in about["options"].items())
    for line in (f"{name:10}{about['about']}", f"{'':10}--option {options}" if options else ""):
        yield from textwrap.wrap(line, room, subsequent_indent=" " * 10, break_on_hyphens=False)


def _constructs(chosen: list[Construct], as_json: bool) -> None:
    targets = Targets()
    found = [(construct, said(construct), targets.that_run(construct.samples)) for construct in chosen]
    if as_json:
        rows = [
            {
                "group": construct.group,
                "construct": construct.about,
                "languages": {name: row._asdict() for name, row in texts.items()},
                "targets": list(runs),
            }
            for construct, texts, runs in found
        ]
        print(to_json(rows))
        return
    body = [
        (construct.about, *(MARKS[row.how] for row in texts.values()), where(runs))
        for construct, texts, runs in found
    ]
    print(*table(("construct", *LANGUAGES, "runs on"), body, width(), whole=1), LEGEND, sep="\n")


def _chosen(part: str) -> Iterator[Construct]:
    found = [item for item in constructs() if part in item.about.casefold() or part in item.group.casefold()]
    if not found:
        raise UsageError(f"no construct or group has '{part}' in its name")
    yield from found


def _about(name: str) -> dict[str, Any]:
    """The first sentence of the language's module, and its options."""
    return {
        "name": name,
        "about": (language(name).__doc__ or "").strip().partition("\n")[0],
        "options": known_options(name),
    }
