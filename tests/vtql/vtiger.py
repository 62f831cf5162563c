"""A schema as Vtiger's, with its ids, and rows for it."""

from __future__ import annotations

from typing import Any

from querykit import Schema

__all__ = ["ROWS", "SCHEMA"]

SCHEMA = Schema.from_dict(
    {
        "Accounts": {
            "table": "vtiger_account",
            "key": ["id"],
            "properties": {
                "id": {"type": "int!", "column": "accountid", "id_prefix": "11"},
                "accountname": "string!",
                "phone": "string",
                "employees": "int",
                "annualrevenue": "decimal",
                "account_id": {"type": "int", "column": "parentid", "id_prefix": {"11": "parent"}},
                "bill_city": "string",
                "assigned_user_id": {
                    "type": "int!",
                    "column": "smownerid",
                    "id_prefix": {"19": "user", "20": "group"},
                },
                "createdtime": "datetime",
                "modifiedtime": "datetime",
                "email1": "string",
                "industry": "string",
                "emailoptout": "bool",
            },
            "relations": {
                "parent": {"target": "Accounts", "on": [["parentid", "accountid"]]},
                "user": {"target": "Users", "on": [["smownerid", "id"]]},
                "group": {"target": "Groups", "on": [["smownerid", "groupid"]]},
            },
        },
        "Users": {
            "table": "vtiger_users",
            "key": ["id"],
            "properties": {"id": {"type": "int!", "id_prefix": "19"}, "user_name": "string"},
            "relations": {"accounts": {"target": "Accounts", "many": True, "on": [["id", "smownerid"]]}},
        },
        "Groups": {
            "table": "vtiger_groups",
            "key": ["id"],
            "properties": {
                "id": {"type": "int!", "column": "groupid", "id_prefix": "20"},
                "groupname": "string",
            },
        },
        "Calendar": {"key": ["id"], "properties": {"id": "int!", "subject": "string"}},
        "Contacts": {"key": ["id"], "properties": {"id": "int!", "cf_650": "int"}},
    }
)


def _account(id: int, name: str, parent: int | None, owner: int) -> dict[str, Any]:
    empty = dict.fromkeys(SCHEMA.entity("Accounts").properties)
    return {**empty, "id": id, "accountname": name, "account_id": parent, "assigned_user_id": owner}


#: 7 belongs to nobody, and its parent is gone.
ROWS: dict[str, list[dict[str, Any]]] = {
    "Accounts": [_account(5, "Oslo", None, 1), _account(6, "Bergen", 5, 2), _account(7, "Rome", 99, 9)],
    "Users": [{"id": 1, "user_name": "anne"}],
    "Groups": [{"id": 2, "groupname": "sales"}],
    "Calendar": [],
    "Contacts": [],
}
