"""Resengo's requests and trees, as tables."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import querykit
from querykit.ast.nodes import Call, Literal, Parameter, Query
from querykit.ast.nodes import Path as Field
from querykit.errors import LimitExceeded, NotExpressible, ParseError, QueryError
from querykit.languages import resengo
from querykit.limits import Limits
from text_tables import lines, pairs, pictures, summary

HERE = Path(__file__).parent


@pytest.mark.parametrize(("text", "meaning"), pairs(HERE / "accepted.txt"))
def test_accepted(text: str, meaning: str) -> None:
    query = resengo.parse(text)
    assert summary(query) == meaning
    assert resengo.parse(resengo.render(query)) == query


@pytest.mark.parametrize("text", lines(HERE / "identity.txt"))
def test_identity(text: str) -> None:
    assert resengo.render(resengo.parse(text)) == text


@pytest.mark.parametrize(("text", "picture"), pictures(HERE / "rejected.txt"))
def test_rejected(text: str, picture: str) -> None:
    with pytest.raises(QueryError) as caught:
        resengo.parse(text)
    assert caught.value.render() == picture


@pytest.mark.parametrize(("text", "expected"), pairs(HERE / "rendered.txt"))
def test_rendered(text: str, expected: str) -> None:
    query = querykit.parse(text, "odata")
    if expected.startswith("! "):
        with pytest.raises(NotExpressible) as caught:
            querykit.render(query, "resengo")
        assert caught.value.message == expected.removeprefix("! ")
        assert caught.value.position is not None
        assert caught.value.hint
    else:
        assert resengo.render(query) == expected


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (Query(select=()), "Resengo has no selection of fields"),
        (Query(search=Literal("string", "x")), "Resengo has no search"),
        (
            Query(filter=Call("cmp.in", (Field(("OrderID",)), Call("list")))),
            "Resengo has no condition that is never true",
        ),
        (Query(filter=Literal("bool", True)), "Resengo has no such condition"),
        (
            Query(filter=Call("cmp.eq", (Field(("OrderID",)), Parameter("0")))),
            "Resengo has no ids but whole numbers",
        ),
        (
            Query(filter=Call("cmp.eq", (Field(("OrderID",)), Literal("int", 2**64)))),
            "Resengo has no ids but whole numbers",
        ),
    ],
)
def test_what_no_text_says(query: Query, message: str) -> None:
    with pytest.raises(NotExpressible) as caught:
        resengo.render(query)
    assert caught.value.message == message


def test_there_are_no_bare_conditions() -> None:
    with pytest.raises(ParseError) as refused:
        querykit.parse_filter("SubscriptionID=1", "resengo")
    assert refused.value.code == "no_expression"
    with pytest.raises(NotExpressible) as unsaid:
        querykit.translate("SubscriptionID eq 1", "odata", "resengo")
    assert unsaid.value.code == "no_expression"
    assert querykit.translate("OrderID eq 1", "odata", "resengo", entity="Order") == "OrderID=1"


SCHEMA = querykit.Schema.from_dict(
    {
        "Subscription": {
            "table": "Subscription",
            "key": ["SubscriptionID"],
            "properties": {"SubscriptionID": "int!", "UpdateDate": "datetime", "UpdatePersonID": "int"},
        }
    }
)
ROWS = [
    {
        "SubscriptionID": number,
        "UpdateDate": dt.datetime(2020, 1, number) if number < 6 else None,
        "UpdatePersonID": (None, 5, 7)[number % 3],
    }
    for number in range(1, 7)
]


@pytest.mark.parametrize(
    ("params", "ids"), [(None, [2, 3, 4, 5]), ({"caller": 5}, [2, 3, 5]), ({"caller": None}, [2, 3, 4, 5])]
)
def test_someone_else(params: dict[str, object] | None, ids: list[int]) -> None:
    """The moment itself counts, a change of the caller's does not, and one by nobody known does."""
    text = "LastUpdatedBySomeoneElseSince=2020-01-02"
    query = querykit.parse(text, "resengo", params)
    rows = querykit.evaluate(query, ROWS, SCHEMA, "Subscription")
    assert [row["SubscriptionID"] for row in rows] == ids
    assert querykit.render(query, "resengo") == f"{text}T00:00:00"


def test_pages_are_no_longer_than_the_limits_allow() -> None:
    query = resengo.parse("CurrentPageIndex=3", None, Limits(page_size=10))
    assert (query.top, query.skip) == (10, 20)


def test_parameters_have_names() -> None:
    with pytest.raises(TypeError):
        resengo.parse("", [5])


@pytest.mark.parametrize(
    ("text", "limits", "code"),
    [
        ("OrderID=1&" * 200, Limits(list_items=100), "list_items"),
        ("x" * 100_001, Limits(), "text_length"),
        ("NumberOfItemsPerPage=" + "9" * 50_000, Limits(), "page_size"),
        ("&".join(f"a{number}ID=1" for number in range(3_000)), Limits(), "nodes"),
    ],
)
def test_limits(text: str, limits: Limits, code: str) -> None:
    with pytest.raises(LimitExceeded) as caught:
        resengo.parse(text, None, limits)
    assert caught.value.code == code
    assert caught.value.render()
