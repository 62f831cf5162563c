"""The indexed database on each engine that has one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from indexed import built

from engines.base import Engine


@pytest.fixture(scope="module")
def indexed(database: Engine) -> Iterator[Engine]:
    if database.name not in ("sqlite", "postgres", "mariadb"):
        pytest.skip(f"{database.name} has no plans that name an index for a search")
    with built(database):
        yield database
