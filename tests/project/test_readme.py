"""What README.md and docs/*.md show is what happens."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

from querykit.cli.main import main

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
SHOWN = [README, *sorted((ROOT / "docs").glob("*.md"))]
LINKED = [
    *SHOWN,
    ROOT / "CONTRIBUTING.md",
    ROOT / "grammars" / "README.md",
    ROOT / "benchmarks" / "README.md",
]


def name(value: object) -> str:
    return value.relative_to(ROOT).as_posix() if isinstance(value, Path) else str(value).splitlines()[0]


def blocks(path: Path) -> list[tuple[str, str]]:
    """The language and the content of each code block."""
    text = path.read_text(encoding="utf-8")
    return re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", SHOWN, ids=name)
def test_python(path: Path) -> None:
    """All blocks of a page are one session."""
    session = "\n".join(block for language, block in blocks(path) if language == "python")
    test = doctest.DocTestParser().get_doctest(session, {}, path.name, str(path), 0)
    assert path != README or len(test.examples) > 20
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test).failed == 0


COMMANDS = [
    command
    for path in SHOWN
    for language, block in blocks(path)
    if language == "console"
    for command in block.removeprefix("$ ").split("\n$ ")
]


@pytest.mark.parametrize("block", COMMANDS, ids=name)
def test_command(block: str, capsys: pytest.CaptureFixture[str]) -> None:
    command, _, written = block.partition("\n")
    program, *arguments = shlex.split(command)
    assert program == "querykit"
    assert '"$' not in command, "a shell would replace that"
    assert main(arguments) == 0
    assert capsys.readouterr().out.rstrip() == written.rstrip()


def test_every_block_is_run() -> None:
    """All but the two commands that install the package and run its tests."""
    others = {
        block for path in SHOWN for language, block in blocks(path) if language not in ("python", "console")
    }
    assert others == {"pip install . && querykit demo\n", "pip install '.[test]' && pytest\n"}


@pytest.mark.parametrize("path", LINKED, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if "://" not in target and not (path.parent / target).exists()] == []
