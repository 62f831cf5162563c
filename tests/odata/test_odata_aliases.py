"""Parameter aliases that name one another: P1 11.2.6.1.3, P2 5.3."""

from __future__ import annotations

import pytest

from querykit import QueryError, evaluate, parse

ROWS = [{"n": 1, "t": "a"}, {"n": 2, "t": "b"}, {"n": 3, "t": None}]

CHAINS = [
    ("$filter=n eq @p&@p=@q&@q=2", [2]),
    ("@q=2&@p=@q&$filter=n eq @p", [2]),
    ("$filter=n eq @x&@x=@y add 1&@y=@z&@z=2", [3]),
    ("$filter=n in @p&@p=[1,3]", [1, 3]),
    ("$filter=t eq @p&@p=@q&@q=null", [3]),
    ("$filter=t eq @nothing", [3]),
    ("$filter=@p&@p=n gt @q&@q=2", [3]),
    ("$orderby=@p desc&@p=n&$top=1", [3]),
]

#: The query, and the name that is found to lead back to itself.
CYCLES = [
    ("$filter=n eq @p&@p=@p", "@p"),
    ("$filter=n eq @p&@p=@q&@q=@p", "@p"),
    ("$filter=n eq @p&@p=@q add 1&@q=@r&@r=@q", "@q"),
    ("$orderby=@a&@a=length(@b)&@b=@a", "@a"),
]


@pytest.mark.parametrize(("text", "numbers"), CHAINS)
def test_chain(text: str, numbers: list[int]) -> None:
    assert [row["n"] for row in evaluate(parse(text, "odata"), ROWS)] == numbers


@pytest.mark.parametrize(("text", "name"), CYCLES)
def test_cycle(text: str, name: str) -> None:
    with pytest.raises(QueryError, match=f"{name} is defined by itself") as caught:
        evaluate(parse(text, "odata"), ROWS)
    assert caught.value.code == "alias_cycle"
    assert caught.value.position is not None
    start, end = caught.value.position
    assert text[start:end] == name
