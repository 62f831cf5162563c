"""Criteria and VTQL: the quick driver makes of a text what the driver with places makes of it, or leaves it to that."""

from __future__ import annotations

import os
import random
import re
from typing import Any, NamedTuple

import pytest
from test_same_as_lark import corpus, mutated

from querykit.errors import QueryError
from querykit.lalr.driver import Parser, SyntaxStop
from querykit.lalr.generated.criteria import TABLES as CRITERIA
from querykit.lalr.generated.vtql import TABLES as VTQL
from querykit.lalr.quick import QuickParser
from querykit.lalr.tables import Tables
from querykit.languages.criteria.builder import Builder as CriteriaBuilder
from querykit.languages.vtql.builder import Builder as VtqlBuilder
from querykit.languages.vtql.builder import StrictBuilder
from querykit.languages.vtql.precedence import PRECEDENCES

EXAMPLES = int(os.environ.get("QUERYKIT_EXAMPLES", "2000"))


#: The condition of a statement.
_WHERE = re.compile(r"\bwhere\b[ \t\r\n]*(.*?)(?:;|\border\b|\blimit\b|\Z)", re.IGNORECASE | re.DOTALL)


class Case(NamedTuple):
    """A start rule, and texts that are read quickly and others that are not."""

    language: str
    start: str
    tables: Tables
    builder: object
    quick: list[str]
    slow: list[str]


_CONDITIONS = [
    "name = 'Warner'",
    "a = 1 AND b != 'x''y' OR c < -2 AND d >= +3",
    "a IN ('a', 2, null) and b like 'x%' or c in (1)",
    "a = ('b') AND b LIKE (5) AND c = true AND d = null AND e = 11x5",
    "a = 1 AND b IN 'x', 'y'",
    "sElEcT = 1 oR froM != count",
]
_STATEMENTS = [
    "SELECT * FROM Accounts;",
    "select a,b , c from M where a = 1 order by a, b desc limit 5, 10;",
    "Select count(*) From M Where a='x' Limit 5;",
    "SELECT from_, by FROM select WHERE by = 'it''s' ORDERBY 'x', desc_ ASC ;",
    *(f"SELECT * FROM A WHERE {text} LIMIT 7;" for text in _CONDITIONS),
]
CASES = [
    Case(
        "criteria",
        "query",
        CRITERIA,
        CriteriaBuilder(),
        [
            "[name] = 'Warner' And [revenue] > 5.5 And Not ([employees] = 1 Or [x] < 2)",
            "Name == 'D''Arcy' && a != 1 || !b",
            "a In (1, 'b', null) And b Not In(2) And c Between (1, 2.5m) And d Not Between(1,2)",
            "a Like 'x%' and b Not Like 'y' or c is null or d Is Not Null",
            "[Order.Customer] = [^.Name] And [First Name] = @In And x.y.z = This.a",
            "[Orders][[Price] > 5 And Paid].Count() > 2 And [Orders][].Sum([Price]) = 3 Or Orders[x].Exists()",
            "Orders.Sum(Price) > 1 and [<Order>][a = ^.b].Max(c) = 1 And [].Count() = 1 or [].Count = 2",
            "Contains([a], 'b') And Len(c) = 1 And AddDays(LocalDateTimeToday(), -1) < d",
            "Iif(a > 1, 'b', 'c') = 'b' and Custom(1, 2) = x And Like('a', 'b')",
            "a + b * c - d / 2 % 3 = -1 And ~a & b | c ^ d = +5",
            "a = #2024-03-22# And b = #!18:30:00!# and c = ##Enum#Ns.T,M# And d = 5L",
            "id = {0f8fad5b-d9cb-469f-a165-70867728950e} And x = ?name And y In (?, ?)",
            "größe >= 5 and straße <> 'ß' aND x Or y",
            "^.a = 1 and ^.^.b = 2 and ^ = x",
            "not not (((a)))",
        ],
        [
            "CharIndex(?, a) = 1",
            "a /* b */ = 1",
            "Len (a) = 1",
            "a = 'x'c",
            "[#TopItems](1) = 2",
            "Customer! = 1",
            "<Manager>Level = 1",
            "[Orders] [Paid]",
            " a = 1",
        ],
    ),
    *(
        Case("vtql", start, VTQL, builder, texts, ["a = ''", "a = 5.5"])
        for builder in (VtqlBuilder(PRECEDENCES["sql"]), VtqlBuilder(PRECEDENCES["left"]))
        for start, texts in (("condition", _CONDITIONS), ("statement", _STATEMENTS))
    ),
    Case("vtql", "strict_statement", VTQL, StrictBuilder(PRECEDENCES["sql"]), _STATEMENTS, ["a IN (0, 1)"]),
]


class Drivers:
    """Both drivers of a case."""

    def __init__(self, case: Case) -> None:
        assert case.tables.cutter is not None
        self._exact = Parser(case.tables, case.builder)
        self._quick = QuickParser(case.tables, case.tables.cutter, case.builder)
        self._start = case.start

    def agree(self, text: str) -> bool:
        """Is the text one that the quick driver reads? Then both make the same of it."""
        found = self._quick.parse(text, self._start, 100_000)
        if found is None:
            return False
        assert found[0] == self._of_exact(text), text
        return True

    def _of_exact(self, text: str) -> Any:
        try:
            return self._exact.parse(text, self._start, 100_000)
        except (QueryError, SyntaxStop) as error:
            return error


def by_start(case: Case) -> str:
    return f"{case.language}-{case.start}"


@pytest.mark.parametrize("case", CASES, ids=by_start)
def test_usual_texts_are_read_quickly(case: Case) -> None:
    drivers = Drivers(case)
    for _ in range(2):  # names are known the second time
        assert [text for text in case.quick if not drivers.agree(text)] == []
        assert [text for text in case.slow if drivers.agree(text)] == []


@pytest.mark.parametrize("case", CASES, ids=by_start)
def test_mutated_texts(case: Case) -> None:
    drivers, rng = Drivers(case), random.Random(case.start)
    texts = [*case.quick, *case.slow]
    for _ in range(EXAMPLES):
        drivers.agree(mutated(rng.choice(texts), texts, rng))


@pytest.mark.parametrize("case", CASES, ids=by_start)
def test_corpora(case: Case) -> None:
    drivers, rng = Drivers(case), random.Random(2)
    texts = [text for name, _, text in corpus() if name == case.language]
    if case.start == "condition":
        texts = [found[1] for text in texts if (found := _WHERE.search(text))]
    for text in texts:
        drivers.agree(text)
    for _ in range(EXAMPLES):
        drivers.agree(mutated(rng.choice(texts), texts, rng))
