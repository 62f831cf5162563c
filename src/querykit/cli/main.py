"""`querykit`: the commands, and what they have in common."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import querykit
from querykit.cli.plain import to_json
from querykit.cli.style import Style
from querykit.cli.table import printable
from querykit.cli.usage import UsageError, error_data
from querykit.errors import QueryError

__all__ = ["main"]

#: Command -> module; each has `ABOUT`, `arguments(parser)` and `run(options) -> None`.
COMMANDS = {
    "demo": "querykit.cli.demo",
    "translate": "querykit.cli.translate",
    "sql": "querykit.cli.sql",
    "explain": "querykit.cli.explain",
    "languages": "querykit.cli.languages",
    "functions": "querykit.cli.functions",
    "dialects": "querykit.cli.dialects",
    "serve": "querykit.cli.serve",
}

#: Code of an error -> what to do about it here, where the hint speaks of arguments in Python.
_HINTS = {
    "no_entity": "say what is asked: --entity NAME",
    "no_expression": "say what is asked, so that it is a whole request: --entity NAME",
}

_DONE, _REFUSED, _MISUSED = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    argv: its arguments; those of the process if None.

    Returns
    -------
    int: 0, or 1 where a query was refused, or 2 where the command was used wrongly.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Unicode is no reason to fail
    options = _parser().parse_args(argv)
    try:
        options.run(options)
        sys.stdout.flush()
    except QueryError as error:
        _report(error, options.json)
        return _REFUSED
    except UsageError as error:
        return _misuse(str(error), options.json)
    except BrokenPipeError:
        # The reader has seen enough. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        return _misuse(f"{error.filename or 'output'}: {error.strerror}", options.json)
    return _DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="querykit",
        description="Query languages in, one AST, SQL that runs out.",
        epilog="Begin with 'querykit demo --question 1'; 'querykit COMMAND --help' says more of each.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"querykit {querykit.__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, module_name in COMMANDS.items():
        module = import_module(module_name)
        command = commands.add_parser(name, help=module.ABOUT, description=module.ABOUT, allow_abbrev=False)
        module.arguments(command)
        command.add_argument("--json", action="store_true", help="write JSON for programs")
        command.set_defaults(run=module.run)
    return parser


def _report(error: QueryError, as_json: bool) -> None:
    error.hint = _HINTS.get(error.code, error.hint)
    if as_json:
        print(to_json({"error": error_data(error)}))
    else:
        first, *rest = map(printable, error.render().split("\n"))
        print(Style(sys.stderr).error(first), *rest, sep="\n", file=sys.stderr)


def _misuse(message: str, as_json: bool) -> int:
    if as_json:
        print(to_json({"error": {"code": "usage", "message": message, "position": None, "hint": None}}))
    else:
        print(f"querykit: {printable(message)}", file=sys.stderr)
    return _MISUSED


if __name__ == "__main__":
    sys.exit(main())
