"""What all commands have in common: errors, exit status, broken pipes, streams."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from querykit.cli.main import COMMANDS, main
from querykit.cli.style import Style

PROGRAM = [sys.executable, "-m", "querykit.cli.main"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leave:
        main([command, "--help"])
    assert leave.value.code == 0
    assert "--json" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["translate"],
        ["translate", "--from", "odata", "a eq 1"],
        ["translate", "--fro", "odata", "--to", "vtql", "a eq 1"],
        ["translate", "--from", "odata", "--to", "criteria", "--params", "{", "a eq 1"],
        ["translate", "--from", "odata", "--to", "criteria", "--params", "5", "a eq 1"],
        ["sql", "--db", "a", "--metadata", "b", "--from", "odata", "a eq 1"],
        ["demo", "--rows", "0"],
        ["demo", "--question", "x"],
    ],
    ids=" ".join,
)
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leave:
        main(arguments)
    assert leave.value.code == 2
    assert capsys.readouterr().err.startswith("usage: querykit")


def test_a_refusal_shows_the_place(capsys: pytest.CaptureFixture[str]) -> None:
    """Wide letters take two columns of a terminal each."""
    assert main(["explain", "--from", "odata", "東京 eq 'x' and name eqq 'y'"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[2] == "1 | 東京 eq 'x' and name eqq 'y'"
    assert lines[3] == "  | " + " " * len("東京 eq 'x' and name ") + "  ^^^"


def test_a_refusal_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--from", "odata", "--json", "name eq"]) == 1
    out, err = capsys.readouterr()
    error = json.loads(out)["error"]
    assert (error["code"], error["position"], err) == ("syntax", [7, 7], "")
    assert error.keys() == {"code", "message", "position", "hint"}


def test_misuse_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--json", "--question", "1000"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "usage"


def test_a_reader_that_leaves() -> None:
    with subprocess.Popen(
        [*PROGRAM, "functions", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device on this system")
def test_a_full_disk() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*PROGRAM, "functions"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (2, "querykit: output: No space left on device\n")


def test_a_terminal_without_unicode() -> None:
    done = subprocess.run(
        [*PROGRAM, "explain", "--from", "odata", "a eq 'Žilina' and b eq 1"],
        env={"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert b"\\u251c" in done.stdout


def test_input_that_is_no_text() -> None:
    done = subprocess.run(
        [*PROGRAM, "explain", "--from", "odata", "-"],
        input=b"\xff\xfe",
        env={"PYTHONIOENCODING": "utf-8:strict"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"is not utf-8 text" in done.stderr


@pytest.mark.parametrize(
    ("stream", "variables", "coloured"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colour(
    stream: io.StringIO, variables: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Style(stream).heading("x") == ("\033[1;36mx\033[0m" if coloured else "x")


def test_a_translation_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    """All rows: a criterion has nothing to say."""
    assert main(["demo", "--from", "vtql", "--rows", "1", "--ask", "SELECT * FROM Accounts LIMIT 1;"]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("  criteria"))
    assert line.split(maxsplit=1)[1] == "(an empty text)"
