"""The same rows for those who `await` them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from querykit.plan.nodes import BoundQuery
from querykit.targets.sqlalchemy.fetch import compiled_fetch, refusals

__all__ = ["fetch_plan_async"]

_Executor: TypeAlias = AsyncConnection | AsyncSession


async def fetch_plan_async(connection: _Executor | AsyncEngine, bound: BoundQuery) -> list[dict[str, Any]]:
    """`fetch_plan` over an `AsyncConnection`, `AsyncSession` or `AsyncEngine`: the same statements, one by one."""
    with refusals(bound.source):
        async with _opened(connection) as executor:
            steps = compiled_fetch(bound.plan).steps(bound.values)
            try:
                request = next(steps)
                while True:
                    found = await executor.execute(request.statement, request.parameters)
                    request = steps.send(found.all())
            except StopIteration as finished:
                rows: list[dict[str, Any]] = finished.value
                return rows


@asynccontextmanager
async def _opened(connection: _Executor | AsyncEngine) -> AsyncIterator[_Executor]:
    if isinstance(connection, AsyncEngine):
        async with connection.connect() as opened:
            yield opened
    else:
        yield connection
