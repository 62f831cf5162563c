"""What the contract says of every object: immutable, hashable, comparable; positions do not count."""

from __future__ import annotations

import copy
import pickle

import pytest

import querykit
from querykit.ast.nodes import Call, Path

TEXT = "$filter=contains(name,'x') and orders/any(o:o/price gt 1.5)&$orderby=name desc&$top=5"


def test_positions_do_not_count() -> None:
    one = querykit.parse(TEXT, "odata")
    other = querykit.parse(TEXT.replace(" and ", "   and   ").replace("$top", "top"), "odata")
    assert one == other
    assert hash(one) == hash(other)
    assert one != querykit.parse(TEXT + "0", "odata")


def test_immutable() -> None:
    query = querykit.parse(TEXT, "odata")
    with pytest.raises(AttributeError):
        query.top = 6  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del query.filter  # type: ignore[misc]
    assert query.replace(top=6).top == 6
    assert query.top == 5


def test_copies() -> None:
    query = querykit.parse(TEXT, "odata")
    assert copy.deepcopy(query) == query
    assert pickle.loads(pickle.dumps(query)) == query


def test_any_depth_can_be_compared_hashed_and_printed() -> None:
    def tower() -> Call:
        node = Call("bool.not", (Path(("open",)),))
        for _ in range(50_000):
            node = Call("bool.not", (node,))
        return node

    one, other = tower(), tower()
    assert one == other
    assert hash(one) == hash(other)
    assert len(repr(one)) > 50_000
    assert one != Call("bool.not", (one,))


def test_literals_of_different_types_differ() -> None:
    texts = ["a eq 1", "a eq 1.0", "a eq 1e0", "a eq true", "a eq '1'", "a eq null"]
    trees = {querykit.parse_filter(text, "odata") for text in texts}
    assert len(trees) == len(texts)
    assert querykit.parse_filter("a eq NaN", "odata") == querykit.parse_filter("a eq NaN", "odata")
