"""The linear matchers give the answers of Python's backtracking one, on patterns small enough for it."""

from __future__ import annotations

import datetime as dt
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from querykit.clock import Reading
from querykit.functions.python import call

NOW = Reading(dt.datetime(2024, 2, 29))

#: Pieces of a pattern, in ECMAScript's spelling and in Python's.
_ATOMS = st.sampled_from(
    [
        ("a", "a"),
        ("b", "b"),
        (".", r"[^\n\r\u2028\u2029]"),
        ("[ab]", "[ab]"),
        ("[^a]", "[^a]"),
        (r"\d", "[0-9]"),
        (r"[\D1]", "(?:[^0-9]|1)"),
        (r"\w", "[0-9A-Za-z_]"),
        (r"\b", r"(?a:\b)"),
        ("^", r"\A"),
        ("$", r"\Z"),
    ]
)
_QUANTIFIERS = ("*", "+", "?", "{2}", "{1,2}", "{0,}", "*?")


def _grown(inner: st.SearchStrategy[tuple[str, str]]) -> st.SearchStrategy[tuple[str, str]]:
    runs = st.lists(inner, max_size=3).map(
        lambda parts: ("".join(p[0] for p in parts), "".join(p[1] for p in parts))
    )
    choices = st.tuples(inner, inner).map(
        lambda two: (f"(?:{two[0][0]}|{two[1][0]})", f"(?:{two[0][1]}|{two[1][1]})")
    )
    repeats = st.tuples(inner, st.sampled_from(_QUANTIFIERS)).map(
        lambda two: (f"(?:{two[0][0]}){two[1]}", f"(?:{two[0][1]}){two[1]}")
    )
    return st.one_of(runs, choices, repeats)


_PATTERNS = st.recursive(_ATOMS, _grown, max_leaves=6)


@settings(max_examples=400, deadline=None)
@given(pattern=_PATTERNS, text=st.text(alphabet="ab1_ \n", max_size=8))
def test_regular_expression(pattern: tuple[str, str], text: str) -> None:
    ecma, python = pattern
    if len(ecma) <= 256:
        assert call("str.matches", (text, ecma), NOW) is bool(re.search(python, text))


@settings(max_examples=400, deadline=None)
@given(
    pattern=st.lists(st.sampled_from(["a", "b", "%", "_", r"\%", r"\_", r"\\"]), max_size=7),
    text=st.text(alphabet="ab%_\\\n", max_size=8),
)
def test_like(pattern: list[str], text: str) -> None:
    spelled = {"%": ".*", "_": "."}
    expected = re.fullmatch(
        "".join(spelled.get(part, re.escape(part[-1])) for part in pattern), text, re.DOTALL
    )
    assert call("str.like", (text, "".join(pattern)), NOW) is bool(expected)
