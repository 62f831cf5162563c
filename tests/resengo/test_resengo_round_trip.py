"""Random requests through text and back, and random texts."""

from __future__ import annotations

import datetime as dt
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from querykit.errors import QueryError
from querykit.languages import resengo

_ids = st.integers(-(2**63) + 1, 2**63 - 1).map(str)
_names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}ID", fullmatch=True)
_offsets = st.integers(-1439, 1439).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
_moments = st.datetimes(timezones=st.none() | _offsets).map(
    lambda moment: moment.isoformat().replace("+", "%2B")
)
_parameters = st.fixed_dictionaries(
    {},
    optional={
        "LastUpdatedBySomeoneElseSince": _moments,
        "Sorting": _names.map("{}Ascending".format),
        "NumberOfItemsPerPage": st.integers(1, 100).map(str),
        "CurrentPageIndex": st.integers(1, 1000).map(str),
        "IncludeOrderItems": st.sampled_from(["true", "False", "1", "0"]),
    },
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(_names, _ids), max_size=6), _parameters)
def test_requests(ids: list[tuple[str, str]], parameters: dict[str, str]) -> None:
    first = {name.lower(): name for name, _ in reversed(ids)}  # a name is the same in any letter case
    given = [(first[name.lower()], value) for name, value in ids]
    text = "&".join(f"{name}={value}" for name, value in [*given, *parameters.items()])
    query = resengo.parse(text)
    rendered = resengo.render(query)
    assert resengo.parse(rendered) == query
    assert resengo.render(resengo.parse(rendered)) == rendered


WORDS = [
    "SubscriptionID",
    "OrderID",
    "=",
    "&",
    "?",
    "+",
    "%20",
    "%",
    "%C3",
    "-1",
    "1",
    "99999999999999999999",
    "Sorting=",
    "Ascending",
    "NumberOfItemsPerPage=",
    "CurrentPageIndex=",
    "IncludeOrderItems=true",
    "LastUpdatedBySomeoneElseSince=",
    "2011-05-01",
    "T10:00:00",
    "Z",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS) | st.text(string.printable, max_size=5), max_size=12).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        query = resengo.parse(text)
    except QueryError as refusal:
        error = refusal
    else:
        assert resengo.parse(resengo.render(query)) == query
        return
    assert error.position is not None
    assert error.render()
