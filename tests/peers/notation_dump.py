"""odata.net's printed semantic trees: a line for each node, indented; an operator stands between its operands.

        SingleValuePropertyAccessNode
                Property = City
                Source = …
NotEqual
        Shanghai(Type: [Edm.String Nullable=True Unicode=True])
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from peer_terms import NULL, Term, constant, op, path, term

from querykit.ast.nodes import Expansion, Query
from querykit.functions.spelling import by_id

__all__ = ["Parts", "parts", "read"]

_FIELD = re.compile(r"([A-Z][\w ]*?) = ?(.*)")
_CONSTANT = re.compile(r"(.*)\(Type: ?(?:\[([\w.]+).*\])?\)")
_INFIX = {"Equal": "eq", "NotEqual": "ne", "LessThan": "lt", "LessThanOrEqual": "le", "GreaterThan": "gt"}
_INFIX |= {"GreaterThanOrEqual": "ge", "Add": "add", "Subtract": "sub", "Multiply": "mul", "Divide": "div"}
_INFIX |= {"Modulo": "mod", "And": "and", "Or": "or", "Has": "has"}
_FUNCTIONS = {row.name for row in by_id("odata").values()}
_NUMBERS = ("Edm.Int16", "Edm.Int32", "Edm.Int64", "Edm.Single", "Edm.Double", "Edm.Decimal")

Fields = dict[str, Any]


class Parts(NamedTuple):
    """What is compared of a query."""

    filter: Term | None = None
    order: tuple[tuple[Term, bool], ...] = ()
    search: Term | None = None
    expand: tuple[tuple[tuple[str, ...], Parts], ...] = ()


def parts(query: Query) -> Parts:
    """Those of our tree."""
    return Parts(
        None if query.filter is None else term(query.filter),
        tuple((term(key.expr), key.descending) for key in query.order),
        None if query.search is None else _lower(term(query.search)),
        tuple(map(_expansion, query.expand)),
    )


def _expansion(expansion: Expansion) -> tuple[tuple[str, ...], Parts]:
    return term(expansion.path)[2], parts(expansion.query)


def _lower(term: Term) -> Term:
    """Connectives of searches are printed as those of conditions."""
    return tuple(_lower(part) if isinstance(part, tuple) else part for part in (term[0].lower(), *term[1:]))


def read(text: str) -> Parts:
    body = text.partition("\n\n\n")[2]
    lines = [
        (len(line) - len(line.lstrip("\t")), line.strip("\t")) for line in body.split("\n") if line.strip()
    ]
    reader = _Reader(lines)
    found = Parts()
    while reader.at < len(lines):
        found = _merged(found, reader.expr(0))
    return found


def _merged(found: Parts, other: Parts) -> Parts:
    return Parts(
        other.filter or found.filter,
        other.order or found.order,
        other.search or found.search,
        other.expand or found.expand,
    )


class _Reader:
    def __init__(self, lines: list[tuple[int, str]]) -> None:
        self.lines = lines
        self.at = 0

    def next(self, indent: int) -> str:
        found, text = self.lines[self.at]
        assert found == indent, f"line {self.at}: {text}"
        self.at += 1
        return text

    def inside(self, indent: int) -> bool:
        return self.at < len(self.lines) and self.lines[self.at][0] >= indent

    def expr(self, indent: int) -> Any:
        """A node at this indent, or operands further in with their operator at this indent."""
        if self.lines[self.at][0] > indent:
            left = self.expr(indent + 1)
            name = _INFIX[self.next(indent)]
            return op(name, left, self.expr(indent + 1))
        text = self.next(indent)
        if text == "Not(":
            operand = self.expr(indent + 1)
            assert self.next(indent) == ")"
            return op("not", operand)
        if (found := _CONSTANT.fullmatch(text)) is not None:
            return _constant(found[1], found[2])
        return self.node(text, indent)

    def node(self, name: str, indent: int) -> Any:
        if name == "SelectedItems":
            return [self.expanded(indent + 1) for _ in iter(lambda: self.inside(indent + 1), False)]
        return _NODES.get(name, _ignored)(self.fields(indent + 1))

    def fields(self, indent: int) -> Fields:
        found: Fields = {}
        while self.inside(indent):
            text = self.next(indent)
            if text.startswith("SelectedItems"):
                found["SelectedItems"] = self.node("SelectedItems", indent) if text == "SelectedItems" else []
                continue
            field = _FIELD.fullmatch(text)
            assert field is not None, text
            found[field[1]] = field[2] or self.values(field[1], indent)
        return found

    def values(self, name: str, indent: int) -> list[Any]:
        """What follows a field without a value on its line."""
        values = []
        while self.inside(indent) and not (
            self.lines[self.at][0] == indent and _FIELD.fullmatch(self.lines[self.at][1])
        ):
            if self.lines[self.at][1].startswith("SelectedItems"):
                break
            if name in ("Function", "Type"):
                self.at += 1  # a description
            else:
                inner = indent + 1 if name == "Arguments" else indent
                values.append(self.expr(inner))
        return values

    def expanded(self, indent: int) -> tuple[tuple[str, ...], Parts]:
        assert self.next(indent) == "Expanded Navigation Property"
        steps = tuple(re.findall(r"Property: (\w+)\)", self.next(indent + 1)))
        found = Parts()
        while self.inside(indent + 1):
            found = _merged(found, self.expr(indent + 1))
        return steps, found


def _constant(text: str, type: str | None) -> Term:
    if type is None:
        return NULL
    if type in _NUMBERS:
        return constant(Decimal(text))
    if type == "Edm.Boolean":
        return constant(text == "True")
    if type == "Edm.Duration":
        hours, minutes, seconds = map(int, text.split(":"))
        return constant(dt.timedelta(hours=hours, minutes=minutes, seconds=seconds))
    assert type == "Edm.String", f"a value of {type}"
    return constant(text)


def _ignored(fields: Fields) -> Term:
    """A variable where it is declared."""
    return ("variable", fields.get("Name"))


def _member(fields: Fields) -> Term:
    _, variable, steps = fields["Source"][0]
    return ("path", variable, (*steps, fields.get("Property") or fields["Navigation Property"]))


def _cast(fields: Fields) -> Term:
    type = fields.get("Type Reference") or fields["Item Type"]
    _, variable, steps = fields["Source"][0]
    return ("path", variable, (*steps, type.strip("[]").split(" ")[0].rpartition(".")[2]))


def _function(fields: Fields) -> Term:
    name = fields["Name"]
    if name in _FUNCTIONS:
        return ("call", name, *fields["Arguments"])
    return path(0, name.rpartition(".")[2])


def _step(fields: Fields) -> Term:
    """A function as a step of a path."""
    source = fields.get("Source")
    _, variable, steps = source[0] if source else ("path", "$it", ())
    return ("path", variable, (*steps, fields["Name"].rpartition(".")[2]))


def _lambda(function: str) -> Callable[[Fields], Term]:
    def read(fields: Fields) -> Term:
        variable = fields["Parameters"][0][1]
        condition = _resolved(fields["Body"][0], variable, 0)
        return (function, fields["Source"][0], condition)

    return read


def _resolved(term: Any, variable: str, distance: int) -> Any:
    """Names of a variable as the number of scopes to step out of."""
    if not isinstance(term, tuple):
        return term
    if term[0] == "path":
        return path(distance, *term[2]) if term[1] == variable else term
    if term[0] in ("any", "all") and len(term) == 3:
        source = _resolved(term[1], variable, distance)
        return (term[0], source, _resolved(term[2], variable, distance + 1))
    return tuple(_resolved(part, variable, distance) for part in term)


def _ordered(fields: Fields) -> Parts:
    key = (_resolved(fields["Expression"][0], "$it", 0), fields["Direction"] == "Descending")
    then = fields["Then By"]
    return Parts(order=(key, *(then[0].order if then else ())))


def _selected(fields: Fields) -> Parts:
    return Parts(expand=tuple(fields["SelectedItems"]))


_NODES: dict[str, Callable[[Fields], Any]] = {
    "ResourceRangeVariableReferenceNode": lambda fields: ("path", fields["Name"], ()),
    "NonentityRangeVariableReferenceNode": lambda fields: ("path", fields["Name"], ()),
    "SingleValuePropertyAccessNode": _member,
    "CollectionPropertyAccessNode": _member,
    "SingleComplexNode": _member,
    "SingleNavigationNode": _member,
    "CollectionNavigationNode": _member,
    "SingleResourceCastNode": _cast,
    "SingleComplexCastNode": _cast,
    "CollectionResourceCastNode": _cast,
    "ConvertNode": lambda fields: fields["Source"][0],
    "CountNode": lambda fields: ("count", fields["Source"][0]),
    "SingleValueFunctionCallNode": _function,
    "SingleResourceFunctionCallNode": _step,
    "AnyNode": _lambda("any"),
    "AllNode": _lambda("all"),
    "NamedFunctionParameterNode": lambda fields: ("named", fields["Parameter Name"]),
    "ParameterAliasNode": lambda fields: ("alias", fields["Parameter Name"]),
    "SearchTermNode": lambda fields: constant(fields["Text"]),
    "FilterQueryOption": lambda fields: Parts(filter=_resolved(fields["Expression"][0], "$it", 0)),
    "SearchQueryOption": lambda fields: Parts(search=fields["Expression"][0]),
    "OrderByClause": _ordered,
    "SelectExpandQueryOption": _selected,
}
