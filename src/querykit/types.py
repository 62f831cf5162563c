"""The types a value can have, whatever language or database it comes from."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "ANY",
    "BINARY",
    "BOOL",
    "DATE",
    "DATETIME",
    "DECIMAL",
    "DURATION",
    "FLOAT",
    "GEO",
    "GUID",
    "INT",
    "NULL",
    "NUMBERS",
    "STRING",
    "TEMPORAL",
    "TIME",
    "Type",
    "collection",
    "entity",
    "enumeration",
    "promote",
]


class Type(NamedTuple):
    """A scalar, an enumeration, a row of an entity, or a collection of one of these.

    Parameters
    ----------
    kind: ``bool int decimal float string date datetime time duration guid binary geo enum entity list null any``.
    name: of the enumeration or entity.
    members: of an enumeration, ``(name, stored value)``.
    element: kind and name of what a collection holds.
    """

    kind: str
    name: str = ""
    members: tuple[tuple[str, str | int], ...] = ()
    element: tuple[str, str] | None = None

    def __str__(self) -> str:
        if self.kind == "list" and self.element is not None:
            return f"collection of {self.element[1] or self.element[0]}"
        return self.name or self.kind


BOOL = Type("bool")
INT = Type("int")
DECIMAL = Type("decimal")
FLOAT = Type("float")
STRING = Type("string")
DATE = Type("date")
DATETIME = Type("datetime")
TIME = Type("time")
DURATION = Type("duration")
GUID = Type("guid")
BINARY = Type("binary")
GEO = Type("geo")
NULL = Type("null")
#: A value whose type nobody stated: goes with every type, and is taken as it comes.
ANY = Type("any")

#: Weakest first: OData 4.01 Part 2, 5.1.1.18 promotes Decimal with Double to Double.
NUMBERS = (INT, DECIMAL, FLOAT)
TEMPORAL = (DATE, DATETIME, TIME, DURATION)


def enumeration(name: str, members: tuple[tuple[str, str | int], ...]) -> Type:
    return Type("enum", name, members)


def entity(name: str) -> Type:
    return Type("entity", name)


def collection(element: Type) -> Type:
    return Type("list", element=(element.kind, element.name))


def promote(left: Type, right: Type) -> Type | None:
    """The number type that holds both, or None where one is no number.

    >>> promote(INT, DECIMAL) == DECIMAL, promote(DECIMAL, FLOAT) == FLOAT
    (True, True)
    """
    if left not in NUMBERS or right not in NUMBERS:
        return None
    return NUMBERS[max(NUMBERS.index(left), NUMBERS.index(right))]
