"""SQL that go-odata and odata-query make of a text, read with sqlglot.

SQL says less than the text: values are often placeholders, types of casts are those of SQL, names are written
in another way. What is compared is the operators and how they nest; `loose` takes the same from our shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import sqlglot
from peer_terms import Term, op, path, simplified
from sqlglot import exp

__all__ = ["loose", "read"]

_VALUE: Term = ("str", "?")
_INFIX: dict[type[exp.Expr], str] = {
    exp.EQ: "eq",
    exp.NEQ: "ne",
    exp.LT: "lt",
    exp.LTE: "le",
    exp.GT: "gt",
    exp.GTE: "ge",
    exp.And: "and",
    exp.Or: "or",
    exp.Add: "add",
    exp.Sub: "sub",
    exp.Mul: "mul",
    exp.Div: "divby",
    exp.Mod: "mod",
}
_FUNCTIONS: dict[type[exp.Expr], str] = {
    exp.Lower: "tolower",
    exp.Upper: "toupper",
    exp.Trim: "trim",
    exp.Round: "round",
    exp.Concat: "concat",
    exp.Date: "date",
    exp.Time: "time",
    exp.CurrentTimestamp: "now",
}
#: What SQLite's strftime is asked for.
_FORMATS = {"%Y": "year", "%m": "month", "%d": "day", "%H": "hour", "%M": "minute", "%S": "second"}


def read(text: str) -> Term:
    quiet = re.sub(r"SLICE\(", "SLICE_(", text)
    return simplified(_term(sqlglot.parse_one(quiet, dialect="sqlite")), _without_values)


def loose(ours: Term) -> Term:
    """Our shape with what the SQL does not show left out."""
    return simplified(ours, _unshown)


def _unshown(ours: Term) -> Term:
    ours = _without_values(ours)
    if ours[0] == "path":
        return path(0, *(step.lower().replace("_", "") for step in ours[2]))
    if ours[:2] in (("call", "isof"), ("call", "cast")):
        return ours[:3] if len(ours) == 4 else ours[:2]
    if ours[0] == "call" and ours[1] in ("add", "sub", "mul", "div", "mod"):
        return ours[1:]
    return ours


def _without_values(term: Term) -> Term:
    is_value = term[0] in ("num", "str", "bool", "UUID", "date", "datetime", "time", "timedelta", "duration")
    return _VALUE if is_value else term


def _term(node: exp.Expr) -> Term:
    for special in _SPECIAL:
        if (found := special(node)) is not None:
            return found
    if type(node) in _FUNCTIONS:
        return ("call", _FUNCTIONS[type(node)], *map(_term, _arguments(node)))
    if type(node) in _INFIX:
        return op(_INFIX[type(node)], _term(node.this), _term(node.expression))
    if isinstance(node, exp.Paren):
        return _term(node.this)
    if isinstance(node, exp.Not):
        return op("not", _term(node.this))
    if isinstance(node, exp.Column):
        return path(0, node.name.lower().replace("_", ""))
    if isinstance(node, exp.Is):
        return op("eq", _term(node.this), ("null",))
    if isinstance(node, exp.In):
        return ("in", _term(node.this), ("list", *map(_term, node.expressions)))
    if isinstance(node, exp.Literal | exp.Placeholder | exp.Boolean | exp.Interval | exp.Neg):
        return _VALUE
    raise NotImplementedError(node.sql())


def _arguments(node: exp.Expr) -> list[exp.Expr]:
    own = [node.this] if isinstance(node.this, exp.Expr) else []
    return [*own, *node.expressions]


# ---- what one function of OData is in several of SQL ----


def _type_test(node: exp.Expr) -> Term | None:
    """`CASE WHEN CAST(x AS T) IS NOT NULL …`; of the row itself a comparison that is never true."""
    if isinstance(node, exp.EQ) and isinstance(node.left, exp.Literal):
        truth = ("call", "isof")
        return truth if isinstance(node.right, exp.Literal) else op("eq", truth, _VALUE)
    if isinstance(node, exp.EQ) and isinstance(node.left, exp.Column) and node.left.name == "product_type":
        return ("call", "isof")
    if isinstance(node, exp.Case) and (casts := list(node.find_all(exp.Is))):
        return ("call", "isof", _term(casts[0].this.this))
    return None


def _column(node: exp.Expr) -> Term:
    """Of an expression that says a column several times."""
    found = node.find(exp.Column)
    assert found is not None, node.sql()
    return _term(found)


def _rounded(node: exp.Expr) -> Term | None:
    if not isinstance(node, exp.Case) or not isinstance(node.args["ifs"][0].this, exp.EQ):
        return None
    return (
        "call",
        "ceiling" if isinstance(node.args["default"], exp.Add) else "floor",
        _column(node),
    )


def _part(node: exp.Expr) -> Term | None:
    """`CAST(strftime('%Y', x) AS INTEGER)`, `EXTRACT(YEAR FROM x)`."""
    if isinstance(node, exp.Extract):
        return ("call", node.this.name.lower(), _term(node.expression))
    if isinstance(node, exp.Sub) and "%f" in node.sql():
        return ("call", "fractionalseconds", _column(node))
    if isinstance(node, exp.Cast):
        format = next((found.name for found in node.find_all(exp.Literal) if found.name in _FORMATS), None)
        if format is not None:
            return ("call", _FORMATS[format], _column(node))
        if node.to.this == exp.DataType.Type.DATE:
            return ("call", "date", _term(node.this))
        if isinstance(node.parent, exp.Div):
            return _term(node.this)
        return ("call", "cast", _term(node.this))
    return None


def _place(node: exp.Expr) -> Term | None:
    """SQL counts the places of a text from 1."""
    if isinstance(node, exp.Sub) and isinstance(node.this, exp.StrPosition):
        found = node.this
        return ("call", "indexof", _term(found.this), _term(found.args["substr"]))
    if isinstance(node, exp.Substring):
        return ("call", "substring", _term(node.this), _VALUE)
    return None


def _guarded(node: exp.Expr) -> Term | None:
    return _term(node.this) if isinstance(node, exp.Nullif) else None


def _matched(node: exp.Expr) -> Term | None:
    if isinstance(node, exp.Like):
        return ("call", "startswith", _term(node.this), _VALUE)
    if isinstance(node, exp.RegexpLike):
        return ("call", "matchesPattern", _term(node.this), _VALUE)
    if isinstance(node, exp.Anonymous) and node.name == "TIME":
        return ("call", "time", *map(_term, node.expressions))
    if isinstance(node, exp.Add) and all(isinstance(one, exp.Interval) for one in node.flatten()):
        return _VALUE
    return None


_SPECIAL: tuple[Callable[[exp.Expr], Term | None], ...] = (
    _type_test,
    _rounded,
    _part,
    _place,
    _guarded,
    _matched,
)
