"""XML into elements with their places, and nothing that XML can do to its reader.

expat reads the text; document types, and with them all entities but the five of XML, and processing
instructions are refused where they begin. Nothing is fetched, nothing recurses, and what is kept is bounded
while it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

from querykit.errors import LimitExceeded, ParseError
from querykit.languages.text import check_text
from querykit.limits import Limits
from querykit.source import Span

__all__ = ["Attribute", "Element", "read"]


class Attribute(NamedTuple):
    """The value of an attribute, references resolved; the places between its quotation marks, and of its name."""

    value: str
    span: Span
    name_span: Span


class Element:
    """An element; `span` is its start tag, `text` the characters directly in it."""

    __slots__ = ("attributes", "children", "name", "span", "text", "text_span")

    def __init__(self, name: str, attributes: dict[str, Attribute], span: Span) -> None:
        self.name = name
        self.attributes = attributes
        self.span = span
        self.children: list[Element] = []
        self.text = ""
        self.text_span = (span[1], span[1])

    def get(self, name: str) -> str | None:
        """The value of an attribute, or None."""
        found = self.attributes.get(name)
        return None if found is None else found.value

    def place(self, name: str) -> Span:
        """Where the value of an attribute stands; without it, the element."""
        found = self.attributes.get(name)
        return self.span if found is None else found.span

    def named(self, *names: str) -> Iterator[Element]:
        """The children of these names, in order."""
        return (child for child in self.children if child.name in names)


#: What expat finds wrong, in words (XML 1.0, 2.1 and 2.3).
_COMPLAINTS = {
    expat.errors.XML_ERROR_NO_ELEMENTS: ("the text ends too early", "close every element: <fetch>…</fetch>"),
    expat.errors.XML_ERROR_UNCLOSED_TOKEN: ("this is not closed", "a tag ends with '>'"),
    expat.errors.XML_ERROR_TAG_MISMATCH: (
        "this closes another element",
        "elements are closed in the reverse order",
    ),
    expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE: ("the attribute is given twice", None),
    expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: (
        "the document has ended",
        "there is one outermost element",
    ),
    expat.errors.XML_ERROR_UNDEFINED_ENTITY: (
        "there is no such entity",
        "&amp; &lt; &gt; &quot; &apos; and numbers like &#65; are all there is",
    ),
    expat.errors.XML_ERROR_BAD_CHAR_REF: ("there is no such character", None),
}
_OTHERWISE = ("this is not well-formed XML", "in values & is written &amp; and < is written &lt;")

_ATTRIBUTE = re.compile(r"\s+([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_END = re.compile(r"\s*/?>")


def read(text: str, limits: Limits) -> Element:
    """The outermost element.

    Raises
    ------
    ParseError: no well-formed XML (code ``xml``), or a document type (``doctype``) or processing instruction.
    LimitExceeded: more than `limits` allows.
    """
    check_text(text, limits)
    return _Reader(text, limits).run()


class _Reader:
    """The state of one reading: the open elements, and how far offsets are known."""

    def __init__(self, text: str, limits: Limits) -> None:
        self._text = text
        self._bytes = text.encode()
        self._limits = limits
        self._open: list[Element] = []
        self._pieces: list[list[str]] = []
        self._root: Element | None = None
        self._tokens = 0
        self._known = (0, 0)  # a byte offset, and the same in characters
        self._parser = expat.ParserCreate("utf-8")  # whatever an XML declaration says: the text is decoded
        self._parser.ordered_attributes = True
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.ProcessingInstructionHandler = self._instruction

    def run(self) -> Element:
        try:
            self._parser.Parse(self._bytes, True)
        except expat.ExpatError as error:
            raise self._complaint(error) from None
        assert self._root is not None  # expat has refused a text without an element
        return self._root

    # --- what expat calls

    def _start(self, name: str, given: list[str]) -> None:
        self._count(1 + len(given) // 2)
        element = self._element(name, given)
        if not self._open:
            self._root = element
        elif len(self._open) >= self._limits.depth:
            raise LimitExceeded(
                f"more than {self._limits.depth} levels in one another",
                code="depth",
                span=element.span,
                hint="Limits(depth=…) sets the bound",
            )
        else:
            self._open[-1].children.append(element)
        self._open.append(element)
        self._pieces.append([])

    def _end(self, name: str) -> None:
        element = self._open.pop()
        element.text = "".join(self._pieces.pop())
        element.text_span = (element.span[1], max(element.span[1], self._position()))

    def _characters(self, data: str) -> None:
        if self._pieces:
            self._pieces[-1].append(data)

    def _doctype(self, *declared: object) -> None:
        start = self._text.rfind("<!DOCTYPE", 0, self._position() + 1)  # expat is at its end
        raise ParseError(
            "a document type cannot be given",
            code="doctype",
            span=(start, start + len("<!DOCTYPE")),
            hint="leave it out: entities are not expanded",
        )

    def _instruction(self, *given: object) -> None:
        start = self._position()
        raise ParseError("processing instructions have no meaning here", code="xml", span=(start, start + 2))

    # --- places

    def _position(self) -> int:
        """The character where the current event begins. Events come in order, so each byte is counted once."""
        return self._characters_before(self._parser.CurrentByteIndex)

    def _characters_before(self, offset: int) -> int:
        known, characters = self._known
        if offset < known:
            known, characters = 0, 0
        characters += len(self._bytes[known:offset].decode(errors="ignore"))
        self._known = (offset, characters)
        return characters

    def _element(self, name: str, given: list[str]) -> Element:
        start = self._position()
        at = start + 1 + len(name)
        attributes = {}
        for place in range(0, len(given), 2):
            found = _ATTRIBUTE.match(self._text, at)
            assert found is not None  # expat has read it
            at = found.end()
            quoted = 2 if found[2] is not None else 3
            attributes[given[place]] = Attribute(given[place + 1], found.span(quoted), found.span(1))
        end = _END.match(self._text, at)
        return Element(name, attributes, (start, at if end is None else end.end()))

    def _count(self, tokens: int) -> None:
        self._tokens += tokens
        if self._tokens > self._limits.tokens:
            start = self._position()
            raise LimitExceeded(
                f"more than {self._limits.tokens} elements and attributes",
                code="tokens",
                span=(start, start + 1),
                hint="Limits(tokens=…) sets the bound",
            )

    def _complaint(self, error: expat.ExpatError) -> ParseError:
        offset = self._parser.ErrorByteIndex
        start = len(self._text) if offset < 0 else self._characters_before(offset)
        message, hint = _COMPLAINTS.get(expat.ErrorString(error.code), _OTHERWISE)
        return ParseError(message, code="xml", span=(start, min(start + 1, len(self._text))), hint=hint)
