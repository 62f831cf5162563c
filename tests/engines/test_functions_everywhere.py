"""Every call on every engine against the evaluator, value by value.

`deviations/<engine>.txt` lists the calls that the engine answers differently, under the reason; a call that is
listed and agrees is an error too.
"""

from __future__ import annotations

from itertools import chain

import pytest

from engines.asked import REFUSED, SAME, asked
from engines.base import Engine
from engines.calls import NO_FUNCTION, calls
from engines.deviations import deviations
from engines.gathered import gathered, gatherings
from engines.registry import ENGINES
from querykit.functions.catalog import CATALOG
from querykit.functions.sql.table import rows

#: What a `Subquery` of a plan can be (`plan.nodes`).
_OF_RELATED_ROWS = ("any", "all", "count", "sum", "avg", "min", "max", "single")


def test_every_call(database: Engine) -> None:
    listed = deviations(database.name)
    wrong: dict[str, str] = {}
    same = 0
    for answer in chain(asked(database, calls(), literals=database.quick), gathered(database)):
        same += answer.outcome == SAME
        if answer.outcome not in (SAME, REFUSED):
            wrong[str(answer.call)] = f"{answer.call} | {answer.outcome} | {answer.sql}"
    new = [text for call, text in wrong.items() if call not in listed]
    assert not new, "\n".join(new)
    assert not listed.keys() - wrong.keys(), "these agree now"
    assert same > 15_000


@pytest.mark.parametrize("name", ENGINES)
def test_deviations_are_of_calls(name: str) -> None:
    known = {str(call) for call in (*calls(), *gatherings())}
    assert [call for call in deviations(name) if call not in known] == []
    assert all(deviations(name).values())


def test_every_row_of_the_catalog_is_asked() -> None:
    found = {call.fn for call in (*calls(), *gatherings())}
    missing = [fn for fn in CATALOG if fn not in found and not fn.startswith(tuple(NO_FUNCTION))]
    becoming = {o.becomes for row in CATALOG.values() for o in row.overloads if o.becomes}
    assert missing == []
    assert becoming <= found
    assert not [fn for fn in found if fn.startswith(tuple(NO_FUNCTION))]


def test_what_no_dialect_has() -> None:
    nowhere = tuple(prefix for prefix, why in NO_FUNCTION.items() if why == "no dialect has it")
    assert [fn for fn, _, _ in rows() if fn.startswith(nowhere)] == []
    assert all(any(fn.startswith(prefix) for fn in CATALOG) for prefix in NO_FUNCTION)


def test_every_aggregate_of_a_dialect_is_asked() -> None:
    """`agg.rows` is of searches, `agg.single` of related rows."""
    found = {call.fn for call in gatherings()}
    known = {fn for fn, _, _ in rows() if fn.startswith("agg.")} - {"agg.rows", "agg.single"}
    assert known == {fn for fn in found if fn.startswith("agg.")}
    assert found - known == {f"related.{name}" for name in _OF_RELATED_ROWS}
