"""The quick driver makes of a text what the driver with places makes of it, or leaves the text to that one."""

from __future__ import annotations

import os
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from test_same_as_lark import corpus, mutated

from querykit.ast.nodes import Node
from querykit.errors import QueryError
from querykit.lalr.driver import Parser, SyntaxStop
from querykit.lalr.generated.odata import TABLES
from querykit.lalr.quick import QuickParser
from querykit.languages.odata.builder import Builder

EXAMPLES = int(os.environ.get("QUERYKIT_EXAMPLES", "2000"))

STARTS = {
    "expression": [
        "a eq 1 and b ne null or not (c in (1,2.5,'x''y'))",
        "contains(tolower(name),'a') and startswith(city, 'S') eq true",
        "customer/country/code eq 'DE' and orders/any(o:o/total gt -5 and o/open)",
        "orders/all(o: o/lines/any(l:l/no eq o/no)) or orders/$count gt 2 and orders/any()",
        "year(createdon) add 1 mul -2 sub a div b divby c mod 3 eq 4 and -a lt - b",
        "a eq 2020-01-31 and b lt 2020-01-31T10:11:12.5+01:00 or c ge 10:20:30 and d eq 1e-5",
        "id eq 0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f or id eq a0000000-0a1b-2c3d-4e5f-0a1b2c3d4e5f",
        "a eq INF or b eq -INF or c eq NaN or true or false eq null",
        "case(a gt 1:'big',true:'small') eq @p and $it/x eq $this/y",
        "a has Ns.Color'Red' and b eq duration'P1D' and Ns.f(x=1,y='z')/a eq 2",
        "not not a or (((b)))",
        "größe eq 5 and _a1 eq 'ü'",
        "cast(a,Edm.String) eq 'x' and a/1/b eq [1,2] and a/Ns.T/b",
        "cast(Ns.T) ne null and isof('Ns.T') or isof(a, Collection(Ns.T)) and cast(a,Ns.T) eq b",
        'a in [ \'x\', "y\\"z" , null] and {"b":[1,{}],"c" : 2 add 3} eq d or e in ( )',
        "Ns.T/a/b eq 1 and has has 'Red,Blue' and trim( a ) eq now( )",
        "cast( a, Edm.String) eq b and isof( not 'Ns.T') or cast( a, 'Ns.T')",
        "a EQ 5  And  not ( b  in ( 1 ,2 ) )",
    ],
    "orderby": ["a desc,b asc,c", "length(a) desc,a/b", "a add b,c/$count desc"],
    "select": ["a,b,c/d", "*", "a($top=1)"],
    "expand": ["a,b", "a($filter=b eq 1;$orderby=c desc)", "a/$count"],
    "computed": ["a add b as c,d as e"],
}


def of(parse: Any, text: str, start: str) -> Node | None:
    try:
        found = parse(text, start, 100_000)
    except (QueryError, SyntaxStop):
        return None
    return found  # type: ignore[no-any-return]  # the parsers give what a builder makes


_BUILDER = Builder()
EXACT = Parser(TABLES, _BUILDER)
assert TABLES.cutter is not None
QUICK = QuickParser(TABLES, TABLES.cutter, _BUILDER)


def check(text: str, start: str) -> bool:
    """Is the text one that the quick driver reads?"""
    found = QUICK.parse(text, start, 100_000)
    if found is None:
        return False
    assert found[0] == of(EXACT.parse, text, start), text
    return True


@pytest.mark.parametrize("start", STARTS)
def test_texts(start: str) -> None:
    for text in STARTS[start]:
        check(text, start)


def test_usual_texts_are_read_quickly() -> None:
    slow = [text for text in STARTS["expression"] if not check(text, "expression")]
    assert slow == [STARTS["expression"][index] for index in (9, 12, 16)]


def test_threads_may_fill_and_empty_the_same_rows() -> None:
    """More names than a row keeps, while others read it."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            texts = (
                f"a{number} eq {number} and (b{number} gt 2 or not c{number})" for number in range(20_000)
            )
            assert all(
                found is not None
                for found in pool.map(lambda text: QUICK.parse(text, "expression", 99), texts)
            )
    finally:
        sys.setswitchinterval(interval)


@pytest.mark.parametrize("start", STARTS)
def test_mutated_texts(start: str) -> None:
    rng = random.Random(start)
    every = [text for texts in STARTS.values() for text in texts]
    for _ in range(EXAMPLES):
        check(mutated(rng.choice(STARTS[start]), every, rng), start)


def test_corpora() -> None:
    texts = [text for name, _, text in corpus() if name == "odata"]
    rng = random.Random(2)
    for text in texts:
        check(text, "expression")
    for _ in range(EXAMPLES):
        check(mutated(rng.choice(texts), texts, rng), "expression")
