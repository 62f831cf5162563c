r"""ECMAScript patterns in the dialects of the engines.

The pattern is read by the evaluator's own reader and written anew from its tree with what all engines share:
literals, sets, counts, groups. What an engine would refuse, or take for something else, never reaches it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple, assert_never

from querykit.errors import LimitExceeded, NotExpressible
from querykit.functions.python.regex_syntax import (
    Assertion,
    CharSet,
    Choice,
    Pattern,
    Repeat,
    Sequence,
    parse,
)

__all__ = ["REGEXES"]

_LAST = "\U0010ffff"


class _Syntax(NamedTuple):
    """How an engine writes what is not alike everywhere.

    Parameters
    ----------
    group: opens a group.
    assertions: ECMAScript's -> the engine's; one that is missing cannot be said.
    most: the largest count.
    """

    group: str
    assertions: Mapping[str, str]
    most: int


_PERL = {"^": "\\A", "$": "\\z", "b": "\\b", "B": "\\B"}
_SYNTAXES = {
    # RE2 counts 1,000 states of nested counts; Java and ICU know no \b of ASCII letters only.
    "re2": _Syntax("(?:", _PERL, 1_000),
    "java": _Syntax("(?:", {"^": "\\A", "$": "\\z"}, 1_000),
    "icu": _Syntax("(?:", {"^": "\\A", "$": "\\z"}, 1_000),
    "postgres": _Syntax("(?:", {"^": "\\A", "$": "\\Z"}, 255),
}


#: Counts inside one another multiply the states of a pattern; RE2 refuses more.
_MOST_STATES = 1_000


def _written(pattern: str, syntax: _Syntax) -> str:
    tree = parse(pattern)
    if _states(tree) > _MOST_STATES:
        raise LimitExceeded("the counts of the pattern are too large", code="pattern_too_costly")
    return "".join(_pieces(tree, syntax))


def _states(node: Pattern) -> int:
    """How many times the innermost part of counts inside one another is written out."""
    match node:
        case CharSet() | Assertion():
            return 1
        case Sequence() | Choice():
            return max((_states(part) for part in node.parts), default=1)
        case Repeat():
            return _states(node.body) * max(node.least, node.most or 0, 1)
        case _:
            assert_never(node)


def _pieces(node: Pattern, syntax: _Syntax) -> Iterator[str]:
    match node:
        case CharSet():
            yield _set(node)
        case Assertion():
            yield _assertion(node.kind, syntax)
        case Sequence():
            for part in node.parts:
                yield from _pieces(part, syntax)
        case Choice():
            yield syntax.group
            for index, part in enumerate(node.parts):
                yield "|" if index else ""
                yield from _pieces(part, syntax)
            yield ")"
        case Repeat():
            yield syntax.group
            yield from _pieces(node.body, syntax)
            yield f"){_count(node, syntax)}"
        case _:
            assert_never(node)


def _assertion(kind: str, syntax: _Syntax) -> str:
    if kind not in syntax.assertions:
        raise NotExpressible(
            f"\\{kind} in a pattern cannot be said in this dialect", code="pattern_unsupported"
        )
    return syntax.assertions[kind]


def _count(node: Repeat, syntax: _Syntax) -> str:
    if max(node.least, node.most or 0) > syntax.most:
        raise NotExpressible(f"this dialect repeats at most {syntax.most} times", code="pattern_unsupported")
    if node.most is None:
        return {0: "*", 1: "+"}.get(node.least, f"{{{node.least},}}")
    return "?" if (node.least, node.most) == (0, 1) else f"{{{node.least},{node.most}}}"


def _set(node: CharSet) -> str:
    if not node.negated and len(node.ranges) == 1 and node.ranges[0][0] == node.ranges[0][1]:
        return _literal(node.ranges[0][0])
    if not node.ranges:  # [] is none, [^] any
        return f"[\x01-{_LAST}]" if node.negated else f"[^\x01-{_LAST}]"
    body = "".join(_char(low) if low == high else f"{_char(low)}-{_char(high)}" for low, high in node.ranges)
    return f"[^{body}]" if node.negated else f"[{body}]"


def _literal(char: str) -> str:
    return "\\" + char if char in "\\^$.|?*+()[]{}" else char


def _char(char: str) -> str:
    """In a set."""
    return "\\" + char if char in "\\]^-[" else char


def _writer(syntax: _Syntax) -> Callable[[str], str]:
    return lambda pattern: _written(pattern, syntax)


#: Encoding of a pattern that is a literal -> the pattern for the engine.
REGEXES: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {f"regex_{name}": _writer(syntax) for name, syntax in _SYNTAXES.items()}
)
