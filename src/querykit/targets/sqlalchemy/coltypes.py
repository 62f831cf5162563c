"""Types of columns into types of values, and back."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Callable
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from querykit import types as t
from querykit.types import Type

__all__ = ["Processor", "column_type", "result_type", "stated_collation", "value_type"]

#: The first row that a column's type is an instance of. `Interval` and `PickleType` are decorators of other
#: types, `Enum` is a text, `Float` is a `Numeric`: each before what it is built on.
_READ: tuple[tuple[type[TypeEngine[Any]], Type], ...] = (
    (sa.Interval, t.DURATION),
    (sa.PickleType, t.ANY),
    (sa.Boolean, t.BOOL),
    (sa.Float, t.FLOAT),
    (sa.Numeric, t.DECIMAL),
    (sa.Integer, t.INT),
    (sa.Uuid, t.GUID),
    (sa.String, t.STRING),
    (sa.DateTime, t.DATETIME),
    (sa.Date, t.DATE),
    (sa.Time, t.TIME),
    (sa.LargeBinary, t.BINARY),
)

#: For types that only one database has: what their values are in Python.
_BY_PYTHON_TYPE: dict[type, Type] = {
    bool: t.BOOL,
    int: t.INT,
    float: t.FLOAT,
    decimal.Decimal: t.DECIMAL,
    str: t.STRING,
    bytes: t.BINARY,
    dt.datetime: t.DATETIME,
    dt.date: t.DATE,
    dt.time: t.TIME,
    dt.timedelta: t.DURATION,
    uuid.UUID: t.GUID,
}

_WRITTEN: dict[str, TypeEngine[Any]] = {
    "bool": sa.Boolean(),
    "int": sa.Integer(),
    "decimal": sa.Numeric(),
    "float": sa.Double(),
    "string": sa.String(),
    "date": sa.Date(),
    "datetime": sa.DateTime(),
    "time": sa.Time(),
    "duration": sa.Interval(),
    "guid": sa.Uuid(),
    "binary": sa.LargeBinary(),
}

_COLLATIONS = {
    "nocase": "nocase",
    "binary": "binary",
    "c": "binary",
    "posix": "binary",
    "ucs_basic": "binary",
}


def column_type(native: TypeEngine[Any]) -> Type:
    """What the values of a column are, for queries; `any` where that cannot be told.

    >>> str(column_type(sa.Numeric(10, 2))), str(column_type(sa.JSON()))
    ('decimal', 'any')
    """
    if isinstance(native, sa.Enum):
        return _enumeration(native)
    if isinstance(native, sa.ARRAY):
        return t.collection(column_type(native.item_type))
    for known, type in _READ:
        if isinstance(native, known):
            return type
    if isinstance(native, TypeDecorator):
        return column_type(native.impl_instance)
    try:
        return _BY_PYTHON_TYPE.get(native.python_type, t.ANY)
    except NotImplementedError:  # what a type without a Python type says
        return t.ANY


def _enumeration(native: sa.Enum) -> Type:
    """Members by the name a query uses, with the text that is stored."""
    stored = [str(value) for value in native.enums]
    names = stored
    if native.enum_class is not None:
        # SQLAlchemy leaves aliases out unless told otherwise; where the counts differ, take what is stored.
        declared = [name for name, member in native.enum_class.__members__.items() if member.name == name]
        names = declared if len(declared) == len(stored) else stored
    name = native.enum_class.__name__ if native.enum_class is not None else native.name or "enum"
    return t.enumeration(str(name), tuple(zip(names, stored, strict=True)))


def stated_collation(native: TypeEngine[Any]) -> str | None:
    """The collation in the schema's words, where the column states one that has a word.

    >>> stated_collation(sa.String(collation="NOCASE"))
    'nocase'
    """
    collation = getattr(native, "collation", None)
    return _COLLATIONS.get(collation.lower()) if isinstance(collation, str) else None


def result_type(type: Type) -> TypeEngine[Any]:
    """The type of a computed value: whatever number the driver answers becomes the Python value of the kind."""
    return _Computed(type.kind) if type.kind in _NUMBERS else value_type(type)


_NUMBERS: dict[str, Callable[[Any], Any]] = {
    "int": int,
    "float": float,
    "decimal": lambda value: value if isinstance(value, decimal.Decimal) else decimal.Decimal(str(value)),
}


class Processor(Protocol):
    """What SQLAlchemy calls for each value that goes to the driver or comes from it."""

    def __call__(self, value: Any) -> Any: ...


class _Computed(TypeDecorator[Any]):
    """A number without the scale of a column, to which SQLAlchemy would round it."""

    impl = sa.types.NullType
    cache_ok = True

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        convert = _NUMBERS[self.kind]

        def converted(value: Any) -> Any:
            return None if value is None else convert(value)

        return converted


def value_type(type: Type) -> TypeEngine[Any]:
    """The type under which a value is sent to and comes back from the database.

    >>> value_type(t.INT)
    Integer()
    """
    if type.kind == "enum":
        texts = any(isinstance(stored, str) for _, stored in type.members)
        return _WRITTEN["string" if texts else "int"]
    return _WRITTEN.get(type.kind, sa.types.NULLTYPE)
