"""Every call on every engine against the evaluator, value by value.

`deviations/<engine>.txt` lists the calls that the engine answers differently, under the reason; a call that is
listed and agrees is an error too.
"""

from __future__ import annotations

import pytest

from engines.asked import REFUSED, SAME, asked
from engines.base import Engine
from engines.calls import calls
from engines.deviations import deviations
from engines.registry import ENGINES


def test_every_call(database: Engine) -> None:
    listed = deviations(database.name)
    wrong: dict[str, str] = {}
    same = 0
    for answer in asked(database, calls(), literals=database.quick):
        same += answer.outcome == SAME
        if answer.outcome not in (SAME, REFUSED):
            wrong[str(answer.call)] = f"{answer.call} | {answer.outcome} | {answer.sql}"
    new = [text for call, text in wrong.items() if call not in listed]
    assert not new, "\n".join(new)
    assert not listed.keys() - wrong.keys(), "these agree now"
    assert same > 15_000


@pytest.mark.parametrize("name", ENGINES)
def test_deviations_are_of_calls(name: str) -> None:
    known = {str(call) for call in calls()}
    assert [call for call in deviations(name) if call not in known] == []
    assert all(deviations(name).values())
