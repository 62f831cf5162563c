"""What `languages`, `functions` and `dialects` print is what the registries hold."""

from __future__ import annotations

import json
import re
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
    [("functions", list(CATALOG)), ("dialects", list(DIALECTS))],
)
def test_a_line_for_each_row(command: str, names: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    lines = written(capsys, command).splitlines()
    assert [line.split()[0] for line in lines[2 : 2 + len(names)]] == names
    assert max(map(len, lines)) <= 100


def test_languages_say_what_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    rows = data(capsys, "languages")
    assert [row["name"] for row in rows if row["about"]] == list(LANGUAGES)
    assert {row["name"]: row["options"] for row in rows}["odata"]["version"] == "4.01"


def test_an_overview_of_languages(capsys: pytest.CaptureFixture[str]) -> None:
    about, counted, _ = written(capsys, "languages").split("\n\n")
    assert [line.split()[0] for line in about.splitlines() if line[0] != " "] == list(LANGUAGES)
    (logic,) = (line for line in counted.splitlines() if line.startswith("Logic"))
    number = len([id for id in CATALOG if id.split(".")[0] in ("bool", "logic", "null")])
    assert logic.startswith(f"Logic ({number})")
    assert int(logic.split()[2]) == number  # OData says all of them
    assert max(map(len, counted.splitlines())) <= 100


def test_constructs_of_a_part(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = data(capsys, "languages", "--constructs", "cmp.lt")
    assert row["languages"]["vtql"] == {"how": "yes", "text": "Title < 'x'"}
    assert row["languages"]["resengo"] == {"how": "no", "text": ""}
    assert {"evaluate", "fetch", *DIALECTS} == set(row["targets"])
    assert row["group"].startswith("Comparison")


def test_languages_that_write_alike_share_a_column(capsys: pytest.CaptureFixture[str]) -> None:
    header, _, line, last = written(capsys, "functions", "str.lower").splitlines()
    assert re.split("  +", header) == ["function", "odata", "criteria, logo"]
    assert line.split() == ["str.lower", "tolower(a)", "Lower([a])"]
    assert last == "None of these can be said in vtql, fetchxml, resengo."


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
