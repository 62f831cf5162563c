"""Expressions that each dialect writes in its own way, chosen when the statement is compiled.

A `Select` that holds them runs on every dialect: the template comes from `functions.sql` at the moment the
dialect is known. All of them are SQLAlchemy functions, so that traversal, adaptation and statement caching are
SQLAlchemy's own; what decides their text beside the arguments is in their name or their class.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from querykit.functions.sql import DIALECTS, Dialect, Hole, Shape, dialect, shape
from querykit.types import Type

__all__ = ["Condition", "Negation", "NullsFirst", "NullsLast", "Operation", "Shaped", "Truth", "dialect_of"]

#: Elements whose text no operator beside it can take apart, and which are values.
_ATOMS = (ColumnClause, BindParameter, Null, True_, False_, ScalarSelect)
#: Characters of one operation with all that is in it.
_LENGTH_CEILING = 1_000_000
#: What is printed for a statement without a dialect (`str(statement)`).
_UNKNOWN = "default"


class Operation(NamedTuple):
    """What `shape` is asked for, apart from the dialect.

    Parameters
    ----------
    fn: id of the operation.
    kinds: of the arguments.
    slots: which arguments are slots.
    collation: that the column in front states.
    """

    fn: str
    kinds: tuple[str, ...]
    slots: frozenset[int] = frozenset()
    collation: str | None = None

    def shape(self, dialect_name: str) -> Shape:
        """
        Raises
        ------
        NotExpressible: the dialect cannot say it.
        """
        types = tuple(Type(kind) for kind in self.kinds)
        return shape(
            self.fn, dialect_name, len(self.kinds), types, slots=self.slots, collation=self.collation
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
        return f"{self.fn}({','.join(self.kinds)}|{slots}|{self.collation or ''})"


def dialect_of(compiler: SQLCompiler) -> Dialect:
    name = compiler.dialect.name
    return dialect("postgres" if name == _UNKNOWN else name)


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


class _Operand(_Element):
    """An operation as operand of an operator: in brackets, if the dialect's template needs them."""

    inherit_cache = True

    def __init__(self, operation: ColumnElement[Any]) -> None:
        super().__init__(operation)
        self.type = operation.type


def _operand(element: ColumnElement[Any], against: Any) -> ColumnElement[Any]:
    tight = against is not None and operators.is_precedent(operators.eq, against)
    return _Operand(element) if tight else element


class Truth(_Element):
    """A condition as a value: a number where the dialect has no Boolean values."""

    inherit_cache = True
    type = sa.Boolean()

    def self_group(self, against: Any = None) -> Any:
        return _operand(self, against)


class Condition(_Element):
    """A Boolean value as a condition: a comparison with 1 where the dialect has no Boolean values."""

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


def _only(element: FunctionElement[Any]) -> ColumnElement[Any]:
    (argument,) = element.clauses
    return argument


@compiles(Shaped)
def _compile_shaped(element: Shaped, compiler: SQLCompiler, **kw: Any) -> str:
    kw.pop("add_to_result_map", None)
    found = element.operation.shape(dialect_of(compiler).name)
    args = list(element.clauses)
    texts: dict[Hole, str] = {}
    out: list[str] = []
    for piece in found.pieces():
        if isinstance(piece, str):
            out.append(str(compiler.post_process_text(piece)))  # type: ignore[no-untyped-call]  # doubles %
            continue
        if piece not in texts:
            texts[piece] = _argument(args[piece.index], piece, found, compiler, kw)
        out.append(texts[piece])
    return _bounded("".join(out))


def _bounded(text: str) -> str:
    """Templates that use an argument twice double it at each level."""
    if len(text) > _LENGTH_CEILING:
        raise LimitExceeded("the statement would become too large", code="statement_size")
    return text


def _argument(
    argument: ColumnElement[Any], hole: Hole, found: Shape, compiler: SQLCompiler, kw: dict[str, Any]
) -> str:
    """The text for a hole; in brackets unless it is a whole argument of a function or cannot fall apart."""
    if isinstance(argument, (Truth, Condition)):  # which of the two is wanted, only the shape knows
        argument = _only(argument)
        wanted = _condition_text if hole.index in found.conditions else _truth_text
        return _grouped(wanted(argument, compiler, kw), hole, argument, compiler)
    return _grouped(compiler.process(argument, **kw), hole, argument, compiler)


def _grouped(text: str, hole: Hole, argument: ColumnElement[Any], compiler: SQLCompiler) -> str:
    return text if hole.alone or _is_closed(argument, compiler) else f"({text})"


def _is_closed(element: ColumnElement[Any], compiler: SQLCompiler) -> bool:
    """Is it an atom or one function call, which no operator beside it can take apart?"""
    if isinstance(element, _ATOMS):
        return True
    if isinstance(element, Truth):
        inner = _only(element)
        return isinstance(inner, _ATOMS) or (dialect_of(compiler).booleans and _is_closed(inner, compiler))
    return isinstance(element, Shaped) and _is_call(
        element.operation.shape(dialect_of(compiler).name).template
    )


def _is_call(template: str) -> bool:
    head, bracket, _ = template.partition("(")
    if not bracket or not template.endswith(")") or not head.replace("_", "").isalnum():
        return False
    depth = 0
    for index, char in enumerate(template):
        depth += (char == "(") - (char == ")")
        if depth == 0 and char == ")":
            return index == len(template) - 1
    return False


def _is_loose(template: str) -> bool:
    """Does it hold AND or OR, which bind looser than a comparison?"""
    return not _is_call(template) and (" AND " in template or " OR " in template)


@compiles(_Operand)
def _compile_operand(element: _Operand, compiler: SQLCompiler, **kw: Any) -> str:
    argument = _only(element)
    text = compiler.process(argument, **kw)
    return text if _is_closed(argument, compiler) else f"({text})"


@compiles(Truth)
def _compile_truth(element: Truth, compiler: SQLCompiler, **kw: Any) -> str:
    return _truth_text(_only(element), compiler, kw)


@compiles(Condition)
def _compile_condition(element: Condition, compiler: SQLCompiler, **kw: Any) -> str:
    return _condition_text(_only(element), compiler, kw)


@compiles(Negation)
def _compile_negation(element: Negation, compiler: SQLCompiler, **kw: Any) -> str:
    return f"NOT ({compiler.process(_only(element), **kw)})"


def _is_predicate(element: ColumnElement[Any], compiler: SQLCompiler) -> bool:
    """Is its text a condition, which not every dialect takes for a value?"""
    if isinstance(element, Shaped):
        return element.operation.shape(dialect_of(compiler).name).predicate
    return not isinstance(element, (*_ATOMS, sa.Case, Function))


def _truth_text(element: ColumnElement[Any], compiler: SQLCompiler, kw: dict[str, Any]) -> str:
    kw.pop("add_to_result_map", None)
    text = compiler.process(element, **kw)
    if dialect_of(compiler).booleans or not _is_predicate(element, compiler):
        return text
    return _bounded(f"CASE WHEN {text} THEN 1 WHEN NOT ({text}) THEN 0 END")


def _condition_text(element: ColumnElement[Any], compiler: SQLCompiler, kw: dict[str, Any]) -> str:
    text = compiler.process(element, **kw)
    if not dialect_of(compiler).booleans and not _is_predicate(element, compiler):
        return f"{text} = 1"
    if isinstance(element, Shaped) and _is_loose(element.operation.shape(dialect_of(compiler).name).template):
        return f"({text})"
    return text


@compiles(NullsFirst)
def _compile_nulls_first(element: NullsFirst, compiler: SQLCompiler, **kw: Any) -> str:
    text = compiler.process(_only(element), **kw)
    return text if dialect_of(compiler).nulls == "low" else f"{text} NULLS FIRST"


@compiles(NullsLast)
def _compile_nulls_last(element: NullsLast, compiler: SQLCompiler, **kw: Any) -> str:
    text = compiler.process(_only(element), **kw)
    return f"{text} DESC NULLS LAST" if dialect_of(compiler).nulls == "high" else f"{text} DESC"
