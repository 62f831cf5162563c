"""`querykit translate`: a text of one language in another."""

from __future__ import annotations

import argparse

import querykit
from querykit.cli.plain import to_json
from querykit.cli.usage import language_options, mistakes, query_arguments, query_of, text_of
from querykit.languages.registry import LANGUAGES

__all__ = ["ABOUT", "arguments", "run"]

ABOUT = "say a query in another language"


def arguments(parser: argparse.ArgumentParser) -> None:
    query_arguments(parser)
    parser.add_argument(
        "--to", dest="target", metavar="LANGUAGE", required=True, help=f"one of {', '.join(LANGUAGES)}"
    )


def run(options: argparse.Namespace) -> None:
    text = _translated(options)
    print(to_json({"from": options.source, "to": options.target, "text": text}) if options.json else text)


def _translated(options: argparse.Namespace) -> str:
    extra = language_options(options)
    if not options.filter:
        with mistakes():
            return querykit.translate(
                text_of(options),
                options.source,
                options.target,
                options.entity,
                options.params,
                options=extra,
            )
    query = query_of(options)
    if options.entity is not None or query.filter is None:
        return querykit.render(query.replace(entity=options.entity), options.target)
    return querykit.render(query.filter, options.target)
