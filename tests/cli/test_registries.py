"""What `languages`, `functions` and `dialects` print is what the registries hold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from querykit.cli.main import main
from querykit.functions.catalog import CATALOG
from querykit.functions.sql.dialects import DIALECTS
from querykit.languages.registry import LANGUAGES


def written(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def data(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    return json.loads(written(capsys, *arguments, "--json"))


@pytest.mark.parametrize(
    ("command", "names"),
    [("languages", list(LANGUAGES)), ("functions", list(CATALOG)), ("dialects", list(DIALECTS))],
)
def test_a_line_for_each_row(command: str, names: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    lines = written(capsys, command).splitlines()
    assert [line.split()[0] for line in lines[2 : 2 + len(names)]] == names
    assert max(map(len, lines)) <= 100


def test_languages_say_what_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert [row["name"] for row in data(capsys, "languages") if row["about"]] == list(LANGUAGES)


def test_functions_of_a_family(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["id"]: row for row in data(capsys, "functions", "str.l")}
    assert list(rows) == [name for name in CATALOG if "str.l" in name]
    assert rows["str.length"]["odata"] == "length(a)"
    assert rows["str.length"]["criteria"] == "Len([a])"
    assert rows["str.length"]["vtql"] is None


def test_operators_are_functions(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = data(capsys, "functions", "cmp.lt")
    assert (row["odata"], row["criteria"], row["vtql"]) == ("a lt b", "[a] < [b]", "a < 'b'")


def test_dialects_name_their_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["name"]: row for row in data(capsys, "dialects")}
    assert rows["tsql"]["sqlalchemy"] == "mssql"
