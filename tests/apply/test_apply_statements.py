"""`sql.txt`: common shapes are the statement that a person would write; none grows without need."""

from __future__ import annotations

from pathlib import Path

import pytest
from sales import SCHEMA

import querykit
from querykit import Query, QueryError
from querykit.functions.sql import DIALECTS

_BLOCKS = (Path(__file__).parent / "sql.txt").read_text(encoding="utf-8").strip().split("\n\n")
CASES = [tuple(block.splitlines()) for block in _BLOCKS if not block.startswith("#")]


def read(line: str) -> tuple[Query, str]:
    entity, colon, text = line.partition(": ")
    return querykit.parse(f"$apply={text if colon else line}", "odata"), entity if colon else "Sale"


@pytest.mark.parametrize(("line", "postgres", "tsql"), CASES, ids=[case[0] for case in CASES])
def test_text(line: str, postgres: str, tsql: str) -> None:
    query, entity = read(line)
    assert querykit.to_sql(query, SCHEMA, "postgres", entity).text == postgres
    assert querykit.to_sql(query, SCHEMA, "tsql", entity).text == tsql


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_has_every_shape(dialect: str) -> None:
    for line, *_ in CASES:
        query, entity = read(line)
        assert querykit.to_sql(query, SCHEMA, dialect, entity).text.startswith("SELECT ")


#: Texts that are large in one way or another.
HOSTILE = {
    "steps": "/".join(["identity"] * 5_000),
    "pages": "/".join(["top(9)"] * 32),
    "rankings": "/".join(["topsum(9,Amount)"] * 16),
    "nested": "concat(identity," * 30 + "identity" + ")" * 30,
    "wide": f"concat({','.join(['identity'] * 500)})",
    "branches": "/".join(["concat(identity,identity)"] * 20),
    "rollups": "groupby((rollup(Day,Amount,ID),rollup(CustomerID,ProductID)))"
    + "/concat(identity,identity)" * 9,
    "levels of levels": f"groupby(({','.join(['rollup(' + ','.join(['Day'] * 300) + ')'] * 3)}))",
    "aggregates": f"aggregate({','.join(f'Amount with sum as a{n}' for n in range(1_000))})",
    "many aggregates": f"aggregate({','.join(f'Amount with sum as a{n}' for n in range(400))})/top(1)/filter(a1 gt 1)",
    "unlike branches": f"concat({','.join(f'aggregate($count as a{n})' for n in range(30))})",
    "long names": f"aggregate($count as {'é' * 128})/compute({'é' * 128} add 1 as b)/top(1)/skip(0)",
    "too long names": f"aggregate($count as {'a' * 129})",
    "names alike": "groupby((Day),aggregate($count as a,$count as A,$count as value,$count as VALUE))/top(1)/skip(1)",
    "words": "groupby((Day),aggregate($count as select,$count as from,$count as order,$count as group))/top(1)/skip(1)",
    "doubling": "/".join(
        ["compute(Amount add 1 as c0)", *(f"compute(c{n} add c{n} as c{n + 1})" for n in range(30))]
    ),
    "deepening": f"compute(Amount as c0,{','.join(f'c{n} add 1 as c{n + 1}' for n in range(300))})",
    "groups": "groupby((Day)," * 40 + "aggregate($count as n)" + ")" * 40,
    "levels": f"aggregate(Amount with sum {' '.join(['from Day with sum'] * 40)} as a)",
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts(text: str, dialect: str) -> None:
    """A statement or a refusal, and that soon."""
    try:
        sql = querykit.to_sql(querykit.parse(f"$apply={text}", "odata"), SCHEMA, dialect, "Sale").text
    except QueryError as error:
        sql = f"! {error.message}"
    assert sql.startswith(("SELECT ", "! "))
    assert sql.count("SELECT") <= 100
