"""The server answers queries with rows, refuses what is wrong, and writes nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import Engine

from querykit.cli.database import memory
from querykit.cli.serve import PAGE, Service, server
from querykit.demo import crm

ROWS = 400


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = memory()
    crm.build(engine, rows=ROWS)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def service(engine: Engine) -> Service:
    return Service(engine, crm.schema())


@pytest.fixture(scope="module")
def port(service: Service) -> Iterator[int]:
    with server(service, 0) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield listening.server_port
        listening.shutdown()
        thread.join()


def get(port: int, target: str, method: str = "GET", **headers: str) -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, quote(target, safe="/?$&=%(),;:'"), headers=headers)
        response = connection.getresponse()
        body = response.read()
        return response.status, json.loads(body) if body.startswith(b"{") else body
    finally:
        connection.close()


def test_rows(port: int) -> None:
    status, document = get(
        port, "/account?$filter=name eq 'O''Neil & Sons'&$select=name".replace("& Sons", "%26 Sons")
    )
    assert (status, document) == (200, {"value": [{"name": "O'Neil & Sons"}]})


def test_nested_rows(port: int) -> None:
    status, document = get(port, "/account?$filter=orders/any()&$expand=orders($top=1)&$top=2")
    assert status == 200
    assert [len(row["orders"]) for row in document["value"]] == [1, 1]


def test_count(port: int) -> None:
    _, document = get(port, "/account?$count=true&$top=3&$skip=1&$select=name")
    assert (document["@odata.count"], len(document["value"])) == (ROWS, 3)


@pytest.mark.parametrize(("query", "total"), [("", ROWS * 3), ("&$top=1100", 1100), ("&$top=1000", 1000)])
def test_pages(port: int, query: str, total: int) -> None:
    """Following the links gives every row once."""
    target: str | None = f"salesorder?$select=ordernumber&$filter=id ne null{query}"
    numbers: list[str] = []
    while target is not None:
        _, document = get(port, f"/{target}")
        assert len(document["value"]) <= PAGE
        numbers += [row["ordernumber"] for row in document["value"]]
        target = document.get("@odata.nextLink")
    assert len(numbers) == len(set(numbers)) == total


def test_the_entities(port: int) -> None:
    status, document = get(port, "/")
    assert status == 200
    assert {"name": "Firm", "kind": "EntitySet", "url": "Firm"} in document["value"]


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        ("/nothing", 404, "unknown_entity"),
        ("/account?$filter=nmae eq 'x'", 400, "unknown_property"),
        ("/account?$filter=name eq", 400, "syntax"),
        ("/account?$top=99999999", 400, "page_size"),
    ],
)
def test_refusals(port: int, target: str, status: int, code: str) -> None:
    answered, document = get(port, target)
    assert (answered, document["error"]["code"]) == (status, code)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written(port: int, method: str) -> None:
    assert get(port, "/account", method)[0] == 501


def test_other_names_of_this_machine_are_refused(port: int) -> None:
    assert get(port, "/account", Host="evil.example")[0] == 403


def test_a_failure_of_ours_says_nothing(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    class Broken(Service):
        def answer(self, target: str) -> Any:
            raise RuntimeError("a secret")

    with server(Broken(engine, crm.schema()), 0) as listening:
        thread = threading.Thread(target=listening.handle_request)
        thread.start()
        status, document = get(listening.server_port, "/account")
        thread.join()
    assert (status, document["error"]["message"]) == (500, "the request failed")
    assert "a secret" in capsys.readouterr().err
