"""docs/engines.md is what the tables give today."""

from __future__ import annotations

from pathlib import Path

from engines.page import page


def test_the_page_is_up_to_date() -> None:
    path = Path(__file__).parents[2] / "docs" / "engines.md"
    assert path.read_text(encoding="utf-8").splitlines() == list(page()), (
        "out of date; run: python -m tests.engines page > docs/engines.md"
    )
