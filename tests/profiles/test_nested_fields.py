"""Fields of nested objects, which Logo names without a path."""

from __future__ import annotations

from pathlib import Path

import pytest

import querykit
from querykit import QueryError, Schema
from querykit.profiles.logo import nested_fields
from text_tables import pairs

SCHEMA = Schema.from_dict(
    {
        "Firm": {
            "table": "Firm",
            "key": ["Oid"],
            "properties": {
                "Oid": "int!",
                "FirmCode": "string",
                "FirmTitle": "string",
                "RepOid": "int",
                "ParentOid": "int",
            },
            "relations": {
                "SalesRep": {"target": "Rep", "on": [["RepOid", "Oid"]]},
                "Parent": {"target": "Holding", "on": [["ParentOid", "Oid"]]},
                "Tasks": {"target": "Task", "many": True, "on": [["Oid", "FirmOid"]]},
            },
        },
        "Holding": {
            "table": "Holding",
            "key": ["Oid"],
            "properties": {"Oid": "int!", "FirmCode": "string", "Phone": "string", "RepOid": "int"},
            "relations": {"SalesRep": {"target": "Rep", "on": [["RepOid", "Oid"]]}},
        },
        "Rep": {
            "table": "Rep",
            "key": ["Oid"],
            "properties": {"Oid": "int!", "FirstName": "string", "LastName": "string", "Phone": "string"},
        },
        "Task": {
            "table": "Task",
            "key": ["Oid"],
            "properties": {"Oid": "int!", "Subject": "string", "FirmOid": "int"},
        },
    }
)


@pytest.mark.parametrize(("text", "expected"), pairs(Path(__file__).parent / "nested_fields.txt"))
def test_where_fields_belong(text: str, expected: str) -> None:
    query = nested_fields(querykit.parse(text, "logo"), SCHEMA, "Firm")
    assert query.top == 25
    assert querykit.render(query.replace(top=None), "odata") == expected


def test_rows() -> None:
    data = {
        "Firm": [
            {"Oid": 1, "FirmCode": "F1", "FirmTitle": "XYZ", "RepOid": 7, "ParentOid": None},
            {"Oid": 2, "FirmCode": "F2", "FirmTitle": "ABC", "RepOid": None, "ParentOid": None},
        ],
        "Rep": [{"Oid": 7, "FirstName": "John", "LastName": "Adams", "Phone": None}],
        "Holding": [],
        "Task": [],
    }
    query = nested_fields(querykit.parse("fields=FirmCode,FirstName", "logo"), SCHEMA, "Firm")
    assert querykit.evaluate(query, data, SCHEMA, "Firm") == [
        {"FirmCode": "F1", "SalesRep": {"FirstName": "John"}},
        {"FirmCode": "F2", "SalesRep": None},
    ]


def test_errors_point_into_the_text() -> None:
    query = querykit.parse("fields=SalesRep.Nope&limit=3", "logo")
    with pytest.raises(QueryError) as caught:
        querykit.evaluate(nested_fields(query, SCHEMA, "Firm"), {"Firm": [], "Rep": []}, SCHEMA, "Firm")
    assert caught.value.position == (7, 20)
