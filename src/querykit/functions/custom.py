"""Functions of the user: a name, what it takes and gives, its Python, and its SQL by dialect."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from querykit import types as t
from querykit.errors import NotExpressible, UnknownName
from querykit.functions.signature import Overload, Parameter
from querykit.functions.sql.binding import Level, level_of
from querykit.functions.sql.dialects import dialect as find_dialect
from querykit.functions.sql.shape import Shape
from querykit.types import Type

__all__ = ["CustomFunction"]

_SCALARS = (t.BOOL, t.INT, t.DECIMAL, t.FLOAT, t.STRING, *t.TEMPORAL, t.GUID, t.BINARY, t.GEO)
_TYPES: dict[str, Parameter] = {
    **{type.kind: type for type in _SCALARS},
    **{family: family for family in ("number", "moment", "any")},
}
_NULLS = ("strict", "own", "total")
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_HOLE = re.compile(r"\{(\d+)\}")


@dataclass(frozen=True, slots=True, init=False)
class CustomFunction:
    """A function that queries may call once it is given to a schema (`Schema.with_functions`).

    Equal functions are equal plans; several of one name are tried in order, by number and types of arguments.

    Parameters
    ----------
    name: as texts write it: OData's may be qualified (`Crm.Discount`). Letter case does not count.
    parameters: names (OData can give arguments by name: `Discount(price=Price)`) and types: ``bool int decimal
        float string date datetime time duration guid binary geo``, ``number``, ``moment`` (date or date-time), ``any``.
    result: type of the value.
    python: computes it from Python values, for `evaluate`. An `ArithmeticError` is null.
    sql: template for all dialects, ``{0}``, ``{1}`` … for the arguments. It holds no value of a query: those
        are bound parameters. One of a bool that compares is a condition, another one is a bool value.
    dialects: name of a dialect -> its own template, or None: the dialect cannot say it.
    nulls: ``strict``: null if an argument is, and `python` is not called then; ``own``: as `python` and SQL
        say; ``total``: as ``own``, and never null.

    Without any SQL a call whose arguments are constants is computed once per request, before the statement, and
    bound: so `CurrentUserId()` is a function without parameters that has only Python.

    Raises
    ------
    ValueError: the name, a type or a template is none.

    >>> twice = CustomFunction("Twice", {"x": "number"}, "float", python=lambda x: x * 2.0, sql="{0} * 2.0")
    >>> twice.shape("sqlite").template
    '{0} * 2.0'
    """

    name: str
    parameters: tuple[tuple[str, Parameter], ...]
    result: Type
    python: Callable[..., Any] | None
    sql: str | None
    dialects: tuple[tuple[str, str | None], ...]
    nulls: str

    def __init__(
        self,
        name: str,
        parameters: Mapping[str, str | Type],
        result: str | Type,
        *,
        python: Callable[..., Any] | None = None,
        sql: str | None = None,
        dialects: Mapping[str, str | None] | None = None,
        nulls: str = "strict",
    ) -> None:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a function")
        if nulls not in _NULLS:
            raise ValueError(f"{name}: nulls is one of {', '.join(_NULLS)}, not {nulls!r}")
        own = {_dialect(key): template for key, template in (dialects or {}).items()}
        for template in (sql, *own.values()):
            _check_template(name, template, len(parameters))
        typed = tuple((label, _parameter(name, type)) for label, type in parameters.items())
        values = (name, typed, _result(name, result), python, sql, tuple(sorted(own.items())), nulls)
        for field, value in zip(self.__slots__, values, strict=True):
            object.__setattr__(self, field, value)

    @property
    def id(self) -> str:
        """In trees, plans and allow-lists."""
        return f"custom.{self.name}"

    @property
    def overload(self) -> Overload:
        return Overload(tuple(type for _, type in self.parameters), self.result)

    @property
    def is_bound_first(self) -> bool:
        """No dialect can say it, so it is computed before the statement."""
        return self.sql is None and not any(template for _, template in self.dialects)

    def shape(self, dialect: str) -> Shape:
        """How a dialect says it.

        Raises
        ------
        NotExpressible: it has no SQL for the dialect.
        """
        row = find_dialect(dialect)
        template = dict(self.dialects).get(row.name, self.sql)
        if template is None:
            hint = "it can be asked of constants only" if self.is_bound_first else None
            raise NotExpressible(f"{self.name} has no SQL for {row.name}", code="function", hint=hint)
        return Shape(template, predicate=self.result == t.BOOL and level_of(template) <= Level.COMPARISON)

    def templates(self) -> str:
        """All its SQL as one text, for caches that know a function by its name."""
        return repr((self.sql, self.dialects))


def _dialect(name: str) -> str:
    try:
        return find_dialect(name).name
    except UnknownName as error:
        raise ValueError(error.message) from None


def _check_template(name: str, template: str | None, parameters: int) -> None:
    if template is None:
        return
    rest = _HOLE.sub("", template)
    if not template.strip() or "{" in rest or "}" in rest or "\0" in rest:
        raise ValueError(f"{name}: {template!r} is no template; arguments are written {{0}}, {{1}} …")
    if any(int(match[1]) >= parameters for match in _HOLE.finditer(template)):
        raise ValueError(f"{name}: {template!r} has more arguments than the function")


def _parameter(name: str, type: str | Type) -> Parameter:
    found = type if isinstance(type, Type) else _TYPES.get(type)
    if found is None:
        raise ValueError(f"{name}: there is no type {type!r}; the types are {', '.join(_TYPES)}")
    return found


def _result(name: str, type: str | Type) -> Type:
    found = t.ANY if type == "any" else _parameter(name, type)
    if not isinstance(found, Type):
        raise ValueError(f"{name}: a value of type {type!r} is not one of a single type")
    return found
