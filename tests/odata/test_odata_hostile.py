"""Texts that are made to hurt: each is read or refused at once, whatever the limits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from querykit.errors import LimitExceeded, QueryError
from querykit.languages.odata import parse, parse_filter, render, render_filter
from querykit.limits import Limits
from work import lines

#: A pass whose time grows with the square takes minutes for a text of this size.
pytestmark = pytest.mark.timeout(60)
N = 10_000
#: Nothing but the depth is bounded.
WIDE = Limits(10**9, 10**9, 10**9, 128, 10**9, 10**9, 10**9, 10**9, 10**9)


def nested(n: int) -> dict[str, str]:
    return {
        "brackets": "(" * n + "a" + ")" * n,
        "not": "not " * n + "a",
        "minus": "- " * n + "a",
        "functions": "tolower(" * n + "a" + ")" * n,
        "custom functions": "f(" * n + "a" + ")" * n,
        "case": "case(a:" * n + "1" + ")" * n,
        "arrays": "[" * n + "]" * n,
        "objects": '{"a":' * n + "1" + "}" * n,
        "lambdas": "".join(f"a/any(x{i}:" for i in range(n // 10)) + "b" + ")" * (n // 10),
        "counts": "a/$count($filter=" * (n // 10) + "b" + ")" * (n // 10),
        "keys": "a/b(" * n + "1" + ")" * n,
        "equalities": " eq ".join(["a"] * n),
        "in": "a" + " in (1)" * n,
        "alternating": " add 1 sub ".join(["a"] * (n // 2)),
        "brackets left open": "(" * n + "a",
        "functions left open": "f(" * n,
    }


def long(n: int) -> dict[str, str]:
    return {
        "or": " or ".join(["a"] * n),
        "and": " and ".join(["a eq 1"] * (n // 4)),
        "add": " add ".join(["a"] * n),
        "path": "/".join(["a"] * n),
        "in": f"a in ({','.join(['1'] * n)})",
        "array": f"a in [{','.join(['b'] * n)}]",
        "arguments": f"f({','.join(['a'] * n)})",
        "filters": "a" + "/$filter(b)" * (n // 10) + "/$count",
        "blanks": "a" + " " * 10 * n + "eq 1",
        "blanks after not": "not" + " " * 10 * n + "a",
        "blanks at the end": "a" + " " * 10 * n,
        "string": "a eq '" + "''" * n + "'",
        "open string": "a eq '" + "''" * n,
        "json string": 'a in ["' + "\\\\" * n + '"]',
        "open json string": 'a in ["' + "\\\\" * n,
        "digits": "a eq " + "9" * 10 * n,
        "fraction": "a eq 1." + "9" * 10 * n,
        "exponent": "a eq 1e" + "9" * n,
        "points": "a eq " + "1." * n,
        "year": "a eq " + "1" * n + "-01-01",
        "name": "a" * 10 * n,
        "qualified name": "a." * n + "a eq 1",
        "term": "@a." * n,
        "enumeration": "a eq Ns.E'" + ",".join(["b"] * n) + "'",
        "duration": "a eq duration'P" + "9" * n + "D'",
        "binary": "a eq binary'" + "A" * (10 * n + 1) + "'",
        "line": "a eq geography'SRID=0;LineString(" + ",".join(["1 1"] * n) + ")'",
        "open polygon": "a eq geography'SRID=0;Polygon((" + ",".join(["1 1"] * n) + "'",
        "open collection": "a eq geography'SRID=0;GeometryCollection(" + ",".join(["Point(1 1)"] * n) + "'",
    }


def queries(n: int) -> dict[str, str]:
    return {
        "expand": "$expand=" + "A($expand=" * n + "B" + ")" * n,
        "select": "$select=" + "A($select=" * n + "B" + ")" * n,
        "expand items": "$expand=" + ",".join(["A"] * n),
        "orderby": "$orderby=" + ",".join(["a"] * n),
        "aliases": "&".join(f"@a{i}=1" for i in range(n // 4)),
        "ampersands": "&" * 10 * n,
        "percents": "$filter=" + "%" * 10 * n,
        "encoded": "$filter=" + "%41" * n,
        "not UTF-8": "$filter=" + "%ff" * n,
        "top": "$top=" + "9" * 10 * n,
        "equals": "$filter" + "=" * n,
        "search words": "$search=" + " ".join(["a"] * n),
        "search brackets": "$search=" + "(" * n + "a" + ")" * n,
        "search negations": "$search=" + "NOT " * n + "a",
        "search operators": "$search=" + "AND OR " * n,
        "search word": "$search=" + "a;" * n,
        "open phrase": '$search="' + "a " * n,
        "open search text": "$search='" + "''" * n,
        "blanks in search": "$search=a AND" + " " * 10 * n,
        "searches": "$expand=" + ",".join(["a($search=b;$top=1)"] * n),
        "computed": "$compute=" + ",".join(["a as b"] * n),
        "computed nots": "$compute=" + "not " * n + "as b",
        "steps": "$apply=" + "/".join(["identity"] * n),
        "concat": "$apply=" + "concat(identity," * n + "identity" + ")" * n,
        "groupby": "$apply=" + "groupby((a)," * n + "identity" + ")" * n,
        "nest": "$apply=" + "nest(" * n + "identity" + " as a)" * n,
        "from": "$apply=aggregate(a with sum" + " from b with sum" * n + " as c)",
        "from properties": "$apply=aggregate(a with sum from " + ",".join(["b"] * n) + " with sum as c)",
        "rollup": "$apply=groupby((rollup(" + ",".join(["a"] * n) + ")))",
        "ancestors": "$apply=" + "ancestors($root/S,H,a," * n + "identity" + ")" * n,
        "option names": "$apply=" + "a" * 10 * n,
    }


def outcome(read: Callable[[str, None, Limits], object], text: str, limits: Limits) -> str:
    """What comes out; printing an error is part of it."""
    result, shown = "read", ""
    try:
        read(text, None, limits)
    except QueryError as error:
        result, shown = error.code, error.render()
    assert len(shown) < 2_000
    return result


@pytest.mark.parametrize("text", nested(N).values(), ids=nested(N).keys())
def test_nested(text: str) -> None:
    assert outcome(parse_filter, text, Limits()) != "read"
    assert outcome(parse_filter, text, WIDE) in ("depth", "syntax", "read")


@pytest.mark.parametrize("text", long(N).values(), ids=long(N).keys())
def test_long(text: str) -> None:
    outcome(parse_filter, text, Limits())
    outcome(parse_filter, text, WIDE)


@pytest.mark.parametrize("text", queries(N).values(), ids=queries(N).keys())
def test_query(text: str) -> None:
    outcome(parse, text, Limits())
    outcome(parse, text, WIDE)


@pytest.mark.parametrize(
    ("read", "texts", "name"),
    [(parse_filter, texts, name) for texts in (nested, long) for name in texts(1)]
    + [(parse, queries, name) for name in queries(1)],
)
def test_work_grows_with_the_length(
    read: Callable[[str, None, Limits], object], texts: Callable[[int], dict[str, str]], name: str
) -> None:
    outcome(read, texts(10)[name], WIDE)  # what is imported or built at the first use is no work of the text
    some, more = (lines(lambda n=n: outcome(read, texts(n)[name], WIDE)) for n in (1_600, 6_400))
    assert more < 4.5 * some


@pytest.mark.parametrize("text", ["or", "and", "add", "in", "array", "arguments"])
def test_long_texts_are_printed_as_well(text: str) -> None:
    expr = parse_filter(long(N)[text], None, WIDE)
    assert render_filter(expr) == long(N)[text]


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
