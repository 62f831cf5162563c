"""Plain data as schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from schema_text import schema_text

from querykit.schema.model import Schema
from querykit.schema.plain import read_dict

HERE = Path(__file__).parent


def test_everything_that_can_be_said() -> None:
    data = json.loads((HERE / "plain.json").read_text(encoding="utf-8"))
    assert schema_text(read_dict(data)) == (HERE / "plain.txt").read_text(encoding="utf-8")
    assert set(Schema.from_dict(data).entities) == {"Account", "Contact", "Label"}


def rows() -> list[Any]:
    lines = (HERE / "refused.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        pytest.param(row["data"], row["message"], id=row["message"][:50]) for row in map(json.loads, lines)
    ]


@pytest.mark.parametrize(("data", "message"), rows())
def test_refused(data: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared
        read_dict(data)
    assert message in str(caught.value)
