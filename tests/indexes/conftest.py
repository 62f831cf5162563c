"""The indexed database on each engine that has one."""

from __future__ import annotations

import pytest
from indexed import build

from engines.base import Engine


@pytest.fixture(scope="module")
def indexed(database: Engine) -> Engine:
    if database.name not in ("sqlite", "postgres", "mariadb"):
        pytest.skip(f"{database.name} has no plans that name an index for a search")
    build(database)
    return database
