"""Placeholders for the values of slots, one name for each way in which a value is sent."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Callable
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from querykit.errors import QueryError
from querykit.functions.values import encode
from querykit.plan.nodes import Slot
from querykit.targets.sqlalchemy.coltypes import column_type, value_type
from querykit.targets.sqlalchemy.shapes import Operation

__all__ = ["Binds"]

_Process = Callable[[Any], Any]

#: Kinds whose values SQLAlchemy turns into what the driver takes, and the Python values it does that with.
_PYTHON: dict[str, type | tuple[type, ...]] = {
    "datetime": dt.datetime,
    "date": dt.date,
    "time": dt.time,
    "duration": dt.timedelta,
    "guid": uuid.UUID,
    "decimal": (decimal.Decimal, int, float),
    "binary": bytes,
}


class Binds:
    """The placeholders of one statement.

    A slot is called `p` and its number. Where its value is needed in a second form (as a pattern, say, and as it
    is), that form is called `p0_2` …
    """

    def __init__(self) -> None:
        self._names: dict[tuple[object, ...], BindParameter[Any]] = {}
        self.slots: dict[str, int] = {}

    def bind(self, slot: Slot) -> BindParameter[Any]:
        """The value as it is, in the way the column that it is compared with stores it."""
        return self._named(slot.index, (slot.type.kind, slot.like), _slot_type(slot))

    def page(self, slot: Slot) -> BindParameter[Any]:
        """A number of rows."""
        return self._named(slot.index, ("page",), sa.Integer())

    def argument(self, slot: Slot, operation: Operation, index: int) -> BindParameter[Any]:
        """The value as argument of an operation for which a dialect may want it encoded."""
        if index not in operation.encoded():
            return self.bind(slot)
        return self._named(slot.index, (operation, index), _Encoded(value_type(slot.type), operation, index))

    def _named(self, slot: int, form: tuple[object, ...], type: TypeEngine[Any]) -> BindParameter[Any]:
        key = (slot, *form)
        if key not in self._names:
            forms = sum(1 for known in self._names if known[0] == slot)
            name = f"p{slot}_{forms + 1}" if forms else f"p{slot}"
            self._names[key] = sa.bindparam(name, type_=type, required=True)
            self.slots[name] = slot
        return self._names[key]


def _slot_type(slot: Slot) -> TypeEngine[Any]:
    if slot.type.kind == "int":
        return _Integer()
    native = None if slot.like is None else slot.like.native
    stored = None if native is None else native.type
    if not isinstance(stored, TypeEngine) or column_type(stored).kind != slot.type.kind or _is_plain(stored):
        stored = value_type(slot.type)
    return _Stored(stored, slot.type.kind) if slot.type.kind in _PYTHON else stored


def _is_plain(stored: TypeEngine[Any]) -> bool:
    """Is it a number, for which only the kind matters? A cast to NUMERIC(10, 2) would round the value."""
    return isinstance(stored, (sa.Integer, sa.Numeric)) and not isinstance(stored, TypeDecorator)


class _Integer(UserDefinedType[int]):
    """An integer of whatever size.

    SQLAlchemy's own types put a cast around each value for some drivers, and any one cast is wrong: as INTEGER
    3000000000 is refused, as BIGINT a string function is.
    """

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "BIGINT"

    def literal_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        return lambda value: str(int(value))


class _Stored(TypeDecorator[Any]):
    """A value as the column's type sends it; one that is in the driver's form already goes as it is."""

    impl = sa.types.NullType
    cache_ok = True

    def __init__(self, stored: TypeEngine[Any], kind: str) -> None:
        super().__init__()
        self.stored = stored
        self.kind = kind

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(self.stored)

    def bind_processor(self, dialect: Dialect) -> _Process:
        process = self.stored.dialect_impl(dialect).bind_processor(dialect)
        python = _PYTHON[self.kind]
        zoned = bool(getattr(self.stored, "timezone", False))

        def sent(value: Any) -> Any:
            if not isinstance(value, python):
                return value
            if isinstance(value, dt.datetime):
                value = _in_utc(value, zoned)
            return value if process is None else process(value)

        return sent

    def literal_processor(self, dialect: Dialect) -> Callable[[Any], str] | None:
        return self.stored.dialect_impl(dialect).literal_processor(dialect)


def _in_utc(value: dt.datetime, zoned: bool) -> dt.datetime:
    """Columns without a zone hold UTC."""
    aware = value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
    return aware if zoned else aware.replace(tzinfo=None)


class _Encoded(TypeDecorator[Any]):
    """The value of an argument in the form that the dialect's template asks for, a LIKE pattern for example."""

    impl = sa.types.NullType
    cache_ok = True

    def __init__(self, stored: TypeEngine[Any], operation: Operation, index: int) -> None:
        super().__init__()
        self.stored = stored
        self.operation = operation
        self.index = index

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(self.stored)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        try:
            encoding = self.operation.shape(dialect.name).encoding(self.index)
            return encode(value, encoding, dialect.name) if encoding else value
        except QueryError as error:
            raise _unwrapped(error) from None


def _unwrapped(error: QueryError) -> QueryError:
    """The error as one that SQLAlchemy lets through: all others become its `StatementError`."""
    kind = _unwrapped_kind(type(error))
    return kind(error.message, code=error.code, span=error.span, hint=error.hint, source=error.source)


@cache
def _unwrapped_kind(kind: type[QueryError]) -> type[QueryError]:
    return type(kind.__name__, (kind, DontWrapMixin), {})
