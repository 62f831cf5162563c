"""What several areas of the tests share."""

from __future__ import annotations

import pytest

from querykit import Schema

MODEL = {
    "Account": {
        "table": "accounts",
        "key": ["id"],
        "properties": {
            "id": "int!",
            "name": "string",
            "city": "string",
            "revenue": "decimal",
            "employees": "int",
            "rating": "float",
            "active": "bool!",
            "createdon": "datetime",
            "founded": "date",
            "guid": "guid",
            "status": {"type": "enum", "name": "Ns.Status", "members": {"Open": 1, "Closed": 2}},
            "owner_id": "int",
        },
        "relations": {
            "owner": {"target": "User", "on": [["owner_id", "id"]]},
            "contacts": {"target": "Contact", "many": True, "on": [["id", "account_id"]]},
        },
    },
    "Contact": {
        "table": "contacts",
        "key": ["id"],
        "properties": {"id": "int!", "email": "string", "age": "int", "account_id": "int"},
        "relations": {"account": {"target": "Account", "on": [["account_id", "id"]]}},
    },
    "User": {
        "table": "users",
        "key": ["id"],
        "properties": {"id": "int!", "login": "string!", "city": "string"},
        "relations": {"accounts": {"target": "Account", "many": True, "on": [["id", "owner_id"]]}},
    },
}


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema.from_dict(MODEL)
