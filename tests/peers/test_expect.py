"""Which rows other implementations' tests expect, against the evaluator.

Run with `-s` for the counts. Expectations without the rows they are about cannot be met or missed.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import peer_exceptions
import peer_rows

import corpora

EXCEPTIONS = Path(__file__).parent / "expect_exceptions.txt"


def test_expectations() -> None:
    """Met, or an exception with a reason that still holds."""
    counts, missed = Counter[tuple[str, str]](), {}
    for row in corpora.load("odata-peers.jsonl"):
        for expectation in row.get("expect", ()):
            outcome = peer_rows.outcome(row, expectation)
            counts[peer_rows.kind(row, expectation), outcome.partition(":")[0]] += 1
            if outcome.startswith(("missed", "refused")):
                missed[row["id"]] = f"{row['id']} {row['text']}\n    {outcome} {expectation}"[:400]
    peer_exceptions.check(EXCEPTIONS, counts, missed)
    met = sum(count for (_, outcome), count in counts.items() if outcome == "met")
    assert met > 0.85 * counts.total()
