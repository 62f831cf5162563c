"""Microsoft's LINQ lambdas: `$it => (($it.A == 1) AndAlso $it.B.Any(x => (x.C > 2)))`.

`Convert(…)`, `.Value` and the tests for a missing value are the CLR's, not the query's, and are left out.
"""

from __future__ import annotations

import re
from decimal import Decimal

from peer_terms import Term, constant, op, path, simplified, term

from querykit.languages.odata import parse_filter

__all__ = ["as_printed", "read"]

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"(?P<inner>.*?)"(?=\)|,|$))
    | (?P<list>System\.Collections\.Generic\.List`1\[[\w.`\[\]]*\](?=\.Contains))
    | (?P<bytes>System\.Byte\[\])
    | (?P<type>(?:System|Microsoft)(?:\.\w+)+)
    | (?P<guid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})
    | (?P<date>\d{4}-\d\d-\d\d)
    | (?P<span>\d+\.\d\d:\d\d:\d\d\.\d+)
    | (?P<time>\d\d:\d\d:\d\d\.\d+)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<name>[$A-Za-z_]\w*)
    | (?P<sign>=>|==|!=|<=|>=|[<>+*/%().,-])
    )""",
    re.VERBOSE | re.DOTALL,
)
_INFIX = {
    "==": "eq",
    "!=": "ne",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div",
    "%": "mod",
    "AndAlso": "and",
    "OrElse": "or",
}
#: Properties and methods of the CLR that are functions of OData.
_MEMBERS = {
    "Length": "length",
    "Year": "year",
    "Month": "month",
    "Day": "day",
    "Hour": "hour",
    "Minute": "minute",
}
_MEMBERS |= {"Second": "second", "Hours": "hour", "Minutes": "minute", "Seconds": "second"}
_MEMBERS |= {"Millisecond": "millisecond", "Milliseconds": "millisecond"}
_METHODS = {"Contains": "contains", "EndsWith": "endswith", "Trim": "trim", "Concat": "concat"}
_METHODS |= {"Round": "round", "Floor": "floor", "Ceiling": "ceiling", "StartsWith": "startswith"}
_TYPES = {"System.String": "Edm.String", "System.Int16": "Edm.Int16"}


def read(text: str) -> Term:
    reader = _Reader(text)
    reader.take("$it")
    reader.take("=>")
    result = reader.value()
    assert reader.done(), text
    return simplified(result, _dates)


def as_printed(ours: Term) -> Term:
    """Our shape with what the lambdas do not print: members of lists, casts of the CLR, bytes."""
    return simplified(ours, _unprinted)


def _unprinted(ours: Term) -> Term:
    if ours[0] == "list":
        return ("list",)
    if ours[0] == "bytes":
        return ("bytes",)
    if ours[0] == "any" and ours[2:] == (("bool", True),):
        return ours[:2]
    if ours[:2] in (("call", "isof"), ("call", "cast")) and len(ours) == 3:
        return (*ours[:2], path(0), ours[2])
    return ours


def _dates(theirs: Term) -> Term:
    """Dates and times are compared by numbers that are put together from their parts."""
    if theirs[0] == "add":
        if theirs[2][:2] == ("call", "day"):
            return theirs[1]  # the rest of a date
        whole = _whole(theirs, "year", "date") or _whole(theirs, "hour", "time")
        return whole or theirs
    if theirs[0] == "div" and theirs[1][:2] == ("call", "millisecond"):
        return ("call", "fractionalseconds", theirs[1][2])
    return theirs


def _whole(theirs: Term, part: str, function: str) -> Term | None:
    first = theirs
    while first[0] in ("add", "mul"):
        first = first[1]
    if first[:2] != ("call", part):
        return None
    value = first[2]
    return value if value[0] in ("date", "time") else ("call", function, value)


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            assert found is not None, text[at:]
            kind = str(found.lastgroup if found.lastgroup != "inner" else "text")
            self.tokens.append((kind, found["inner"] if kind == "text" else found[kind]))
            at = found.end()
        self.at = 0
        self.variables = ["$it"]

    def done(self) -> bool:
        return self.at == len(self.tokens)

    def peek(self) -> str:
        kind, text = self.tokens[self.at] if not self.done() else ("", "")
        return "" if kind == "text" else text

    def next(self) -> tuple[str, str]:
        self.at += 1
        return self.tokens[self.at - 1]

    def take(self, text: str) -> None:
        assert self.next()[1] == text, (text, self.tokens[self.at - 1 :])

    def value(self) -> Term:
        result = self.primary()
        while self.peek() == ".":
            self.take(".")
            result = self.member(result)
        return result

    def primary(self) -> Term:
        kind, text = self.next()
        if text == "(" and kind == "sign":
            return self.infix()
        if kind == "text":
            return constant(text)
        if kind == "number":
            return constant(Decimal(text))
        if kind in ("guid", "date", "time"):
            return term(parse_filter(text))
        if kind == "span":
            days, _, rest = text.partition(".")
            hours, minutes, seconds = rest.split(":")
            return term(parse_filter(f"duration'P{days}DT{hours}H{minutes}M{seconds}S'"))
        if kind in ("list", "bytes"):
            return (kind,)
        if kind == "type":
            return ("type", _TYPES.get(text, text))
        return self.name(text)

    def infix(self) -> Term:
        left = self.value()
        word = self.next()[1]
        right = self.value() if word != "As" else ("type", self.next()[1])
        self.take(")")
        if word == "Is":
            return ("call", "isof", left, right)
        if word == "As":
            return path(left[1], *left[2], right[1])
        return op(_INFIX[word], left, right)

    def name(self, text: str) -> Term:
        if text in ("null", "True", "False"):
            return constant({"null": None, "True": True, "False": False}[text])
        if text in ("Convert", "Not", "IIF"):
            args = self.arguments()
            return {"Convert": args[0], "Not": op("not", args[0]), "IIF": args[-1]}[text]
        assert text in self.variables, f"a member of an enumeration: {text}"
        return path(self.variables[::-1].index(text))

    def member(self, target: Term) -> Term:
        name = self.next()[1]
        if name in ("Any", "All"):
            return self.lambda_(name.lower(), target)
        if self.peek() == "(":
            return _method(name, target, self.arguments())
        if name in ("Value", "HasValue"):
            return target
        if name in _MEMBERS:
            return ("call", _MEMBERS[name], target)
        return path(target[1], *target[2], name)

    def lambda_(self, function: str, source: Term) -> Term:
        self.take("(")
        if self.peek() == ")":
            self.take(")")
            return (function, source)
        self.variables.append(self.next()[1])
        self.take("=>")
        condition = self.value()
        self.variables.pop()
        self.take(")")
        return (function, source, condition)

    def arguments(self) -> list[Term]:
        self.take("(")
        args = []
        while self.peek() != ")":
            args.append(self.value())
            if self.peek() == ",":
                self.take(",")
        self.take(")")
        return args


def _method(name: str, target: Term, args: list[Term]) -> Term:
    if name == "ToString":
        return ("call", "cast", target, ("type", "Edm.String"))
    if name == "LongCount":
        return ("count", target)
    if name == "Contains" and (target == ("list",) or args[0][0] == "num"):
        return ("in", args[0], target)
    return ("call", _METHODS[name], target, *args)
