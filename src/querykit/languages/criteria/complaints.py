"""Better words for what the grammar refuses: what people write instead, and what criteria has for it."""

from __future__ import annotations

from querykit.errors import ParseError
from querykit.languages.complaints import Complaint, Complaints
from querykit.languages.criteria.names import KEYWORDS, called

__all__ = ["explained"]

_COMPARE = "criteria compares with = <> > >= < <="
_QUOTE = "an apostrophe ends a text, and is doubled within: 'D''Arcy'"
_KEYWORD = rf"(?:{'|'.join(KEYWORDS)})(?!\w)"
_IS = "= compares values; IsInstanceOfType(This, 'Class') tests the class"

_COMPLAINTS = Complaints(
    (
        Complaint("", r"/\*", "the comment is not closed", "a comment ends with */"),
        Complaint(r"/(?!\s)", r"\*", "the comment is not closed", "a comment ends with */"),
        Complaint("", r"'[^']*+(?:''[^']*+)*+\Z", "the text is not closed", _QUOTE),
        Complaint("'", rf"(?!{_KEYWORD})[\w']", "an operator is missing after the text", _QUOTE),
        Complaint(
            "",
            '["“”‘’]',
            "this is no quotation mark of criteria",
            "a text stands between apostrophes: 'Oslo'",
        ),
        Complaint("", r"##\w*#?[^#]*+\Z", "the literal is not closed", "##Enum#Ns.Type,Member#"),
        Complaint("", r"##", "this is no literal", "##Enum#Ns.Type,Member#"),
        Complaint("", r"#[^#]*+\Z", "the date is not closed", "a date stands between two #: #2024-03-22#"),
        Complaint("", r"\{[^}]*+\Z", "the guid is not closed", "{0f8fad5b-d9cb-469f-a165-70867728950e}"),
        Complaint(
            "",
            r"\[(?:[^\[\]\\]|\\.)*+(?:\[|\Z)",
            "the bracket is not closed",
            "[ and ] within a name have a backslash before them",
        ),
        Complaint("", ";", "one criterion ends here", "only one can be given; And or Or joins several"),
        Complaint(r"\bis(?:\s+not)?", "", "Is takes only Null or Not Null", _IS),
        Complaint(r"\bbetween", "", "the bounds are missing", "both stand in brackets: x Between (1, 2)"),
        Complaint(r"\bin", "", "the list is missing", "its items stand in brackets: x In (1, 2)"),
        Complaint(r"\bin\s*\(", r"\)", "the list is empty", "one item at least: x In (1)"),
        Complaint(
            "",
            rf"{_KEYWORD}(?=\s*(?:[=<>,)]|\Z))",
            "a keyword is no operand",
            "a property of that name is written [In] or @In",
        ),
        Complaint("", r"(?:eq|ne|gt|ge|lt|le)(?!\w)", "this is no operator of criteria", _COMPARE),
        Complaint("[<>=!]", "[=<>!]", "this is no operator of criteria", _COMPARE),
        Complaint(r"\)", r"\.", "a value has no properties", "only a path has: Order.Customer.Name"),
        Complaint(
            r"\w\s+not",
            "[=<>!]",
            "Not stands before the whole comparison",
            "x <> 1, Not x = 1, or Not x In (1)",
        ),
        Complaint(
            rf"(?:\b(?!{_KEYWORD})\w+|['\])}}#?])",
            rf"(?!{_KEYWORD})[\w'\[({{#?@]",
            "an operator is missing",
            "And, Or, = and the like stand between two operands",
        ),
    )
)


def explained(error: ParseError, text: str) -> ParseError:
    """The error with the words of the first row that fits; as it is where none does."""
    if error.code != "syntax" or error.span is None:
        return error
    _leave_out_bracket(error, text)
    found = _COMPLAINTS.about(text, error.span[0])
    return error if found is None else ParseError(found.message, span=error.span, hint=found.hint)


def _leave_out_bracket(error: ParseError, text: str) -> None:
    """The name of a function is one token with its bracket; the name alone is out of place."""
    assert error.span is not None
    start, end = error.span
    if end - start > 1 and text[end - 1] == "(":
        name = called(text[start:end])
        error.span = (start, start + len(name))
        error.message = f"unexpected '{name[:40]}{'…' if len(name) > 40 else ''}'"
