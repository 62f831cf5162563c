"""Placeholders for the values of slots, one name for each way in which a value is sent."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.types import TypeDecorator, TypeEngine

from querykit.errors import QueryError
from querykit.functions.sql import encode
from querykit.plan.nodes import Slot
from querykit.schema.model import Property
from querykit.targets.sqlalchemy.coltypes import Processor, column_type, value_type
from querykit.targets.sqlalchemy.shapes import Operation
from querykit.types import INT, Type

__all__ = ["Binds", "DriverBinds"]


#: What SQLAlchemy's types take of each kind; anything else is in the driver's form already.
_PYTHON: Mapping[str, tuple[type, ...]] = {
    "bool": (bool,),
    "datetime": (dt.datetime,),
    "date": (dt.date,),
    "time": (dt.time,),
    "duration": (dt.timedelta,),
    "guid": (uuid.UUID,),
    "decimal": (decimal.Decimal,),
    "float": (float, int),
    "string": (str,),
    "enum": (str, int),
    "binary": (bytes,),
}


class Binds:
    """The placeholders of one statement.

    A slot is called `p` and its number. Where its value is needed in a second form (as a pattern, say, and as
    it is), that form is called `p0_2` …

    Parameters
    ----------
    values: of all slots, to be held by the statement; without them they are given when it runs.
    """

    def __init__(self, values: Sequence[Any] | None = None) -> None:
        self._values = values
        self._forms: dict[tuple[Hashable, ...], BindParameter[Any]] = {}
        self.slots: dict[str, int] = {}

    def bind(self, slot: Slot) -> BindParameter[Any]:
        """The value as it is, in the way the column that it is compared with stores it."""
        return self._placeholder(
            slot, (slot.type.kind, slot.like), SlotValue(_stored(slot), slot.type, slot.like)
        )

    def limit(self, slot: Slot) -> BindParameter[Any]:
        """How many rows a page has."""
        return self._placeholder(slot, ("limit",), _Limit())

    def count(self, slot: Slot) -> BindParameter[Any]:
        """A number of rows."""
        return self._placeholder(slot, ("count",), sa.Integer())

    def argument(self, slot: Slot, operation: Operation, index: int) -> BindParameter[Any]:
        """The value as argument of an operation for which a dialect may want it encoded."""
        if index not in operation.encoded():
            return self.bind(slot)
        type = SlotValue(_stored(slot), slot.type, slot.like, operation, index)
        return self._placeholder(slot, (slot.like, operation, index), type)

    def _placeholder(
        self, slot: Slot, form: tuple[Hashable, ...], type: TypeEngine[Any]
    ) -> BindParameter[Any]:
        key = (slot.index, *form)
        if key not in self._forms:
            forms = sum(1 for known in self._forms if known[0] == slot.index)
            name = f"p{slot.index}_{forms + 1}" if forms else f"p{slot.index}"
            self.slots[name] = slot.index
            if self._values is None:
                self._forms[key] = sa.bindparam(name, type_=type, required=True)
            else:
                self._forms[key] = sa.bindparam(name, self._values[slot.index], type_=type)
        return self._forms[key]


class DriverBinds(Binds):
    """Placeholders for values that are in the form of a dialect's driver already.

    They are called as in that dialect's SQL text (`targets.sqlglot`), so that one set of values fits both.
    """

    def __init__(self, dialect: str) -> None:
        super().__init__()
        self._dialect = dialect

    def bind(self, slot: Slot) -> BindParameter[Any]:
        return self._placeholder(slot, ("", slot.type, slot.like), DriverValue(_stored(slot), slot.type))

    def argument(self, slot: Slot, operation: Operation, index: int) -> BindParameter[Any]:
        encoding = operation.shape(self._dialect).encoding(index)
        if not encoding:
            return self.bind(slot)
        return self._placeholder(slot, (encoding, slot.type, slot.like), sa.types.NULLTYPE)


def _stored(slot: Slot) -> TypeEngine[Any]:
    """The type of the column that the value is compared with, if it is one for such values."""
    stored = getattr(None if slot.like is None else slot.like.native, "type", None)
    if not isinstance(stored, TypeEngine) or column_type(stored).kind != slot.type.kind:
        return _without_cast(value_type(slot.type))
    if isinstance(stored, sa.Enum) and stored.enum_class is not None:
        # Our values are what is stored already; the class would take them for names of its members.
        return sa.Enum(*stored.enums, name=stored.name, schema=stored.schema, native_enum=stored.native_enum)
    if isinstance(stored, sa.Uuid) and not stored.as_uuid:
        return sa.Uuid(native_uuid=stored.native_uuid)  # the same storage; our values are UUIDs, not text
    return _without_cast(stored)


def _without_cast(stored: TypeEngine[Any]) -> TypeEngine[Any]:
    """Numbers go without a type, moments without the precision of the column.

    For some drivers SQLAlchemy puts a cast around each value, and for numbers any one cast is wrong:
    NUMERIC(10, 2) rounds, INTEGER refuses 3000000000, BIGINT is no argument of a text function.
    """
    if isinstance(stored, TypeDecorator):
        return stored
    if isinstance(stored, sa.DateTime) and getattr(stored, "precision", None) is not None:
        return sa.DateTime(timezone=stored.timezone)  # TIMESTAMP(0) would round the end of a second up
    return sa.types.NULLTYPE if isinstance(stored, (sa.Integer, sa.Numeric)) else stored


class DriverValue(TypeDecorator[Any]):
    """A value as a column's type sends it, or as it is where it has been made ready for the driver.

    Parameters
    ----------
    stored: the type of the column.
    type: of the value.
    """

    impl = sa.types.NullType
    cache_ok = True

    def __init__(self, stored: TypeEngine[Any], type: Type) -> None:
        super().__init__()
        self.stored = stored
        self.type = type

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(self.stored)

    def bind_processor(self, dialect: Dialect) -> Processor:
        process = self.stored.dialect_impl(dialect).bind_processor(dialect)
        python = _PYTHON.get(self.type.kind, ())

        def sent(value: Any) -> Any:
            value = self.encoded(value, dialect)
            if process is None or not (self.is_decorated or isinstance(value, python)):
                return value
            return process(value)

        return _letting_through(sent)

    @property
    def is_decorated(self) -> bool:
        """Then the author of the schema decides what is sent. (SQLAlchemy's own Interval is a decorator, too.)"""
        return isinstance(self.stored, TypeDecorator) and not isinstance(self.stored, sa.Interval)

    def encoded(self, value: Any, dialect: Dialect) -> Any:
        return value

    def literal_processor(self, dialect: Dialect) -> Processor | None:
        """For `literal_binds`, with which people look at a statement."""
        plain = value_type(self.type) if self.stored is sa.types.NULLTYPE else self.stored

        def written(value: Any) -> str:
            value = self.encoded(value, dialect)
            type = sa.String() if isinstance(value, str) else plain
            process = type.dialect_impl(dialect).literal_processor(dialect)
            return str(value) if process is None else process(value)

        return written


class SlotValue(DriverValue):
    """The value of a slot, made ready for the driver on its way there.

    Parameters
    ----------
    like: the property that it is compared with.
    operation, index: the argument of an operation, whose shape may ask for an encoding.
    """

    cache_ok = True

    def __init__(
        self,
        stored: TypeEngine[Any],
        type: Type,
        like: Property | None = None,
        operation: Operation | None = None,
        index: int = 0,
    ) -> None:
        super().__init__(stored, type)
        self.like = like
        self.operation = operation
        self.index = index

    def encoded(self, value: Any, dialect: Dialect) -> Any:
        encoding = self.operation.shape(dialect.name).encoding(self.index) if self.operation else ""
        if self.is_decorated and not encoding:
            return value
        value = encode(value, self.type, dialect.name, encoding, self.like)
        if getattr(self.stored, "timezone", False) and isinstance(value, dt.datetime):
            return value.replace(tzinfo=dt.UTC)
        return value


class _Limit(TypeDecorator[int]):
    """How many rows a page has. SQL Server can fetch no page without a row."""

    impl = sa.Integer
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Processor:
        encoding = "positive" if dialect.name == "mssql" else ""
        return _letting_through(lambda value: encode(value, INT, dialect.name, encoding))


def _letting_through(process: Processor) -> Processor:
    """With refusals as errors that SQLAlchemy lets through; all others become its `StatementError`."""

    def processed(value: Any) -> Any:
        try:
            return process(value)
        except QueryError as error:
            kind = _let_through(cast(Any, type(error)))
            raise kind(error.message, code=error.code, span=error.span, hint=error.hint) from None

    return processed


@lru_cache(maxsize=32)
def _let_through(kind: Any) -> type[QueryError]:
    return type(kind.__name__, (kind, DontWrapMixin), {})
