"""XML as CSDL documents have it, and the annotations in which querykit says what CSDL has no word for.

Elements are told apart by their local names, because services in use print the document without the
official namespaces. A document type declaration is refused: CSDL needs none, and entities in it can grow
without bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

__all__ = ["VOCABULARY", "below", "item_type", "local", "parsed", "required", "said", "said_list", "shown"]

#: Namespace of the terms: `querykit.Column` …
VOCABULARY = "querykit"


def parsed(text: str) -> Element:
    """The root element. Names keep their prefixes: a document may use a prefix that it does not declare."""
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(text.lstrip("\ufeff \t\r\n"), True)
        return builder.close()
    except expat.ExpatError as error:
        place = f"line {error.lineno}, column {error.offset + 1}"
        raise ValueError(f"malformed XML in {place}: {expat.ErrorString(error.code)}") from None


def _refuse_doctype(*_: object) -> NoReturn:
    raise ValueError("a document type declaration (<!DOCTYPE …>) is not allowed in a CSDL document")


def local(element: Element) -> str:
    return element.tag.rpartition(":")[2]


def below(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if local(child) == name)


def shown(text: str) -> str:
    return text[:60]


def required(element: Element, attribute: str, where: str) -> str:
    value = element.get(attribute, "")
    if not value:
        raise ValueError(f"<{local(element)}> in {where} has no {attribute}")
    return value


def item_type(declared: str) -> tuple[str, bool]:
    """The type of a value or of the items of a collection, and whether it is a collection."""
    declared = declared.strip()
    if declared.startswith("Collection(") and declared.endswith(")"):
        return declared[len("Collection(") : -1].strip(), True
    return declared, False


def said(element: Element, term: str) -> str | None:
    """What an annotation of the element says (CSDL 4.01, 14): a text."""
    for annotation in below(element, "Annotation"):
        if annotation.get("Term") == f"{VOCABULARY}.{term}":
            return annotation.get("String")
    return None


def said_list(element: Element, term: str) -> list[str] | None:
    """What an annotation says: texts."""
    for annotation in below(element, "Annotation"):
        if annotation.get("Term") == f"{VOCABULARY}.{term}":
            return [
                text.text or ""
                for items in below(annotation, "Collection")
                for text in below(items, "String")
            ]
    return None
