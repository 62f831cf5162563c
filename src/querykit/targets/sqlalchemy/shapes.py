"""Expressions that each dialect writes in its own way, chosen when the statement is compiled.

A `Select` that holds them runs on every dialect: the template comes from `functions.sql` at the moment the
dialect is known. All of them are SQLAlchemy functions, so that traversal, adaptation and statement caching are
SQLAlchemy's own; what decides their text beside the arguments is in their name or their class.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BindParameter, ColumnClause, ColumnElement, False_, Null, True_
from sqlalchemy.sql.functions import Function, FunctionElement
from sqlalchemy.sql.selectable import ScalarSelect
from sqlalchemy.types import TypeEngine

from querykit.errors import LimitExceeded, NotExpressible
from querykit.functions.custom import CustomFunction
from querykit.functions.sql import DIALECTS, Dialect, Level, Shape, dialect, shape
from querykit.functions.sql.table import kind_of
from querykit.types import BOOL, Type

__all__ = [
    "Condition",
    "Negation",
    "NullsFirst",
    "NullsLast",
    "Operation",
    "Shaped",
    "SureTruth",
    "Truth",
    "dialect_of",
]

#: Elements whose text no operator beside it can take apart, and which are values.
_ATOMS = (ColumnClause, BindParameter, Null, True_, False_, ScalarSelect)
#: Characters of one operation with all that is in it.
_LENGTH_CEILING = 1_000_000


class Operation(NamedTuple):
    """What `shape` is asked for, apart from the dialect.

    Parameters
    ----------
    fn: id of the operation.
    arity: number of arguments.
    types: of the arguments, each once.
    slots: which arguments are slots.
    collation: that the column in front states.
    custom: the function of the user that it is.
    """

    fn: str
    arity: int
    types: tuple[Type, ...] = ()
    slots: frozenset[int] = frozenset()
    collation: str | None = None
    custom: CustomFunction | None = None

    def shape(self, dialect_name: str) -> Shape:
        """
        Raises
        ------
        NotExpressible: the dialect cannot say it.
        """
        if self.custom is not None:
            return self.custom.shape(dialect_name)
        return shape(
            self.fn, dialect_name, self.arity, self.types, slots=self.slots, collation=self.collation
        )

    @lru_cache(maxsize=4096)  # noqa: B019 - operations are small values without an owner
    def encoded(self) -> frozenset[int]:
        """The arguments whose values some dialect must encode."""
        found: set[int] = set()
        for name in DIALECTS:
            try:
                found.update(index for index, _ in self.shape(name).encodings)
            except NotExpressible:
                continue
        return frozenset(found)

    def name(self) -> str:
        """All of it as text: SQLAlchemy's cache of compiled statements knows a function by its name."""
        slots = ",".join(str(index) for index in sorted(self.slots))
        name = f"{self.fn}({self.arity}|{kind_of(self.types, self.collation)}|{slots})"
        return name if self.custom is None else f"{name}{_digest(self.custom.templates())}"


def _digest(text: str) -> str:
    """Two schemas may say a function of one name differently."""
    return hashlib.sha256(text.encode()).hexdigest()


class _Element(FunctionElement[Any]):
    """What has one text in every place: no brackets, no comparison with 1 where a condition stands."""

    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        return self


class Shaped(Function[Any]):
    """An operation by the template of the dialect."""

    inherit_cache = True

    def __init__(
        self, operation: Operation, args: Sequence[ColumnElement[Any]], type_: TypeEngine[Any]
    ) -> None:
        super().__init__(operation.name(), *args, type_=type_)
        self.operation = operation

    def self_group(self, against: Any = None) -> Any:
        return _operand(self, against)


class Truth(_Element):
    """A Boolean as a value: a number where the dialect has no Boolean values."""

    inherit_cache = True
    type = sa.Boolean()
    bridge = "bool.as_value"

    def self_group(self, against: Any = None) -> Any:
        return _operand(self, against)


class SureTruth(Truth):
    """One that is never null."""

    inherit_cache = True
    bridge = "bool.as_value_not_null"


class Condition(_Element):
    """A Boolean as a condition: a comparison with 1 where the dialect has no Boolean values."""

    inherit_cache = True
    type = sa.Boolean()


class Negation(_Element):
    """NOT of a condition that is not SQLAlchemy's own."""

    inherit_cache = True
    type = sa.Boolean()


class NullsFirst(_Element):
    """Ascending, nulls below every value."""

    inherit_cache = True


class NullsLast(_Element):
    """Descending, nulls below every value."""

    inherit_cache = True


class _Compared(_Element):
    """One of ours beside a comparison."""

    inherit_cache = True
    least = Level.SUM

    def __init__(self, element: ColumnElement[Any]) -> None:
        super().__init__(element)
        self.type = element.type


class _Operand(_Compared):
    """One of ours beside another operator."""

    inherit_cache = True
    least = Level.ATOM


def _operand(element: ColumnElement[Any], against: Any) -> ColumnElement[Any]:
    if against is None or not operators.is_precedent(operators.eq, against):
        return element
    return _Compared(element) if operators.is_precedent(against, operators.eq) else _Operand(element)


# Their texts -------------------------------------------------------------------------------------------


class _Part(NamedTuple):
    """A text, how tightly it holds together, and whether it is a condition, which is no value everywhere."""

    text: str
    level: int = Level.ATOM
    condition: bool = False

    def within(self, least: int) -> str:
        return self.text if self.level >= least else f"({self.text})"


_Write = Callable[[Any, SQLCompiler, dict[str, Any]], _Part]


def _part(element: ColumnElement[Any], compiler: SQLCompiler, kw: dict[str, Any]) -> _Part:
    """An element; ours without the detour through the compiler, which costs stack."""
    own = _WRITERS.get(type(element))
    if own is not None:
        return own(element, compiler, kw)
    atom = isinstance(element, _ATOMS)
    return _Part(compiler.process(element, **kw), Level.ATOM if atom else Level.ANY, not atom)


def dialect_of(compiler: SQLCompiler) -> Dialect:
    name = compiler.dialect.name
    return dialect("postgres" if name == "default" else name)  # `str(statement)` has no dialect


def _only(element: FunctionElement[Any]) -> ColumnElement[Any]:
    (argument,) = element.clauses
    return argument


def _filled(found: Shape, parts: Sequence[_Part], compiler: SQLCompiler) -> _Part:
    """The template with the parts in its holes."""
    if found.template == "{0}":
        return parts[0]._replace(condition=found.predicate)
    out: list[str] = []
    for piece in found.pieces():
        if isinstance(piece, str):
            out.append(str(compiler.post_process_text(piece)))  # type: ignore[no-untyped-call]  # doubles %
        else:
            out.append(parts[piece.index].within(piece.least))
    text = "".join(out)
    if len(text) > _LENGTH_CEILING:  # templates that use an argument twice double it at each level
        raise LimitExceeded("the statement would become too large", code="statement_size")
    return _Part(text, found.level, found.predicate)


def _bridged(part: _Part, bridge: str, compiler: SQLCompiler) -> _Part:
    return _filled(shape(bridge, dialect_of(compiler).name, 1, (BOOL,)), (part,), compiler)


def _shaped(element: Shaped, compiler: SQLCompiler, kw: dict[str, Any]) -> _Part:
    found = element.operation.shape(dialect_of(compiler).name)
    parts: list[_Part] = []
    used = range(element.operation.arity) if found.joiner else frozenset(found.uses())
    for index, argument in enumerate(element.clauses):
        if index not in used:  # the template does without it
            parts.append(_Part("NULL"))
            continue
        if isinstance(argument, Truth) and index in found.conditions:
            argument = _only(argument)
            if type(argument) in _WRITERS or isinstance(argument, _ATOMS):
                argument = Condition(argument)
        parts.append(_part(argument, compiler, kw))
    return _filled(found, parts, compiler)


def _truth(element: Truth, compiler: SQLCompiler, kw: dict[str, Any]) -> _Part:
    part = _part(_only(element), compiler, kw)
    return _bridged(part, element.bridge, compiler) if part.condition else part


def _condition(element: Condition, compiler: SQLCompiler, kw: dict[str, Any]) -> _Part:
    part = _part(_only(element), compiler, kw)
    part = part if part.condition else _bridged(part, "bool.as_condition", compiler)
    return part._replace(text=part.within(Level.NOT), level=max(part.level, Level.NOT))


def _negation(element: Negation, compiler: SQLCompiler, kw: dict[str, Any]) -> _Part:
    part = _part(_only(element), compiler, kw)
    return _Part(f"NOT ({part.text})", Level.NOT, True)


def _nulls_first(element: NullsFirst, compiler: SQLCompiler, kw: dict[str, Any]) -> _Part:
    part = _part(_only(element), compiler, kw)
    return part if dialect_of(compiler).nulls == "low" else _Part(f"{part.text} NULLS FIRST")


def _nulls_last(element: NullsLast, compiler: SQLCompiler, kw: dict[str, Any]) -> _Part:
    part = _part(_only(element), compiler, kw)
    return _Part(
        f"{part.text} DESC NULLS LAST" if dialect_of(compiler).nulls == "high" else f"{part.text} DESC"
    )


def _compared(element: _Compared, compiler: SQLCompiler, kw: dict[str, Any]) -> _Part:
    return _Part(_part(_only(element), compiler, kw).within(element.least))


_WRITERS: dict[type, _Write] = {
    Shaped: _shaped,
    Truth: _truth,
    SureTruth: _truth,
    Condition: _condition,
    Negation: _negation,
    NullsFirst: _nulls_first,
    NullsLast: _nulls_last,
    _Compared: _compared,
    _Operand: _compared,
}


@compiles(Shaped)
@compiles(Truth)
@compiles(SureTruth)
@compiles(Condition)
@compiles(Negation)
@compiles(NullsFirst)
@compiles(NullsLast)
@compiles(_Compared)
@compiles(_Operand)
def _compile(element: ColumnElement[Any], compiler: SQLCompiler, **kw: Any) -> str:
    kw.pop("add_to_result_map", None)  # the columns of the result are the labels around us
    return _WRITERS[type(element)](element, compiler, kw).text
