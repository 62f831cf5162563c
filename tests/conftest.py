"""What several areas of the tests share."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from engines.base import Engine
from engines.registry import RAN, asked_for, named
from querykit import Schema

# In CI what Hypothesis draws is the same each time, also where a test does not say so; at home it looks for more.
settings.register_profile("here", deadline=None)
settings.register_profile(
    "ci", settings.get_profile("here"), derandomize=True, database=None, print_blob=True
)
settings.load_profile("ci" if "CI" in os.environ else "here")

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


@pytest.fixture(scope="session", params=asked_for())
def database(request: pytest.FixtureRequest) -> Engine:
    """Each database that is asked for (`QUERYKIT_ENGINES`); in CI one that does not run is a failure."""
    found = named(request.param)
    if isinstance(found, Engine):
        return found
    if "CI" in os.environ:
        pytest.fail(f"{request.param} does not run: {found}")
    pytest.skip(f"{request.param} does not run: {found}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The databases that the tests have asked."""
    if RAN:
        terminalreporter.write_line(f"engines: {', '.join(RAN.values())}")
