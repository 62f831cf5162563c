"""What other implementations say a text means, against our trees: structure, not only acceptance.

Each notation has a reader in a module of its own. Run with `-s` for the counts.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import peer_exceptions
import peer_readers

import corpora

EXCEPTIONS = Path(__file__).parent / "meaning_exceptions.txt"


def test_meanings() -> None:
    """Equal, or an exception with a reason that still holds; what is not OData may be refused."""
    counts, missed = Counter[tuple[str, str]](), {}
    for row in corpora.load("odata-peers.jsonl"):
        if row.get("meaning") is None:
            continue
        outcome = peer_readers.outcome(row)
        counts[row["meaning_kind"], outcome.partition(":")[0]] += 1
        if outcome not in ("equal", "dialect"):
            missed[row["id"]] = f"{row['id']} {outcome}\n    {row['text']}\n    {row['meaning'][:300]}"
    peer_exceptions.check(EXCEPTIONS, counts, missed)
    equal = sum(count for (_, outcome), count in counts.items() if outcome == "equal")
    assert equal > 0.85 * counts.total()
