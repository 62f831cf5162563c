"""How a text is read: which grammar, which builder, and which words for what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple, TypeAlias, TypeVar

from querykit.errors import ParseError
from querykit.grammar import Grammar
from querykit.languages.vtql.builder import Builder, StrictBuilder
from querykit.languages.vtql.complaints import explained
from querykit.languages.vtql.lenient import LenientBuilder
from querykit.languages.vtql.precedence import PRECEDENCES
from querykit.languages.vtql.terminals import LENIENT_NAMES, NAMES
from querykit.limits import Limits

__all__ = ["MODES", "Parser", "Reading", "reading"]

#: What is allowed: how many tokens, or all limits.
_Bound = TypeVar("_Bound")
#: Reads a text from a start rule (`statement` or `condition`).
Parser: TypeAlias = Callable[[str, str, _Bound], Any]


class Reading(NamedTuple):
    """How the texts of a mode are read: without places, which gives the tree and the number of tokens, or None where
    it has to be done with them; and with places."""

    quickly: Parser[int]
    exactly: Parser[Limits]


class Mode(NamedTuple):
    """A row: the grammar file, the builder, and what terminals are called."""

    grammar: str
    builder: type[Builder]
    names: dict[str, str]


#: Value of the option `mode` -> what it means.
MODES: dict[str, Mode] = {
    "default": Mode("vtql", Builder, NAMES),
    "strict": Mode("vtql", StrictBuilder, NAMES),
    "lenient": Mode("vtql_lenient", LenientBuilder, LENIENT_NAMES),
}


@cache
def reading(mode: str, precedence: str) -> Reading:
    """What reads the texts of a mode; one for each pair of options, built when it is first asked for.

    Raises
    ------
    ValueError: there is no such mode or precedence.
    """
    for option, value, values in (("mode", mode, MODES), ("precedence", precedence, PRECEDENCES)):
        if value not in values:
            raise ValueError(f"VTQL's {option} is one of {', '.join(values)}, not {value!r}")
    row = MODES[mode]
    grammar = Grammar(row.grammar, row.builder(PRECEDENCES[precedence]), row.names)

    def exactly(text: str, start: str, limits: Limits) -> Any:
        try:
            return grammar.parse(text, start, limits)
        except ParseError as error:
            raise explained(error, text, mode) from None

    found = Reading(grammar.quick_parse, exactly)
    return found if mode != "strict" else Reading(_strict(found.quickly), _strict(found.exactly))


def _strict(parse: Parser[_Bound]) -> Parser[_Bound]:
    """The same, of statements as Vtiger takes them."""

    def strictly(text: str, start: str, bound: _Bound) -> Any:
        if start != "statement":
            return parse(text, start, bound)
        _check_module(text)
        return parse(text, "strict_statement", bound)

    return strictly


#: What Vtiger takes for the module, wherever it stands.
_MODULE = re.compile(r"from\s+([^\s;]+)", re.IGNORECASE)


def _check_module(text: str) -> None:
    """Vtiger looks for the module before it reads the query, and denies access to what is none."""
    found = _MODULE.search(text)
    if found is None:
        raise ParseError(
            "no module is asked",
            code="vtql_access",
            span=(0, len(text)),
            hint="FROM stands before the module: SELECT * FROM Accounts;",
        )
    if not re.fullmatch(r"[A-Za-z0-9_]+", found[1]):
        raise ParseError(
            f"there is no module '{found[1][:40]}'",
            code="vtql_access",
            span=found.span(1),
            hint="one module is asked, its name has letters, digits and underscores",
        )
