"""Expressions that each dialect writes in its own way, chosen when the statement is compiled.

A `Select` that holds them runs on every dialect: the template comes from `functions.sql` at the moment the
dialect is known. All of them are SQLAlchemy functions, so that traversal, adaptation and statement caching are
SQLAlchemy's own; what decides their text beside the arguments is in their name or their class.
"""

from __future__ import annotations

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


# Their texts -------------------------------------------------------------------------------------------


def _text(element: ColumnElement[Any], compiler: SQLCompiler, kw: dict[str, Any]) -> str:
    """The text of an element; without the detour through the compiler for ours, which costs stack."""
    own = _TEXTS.get(type(element))
    return compiler.process(element, **kw) if own is None else own(element, compiler, kw)


def _shaped_text(element: Shaped, compiler: SQLCompiler, kw: dict[str, Any]) -> str:
    found = element.operation.shape(dialect_of(compiler).name)
    args = list(element.clauses)
    texts: dict[Hole, str] = {}
    out: list[str] = []
    for piece in found.pieces():
        if isinstance(piece, str):
            out.append(str(compiler.post_process_text(piece)))  # type: ignore[no-untyped-call]  # doubles %
            continue
        if piece not in texts:
            texts[piece] = _argument_text(args[piece.index], piece, found, compiler, kw)
        out.append(texts[piece])
    return _bounded("".join(out))


def _bounded(text: str) -> str:
    """Templates that use an argument twice double it at each level."""
    if len(text) > _LENGTH_CEILING:
        raise LimitExceeded("the statement would become too large", code="statement_size")
    return text


def _argument_text(
    argument: ColumnElement[Any], hole: Hole, found: Shape, compiler: SQLCompiler, kw: dict[str, Any]
) -> str:
    """The text for a hole; in brackets unless it is a whole argument of a function or cannot fall apart."""
    if isinstance(argument, Truth) and hole.index in found.conditions:
        argument = Condition(_only(argument))
    text = _text(argument, compiler, kw)
    return text if hole.alone or _is_closed(argument, compiler) else f"({text})"


def _operand_text(element: _Operand, compiler: SQLCompiler, kw: dict[str, Any]) -> str:
    argument = _only(element)
    text = _text(argument, compiler, kw)
    return text if _is_closed(argument, compiler) else f"({text})"


def _truth_text(element: Truth, compiler: SQLCompiler, kw: dict[str, Any]) -> str:
    argument = _only(element)
    text = _text(argument, compiler, kw)
    if dialect_of(compiler).booleans or not _is_predicate(argument, compiler):
        return text
    return _bounded(f"CASE WHEN {text} THEN 1 WHEN NOT ({text}) THEN 0 END")


def _condition_text(element: Condition, compiler: SQLCompiler, kw: dict[str, Any]) -> str:
    argument = _only(element)
    text = _text(argument, compiler, kw)
    if not dialect_of(compiler).booleans and not _is_predicate(argument, compiler):
        return f"{text} = 1"
    return f"({text})" if _is_loose(argument, compiler) else text


def _negation_text(element: Negation, compiler: SQLCompiler, kw: dict[str, Any]) -> str:
    return f"NOT ({_text(_only(element), compiler, kw)})"


def _nulls_first_text(element: NullsFirst, compiler: SQLCompiler, kw: dict[str, Any]) -> str:
    text = _text(_only(element), compiler, kw)
    return text if dialect_of(compiler).nulls == "low" else f"{text} NULLS FIRST"


def _nulls_last_text(element: NullsLast, compiler: SQLCompiler, kw: dict[str, Any]) -> str:
    text = _text(_only(element), compiler, kw)
    return f"{text} DESC NULLS LAST" if dialect_of(compiler).nulls == "high" else f"{text} DESC"


_TEXTS: dict[type, Callable[[Any, SQLCompiler, dict[str, Any]], str]] = {
    Shaped: _shaped_text,
    _Operand: _operand_text,
    Truth: _truth_text,
    Condition: _condition_text,
    Negation: _negation_text,
    NullsFirst: _nulls_first_text,
    NullsLast: _nulls_last_text,
}


@compiles(Shaped)
@compiles(_Operand)
@compiles(Truth)
@compiles(Condition)
@compiles(Negation)
@compiles(NullsFirst)
@compiles(NullsLast)
def _compile(element: ColumnElement[Any], compiler: SQLCompiler, **kw: Any) -> str:
    kw.pop("add_to_result_map", None)  # the columns of the result are the labels around us
    return _TEXTS[type(element)](element, compiler, kw)


# What may fall apart ------------------------------------------------------------------------------------


def _template(element: Shaped, compiler: SQLCompiler) -> str:
    return element.operation.shape(dialect_of(compiler).name).template


def _is_predicate(element: ColumnElement[Any], compiler: SQLCompiler) -> bool:
    """Is its text a condition, which not every dialect takes for a value?"""
    if isinstance(element, Shaped):
        return element.operation.shape(dialect_of(compiler).name).predicate
    return not isinstance(element, _ATOMS)


def _is_closed(element: ColumnElement[Any], compiler: SQLCompiler) -> bool:
    """Is it an atom or one function call, which no operator beside it can take apart?"""
    if isinstance(element, Truth):
        inner = _only(element)
        return isinstance(inner, _ATOMS) or (dialect_of(compiler).booleans and _is_closed(inner, compiler))
    return isinstance(element, _ATOMS) or (
        isinstance(element, Shaped) and _is_call(_template(element, compiler))
    )


def _is_loose(element: ColumnElement[Any], compiler: SQLCompiler) -> bool:
    """Is there AND or OR in its template, which bind looser than a comparison?"""
    if not isinstance(element, Shaped):
        return False
    template = _template(element, compiler)
    return not _is_call(template) and (" AND " in template or " OR " in template)


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
