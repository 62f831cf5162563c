"""The commands as they are typed: what they write, and their exit status.

A block of a table is a command after `$ `, its standard input after ` <<< `, then what it writes: standard
error after `! `, and its exit status after `? ` where that is not 0.
"""

from __future__ import annotations

import io
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from querykit.cli.main import main


class Case(NamedTuple):
    command: str
    stdin: str
    stdout: str
    stderr: str
    status: int


def cases() -> Iterator[Case]:
    for path in sorted(Path(__file__).parent.glob("*.console")):
        for block in path.read_text(encoding="utf-8").split("\n$ ")[1:]:
            yield _case(block)


def _case(block: str) -> Case:
    command, *lines = [line for line in block.split("\n") if line.strip() and not line.startswith("# ")]
    typed, _, stdin = command.partition(" <<< ")
    return Case(
        command=typed,
        stdin=shlex.split(stdin)[0] if stdin else "",
        stdout="\n".join(line for line in lines if line[:2] not in ("! ", "? ")),
        stderr="\n".join(line[2:] for line in lines if line.startswith("! ")),
        status=next((int(line[2:]) for line in lines if line.startswith("? ")), 0),
    )


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.command)
def test_command(case: Case, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    program, *arguments = shlex.split(case.command)
    assert program == "querykit"
    monkeypatch.setattr("sys.stdin", io.StringIO(case.stdin + "\n"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(Path(__file__).parent)
    try:
        status = main(arguments)
    except SystemExit as leave:  # argparse
        status = int(leave.code or 0)
    out, err = capsys.readouterr()
    written = ["\n".join(line.rstrip() for line in text.splitlines() if line.strip()) for text in (out, err)]
    assert (written[0], written[1], status) == (case.stdout, case.stderr, case.status)
