"""The corpora, which lie beside the checkout and are no part of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

__all__ = ["load", "load_json"]

_FOLDER = Path(__file__).parents[2] / "shared" / "corpora"


def load(name: str) -> list[dict[str, Any]]:
    """The rows of a corpus; where there is none the test is skipped, in CI it fails."""
    return [json.loads(line) for line in _text(name).splitlines()]


def load_json(name: str) -> Any:
    """A corpus that is one JSON value."""
    return json.loads(_text(name))


def _text(name: str) -> str:
    path = _FOLDER / name
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"the corpus {name} is missing")
        pytest.skip(f"the corpora are not beside the checkout: {name}")
    return path.read_text(encoding="utf-8")
