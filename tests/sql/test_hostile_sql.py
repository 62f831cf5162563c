"""What must not happen: values or names that become SQL, and trees that exhaust a stack."""

from __future__ import annotations

import random
import sqlite3
import sys
from collections.abc import Callable

import pytest
from plans import ACCOUNT, CHILDREN, NOWHERE, col, in_list, number, op, plan, slot
from test_statements import SCHEMA

from querykit import types as t
from querykit.errors import LimitExceeded, NotExpressible, QueryError
from querykit.functions.sql import DIALECTS
from querykit.plan.nodes import Bound, Column, Join, Output, Subquery, Table
from querykit.schema.model import Entity, Property
from querykit.targets.sqlglot import compile_sql

NAMES = [
    'a"b',
    "a'b",
    "a`b",
    "a]b",
    "a]]; DROP TABLE accounts --",
    'x" FROM accounts; --',
    "a b",
    "a.b",
    "%s",
    "%(p0)s",
    ":p0",
    "?",
    "{p0:String}",
    "a--b",
    "/*",
    "é",
    "Select",
    "select",
    "0a",
    "a\nb",
    "a\\",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_quoted(name: str) -> None:
    """As column, table and result; SQLite gives the value back under the name."""
    item = Property("p", name, t.STRING)
    entity = Entity("E", name, {"p": item})
    found = plan(
        op("cmp.eq", Column(0, item, t.STRING, True), slot(0)),
        (Output(name + "!", Column(0, item, t.STRING, True)),),
        table=Table(0, entity),
    )
    compiled = compile_sql(found, "sqlite")
    connection = sqlite3.connect(":memory:")
    quoted = '"' + name.replace('"', '""') + '"'
    connection.execute(f"CREATE TABLE {quoted} ({quoted} TEXT)")
    connection.execute(f"INSERT INTO {quoted} VALUES ('x'), ('y')")
    cursor = connection.execute(compiled.text, compiled.params(["x"]))
    assert cursor.fetchall() == [("x",)]
    assert cursor.description[0][0] == name + "!"
    connection.close()


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", NAMES)
def test_names_stay_inside_their_quotes(name: str, dialect: str) -> None:
    item = Property("p", name, t.STRING)
    entity = Entity("E", "things", {"p": item})
    table = Table(0, entity)
    found = plan(None, (Output("p", Column(0, item, t.STRING, True)),), table=table)
    if "\\" in name and dialect in ("bigquery", "clickhouse"):  # would begin an escape
        with pytest.raises(NotExpressible, match="identifier"):
            compile_sql(found, dialect)
        return
    compiled = compile_sql(found, dialect)
    quotes = {"mysql": "``", "bigquery": "``", "spark": "``", "tsql": "[]"}.get(dialect, '""')
    inside = name.replace(quotes[1], quotes[1] * 2 if dialect != "bigquery" else "\\`")
    if dialect == "bigquery":
        inside = inside.replace("\n", "\\n")
    if DIALECTS[dialect].bind.startswith("%"):
        inside = inside.replace("%", "%%")
    assert compiled.text == f"SELECT {quotes[0]}{inside}{quotes[1]} AS p FROM things"


@pytest.mark.parametrize("name", ["", "a\0b", "\0000\0"])
def test_names_that_cannot_be_written(name: str) -> None:
    entity = Entity("E", "things", {"p": Property("p", name, t.STRING)})
    found = plan(
        None, (Output("p", Column(0, entity.properties["p"], t.STRING, True)),), table=Table(0, entity)
    )
    with pytest.raises(NotExpressible):
        compile_sql(found, "sqlite")


VALUES = ["'", '"', "x' OR 1=1 --", "%", "_", "\\", "*", "[a]", ":p0", "%s", "\0", "😀", "", " ", "é"]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_values_never_reach_the_text(value: str, dialect: str) -> None:
    compiled = compile_sql(plan(op("str.contains", col("name"), slot(0))), dialect)
    assert compiled.text == compile_sql(plan(op("str.contains", col("name"), slot(0))), dialect).text
    try:
        params = compiled.params([value])
    except QueryError:
        assert dialect == "postgres"
        assert "\0" in value
        return
    assert list(params) == ["p0"]


@pytest.mark.parametrize("part", VALUES)
@pytest.mark.parametrize("fn", ["str.contains", "str.startswith", "str.endswith"])
def test_parts_are_exact_on_sqlite(fn: str, part: str) -> None:
    texts = ["", *VALUES, *(f"a{value}b" for value in VALUES), *(f"{value}c" for value in VALUES)]
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA + "DELETE FROM accounts;")
    connection.executemany("INSERT INTO accounts (id, name) VALUES (?, ?)", list(enumerate(texts)))
    compiled = compile_sql(plan(op(fn, col("name"), slot(0))), "sqlite")
    found = {index for (index,) in connection.execute(compiled.text, compiled.params([part]))}
    test: dict[str, Callable[[str], bool]] = {
        "str.contains": lambda text: part in text,
        "str.startswith": lambda text: text.startswith(part),
        "str.endswith": lambda text: text.endswith(part),
    }
    clean = {index for index, text in enumerate(texts) if "\0" not in text + part}
    assert found & clean == {index for index in clean if test[fn](texts[index])}
    connection.close()


# Size ---------------------------------------------------------------------------------------------------


def nested(make: Callable[[Bound], Bound], base: Bound, depth: int = 128) -> Bound:
    for _ in range(depth):
        base = make(base)
    return base


def _exists(condition: Bound) -> Subquery:
    return Subquery("any", Table(4, ACCOUNT), 0, CHILDREN, condition, None, t.BOOL, False)


_NAME_IS = op("cmp.eq", col("name"), slot(0))
DEEP: dict[str, Bound] = {
    "not": nested(lambda x: op("bool.not", x), _NAME_IS),
    "and or": nested(lambda x: op("bool.and", op("bool.or", x, col("active")), col("vip")), _NAME_IS, 64),
    "lower": op("cmp.eq", nested(lambda x: op("str.lower", x, type=t.STRING), col("name")), slot(0)),
    "sum": op(
        "cmp.eq", nested(lambda x: number("math.add", slot(1, t.INT), x), col("employees")), slot(1, t.INT)
    ),
    "neg": op("cmp.eq", nested(lambda x: number("math.neg", x), col("employees")), slot(1, t.INT)),
    "case": op(
        "cmp.eq",
        nested(lambda x: op("logic.case", _NAME_IS, slot(0), x, type=t.STRING), col("name")),
        slot(0),
    ),
    "exists": nested(_exists, _NAME_IS, 16),
    "boolean": nested(lambda x: op("cmp.eq", x, col("active")), _NAME_IS),
    "is true": nested(lambda x: op("bool.is_true", x), _NAME_IS),
}
#: The functions whose templates use an argument twice.
DOUBLING: dict[str, Bound] = {
    "indexof": op(
        "cmp.eq",
        nested(
            lambda x: op(
                "str.substring", x, number("str.indexof", x, slot(0), slot(1, t.INT)), type=t.STRING
            ),
            col("name"),
            30,
        ),
        slot(0),
    ),
    "add months": op(
        "cmp.eq",
        nested(lambda x: op("date.add_months", x, slot(1, t.INT), type=t.DATETIME), col("created")),
        slot(0),
    ),
    "greatest": op(
        "cmp.eq",
        nested(lambda x: number("math.greatest", x, slot(0, t.INT)), col("employees")),
        slot(1, t.INT),
    ),
    "boolean": nested(lambda x: op("cmp.eq", col("vip"), x), _NAME_IS),
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", DEEP)
def test_deep_trees(name: str, dialect: str) -> None:
    """Compiled or refused, with no more of Python's stack than a web framework leaves."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(_frames() + 700)
    try:
        compile_sql(plan(DEEP[name]), dialect)
    except (LimitExceeded, NotExpressible) as error:
        assert error.code in ("nesting", "statement_size", "correlation")  # noqa: PT017
    finally:
        sys.setrecursionlimit(limit)


def _frames() -> int:
    frame, count = sys._getframe(), 0
    while frame is not None:
        frame, count = frame.f_back, count + 1  # type: ignore[assignment]
    return count


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", DOUBLING)
def test_trees_that_double(name: str, dialect: str) -> None:
    try:
        compiled = compile_sql(plan(DOUBLING[name]), dialect)
    except (LimitExceeded, NotExpressible):
        return
    assert len(compiled.text) < 2_000_000


@pytest.fixture(scope="module")
def database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    return connection


@pytest.mark.parametrize("fn", ["bool.and", "bool.or"])
@pytest.mark.parametrize("length", [2, 900, 901, 2400])
def test_long_chains_run(fn: str, length: int, database: sqlite3.Connection) -> None:
    terms = [op("cmp.ne", col("id"), slot(index, t.INT)) for index in range(length)]
    compiled = compile_sql(plan(op(fn, *terms)), "sqlite")
    found = database.execute(compiled.text, compiled.params([2] * length)).fetchall()
    assert found == [(1,), (3,)]


@pytest.mark.parametrize("fn", ["math.add", "math.mul", "str.concat", "bit.and"])
def test_long_arithmetic(fn: str, database: sqlite3.Connection) -> None:
    terms = [slot(index, t.INT) for index in range(900)]
    compiled = compile_sql(plan(op("cmp.eq", number(fn, *terms), slot(0, t.INT))), "sqlite")
    database.execute(compiled.text, compiled.params([1] * 900)).fetchall()
    with pytest.raises(LimitExceeded):
        compile_sql(plan(op("cmp.eq", number(fn, *terms, slot(0, t.INT)), slot(0, t.INT))), "sqlite")


def test_long_lists(database: sqlite3.Connection) -> None:
    items = [slot(index, t.INT) for index in range(1_000)]
    for dialect in DIALECTS:
        compile_sql(plan(in_list("cmp.in", col("id"), *items)), dialect)
    compiled = compile_sql(plan(in_list("cmp.in", col("id"), *items)), "sqlite")
    assert database.execute(compiled.text, compiled.params(range(1_000))).fetchall() == [(1,), (2,), (3,)]
    with pytest.raises(LimitExceeded):
        compile_sql(plan(in_list("cmp.in", col("id"), *items, slot(1_000, t.INT))), "oracle")


def test_too_many_parameters() -> None:
    lists = [in_list("cmp.in", col("id"), *(slot(n * 900 + i, t.INT) for i in range(900))) for n in range(3)]
    compile_sql(plan(op("bool.or", *lists)), "postgres")
    with pytest.raises(LimitExceeded) as info:
        compile_sql(plan(op("bool.or", *lists)), "tsql")
    assert info.value.code == "too_many_values"


def test_what_is_not_refused_fits_the_parser(database: sqlite3.Connection) -> None:
    """Trees of random shape: SQLite's parser takes all that are not refused."""
    chance = random.Random(7)
    refused = ran = 0
    for _ in range(400):
        condition = _random_condition(chance, chance.randrange(1, 25))
        try:
            compiled = compile_sql(plan(condition), "sqlite")
        except LimitExceeded:
            refused += 1
            continue
        database.execute(compiled.text, compiled.params([1] * 4)).fetchall()
        ran += 1
    assert refused > 20
    assert ran > 100


def _random_condition(chance: random.Random, depth: int) -> Bound:
    if depth <= 0:
        return op("cmp.eq", col("employees"), slot(0, t.INT))
    inner = _random_condition(chance, depth - 1)
    value = op("logic.case", inner, col("employees"), slot(1, t.INT), type=t.INT)
    return chance.choice(
        [
            op("bool.not", inner),
            op("bool.or", col("vip"), op("bool.and", col("active"), inner)),
            op("bool.and", inner, col("vip")),
            op("bool.is_not_true", inner),
            op(
                "cmp.gt",
                slot(0, t.INT),
                number("math.add", col("id"), number("math.mul", slot(1, t.INT), value)),
            ),
            op("cmp.between", slot(0, t.INT), col("id"), value),
            in_list("cmp.in", col("id"), slot(0, t.INT), value),
            op("cmp.lt", number("math.greatest", slot(0, t.INT), value), slot(1, t.INT)),
            op("cmp.eq", number("math.abs", number("math.neg", value)), slot(1, t.INT)),
            op(
                "str.contains",
                op("str.concat", slot(2), op("cast.string", value, type=t.STRING), type=t.STRING),
                slot(3),
            ),
            _exists(inner),
        ]
    )


# Refusals -----------------------------------------------------------------------------------------------


def test_refusals_carry_the_span() -> None:
    found = op("str.matches", col("name"), slot(0))
    found = type(found)(found.fn, found.args, found.type, found.nullable, (3, 9))
    with pytest.raises(NotExpressible) as info:
        compile_sql(plan(op("bool.not", found)), "sqlite")
    assert info.value.span == (3, 9)


def test_relations_that_are_not_linked() -> None:
    table = Table(0, ACCOUNT, (Join(NOWHERE, Table(2, ACCOUNT)),))
    with pytest.raises(NotExpressible) as info:
        compile_sql(plan(table=table), "sqlite")
    assert info.value.code == "unlinked"


def test_fetching_no_rows_on_tsql() -> None:
    compiled = compile_sql(plan(limit=slot(0, t.INT), offset=slot(1, t.INT)), "tsql")
    assert compiled.params([5, 0]) == {"p0": 5, "p1": 0}
    with pytest.raises(NotExpressible):
        compiled.params([0, 5])
    assert compile_sql(plan(limit=slot(0, t.INT)), "tsql").params([0]) == {"p0": 0}
