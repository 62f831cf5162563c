"""Types of values as CSDL names them, and the annotations for what it has no word for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement

from querykit.schema.csdl_xml import VOCABULARY
from querykit.schema.model import Entity, Property
from querykit.types import Type

__all__ = ["Types", "annotate", "annotate_list", "identifier"]

_PRIMITIVES = {
    "bool": "Edm.Boolean",
    "int": "Edm.Int64",
    "decimal": "Edm.Decimal",
    "float": "Edm.Double",
    "string": "Edm.String",
    "date": "Edm.Date",
    "datetime": "Edm.DateTimeOffset",
    "time": "Edm.TimeOfDay",
    "duration": "Edm.Duration",
    "guid": "Edm.Guid",
    "binary": "Edm.Binary",
    "geo": "Edm.Geography",
}

#: CSDL 4.01, 17.2: a letter or underscore, then letters, digits and underscores.
_IDENTIFIER = re.compile(r"[^\W\d]\w{0,127}")
#: What no XML 1.0 document can hold, or can hold as it is.
_UNWRITABLE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def identifier(name: str, where: str) -> str:
    """The name, if CSDL allows it.

    Raises
    ------
    ValueError: it does not.
    """
    if not _IDENTIFIER.fullmatch(name):
        raise ValueError(f"{where}: CSDL has no name {name[:128]!r}; expose(aliases=…) gives another one")
    return name


def annotate(element: Element, term: str, text: str) -> None:
    SubElement(element, "Annotation", Term=f"{VOCABULARY}.{term}", String=_written(text))


def annotate_list(element: Element, term: str, texts: Iterable[str]) -> None:
    items = SubElement(SubElement(element, "Annotation", Term=f"{VOCABULARY}.{term}"), "Collection")
    for text in texts:
        SubElement(items, "String").text = _written(text)


def _written(text: str) -> str:
    if _UNWRITABLE.search(text):
        raise ValueError(f"XML cannot hold the text {text[:128]!r}")
    return text


class Types:
    """The types that a schema declares beside its entities.

    Parameters
    ----------
    schema: the element they are declared in.
    entities: whose names are taken, and whose enumerations are declared.
    """

    def __init__(self, schema: Element, namespace: str, entities: Mapping[str, Entity]) -> None:
        self._schema = schema
        self._namespace = namespace
        self._taken = set(entities) | {"Container"}
        self._names: dict[Type, str] = {}
        self._by_name: dict[str, str] = {}
        for entity in entities.values():
            for item in _all(entity.properties.values()):
                if item.type.kind == "enum" and item.type not in self._names:
                    self._enumeration(item.type)

    def name(self, type: Type) -> str:
        """How a property says that it has the type."""
        if type.kind == "list":
            kind, name = type.element or ("any", "")
            return f"Collection({self._member(name) if kind == 'enum' else _primitive(kind)})"
        return self._names[type] if type.kind == "enum" else _primitive(type.kind)

    def complex(self, name: str) -> Element:
        """A new complex type."""
        return SubElement(self._schema, "ComplexType", Name=self._free(name))

    def _member(self, name: str) -> str:
        """Lists know their enumerations by name."""
        if name not in self._by_name:
            self._enumeration(Type("enum", name))
        return self._by_name[name]

    def _enumeration(self, type: Type) -> None:
        name = self._free(type.name)
        element = SubElement(self._schema, "EnumType", Name=name)
        if name != type.name:
            annotate(element, "Name", type.name)
        taken: set[str] = set()
        for label, stored in type.members:
            member = SubElement(element, "Member", Name=_first_free(_plain(label), taken))
            taken.add(member.get("Name", ""))
            if member.get("Name") != label:
                annotate(member, "Name", label)
            if isinstance(stored, int):
                member.set("Value", str(stored))
            else:
                annotate(member, "Stored", stored)
        self._names[type] = f"{self._namespace}.{name}"
        self._by_name.setdefault(type.name, self._names[type])

    def _free(self, name: str) -> str:
        free = _first_free(_plain(name), self._taken)
        self._taken.add(free)
        return free


def _primitive(kind: str) -> str:
    return _PRIMITIVES.get(kind, "Edm.Untyped")


def _plain(name: str) -> str:
    """A name that CSDL allows, like the one given."""
    plain = re.sub(r"\W", "_", name)[:100] or "_"
    return plain if _IDENTIFIER.fullmatch(plain) else f"_{plain}"


def _first_free(name: str, taken: Iterable[str]) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def _all(properties: Iterable[Property]) -> Iterator[Property]:
    for item in properties:
        yield item
        yield from _all(item.parts)
