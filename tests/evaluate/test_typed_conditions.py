"""Lists of values, casts, tests of types and derived rows, as a table: a condition, and the keys it keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import querykit
from querykit.errors import NotExpressible
from querykit.schema.model import Schema

_COLOR = {"type": "enum", "name": "Color", "members": {"Red": 1, "Blue": 2}}
_LINK = {"target": "Person", "many": True, "on": [["id", "friend_id"]]}

SCHEMA = Schema.from_dict(
    {
        "Person": {
            "key": ["id"],
            "properties": {
                "id": "int!",
                "name": "string",
                "key": "guid",
                "color": _COLOR,
                "tags": {"type": "list", "of": "string"},
                "scores": {"type": "list", "of": "int"},
                "boss_id": "int",
                "friend_id": "int",
                "visit_day": "date",
                "visit_number": "int",
            },
            "relations": {
                "boss": {"target": "Person", "on": [["boss_id", "id"]]},
                "friends": _LINK,
                "visit": {"target": "Visit", "on": [["visit_day", "day"], ["visit_number", "number"]]},
            },
        },
        "Manager": {"base": "Person", "key": ["id"], "properties": {"id": "int!", "level": "int"}},
        "Visit": {"key": ["day", "number"], "properties": {"day": "date!", "number": "int!"}},
    }
)

ROWS: dict[str, list[dict[str, Any]]] = {
    "Person": [
        {
            "id": 1,
            "key": "00000000-0000-0000-0000-000000000001",
            "color": 1,
            "tags": ["a", "b"],
            "boss_id": 2,
        },
        {"id": 2, "name": "Blue", "color": 2, "tags": ["a"], "scores": [5], "boss_id": 3, "friend_id": 1},
        {"id": 3, "name": "z", "color": 1, "tags": ["z", None], "friend_id": 1}
        | {"visit_day": "2024-02-29", "visit_number": 1},
        {"id": 4, "name": "7", "tags": None, "visit_number": 9},
    ],
    "Manager": [{"id": 2, "level": 3}],
    "Visit": [{"day": "2024-02-29", "number": 1}],
}


def table() -> list[tuple[str, list[int]]]:
    """Pairs of lines; the second is empty where no row is kept."""
    path = Path(__file__).parent / "typed_conditions.txt"
    found: list[tuple[str, list[int]]] = []
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line and not line.startswith("#"):
            found.append((line, [int(key) for key in next(lines).split()]))
    return found


@pytest.mark.parametrize(("condition", "keys"), table())
def test_condition(condition: str, keys: list[int]) -> None:
    query = querykit.parse_filter(condition, "odata")
    assert [row["id"] for row in querykit.evaluate(query, ROWS, SCHEMA, "Person")] == keys


@pytest.mark.parametrize("condition", ["tags/any(t: t eq 'a')", "'a' in tags", "tags/$count gt 1"])
def test_sql_has_no_lists(condition: str) -> None:
    """A list in a column is stored as the service likes: SQL says so, not something else."""
    query = querykit.parse(f"$filter={condition}", "odata")
    with pytest.raises(NotExpressible, match=r"'Person\.tags' is a list"):
        querykit.to_sql(query, SCHEMA, dialect="postgres", entity="Person")
    with pytest.raises(NotExpressible, match=r"'Person\.tags' is a list"):
        querykit.to_sqlalchemy(query, SCHEMA, entity="Person")


def test_derived_rows_in_sql() -> None:
    query = querykit.parse("$filter=friends/Ns.Manager/any(f: f/level gt 3)&$select=id", "odata")
    sql = querykit.to_sql(query, SCHEMA, dialect="sqlite", entity="Person").text
    assert "LEFT JOIN Manager" in sql.replace('"', "")
