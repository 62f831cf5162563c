"""odata.net's syntactic trees, as the C# that builds them: `new BinaryOperatorToken(BinaryOperatorKind.Or, …)`."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from peer_terms import Term, constant, op, path

__all__ = ["read"]

_TOKEN = re.compile(
    r'\s*(?:"(?P<text>(?:[^"\\]|\\.)*)(?:"|$)|(?P<number>-?(?:0x[0-9a-f]+|\d+(?:\.\d+)?))|(?P<name>[A-Za-z_][\w.]*)|(?P<sign>[(),{}\[\]]))'
)
_OPERATORS = {"Or": "or", "And": "and", "Equal": "eq", "Not": "not", "Negate": "neg"}


def read(text: str) -> Term:
    tokens = list(_TOKEN.finditer(text))
    return _Reader(tokens).value()


class _Reader:
    """Some of the texts are cut off before their last brackets: what is missing at the end is closed."""

    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self.tokens = tokens
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at][0].strip() if self.at < len(self.tokens) else ""

    def value(self) -> Any:
        token = self.tokens[self.at]
        self.at += 1
        if token["text"] is not None:
            return constant(token["text"])
        if token["number"] is not None:
            text = token["number"]
            return constant(int(text, 16) if "x" in text else Decimal(text))
        if token["sign"] == "(":
            return self.bracket()
        word = token["name"]
        if word == "new":
            return self.new()
        if word in ("null", "true", "false"):
            return constant({"null": None, "true": True, "false": False}[word])
        return word

    def bracket(self) -> Any:
        """`(Int64)42`, `(Double)(-42.42)`, `(x)`."""
        inner = self.value()
        if self.peek() == ")":
            self.at += 1
        return self.value() if inner in ("Int64", "Decimal", "Double", "Single") else inner

    def new(self) -> Any:
        name = self.tokens[self.at]["name"]
        self.at += 1
        if self.peek() == "[":
            self.at += 2
        return _BUILDERS[name](self.items())

    def items(self) -> list[Any]:
        self.at += 1
        items = []
        while self.peek() not in (")", "}", ""):
            items.append(self.value())
            if self.peek() == ",":
                self.at += 1
        self.at += 1
        return items


def _operation(args: list[Any]) -> Term:
    return op(_OPERATORS[args[0].rpartition(".")[2]], *args[1:])


def _numbers(args: list[Term]) -> list[int]:
    return [int(arg[1]) for arg in args]


def _moment(args: list[Any]) -> Term:
    zone = dt.timezone(args[-1])
    return constant(dt.datetime(*_numbers(args[:-1]), tzinfo=zone))  # type: ignore[misc]


def _span(args: list[Term]) -> dt.timedelta:
    hours, minutes, seconds = _numbers(args)
    return dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)


_BUILDERS: dict[str, Any] = {
    "LiteralToken": lambda args: args[0],
    "BinaryOperatorToken": _operation,
    "UnaryOperatorToken": _operation,
    "FunctionCallToken": lambda args: ("call", args[0][1], *args[1]),
    "QueryToken": lambda args: args,
    "EndPathToken": lambda args: path(0, args[0][1]),
    "DateTimeOffset": _moment,
    "TimeSpan": _span,
    "Guid": lambda args: ("UUID", args[0][1].strip("{}").lower()),
    "byte": lambda args: constant(bytes(_numbers(args))),
}
