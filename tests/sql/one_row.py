"""Runs one operation on an engine: its arguments as literals, or as columns of a table with one row."""

from __future__ import annotations

import datetime as dt
import importlib.util
import math
import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

from querykit import types as t
from querykit.functions.sql import encode
from querykit.plan.nodes import Bound, Column, Constant, Op, Output, Plan, Slot, Table
from querykit.schema.model import Entity, Property
from querykit.targets.sqlglot import CompiledSql, compile_sql
from querykit.types import Type

Execute = Callable[[str, Any], Sequence[Sequence[Any]]]

_TYPES: dict[type, Type] = {
    bool: t.BOOL,
    int: t.INT,
    float: t.FLOAT,
    Decimal: t.DECIMAL,
    str: t.STRING,
    dt.date: t.DATE,
    dt.datetime: t.DATETIME,
    dt.time: t.TIME,
    dt.timedelta: t.DURATION,
    uuid.UUID: t.GUID,
    bytes: t.BINARY,
    type(None): t.ANY,
}
_SCALARS = frozenset(_TYPES) - {type(None)}
#: Kind -> type of a column, where it is not named alike.
COLUMNS: dict[str, dict[str, str]] = {
    "sqlite": {
        **dict.fromkeys(("string", "date", "datetime", "time", "guid", "any"), "TEXT"),
        "bool": "INTEGER",
        "int": "INTEGER",
        "float": "REAL",
        "decimal": "NUMERIC",
        "binary": "BLOB",
    },
    "duckdb": {
        "string": "TEXT",
        "any": "TEXT",
        "int": "BIGINT",
        "float": "DOUBLE",
        "decimal": "DECIMAL(38, 15)",
        "datetime": "TIMESTAMP",
        "duration": "INTERVAL",
        "guid": "UUID",
        "binary": "BLOB",
    },
    "postgres": {
        "string": "TEXT",
        "any": "TEXT",
        "int": "BIGINT",
        "float": "DOUBLE PRECISION",
        "decimal": "NUMERIC",
        "datetime": "TIMESTAMP",
        "duration": "INTERVAL",
        "guid": "UUID",
        "binary": "BYTEA",
    },
    "mysql": {
        "string": "TEXT",
        "any": "TEXT",
        "int": "BIGINT",
        "float": "DOUBLE",
        "decimal": "DECIMAL(50, 15)",
        "datetime": "DATETIME(6)",
        "time": "TIME(6)",
        "guid": "CHAR(32)",
        "binary": "BLOB",
    },
}


def function_rows() -> ModuleType:
    """The reader of the tables of functions, which lie beside this folder."""
    path = Path(__file__).parents[1] / "functions" / "function_rows.py"
    spec = importlib.util.spec_from_file_location("function_rows", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def null_types(fn: str, args: Sequence[Any], rows: Sequence[Any]) -> list[Type]:
    """The types that other rows of the function have where this one has null."""
    found: list[Type] = []
    for place, arg in enumerate(args):
        if arg is None:
            others = [row.args for row in rows if row.fn == fn and len(row.args) > place]
            others.sort(key=lambda other: type(other[0]) is not type(args[0]))
            known = (type_of(other[place]) for other in others if type(other[place]) in _SCALARS)
            found.append(next(known, t.ANY))
    return found


def type_of(value: Any) -> Type:
    return _TYPES[type(value)]


class Question:
    """`SELECT fn(args) FROM one_row`.

    Parameters
    ----------
    dialect: that it is for.
    columns: the arguments are columns; otherwise slots.
    nulls: the types of the arguments that are null, in order.
    """

    def __init__(
        self, fn: str, args: Sequence[Any], dialect: str, columns: bool, nulls: Sequence[Type] = ()
    ) -> None:
        self.dialect = dialect
        self._nulls = iter(nulls)
        self.values: list[Any] = []
        self.stored: list[Any] = [1]
        self.properties: dict[str, Property] = {}
        self._columns = columns
        bound = tuple(self._argument(arg) for arg in args)
        result = t.BOOL if fn.startswith(("cmp.", "bool.", "null.")) and fn != "null.coalesce" else t.ANY
        self.plan = Plan(
            Table(0, Entity("One", "one_row", {"one": Property("one", "one", t.INT), **self.properties})),
            (Output("value", Op(fn, bound, result, True)),),
        )

    def _argument(self, value: Any) -> Bound:
        if isinstance(value, tuple):
            return Op("list", tuple(self._slot(item) for item in value), t.ANY, False)
        if value is None and not self._columns:
            return Constant(None, t.NULL)
        if isinstance(value, bool) and not self._columns:
            return Constant(value, t.BOOL)
        return self._column(value) if self._columns else self._slot(value)

    def _slot(self, value: Any) -> Bound:
        if value is None:
            return Constant(None, t.NULL)
        self.values.append(value)
        return Slot(len(self.values) - 1, type_of(value))

    def _column(self, value: Any) -> Column:
        name = f"c{len(self.properties)}"
        type = next(self._nulls, t.ANY) if value is None else type_of(value)
        self.properties[name] = Property(name, name, type, collation="binary")
        self.stored.append(encode(value, type, self.dialect))
        return Column(0, self.properties[name], type, True)

    def compiled(self) -> CompiledSql:
        return compile_sql(self.plan, self.dialect)

    def store(self, execute: Execute) -> None:
        """Make the table with its one row."""
        names = ["one", *self.properties]
        kinds = ["int", *(item.type.kind for item in self.properties.values())]
        types = COLUMNS[self.dialect]
        columns = ", ".join(
            f"{name} {types.get(kind, kind)}" for name, kind in zip(names, kinds, strict=True)
        )
        execute("DROP TABLE IF EXISTS one_row", None)
        execute(f"CREATE TABLE one_row ({columns})", None)
        mark = {"postgres": "%s", "mysql": "%s"}.get(self.dialect, "?")
        execute(f"INSERT INTO one_row VALUES ({', '.join([mark] * len(names))})", self.stored)

    def ask(self, execute: Execute) -> Any:
        """The engine's answer, in the form in which it stores values."""
        compiled = self.compiled()
        ((answer,),) = execute(compiled.text, compiled.params(self.values) or None)
        return answer


def agrees(answer: Any, expected: Any, dialect: str) -> bool:
    """Is it the expected value, as the engine gives such values back?"""
    if expected is None or answer is None:
        return answer is expected
    if isinstance(expected, bool):
        return isinstance(answer, int) and bool(answer) == expected
    if isinstance(expected, int | float | Decimal):
        return isinstance(answer, int | float | Decimal) and _close(answer, expected)
    return bool(answer == encode(expected, type_of(expected), dialect))


def _close(answer: float | Decimal, expected: float | Decimal) -> bool:
    if answer == expected or (answer != answer and expected != expected):  # NaN
        return True
    return math.isclose(float(answer), float(expected), rel_tol=1e-9, abs_tol=1e-9)
