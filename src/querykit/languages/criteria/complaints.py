"""Better words for what the grammar refuses: what people write instead, and what criteria has for it."""

from __future__ import annotations

import re
from typing import NamedTuple

from querykit.errors import ParseError
from querykit.languages.criteria.names import KEYWORDS

__all__ = ["explained"]

_CONTEXT = 64  # characters before the place that a row looks at


class _Complaint(NamedTuple):
    """When the text before and from the place on looks so, this is meant."""

    before: str
    after: str
    message: str
    hint: str


_COMPARE = "criteria compares with = <> > >= < <="
_QUOTE = "an apostrophe ends a text, and is doubled within: 'D''Arcy'"
_KEYWORD = rf"(?:{'|'.join(KEYWORDS)})(?!\w)"
_IS = "= compares values; IsInstanceOfType(This, 'Class') tests the class"

#: The first row that fits is used.
_ROWS = (
    _Complaint("", r"/\*", "the comment is not closed", "a comment ends with */"),
    _Complaint(r"/(?!\s)", r"\*", "the comment is not closed", "a comment ends with */"),
    _Complaint("", r"'[^']*+(?:''[^']*+)*+\Z", "the text is not closed", _QUOTE),
    _Complaint("'", rf"(?!{_KEYWORD})[\w']", "an operator is missing after the text", _QUOTE),
    _Complaint(
        "", '["“”‘’]', "this is no quotation mark of criteria", "a text stands between apostrophes: 'Oslo'"
    ),
    _Complaint("", r"##\w*#?[^#]*+\Z", "the literal is not closed", "##Enum#Ns.Type,Member#"),
    _Complaint("", r"##", "this is no literal", "##Enum#Ns.Type,Member#"),
    _Complaint("", r"#[^#]*+\Z", "the date is not closed", "a date stands between two #: #2024-03-22#"),
    _Complaint("", r"\{[^}]*+\Z", "the guid is not closed", "{0f8fad5b-d9cb-469f-a165-70867728950e}"),
    _Complaint(
        "",
        r"\[(?:[^\[\]\\]|\\.)*+(?:\[|\Z)",
        "the bracket is not closed",
        "[ and ] within a name have a backslash before them",
    ),
    _Complaint("", ";", "one criterion ends here", "only one can be given; And or Or joins several"),
    _Complaint(r"\bis(?:\s+not)?", "", "Is takes only Null or Not Null", _IS),
    _Complaint(r"\bbetween", "", "the bounds are missing", "both stand in brackets: x Between (1, 2)"),
    _Complaint(r"\bin", "", "the list is missing", "its items stand in brackets: x In (1, 2)"),
    _Complaint(r"\bin\s*\(", r"\)", "the list is empty", "one item at least: x In (1)"),
    _Complaint(
        "",
        rf"{_KEYWORD}(?=\s*(?:[=<>,)]|\Z))",
        "a keyword is no operand",
        "a property of that name is written [In] or @In",
    ),
    _Complaint("", r"(?:eq|ne|gt|ge|lt|le)(?!\w)", "this is no operator of criteria", _COMPARE),
    _Complaint("[<>=!]", "[=<>!]", "this is no operator of criteria", _COMPARE),
    _Complaint(r"\)", r"\.", "a value has no properties", "only a path has: Order.Customer.Name"),
    _Complaint(
        r"\w\s+not", "[=<>!]", "Not stands before the whole comparison", "x <> 1, Not x = 1, or Not x In (1)"
    ),
    _Complaint(
        rf"(?:\b(?!{_KEYWORD})\w+|['\])}}#?])",
        rf"(?!{_KEYWORD})[\w'\[({{#?@]",
        "an operator is missing",
        "And, Or, = and the like stand between two operands",
    ),
)
_PATTERNS = tuple(
    (
        re.compile(rf"(?:{row.before})\s*\Z", re.IGNORECASE),
        re.compile(row.after, re.IGNORECASE | re.DOTALL),
        row,
    )
    for row in _ROWS
)


def explained(error: ParseError, text: str) -> ParseError:
    """The error with the words of the first row that fits; as it is where none does."""
    if error.code != "syntax" or error.span is None:
        return error
    start = error.span[0]
    context = text[max(0, start - _CONTEXT) : start]
    for before, after, row in _PATTERNS:
        if after.match(text, start) and before.search(context):
            return ParseError(row.message, span=error.span, hint=row.hint)
    return error
