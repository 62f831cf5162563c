"""What can be a name in OData (4.01 ABNF, odataIdentifier), and which words mean something else in some place."""

from __future__ import annotations

from querykit.errors import ParseError
from querykit.source import Span

__all__ = [
    "FUNCTION_WORDS",
    "INFIX_WORDS",
    "SEGMENT_WORDS",
    "check_identifier",
    "check_qualified",
    "is_identifier",
    "is_literal_word",
    "is_qualified",
]

_LONGEST = 128
#: ABNF, comments of identifierLeadingCharacter and identifierCharacter.
_LEADING = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nl"})
_FOLLOWING = _LEADING | {"Nd", "Mn", "Mc", "Pc", "Cf"}

_LITERAL_WORDS = frozenset({"null", "INF", "NaN"})

#: Words that are no names before `(`: at the beginning of an operand (where a property needs `$it/`), and after `/`.
FUNCTION_WORDS = frozenset({"not", "case", "cast", "isof", "collection"})
SEGMENT_WORDS = frozenset({"any", "all", "aggregate"})

#: Words that a reader takes for an operator after `not `; a property of that name needs brackets there.
INFIX_WORDS = frozenset(
    "or and eq ne gt ge lt le add sub mul div divby mod has in asc desc as with".split()  # noqa: SIM905 - a list of words reads as words
)


def is_identifier(name: str) -> bool:
    """Can the name stand in a text as it is?

    >>> is_identifier("größe_1"), is_identifier("1a"), is_identifier("a b")
    (True, False, False)
    """
    if not 0 < len(name) <= _LONGEST:
        return False
    if name.isascii():
        return name.isidentifier()
    from unicodedata import category

    return (name[0] == "_" or category(name[0]) in _LEADING) and all(
        category(char) in _FOLLOWING for char in name[1:]
    )


def is_literal_word(name: str) -> bool:
    """Does a reader take it for a literal where an operand stands? A property of that name needs `$it/`."""
    return name in _LITERAL_WORDS or name.lower() in ("true", "false")


def is_qualified(name: str) -> bool:
    """Is it a namespace and a name: `Ns.Type`?"""
    parts = name.split(".")
    return len(parts) > 1 and all(map(is_identifier, parts))


def check_identifier(name: str, span: Span | None) -> None:
    """Refuse what the lexer takes for a name and is none."""
    if is_identifier(name):
        return
    if len(name) > _LONGEST:
        hint = f"a name has at most {_LONGEST} characters"
        raise ParseError("the name is too long", code="name", span=span, hint=hint)
    raise ParseError(
        f"'{name}' cannot be a name", code="name", span=span, hint="letters, digits and _ make a name"
    )


def check_qualified(name: str, span: Span | None) -> None:
    """The same for names with dots between."""
    for part in name.split("."):
        check_identifier(part, span)
