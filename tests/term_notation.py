"""A notation for trees in tables of tests: `(cmp.eq a 1)`, `^a` one scope out, `'text'`, `?p`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from querykit.ast.nodes import Aggregate, Call, EntitySet, Expr, Literal, Parameter, Path

_TOKEN = re.compile(r"\(|\)|'(?:[^']|'')*'|[^\s()]+")
_CONSTANTS = {"true": ("bool", True), "false": ("bool", False), "null": ("null", None)}
_AGGREGATES = ("any", "all", "count", "sum")


def read(text: str) -> Expr:
    tokens = iter(_TOKEN.findall(text))
    result = _term(next(tokens), tokens)
    assert not list(tokens), text
    return result


def _term(token: str, tokens: Iterator[str]) -> Expr:
    if token != "(":
        return _atom(token)
    fn = next(tokens)
    args = []
    while (token := next(tokens)) != ")":
        args.append(_term(token, tokens))
    if fn not in _AGGREGATES:
        return Call(fn, tuple(args))
    source, condition, argument = (*args, None, None)[:3]
    assert isinstance(source, Path | EntitySet)
    return Aggregate(fn, source, condition, argument)


def _atom(token: str) -> Expr:
    if token in _CONSTANTS:
        return Literal(*_CONSTANTS[token])
    if token.startswith("'"):
        return Literal("string", token[1:-1].replace("''", "'"))
    if token.startswith("?"):
        return Parameter(token[1:])
    if token.lstrip("-").isdigit():
        return Literal("int", int(token))
    return Path(tuple(token.lstrip("^").split("/")), len(token) - len(token.lstrip("^")))


def show(expr: Expr) -> str:
    if isinstance(expr, Call):
        return f"({' '.join([expr.fn, *map(show, expr.args)])})"
    if isinstance(expr, Aggregate):
        parts = [part for part in (expr.source, expr.condition, expr.argument) if part is not None]
        return f"({' '.join([expr.function, *map(show, parts)])})"
    if isinstance(expr, Path):
        return "^" * expr.up + "/".join(map(str, expr.steps))
    if isinstance(expr, Parameter):
        return f"?{expr.name}"
    assert isinstance(expr, Literal)
    if expr.kind in ("bool", "null"):
        return {True: "true", False: "false", None: "null"}[expr.value]
    return "'" + expr.value.replace("'", "''") + "'" if isinstance(expr.value, str) else str(expr.value)
