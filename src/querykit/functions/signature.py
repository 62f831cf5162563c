"""What a row of the catalog says of a function, and its signatures."""

from __future__ import annotations

from typing import NamedTuple

from querykit.types import Type

__all__ = ["Function", "Overload", "Parameter"]

#: What an overload accepts in one place: a type, ``number`` (int, decimal or float), ``moment`` (date or
#: date-time), ``same`` (the type of the first argument) or ``any``.
Parameter = Type | str


class Overload(NamedTuple):
    """One signature.

    Parameters
    ----------
    params: what the arguments must be; with `variadic` the last one repeats.
    result: the type of the value, or ``promoted`` (the widest number), ``same`` (type of the first argument),
        ``common`` (the type that all `same` arguments share).
    becomes: the operation that the targets know; empty for the id of the row.
    optional: how many of the last parameters may be missing.
    """

    params: tuple[Parameter, ...]
    result: Type | str
    becomes: str = ""
    optional: int = 0
    variadic: bool = False


class Function(NamedTuple):
    """A row.

    Parameters
    ----------
    id: ``family.name``.
    overloads: in order of preference.
    nulls: ``strict`` (null if an argument is), ``total`` (never null), ``logic`` (three-valued and/or/not),
        ``own`` (its evaluation says).
    doc: one line for the tables of the documentation.
    """

    id: str
    overloads: tuple[Overload, ...]
    nulls: str
    doc: str
