"""`querykit serve`: rows of a database over HTTP, read-only, for trying queries out.

One request at a time, on this machine only, no authentication: not a production server.
"""

from __future__ import annotations

import argparse
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

import querykit
from querykit.ast.nodes import Aggregate, EntitySet, Selection
from querykit.cli.plain import to_json
from querykit.cli.usage import UsageError, error_data
from querykit.errors import QueryError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from querykit.ast.nodes import Query
    from querykit.schema.model import Schema

__all__ = ["ABOUT", "Service", "arguments", "run", "server"]

ABOUT = "answer OData queries over HTTP: GET /<entity>?$filter=…, on this machine only"

#: Rows of one answer, as Resco's service has it; `@odata.nextLink` leads on.
PAGE = 1_000

_HOSTS = {"127.0.0.1", "localhost"}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--db", metavar="URL", help="the database; without it, the sample CRM in memory")
    parser.add_argument("--port", type=int, default=8000, help="(default: 8000; 0 takes a free one)")


def run(options: argparse.Namespace) -> None:
    from querykit.cli.database import database_errors, memory, reflected
    from querykit.demo import crm

    if options.db is not None:
        engine, schema = reflected(options.db)
    else:
        engine, schema = memory(), crm.schema()
        with database_errors():
            crm.build(engine)
    try:
        listening = server(Service(engine, schema), options.port)
    except (OSError, OverflowError) as error:
        raise UsageError(f"cannot listen on port {options.port}: {error}") from None
    with listening:
        print(f"http://127.0.0.1:{listening.server_port}/", flush=True)
        listening.serve_forever()


class Answer(NamedTuple):
    status: HTTPStatus
    document: dict[str, Any]


class Service:
    """Answers to requests.

    Parameters
    ----------
    engine, schema: the database and what of it may be asked.
    """

    def __init__(self, engine: Engine, schema: Schema) -> None:
        self._engine = engine
        self._schema = schema

    def answer(self, target: str) -> Answer:
        """The answer to a GET of `/` or `/<entity>?<query>`."""
        parts = urlsplit(target)
        entity = unquote(parts.path).strip("/")
        try:
            return Answer(HTTPStatus.OK, self._rows(entity, parts.query) if entity else self._entities())
        except QueryError as error:
            status = HTTPStatus.NOT_FOUND if error.code == "unknown_entity" else HTTPStatus.BAD_REQUEST
            return Answer(status, {"error": error_data(error)})

    def _entities(self) -> dict[str, Any]:
        """The service document (OData JSON Format 4.01, 5)."""
        return {
            "value": [
                {"name": name, "kind": "EntitySet", "url": quote(name)} for name in self._schema.entities
            ]
        }

    def _rows(self, entity: str, text: str) -> dict[str, Any]:
        self._schema.entity(entity)  # an entity that is not there is the first thing to say
        query = querykit.parse(text, "odata")
        wanted = PAGE if query.top is None else min(query.top, PAGE)
        more = query.top is None or query.top > PAGE
        with self._engine.connect() as connection:
            page = query.replace(top=wanted + 1 if more else wanted)
            rows = querykit.fetch(connection, page, self._schema, entity=entity)
            document: dict[str, Any] = {}
            if query.count:
                document["@odata.count"] = self._count(connection, query, entity)
        document["value"] = rows[:wanted]
        if len(rows) > wanted:
            left = None if query.top is None else query.top - PAGE
            rest = query.replace(skip=(query.skip or 0) + PAGE, top=left)
            document["@odata.nextLink"] = (
                f"{quote(entity)}?{quote(querykit.render(rest, 'odata'), safe='$&=%')}"
            )
        return document

    def _count(self, connection: Any, query: Query, entity: str) -> int:
        """All rows that match, whatever the page."""
        counted = Selection(Aggregate("count", EntitySet(None)), "count")
        everything = query.replace(select=(counted,), order=(), expand=(), top=None, skip=None, count=None)
        (row,) = querykit.fetch(connection, everything, self._schema, entity=entity)
        return int(row["count"])


def server(service: Service, port: int) -> HTTPServer:
    """A server of this machine for this machine."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10  # one request at a time: nobody may hold it for long

        def do_GET(self) -> None:
            # A page of another site can have its own name lead here (DNS rebinding); it cannot fake the Host.
            if self.headers.get("Host", "").partition(":")[0] not in _HOSTS:
                self._send(
                    Answer(HTTPStatus.FORBIDDEN, {"error": {"code": "forbidden", "message": "wrong host"}})
                )
                return
            try:
                self._send(service.answer(self.path))
            except BrokenPipeError:
                pass
            except Exception as error:
                print(f"{self.path}: {error!r}", file=sys.stderr)
                self._send(
                    Answer(
                        HTTPStatus.INTERNAL_SERVER_ERROR,
                        {"error": {"code": "internal", "message": "the request failed"}},
                    )
                )

        def _send(self, answer: Answer) -> None:
            body = to_json(answer.document).encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json;odata.metadata=none")
            self.send_header("OData-Version", "4.0")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Texts of requests stay out of logs."""

    return HTTPServer(("127.0.0.1", port), Handler)
