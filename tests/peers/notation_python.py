"""odata-query's expectations, which are Python: its own AST, Django's Q objects, SQLAlchemy expressions."""

from __future__ import annotations

import ast
import datetime as dt
import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from peer_terms import Term, constant, op, path

from querykit.ast.nodes import Expr, Literal, Path

__all__ = ["duration_parts", "kind_of", "read"]

_COMPARE = {
    ast.Eq: "eq",
    ast.NotEq: "ne",
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
}
_BINARY = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.Mod: "mod",
    ast.BitAnd: "and",
    ast.BitOr: "or",
}
#: odata-query's own nodes.
_OWN = {
    "Eq": "eq",
    "NotEq": "ne",
    "Lt": "lt",
    "LtE": "le",
    "Gt": "gt",
    "GtE": "ge",
    "In": "in",
    "And": "and",
    "Or": "or",
}
_OWN |= {"Add": "add", "Sub": "sub", "Mult": "mul", "Div": "div", "Mod": "mod", "Not": "not", "USub": "neg"}
_FUNCTIONS = {
    "functions.char_length": "length",
    "functions.concat": "concat",
    "functions_ext.lower": "tolower",
    "functions_ext.upper": "toupper",
    "functions_ext.substr": "substring",
    "functions_ext.strpos": "indexof",
    "functions_ext.ltrim": "trim",
    "functions_ext.rtrim": "trim",
    "functions_ext.floor": "floor",
    "functions_ext.round": "round",
    "fn.Length": "length",
    "fn.Lower": "tolower",
    "fn.Concat": "concat",
}
_METHODS = {"startswith": "startswith", "contains": "contains", "regexp_match": "matchesPattern", "in_": "in"}
#: The last words of a Django lookup: `title__length__exact`.
_LOOKUPS = {"exact": "eq", "ne": "ne", "lt": "lt", "lte": "le", "gt": "gt", "gte": "ge"}


def read(text: str) -> Term:
    return _term(ast.parse(text, mode="eval").body)


def kind_of(expr: Expr) -> str:
    """The class of odata-query's AST that a literal or name is."""
    if isinstance(expr, Path):
        return "ast.Identifier"
    assert isinstance(expr, Literal), expr
    kinds = {"int": "Integer", "decimal": "Float", "double": "Float", "guid": "GUID", "datetime": "DateTime"}
    kinds |= {"bool": "Boolean"}
    return f"ast.{kinds.get(expr.kind, expr.kind.title())}"


def duration_parts(text: str) -> dt.timedelta:
    """`(sign, years, months, days, hours, minutes, seconds)` without years and months, as a duration."""
    sign, years, months, *rest = ast.literal_eval(text)
    assert not years, text
    assert not months, text
    days, hours, minutes, seconds = (Decimal(part or 0) for part in rest)
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    result = dt.timedelta(microseconds=int(total * 1_000_000))
    return -result if sign else result


def _name(node: ast.expr) -> str:
    return ast.unparse(node)


def _term(node: ast.expr) -> Term:
    if isinstance(node, ast.Constant):
        return constant(node.value)
    if isinstance(node, ast.Compare):
        return op(_COMPARE[type(node.ops[0])], _term(node.left), _term(node.comparators[0]))
    if isinstance(node, ast.BinOp):
        return _binary(_BINARY[type(node.op)], _term(node.left), _term(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return op("neg", _term(node.operand))
    if isinstance(node, ast.Attribute):
        return path(0, node.attr)
    if isinstance(node, ast.List):
        return ("list", *map(_term, node.elts))
    assert isinstance(node, ast.Call), _name(node)
    return _call(node)


def _binary(name: str, left: Term, right: Term) -> Term:
    if name == "mul" and right[0] == "timedelta":  # the sign of a duration
        return constant(-_duration(right))
    if name == "sub" and left[:2] == ("call", "indexof"):
        return left
    return op(name, left, right)


def _duration(term: Term) -> dt.timedelta:
    """Of `1 day, 0:00:00`, as it is printed."""
    days, _, rest = term[1].rpartition(" day")
    assert rest.lstrip("s, ") == "0:00:00", term
    return dt.timedelta(days=int(days))


def _call(node: ast.Call) -> Term:
    name = _name(node.func)
    if name.startswith("ast."):
        return _own(name.removeprefix("ast."), node.args)
    if name in ("literal", "Value"):
        return _term(node.args[0])
    if name == "F":
        return path(0, ast.literal_eval(node.args[0]))
    if name == "Q":
        return _lookup(node.keywords[0])
    if name.startswith(("dt.", "uuid.", "tz")):
        return constant(_value(node))
    if name == "cast":
        return ("call", _name(node.args[1]).lower(), _term(node.args[0]))
    args = [_term(arg) for arg in node.args]
    if name == "extract":
        return ("call", args[0][1], args[1])
    if name in _FUNCTIONS:
        return _function(_FUNCTIONS[name], args)
    assert isinstance(node.func, ast.Attribute), name
    target, method = _term(node.func.value), _METHODS[node.func.attr]
    return ("in", target, *args) if method == "in" else ("call", method, target, *args)


def _function(name: str, args: list[Term]) -> Term:
    """SQL counts the places of a text from 1, and trims either end by itself."""
    if name == "substring" and args[1][0] == "add":
        args[1] = args[1][1]
    if name == "trim" and args[0][:2] == ("call", "trim"):
        return args[0]
    return ("call", name, *args)


def _value(node: ast.expr) -> object:
    """`dt.datetime(2018, 1, 1, tzinfo=tz(+2))`."""
    names = {"dt": dt, "uuid": uuid, "tz": lambda hours: dt.timezone(dt.timedelta(hours=hours))}
    code = compile(ast.Expression(node), "expectation", "eval")
    return eval(code, {"__builtins__": {}}, names)


def _own(kind: str, args: list[ast.expr]) -> Term:
    """`ast.Compare(ast.Eq(), ast.Identifier('a'), ast.Integer('1'))`."""
    handler: Callable[[list[ast.expr]], Term] | None = _NODES.get(kind)
    if handler is not None:
        return handler(args)
    return op(_OWN[_kind(args[0])], *map(_term, args[1:]))  # Compare, BoolOp, BinOp, UnaryOp


def _kind(node: ast.expr) -> str:
    return _name(node).removeprefix("ast.").removesuffix("()")


def _text(node: ast.expr) -> Any:
    return ast.literal_eval(node)


def _attribute(args: list[ast.expr]) -> Term:
    _, up, steps = _term(args[0])
    return path(up, *steps, _text(args[1]))


def _collection(args: list[ast.expr]) -> Term:
    """`CollectionLambda(owner, ast.Any(), ast.Lambda(variable, condition))`."""
    function, inner = _kind(args[1]).lower(), args[2]
    if not isinstance(inner, ast.Call):
        return (function, _term(args[0]))
    variable, condition = inner.args
    _, _, (name,) = _term(variable)
    return (function, _term(args[0]), _inside(_term(condition), name))


def _inside(term: Term, variable: str) -> Term:
    """Paths of the variable are those of the element, others are one scope out."""
    if term[0] == "path":
        own = term[2][0] == variable
        return path(0, *term[2][1:]) if own else path(term[1] + 1, *term[2])
    return tuple(_inside(part, variable) if isinstance(part, tuple) else part for part in term)


def _number(args: list[ast.expr]) -> Term:
    return constant(Decimal(_text(args[0])))


_NODES: dict[str, Callable[[list[ast.expr]], Term]] = {
    "Identifier": lambda args: path(0, _text(args[0])),
    "Attribute": _attribute,
    "CollectionLambda": _collection,
    "Integer": _number,
    "Float": _number,
    "String": lambda args: constant(_text(args[0])),
    "Date": lambda args: constant(dt.date.fromisoformat(_text(args[0]))),
    "Geography": lambda args: ("geo", _text(args[0])),
    "List": lambda args: ("list", *map(_term, args[0].elts if isinstance(args[0], ast.List) else [])),
    "Call": lambda args: (
        "call",
        _term(args[0])[2][0],
        *map(_term, args[1].elts if isinstance(args[1], ast.List) else []),
    ),
}


def _lookup(keyword: ast.keyword) -> Term:
    """`title__length__exact=Value(10)`: a path or a function of one, compared with a value."""
    value = keyword.value
    *names, last = str(keyword.arg).split("__")
    if last in ("isnull",):
        return op("eq", path(0, *names), constant(None))
    if last in _LOOKUPS:
        return op(_LOOKUPS[last], path(0, *names), _term(value))
    if last == "in":
        return ("in", path(0, *names), _term(value))
    return ("call", re.sub("^regex$", "matchesPattern", last), path(0, *names), _term(value))
