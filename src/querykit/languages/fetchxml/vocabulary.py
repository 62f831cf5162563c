"""The words of FetchXML: which elements stand where, and with which attributes.

What is not here is refused with a suggestion. What is here and has no bearing on the rows is marked so; all
else is read by `queries` and `filters`, or refused by its name.
"""

from __future__ import annotations

from typing import NamedTuple

from querykit.errors import NotExpressible, ParseError, suggest
from querykit.languages.fetchxml.elements import Element

__all__ = ["ELEMENTS", "check"]


class _Word(NamedTuple):
    """An element.

    Parameters
    ----------
    children: the elements that may stand in it.
    attributes: those that mean something here.
    idle: attributes that say nothing about the rows: they label, page or format the answer.
    unsupported: attributes that do, and cannot be followed.
    """

    children: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    idle: frozenset[str] = frozenset()
    unsupported: frozenset[str] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENTITY = "attribute all-attributes order filter link-entity"

ELEMENTS: dict[str, _Word] = {
    "fetch": _Word(
        _words("entity"),
        _words("count page top distinct aggregate returntotalrecordcount"),
        _words("version output-format mapping no-lock latematerialize resultformat options useraworderby"),
        _words("paging-cookie utc-offset datasource"),
    ),
    "entity": _Word(_words(_ENTITY), _words("name")),
    "attribute": _Word(
        attributes=_words("name alias aggregate groupby dategrouping distinct"),
        idle=_words("build added-by"),
        unsupported=_words("usertimezone rowaggregate"),
    ),
    "all-attributes": _Word(),
    "no-attrs": _Word(),
    "order": _Word(attributes=_words("attribute alias descending"), unsupported=_words("entityname")),
    "filter": _Word(
        _words("filter condition link-entity"),
        _words("type"),
        _words(
            "isquickfindfields overridequickfindrecordlimitenabled overridequickfindrecordlimitdisabled hint"
        ),
    ),
    "condition": _Word(
        _words("value"),
        _words("attribute operator value valueof entityname"),
        _words("uiname uitype uihidden column"),
        _words("aggregate alias rowaggregate"),
    ),
    "value": _Word(idle=_words("uiname uitype")),
    "link-entity": _Word(
        _words(_ENTITY + " no-attrs"), _words("name from to alias link-type"), _words("visible intersect")
    ),
}


def check(root: Element) -> None:
    """Refuse elements and attributes where they do not belong.

    Raises
    ------
    ParseError: codes ``element``, ``attribute``, ``text``.
    NotExpressible: an attribute that changes the rows, and is not supported.
    """
    pending = [root]
    while pending:
        element = pending.pop()
        word = ELEMENTS[element.name]
        _check_attributes(element, word)
        if element.name != "value" and element.text.strip():
            raise ParseError(
                f"<{element.name}> holds elements, not text",
                code="text",
                span=element.text_span,
                hint="a value stands in an attribute, or in <value>",
            )
        for child in element.children:
            if child.name not in word.children:
                raise ParseError(
                    f"<{child.name[:64]}> cannot stand in <{element.name}>",
                    code="element",
                    span=child.span,
                    hint=suggest(child.name, word.children) or _choice(element.name, word.children),
                )
        pending += reversed(element.children)


def _check_attributes(element: Element, word: _Word) -> None:
    for name, attribute in element.attributes.items():
        if name in word.unsupported and attribute.value not in ("", "false", "0"):
            raise NotExpressible(
                f"'{name}' of <{element.name}> is not supported",
                code="attribute",
                span=attribute.span,
                hint=_UNSUPPORTED.get(name),
            )
        known = word.attributes | word.idle | word.unsupported
        if name not in known and name != "xmlns" and not name.startswith("xmlns:"):
            raise ParseError(
                f"<{element.name}> has no attribute '{name[:64]}'",
                code="attribute",
                span=attribute.name_span,
                hint=suggest(name, known) or _choice(element.name, word.attributes),
            )


_UNSUPPORTED = {
    "usertimezone": "days are those of UTC",
    "paging-cookie": "ask by page and count",
}


def _choice(element: str, names: frozenset[str]) -> str:
    return f"<{element}> takes {', '.join(sorted(names))}" if names else f"<{element}> takes none"
