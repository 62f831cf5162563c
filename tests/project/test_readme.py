"""What the README shows is what happens."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

from querykit.cli.main import main

README = Path(__file__).parents[2] / "README.md"
TEXT = README.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def test_python() -> None:
    """All blocks are one session."""
    session = "\n".join(blocks("python"))
    test = doctest.DocTestParser().get_doctest(session, {}, "README.md", str(README), 0)
    assert len(test.examples) > 20
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test).failed == 0


COMMANDS = [command for block in blocks("console") for command in block.removeprefix("$ ").split("\n$ ")]


@pytest.mark.parametrize("block", COMMANDS, ids=lambda block: block.splitlines()[0])
def test_command(block: str, capsys: pytest.CaptureFixture[str]) -> None:
    command, _, written = block.partition("\n")
    program, *arguments = shlex.split(command)
    assert program == "querykit"
    assert '"$' not in command, "a shell would replace that"
    assert main(arguments) == 0
    assert capsys.readouterr().out.rstrip() == written.rstrip()


def test_the_two_commands_stand_there() -> None:
    assert {"pip install . && querykit demo\n", "pip install '.[test]' && pytest\n"} <= set(blocks(""))


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert targets
    assert [
        target for target in targets if "://" not in target and not (README.parent / target).exists()
    ] == []
