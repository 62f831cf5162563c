"""Random trees on SQLite and DuckDB give what the evaluator computes: no bracket is missing."""

from __future__ import annotations

import datetime as dt
import sqlite3
from typing import Any

import pytest
from compared import agrees
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plans import slot

from querykit import types as t
from querykit.clock import Reading
from querykit.errors import LimitExceeded
from querykit.functions.python import call
from querykit.plan.nodes import Bound, Column, Constant, Op, Output, Plan, Slot, Table
from querykit.schema.model import Entity, Property
from querykit.targets.sqlglot import compile_sql

_VALUES = (-7, -1, 0, 1, 2, 5)
_ROW = {"a": 3, "b": -4, "c": None, "p": True, "q": False, "r": None, "s": "ab", "u": ""}
_TYPES = {**dict.fromkeys("abc", t.INT), **dict.fromkeys("pqr", t.BOOL), **dict.fromkeys("su", t.STRING)}
_ENTITY = Entity("R", "r", {name: Property(name, name, type) for name, type in _TYPES.items()})
_NOW = Reading(dt.datetime(2024, 2, 29))


def _column(names: str) -> st.SearchStrategy[Bound]:
    return st.sampled_from(names).map(lambda name: Column(0, _ENTITY.properties[name], _TYPES[name], True))


def _calls(
    type: t.Type, signatures: dict[str, int], inner: st.SearchStrategy[Bound]
) -> st.SearchStrategy[Bound]:
    return st.sampled_from(sorted(signatures)).flatmap(
        lambda fn: st.lists(inner, min_size=signatures[fn], max_size=signatures[fn]).map(
            lambda args: Op(fn, tuple(args), type, True)
        )
    )


_INTS = {
    "math.add": 2,
    "math.sub": 3,
    "math.mul": 2,
    "math.idiv": 2,
    "math.mod": 2,
    "math.neg": 1,
    "math.abs": 1,
    "bit.and": 2,
    "bit.or": 2,
    "bit.not": 1,
    "math.greatest": 2,
    "null.coalesce": 2,
}
_COMPARED = {
    "cmp.eq": 2,
    "cmp.ne": 2,
    "cmp.lt": 2,
    "cmp.ge": 2,
    "cmp.between": 3,
    "null.is": 1,
    "null.same": 2,
    "null.same_columns": 2,
}
_LOGIC = {
    "bool.and": 3,
    "bool.or": 2,
    "bool.not": 1,
    "cmp.eq": 2,
    "cmp.ne": 2,
    "null.is": 1,
    "null.is_not": 1,
    "null.differs": 2,
    "bool.is_true": 1,
    "bool.is_not_true": 1,
}
_TEXTS = {"str.concat": 3, "str.trim": 1, "str.replace": 3, "null.coalesce": 2}
_TEXT_TESTS = {"str.contains": 2, "str.startswith": 2, "str.endswith": 2, "cmp.lt": 2}

ints = st.recursive(
    _column("abc") | st.sampled_from(range(len(_VALUES))).map(lambda index: slot(index, t.INT)),
    lambda inner: _calls(t.INT, _INTS, inner),
    max_leaves=8,
)
texts = st.recursive(_column("su"), lambda inner: _calls(t.STRING, _TEXTS, inner), max_leaves=5)
leaves = _column("pqr") | _calls(t.BOOL, _COMPARED, ints) | _calls(t.BOOL, _TEXT_TESTS, texts)
conditions = st.recursive(leaves, lambda inner: _calls(t.BOOL, _LOGIC, inner), max_leaves=8)


def evaluated(bound: Bound) -> Any:
    match bound:
        case Column():
            return _ROW[bound.property.name]
        case Slot():
            return _VALUES[bound.index]
        case Constant():
            return bound.value
        case Op():
            return call(bound.fn, tuple(evaluated(arg) for arg in bound.args), _NOW)
    raise AssertionError(bound)


def small(bound: Bound) -> bool:
    """No integer on the way is too large for 64 bits (where engines differ)."""
    if not isinstance(bound, Op):
        return True
    value = evaluated(bound)
    if isinstance(value, int) and abs(value) > 2**40:
        return False
    return all(small(arg) for arg in bound.args)


_CREATE = "CREATE TABLE r (a {int}, b {int}, c {int}, p {bool}, q {bool}, r {bool}, s TEXT, u TEXT)"
_INSERT = "INSERT INTO r VALUES (3, -4, NULL, TRUE, FALSE, NULL, 'ab', '')"


def same(dialect: str, bound: Bound, execute: Any) -> None:
    if not small(bound):
        return
    try:
        compiled = compile_sql(Plan(Table(0, _ENTITY), (Output("v", bound),)), dialect)
    except LimitExceeded:
        return
    ((found,),) = execute(compiled.text, compiled.params(_VALUES) or None)
    assert agrees(found, evaluated(bound), dialect), (compiled.text, found, evaluated(bound))


@pytest.fixture(scope="module")
def sqlite() -> Any:
    connection = sqlite3.connect(":memory:")
    connection.execute(_CREATE.format(int="INTEGER", bool="INTEGER"))
    connection.execute(_INSERT)
    yield lambda sql, values: connection.execute(sql, values or {}).fetchall()
    connection.close()


@pytest.fixture(scope="module")
def duckdb() -> Any:
    module = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    connection = module.connect(":memory:")
    connection.execute(_CREATE.format(int="BIGINT", bool="BOOLEAN"))
    connection.execute(_INSERT)
    yield lambda sql, values: (
        connection.execute(sql, values) if values else connection.execute(sql)
    ).fetchall()
    connection.close()


_SETTINGS = settings(
    max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@_SETTINGS
@given(bound=ints | conditions)
def test_sqlite(sqlite: Any, bound: Bound) -> None:
    same("sqlite", bound, sqlite)


@_SETTINGS
@given(bound=ints | conditions)
def test_duckdb(duckdb: Any, bound: Bound) -> None:
    same("duckdb", bound, duckdb)
