"""Texts that are made to hurt: each is read or refused within a second, whatever the limits."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from querykit.errors import LimitExceeded, QueryError
from querykit.languages.odata import parse, parse_filter, render, render_filter
from querykit.limits import Limits

N = 10_000
#: Nothing but the depth is bounded.
WIDE = Limits(10**9, 10**9, 10**9, 128, 10**9, 10**9, 10**9, 10**9, 10**9)

NESTED = {
    "brackets": "(" * N + "a" + ")" * N,
    "not": "not " * N + "a",
    "minus": "- " * N + "a",
    "functions": "tolower(" * N + "a" + ")" * N,
    "custom functions": "f(" * N + "a" + ")" * N,
    "case": "case(a:" * N + "1" + ")" * N,
    "arrays": "[" * N + "]" * N,
    "objects": '{"a":' * N + "1" + "}" * N,
    "lambdas": "".join(f"a/any(x{i}:" for i in range(N // 10)) + "b" + ")" * (N // 10),
    "counts": "a/$count($filter=" * (N // 10) + "b" + ")" * (N // 10),
    "keys": "a/b(" * N + "1" + ")" * N,
    "equalities": " eq ".join(["a"] * N),
    "in": "a" + " in (1)" * N,
    "alternating": " add 1 sub ".join(["a"] * (N // 2)),
    "brackets left open": "(" * N + "a",
    "functions left open": "f(" * N,
}
LONG = {
    "or": " or ".join(["a"] * N),
    "and": " and ".join(["a eq 1"] * (N // 4)),
    "add": " add ".join(["a"] * N),
    "path": "/".join(["a"] * N),
    "in": f"a in ({','.join(['1'] * N)})",
    "array": f"a in [{','.join(['b'] * N)}]",
    "arguments": f"f({','.join(['a'] * N)})",
    "filters": "a" + "/$filter(b)" * (N // 10) + "/$count",
    "blanks": "a" + " " * 10 * N + "eq 1",
    "blanks after not": "not" + " " * 10 * N + "a",
    "blanks at the end": "a" + " " * 10 * N,
    "string": "a eq '" + "''" * N + "'",
    "open string": "a eq '" + "''" * N,
    "json string": 'a in ["' + "\\\\" * N + '"]',
    "open json string": 'a in ["' + "\\\\" * N,
    "digits": "a eq " + "9" * 10 * N,
    "fraction": "a eq 1." + "9" * 10 * N,
    "exponent": "a eq 1e" + "9" * N,
    "points": "a eq " + "1." * N,
    "year": "a eq " + "1" * N + "-01-01",
    "name": "a" * 10 * N,
    "qualified name": "a." * N + "a eq 1",
    "term": "@a." * N,
    "enumeration": "a eq Ns.E'" + ",".join(["b"] * N) + "'",
    "duration": "a eq duration'P" + "9" * N + "D'",
    "binary": "a eq binary'" + "A" * (10 * N + 1) + "'",
    "line": "a eq geography'SRID=0;LineString(" + ",".join(["1 1"] * N) + ")'",
    "open polygon": "a eq geography'SRID=0;Polygon((" + ",".join(["1 1"] * N) + "'",
    "open collection": "a eq geography'SRID=0;GeometryCollection(" + ",".join(["Point(1 1)"] * N) + "'",
}
QUERIES = {
    "expand": "$expand=" + "A($expand=" * N + "B" + ")" * N,
    "select": "$select=" + "A($select=" * N + "B" + ")" * N,
    "expand items": "$expand=" + ",".join(["A"] * N),
    "orderby": "$orderby=" + ",".join(["a"] * N),
    "aliases": "&".join(f"@a{i}=1" for i in range(N // 4)),
    "ampersands": "&" * 10 * N,
    "percents": "$filter=" + "%" * 10 * N,
    "encoded": "$filter=" + "%41" * N,
    "not UTF-8": "$filter=" + "%ff" * N,
    "top": "$top=" + "9" * 10 * N,
    "equals": "$filter" + "=" * N,
    "search words": "$search=" + " ".join(["a"] * N),
    "search brackets": "$search=" + "(" * N + "a" + ")" * N,
    "search negations": "$search=" + "NOT " * N + "a",
    "search operators": "$search=" + "AND OR " * N,
    "search word": "$search=" + "a;" * N,
    "open phrase": '$search="' + "a " * N,
    "open search text": "$search='" + "''" * N,
    "blanks in search": "$search=a AND" + " " * 10 * N,
    "searches": "$expand=" + ",".join(["a($search=b;$top=1)"] * N),
    "computed": "$compute=" + ",".join(["a as b"] * N),
    "computed nots": "$compute=" + "not " * N + "as b",
    "steps": "$apply=" + "/".join(["identity"] * N),
    "concat": "$apply=" + "concat(identity," * N + "identity" + ")" * N,
    "groupby": "$apply=" + "groupby((a)," * N + "identity" + ")" * N,
    "nest": "$apply=" + "nest(" * N + "identity" + " as a)" * N,
    "from": "$apply=aggregate(a with sum" + " from b with sum" * N + " as c)",
    "from properties": "$apply=aggregate(a with sum from " + ",".join(["b"] * N) + " with sum as c)",
    "rollup": "$apply=groupby((rollup(" + ",".join(["a"] * N) + ")))",
    "ancestors": "$apply=" + "ancestors($root/S,H,a," * N + "identity" + ")" * N,
    "option names": "$apply=" + "a" * 10 * N,
}


@pytest.fixture(scope="module", autouse=True)
def _grammar_is_built() -> None:
    parse_filter("a")


def outcome(read: Callable[[str, None, Limits], object], text: str, limits: Limits) -> str:
    """What comes out, and that it comes out soon; printing an error is part of it."""
    start = time.process_time()
    result, shown = "read", ""
    try:
        read(text, None, limits)
    except QueryError as error:
        result, shown = error.code, error.render()
    assert len(shown) < 2_000
    # Of the processor, whatever else runs. A term costs some 25 µs on a slow machine; a pass whose time grows with the
    # square takes minutes.
    assert time.process_time() - start < (1 if limits == Limits() else 4)
    return result


@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED.keys())
def test_nested(text: str) -> None:
    assert outcome(parse_filter, text, Limits()) != "read"
    assert outcome(parse_filter, text, WIDE) in ("depth", "syntax", "read")


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_long(text: str) -> None:
    outcome(parse_filter, text, Limits())
    outcome(parse_filter, text, WIDE)


@pytest.mark.parametrize("text", QUERIES.values(), ids=QUERIES.keys())
def test_query(text: str) -> None:
    outcome(parse, text, Limits())
    outcome(parse, text, WIDE)


@pytest.mark.parametrize("text", ["or", "and", "add", "in", "array", "arguments"])
def test_long_texts_are_printed_as_well(text: str) -> None:
    expr = parse_filter(LONG[text], None, WIDE)
    assert render_filter(expr) == LONG[text]


@pytest.mark.parametrize(
    "text",
    [
        "not " * 126 + "a",
        "tolower(" * 126 + "a" + ")" * 126,
        "a/any(x:" * 63 + "b" + ")" * 63,
        "[" * 127 + "]" * 127,
        "a/f(" * 40 + "1" + ")" * 40,
    ],
)
def test_deepest_tree_fits_the_stack(text: str) -> None:
    """Every pass recurses, below any web framework, at most a few Python frames per level."""

    def below(frames: int) -> str:
        return below(frames - 1) if frames else render_filter(parse_filter(text, None, WIDE))

    printed = below(300)
    assert parse_filter(printed, None, WIDE) == parse_filter(text, None, WIDE)


@pytest.mark.parametrize(
    "text",
    [
        "$search=" + "NOT " * 120 + "a",
        "$search=" + "(a OR b AND " * 60 + "c" + ")" * 60,
        "$apply=" + "concat(identity," * 120 + "identity" + ")" * 120,
        "$apply=" + "addnested(a," * 120 + "identity" + " as b)" * 120,
        "$apply=" + "groupby((a)," * 60 + "filter(" + "not " * 60 + "b)" + ")" * 60,
        "$apply=aggregate(a with sum" + " from b with sum" * 120 + " as c)",
    ],
)
def test_deepest_query_fits_the_stack(text: str) -> None:
    def below(frames: int) -> str:
        return below(frames - 1) if frames else render(parse(text, None, WIDE))

    assert parse(below(300), None, WIDE) == parse(text, None, WIDE)


def test_depth_is_counted_in_the_tree_not_in_the_text() -> None:
    assert parse_filter("(" * 1_000 + "a" + ")" * 1_000, None, Limits(depth=1)) == parse_filter("a")
    with pytest.raises(LimitExceeded):
        parse_filter("not " * 64 + "a")
