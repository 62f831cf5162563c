"""What OData 4.01 has and 4.0 has not, looked for in a tree that was just read (P1 1.1, P2; 4.0 ABNF).

One grammar reads both versions. A construct of 4.01 is found by its node; the case of keywords, which the tree
forgets, by the text between a node's operands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from querykit.ast.nodes import (
    Call,
    Expansion,
    Key,
    Literal,
    Named,
    Node,
    Path,
    Query,
    Selection,
    SortKey,
    Transformation,
)
from querykit.ast.walk import children, walk
from querykit.errors import ParseError
from querykit.languages.odata.scopes import THIS, Scoped
from querykit.source import Span

__all__ = ["check_name", "check_version", "newer"]


#: Catalog id -> how it is called.
_FUNCTIONS = {
    "total.in": "in",
    "math.divby": "divby",
    "logic.case": "case",
    "str.matches": "matchesPattern",
    "coll.hassubset": "hassubset",
    "coll.hassubsequence": "hassubsequence",
}
#: Calls that are conditions, which in 4.0 are operands of `and`, `or`, `not` only. (`not a eq b` is in the grammar.)
_CONDITIONS = frozenset(
    {
        *("bool.and", "bool.or", "null.is", "enum.has", "type.isof", "geo.intersects"),
        *("total.eq", "total.ne", "total.lt", "total.le", "total.gt", "total.ge"),
        *("str.contains", "str.startswith", "str.endswith"),
    }
)
#: Steps of `$apply` that the drafts of Data Aggregation for OData 4.0 do not have.
_TRANSFORMATIONS = frozenset(
    {
        *("compute", "orderby", "skip", "top", "join", "outerjoin", "nest", "addnested"),
        *("ancestors", "descendants", "traverse"),
    }
)
_UPPER = re.compile(r"[A-Z]")
_LAMBDA = re.compile(r"/[ \t]*(any|all)[ \t]*\(", re.IGNORECASE)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
#: A semicolon outside quotes comes before an option, or stands in a word to search for.
_LATER_OPTION = re.compile(r";[ \t]*(\$?[A-Za-z]+)=")
_OPTION = re.compile(r"\$?[A-Za-z]*")
_LOOSE_SLASH = re.compile(r"/(?=[\s),:;\]}]|\Z)")


class _Place(NamedTuple):
    """A text, and where it begins in the whole."""

    text: str
    offset: int

    def of(self, span: Span) -> str:
        return self.text[span[0] - self.offset : span[1] - self.offset]


def newer(what: str, span: Span | None) -> ParseError:
    return ParseError(
        f"{what} is of OData 4.01", code="version", span=span, hint='the text is read as version="4.0"'
    )


def check_name(name: str, span: Span) -> None:
    """The name of an option has lower case (P1 11.2.6), and is not one of those that are new."""
    if name in ("$compute", "$index", "$schemaversion", "$deltatoken"):
        raise newer(name, span)
    if _UPPER.search(name):
        raise newer(f"'{name[:40]}' in upper case", span)


def check_version(value: object, text: str, offset: int = 0) -> None:
    """Refuse what is not of 4.0.

    Parameters
    ----------
    value: the tree of an option, or several; scopes not resolved, nodes with spans.
    text: what it was read from; it begins at `offset`.

    Raises
    ------
    ParseError: with code ``version``.
    """
    roots = value if isinstance(value, tuple) else (value,)
    place = _Place(text, offset)
    for node in (node for root in roots if isinstance(root, Node) for node in walk(root)):
        rule = _RULES.get(type(node))
        for what in rule(node, place) if rule is not None else ():
            raise newer(what, node.span)


# ---- one rule for each class of nodes: the constructs of 4.01 in it ----


def _gaps(node: Node, place: _Place) -> Iterator[str]:
    """The text of a node that is not text of its children."""
    if node.span is None:
        return
    at, end = node.span
    spans: Iterable[Span] = (child.span for child in children(node) if child.span is not None)
    for start, stop in sorted(spans):
        if start > at:
            yield place.of((at, start))
        at = max(at, stop)
    if end > at:
        yield place.of((at, end))


def _call(node: Call, place: _Place) -> Iterator[str]:
    if node.fn in _FUNCTIONS:
        yield f"'{_FUNCTIONS[node.fn]}'"
    count = len(node.args)
    if node.fn in ("agg.from", "rolluprecursive") or (node.fn == "rollup" and count == 1):
        yield f"'{node.fn.removeprefix('agg.')}' of $apply"
    if node.fn == "search.term":
        yield from _term(node)
    elif node.fn.startswith("custom."):
        if "." not in node.fn.removeprefix("custom.") and not node.args:
            yield "a function without its namespace"  # with arguments it is in the 4.0 grammar, as a key
    elif not _holds_any_text(node.fn) and any(_UPPER.search(gap) for gap in _gaps(node, place)):
        yield "a keyword in upper case"
    if node.fn == "enum.has" and isinstance(node.args[1], Literal) and node.args[1].kind == "string":
        yield "an enumeration value without its type"
    if node.fn not in ("bool.and", "bool.or", "bool.not") and any(map(_is_condition, node.args)):
        yield "a condition as operand"
    if node.fn == "object" and not all(isinstance(_inner(arg), Literal) for arg in node.args):
        yield "an expression in JSON"


def _holds_any_text(fn: str) -> bool:
    """JSON has names of members, a search expression the words AND, OR and NOT, an aggregate its method."""
    return fn in ("list", "object") or fn.startswith(("search.", "agg."))


def _inner(node: Node) -> Node:
    return node.value if isinstance(node, Named) else node


def _is_condition(node: Node) -> bool:
    node = _inner(node)
    return isinstance(node, Call) and node.fn in _CONDITIONS


def _term(term: Call) -> Iterator[str]:
    literal = term.args[0]
    if isinstance(literal, Literal) and literal.name == "incomplete":
        yield "a search text in single quotes"
    elif isinstance(literal, Literal) and literal.name == "" and not str(literal.value).isalpha():
        yield "a search word of other characters than letters"


def _path(node: Path, place: _Place) -> Iterator[str]:
    if node.span is not None and _LOOSE_SLASH.match(place.text, node.span[1] - place.offset):
        yield "a slash without a step"
    if node.steps[:1] == (THIS,):
        yield THIS
    for index, step in enumerate(node.steps):
        if isinstance(step, str) and step.startswith("@"):
            yield "an annotation" if index or "." in step else "a parameter in a path"
        if isinstance(step, Key) and step.span and not place.of(step.span).endswith(")"):
            yield "a key without brackets"


def _aggregate(node: Scoped, place: _Place) -> Iterator[str]:
    if node.kept is not None or node.function == "single":
        yield "/$filter(…)"
    if node.function == "count" and node.condition is not None:
        yield "/$count(…)"
    if any(word[1] != word[1].lower() for gap in _gaps(node, place) for word in _LAMBDA.finditer(gap)):
        yield "a keyword in upper case"


def _literal(node: Literal, place: _Place) -> Iterator[str]:
    if node.kind in ("datetime", "time") and isinstance(node.value, str) and ":60" in node.value:
        yield "a leap second"


def _sort_key(node: SortKey, place: _Place) -> Iterator[str]:
    if any(_UPPER.search(gap) for gap in _gaps(node, place)):
        yield "a keyword in upper case"
    if _is_condition(node.expr):
        yield "a condition as sort key"


def _selection(node: Selection, place: _Place) -> Iterator[str]:
    if node.query is not None:
        yield "an option in $select"


def _expansion(node: Expansion, place: _Place) -> Iterator[str]:
    last = node.path.steps[-1]
    if last == "$value" or (last == "*" and len(node.path.steps) > 1):
        yield "this item"
    if node.span is None:
        return
    yield from _nested(node.query)
    text = _QUOTED.sub(lambda match: "'" * len(match[0]), place.of(node.span))
    if "levels=max" not in text and node.levels == "max":
        yield "max in upper case"
    names = [match[1] for match in _LATER_OPTION.finditer(text)]
    if node.query.span is not None:
        first = _OPTION.match(place.text, node.query.span[0] - place.offset)
        names += [first[0]] if first else []
    for name in names:
        if not name.startswith("$") or _UPPER.search(name):
            yield f"the option '{name[:40]}' without $ or in upper case"


def _transformation(node: Transformation, place: _Place) -> Iterator[str]:
    if node.name in _TRANSFORMATIONS:
        yield f"the transformation '{node.name}'"


def _nested(query: Query) -> Iterator[str]:
    if query.compute:
        yield "$compute"
    if query.apply:
        yield "$apply"
    if query.aliases:
        yield "the value of a parameter in $expand"


_RULES: dict[type, Callable[..., Iterator[str]]] = {
    Call: _call,
    Path: _path,
    Scoped: _aggregate,
    Literal: _literal,
    SortKey: _sort_key,
    Selection: _selection,
    Expansion: _expansion,
    Transformation: _transformation,
}
