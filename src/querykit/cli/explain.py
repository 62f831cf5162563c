"""`querykit explain`: the tree of a text."""

from __future__ import annotations

import argparse

from querykit.cli.plain import to_json
from querykit.cli.tree import as_data, draw
from querykit.cli.usage import query_arguments, query_of

__all__ = ["ABOUT", "arguments", "run"]

ABOUT = "show the syntax tree of a query"


def arguments(parser: argparse.ArgumentParser) -> None:
    query_arguments(parser)


def run(options: argparse.Namespace) -> None:
    query = query_of(options)
    if options.json:
        print(to_json({"language": options.source, "query": as_data(query)}))
    else:
        print(*draw(query), sep="\n")
