"""Arguments that several commands take, and what is said when they are wrong."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import querykit
from querykit.errors import QueryError
from querykit.languages.registry import LANGUAGES, check_options, language

if TYPE_CHECKING:
    from querykit.ast.nodes import Query
    from querykit.schema.model import Schema

__all__ = [
    "UsageError",
    "error_data",
    "known_options",
    "language_options",
    "mistakes",
    "query_arguments",
    "query_of",
    "read",
    "schema_arguments",
    "schema_of",
    "text_of",
]


_NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})


class UsageError(Exception):
    """The command was used wrongly; the message says how."""


def error_data(error: QueryError) -> dict[str, Any]:
    """A refusal for programs."""
    return {"code": error.code, "message": error.message, "position": error.position, "hint": error.hint}


def query_arguments(parser: argparse.ArgumentParser) -> None:
    """A text, its language, and the values of its parameters."""
    parser.add_argument("text", help="the query; '-' reads it from standard input")
    parser.add_argument(
        "--from", dest="source", metavar="LANGUAGE", required=True, help=f"one of {', '.join(LANGUAGES)}"
    )
    parser.add_argument("--filter", action="store_true", help="the text is a bare condition")
    parser.add_argument(
        "--option",
        dest="language_options",
        action="append",
        default=[],
        type=_option,
        metavar="NAME=VALUE",
        help="an option of the language: version=4.0, mode=strict … ('querykit languages'); may be repeated",
    )
    parser.add_argument("--entity", help="what the query asks, where its text does not say that")
    parser.add_argument(
        "--params",
        type=_params,
        metavar="JSON",
        help="values of the parameters: a list, or an object by name",
    )


def schema_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the names of a query come from; without either, the sample CRM."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--db", metavar="URL", help="a database, as SQLAlchemy names it: sqlite:///crm.db")
    choice.add_argument(
        "--metadata", type=Path, metavar="FILE", help="an OData $metadata document, or a schema as JSON"
    )


def text_of(options: argparse.Namespace) -> str:
    """The text that was given."""
    if options.text != "-":
        return str(options.text)
    try:
        return sys.stdin.read().removesuffix("\n")
    except UnicodeDecodeError as error:
        raise UsageError(f"standard input is not {error.encoding} text") from None


def query_of(options: argparse.Namespace) -> Query:
    """The query that was given."""
    extra = language_options(options)
    with mistakes():
        return read(text_of(options), options.source, options.params, extra, bare=options.filter)


def read(
    text: str, name: str, params: Any = None, options: Mapping[str, Any] = _NO_OPTIONS, *, bare: bool = False
) -> Query:
    """A full text, or a bare condition where it is said to be one or can be nothing else."""
    from querykit.ast.nodes import Query
    from querykit.ast.places import with_places
    from querykit.source import Source

    if bare or language(name).is_condition(text):
        condition = with_places(querykit.parse_filter(text, name, params, **options))
        return Query(filter=condition, span=condition.span, source=Source(text))
    return with_places(querykit.parse(text, name, params, **options))


@contextmanager
def mistakes() -> Iterator[None]:
    """Values of options and parameters that a language does not take are wrong usage; no text causes that."""
    try:
        yield
    except QueryError:
        raise
    except (TypeError, ValueError) as error:
        raise UsageError(str(error)) from error


def known_options(name: str) -> dict[str, Any]:
    """The options of a language, with their defaults."""
    return dict(getattr(language(name).parse, "__kwdefaults__", None) or {})


def language_options(options: argparse.Namespace) -> dict[str, Any]:
    """The options that were given for the language of the text.

    Raises
    ------
    UsageError: the language has no such option, or it is given twice.
    """
    given: dict[str, Any] = {}
    for name, value in options.language_options:
        if name in given:
            raise UsageError(f"--option {name} is given twice")
        given[name] = value
    with mistakes():
        check_options(options.source, language(options.source).parse, given)
    return given


def schema_of(options: argparse.Namespace) -> Schema:
    """The schema that was named: of a database, of a file, or of the sample CRM."""
    if options.db is not None:
        from querykit.cli.database import reflected

        return reflected(options.db)[1]
    if options.metadata is not None:
        return _schema_file(options.metadata)
    from querykit.demo import crm

    return crm.schema()


def _schema_file(path: Path) -> Schema:
    try:
        text = path.read_text(encoding="utf-8-sig")
        if text.lstrip().startswith("{"):
            return querykit.Schema.from_dict(json.loads(text))
        return querykit.Schema.from_csdl(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} describes no schema: {error}") from None


def _params(text: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, list | dict):
        raise argparse.ArgumentTypeError("a JSON list or object is needed")
    return value


def _option(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError("a name and a value are needed: version=4.0")
    return name, value
