"""Expressions as OData text, brackets by the precedence table (P2 5.1.1.17).

Every method gives a text and the rank of its loosest operator. Three Python frames per level of the tree.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeAlias

from querykit.ast.build import conjunction, logical
from querykit.ast.nodes import Aggregate, Call, EntitySet, Expr, Literal, Named, Parameter, Path
from querykit.errors import NotExpressible
from querykit.functions.catalog import CATALOG
from querykit.functions.spelling import by_id
from querykit.languages.odata.aggregate_text import METHODS, aggregated_text
from querykit.languages.odata.literal_text import literal_text
from querykit.languages.odata.literals import are_members
from querykit.languages.odata.names import INFIX_WORDS, is_identifier, is_literal_word, is_qualified
from querykit.languages.odata.operators import BINARY, OPERAND, PRIMARY, UNARY
from querykit.languages.odata.path_text import Scopes, name_text, path_text, variable
from querykit.languages.odata.scopes import OWN
from querykit.languages.odata.search_text import search_text
from querykit.languages.odata.steps import RESERVED, spellings

__all__ = ["Text", "write", "write_arguments"]

#: A text and its rank.
Text: TypeAlias = tuple[str, int]

_SPELLINGS = by_id("odata")
_EQUALITY = BINARY["total.eq"].rank
_METHODS = {"sum": "sum", "min": "min", "max": "max", "avg": "average"}


def write(node: Expr, scopes: Scopes) -> Text:
    """The text of any expression that stands in these scopes, the innermost first."""
    if isinstance(node, Literal):
        if node.kind == "type":
            raise NotExpressible("a type is an argument of cast and isof alone", span=node.span)
        return literal_text(node), OPERAND
    if isinstance(node, Path):
        return path_text(node, scopes, _writer_of_arguments(scopes)), OPERAND
    if isinstance(node, Call):
        return _call(node, scopes)
    if isinstance(node, Aggregate):
        return _aggregate(node, scopes), OPERAND
    if isinstance(node, Parameter):
        return f"@{name_text(node.name, node)}", OPERAND
    if isinstance(node, EntitySet) and node.name is not None:
        return _rows(node, scopes), OPERAND
    if isinstance(node, Named):
        raise NotExpressible("a named value can only be an argument", span=node.span)
    raise NotExpressible("OData has no value of all rows of the query", span=node.span)


def _operand(node: Expr, scopes: Scopes, least: int) -> str:
    """An operand, in brackets if its rank is below what the place needs."""
    text, rank = write(node, scopes)
    return text if rank >= least else f"({text})"


def _call(node: Call, scopes: Scopes) -> Text:
    special = _SPECIAL.get(node.fn)
    if special is not None:
        return special(node, scopes)
    if node.fn in BINARY:
        return _infix(node, scopes)
    if node.fn.startswith("custom."):
        name = node.fn.removeprefix("custom.")
        known = name.casefold() in spellings() or name.casefold() in RESERVED
        if known or not (is_identifier(name) or is_qualified(name)):
            raise NotExpressible(f"OData cannot call a function '{name[:60]}'", span=node.span)
        return f"{name}({write_arguments(node.args, scopes)})", OPERAND
    spelling = _SPELLINGS.get(node.fn)
    if spelling is None or not spelling.least <= len(node.args) <= spelling.most:
        raise _unknown(node)
    return f"{spelling.name}({write_arguments(node.args, scopes)})", OPERAND


def _unknown(node: Call) -> NotExpressible:
    row = CATALOG.get(node.fn)
    doc = f" ({row.doc})" if row is not None else ""
    with_so_many = f" with {len(node.args)} arguments" if node.fn in _SPELLINGS else ""
    return NotExpressible(f"OData has no {node.fn}{with_so_many}{doc}", span=node.span)


def _writer_of_arguments(scopes: Scopes) -> Callable[[tuple[Expr, ...]], str]:
    return lambda args: write_arguments(args, scopes)


def write_arguments(args: tuple[Expr, ...], scopes: Scopes) -> str:
    parts: list[str] = []
    for arg in args:
        if isinstance(arg, Named):
            parts.append(f"{name_text(arg.name, arg)}={write(arg.value, scopes)[0]}")
        else:
            parts.append(write(arg, scopes)[0])
    return ",".join(parts)


# ---- operators ----


def _infix(node: Call, scopes: Scopes) -> Text:
    """`a op b op c`: the first operand may have the same rank, the others must bind tighter."""
    operator = BINARY[node.fn]
    if len(node.args) < 2:
        raise NotExpressible(f"{operator.word} takes two operands", span=node.span)
    texts = [_operand(node.args[0], scopes, operator.rank)]
    for operand in node.args[1:]:
        texts.append(_operand(operand, scopes, operator.rank + 1))
    return f" {operator.word} ".join(texts), operator.rank


def _is_null(node: Call, scopes: Scopes) -> Text:
    return f"{_operand(node.args[0], scopes, _EQUALITY)} eq null", _EQUALITY


def _not(node: Call, scopes: Scopes) -> Text:
    (operand,) = node.args
    if isinstance(operand, Call) and operand.fn == "null.is":
        return f"{_operand(operand.args[0], scopes, _EQUALITY)} ne null", _EQUALITY
    text = _operand(operand, scopes, UNARY)
    # `not in …` would be read as an operator after a property `not`
    return f"not ({text})" if text.split(" ")[0].lower() in INFIX_WORDS else f"not {text}", UNARY


def _negative(node: Call, scopes: Scopes) -> Text:
    """`-1` and `-INF` are literals; the negative of 1 is `-(1)`."""
    text = _operand(node.args[0], scopes, UNARY)
    return f"-({text})" if text[0].isdigit() or text == "INF" else f"-{text}", UNARY


def _has(node: Call, scopes: Scopes) -> Text:
    left, right = node.args
    is_text = isinstance(right, Literal) and right.kind == "string" and are_members(str(right.value))
    if not (is_text or isinstance(right, Parameter) or (isinstance(right, Literal) and right.kind == "enum")):
        raise NotExpressible("the right side of has is an enumeration value", span=right.span)
    return f"{_operand(left, scopes, PRIMARY)} has {write(right, scopes)[0]}", PRIMARY


def _in(node: Call, scopes: Scopes) -> Text:
    """A list of literals stands in round brackets, anything else is an expression for a collection (ABNF inExpr)."""
    left, right = node.args
    if isinstance(right, Call) and right.fn == "list":
        if all(isinstance(item, Literal) for item in right.args):
            collection = f"({write_arguments(right.args, scopes)})"
        else:
            collection = write(right, scopes)[0]
    elif isinstance(right, Literal):
        raise NotExpressible("the right side of in is a collection", span=right.span)
    else:
        collection = _operand(right, scopes, OPERAND)
    return f"{_operand(left, scopes, PRIMARY)} in {collection}", PRIMARY


# ---- functions with a syntax of their own ----


def _case(node: Call, scopes: Scopes) -> Text:
    """`case(c:v,…)`, an else as `true:v`. A blank keeps two numbers around the colon from being a time of day."""
    args = list(node.args)
    if len(args) % 2:
        args.insert(-1, Literal("bool", True))
    parts: list[str] = []
    for index in range(0, len(args), 2):
        condition, value = write(args[index], scopes)[0], write(args[index + 1], scopes)[0]
        blank = " " if condition[-1].isdigit() and value[0].isdigit() else ""
        parts.append(f"{condition}{blank}:{value}")
    return f"case({','.join(parts)})", OPERAND


def _type_call(node: Call, scopes: Scopes) -> Text:
    type_ = node.args[-1] if node.args else None
    if not (len(node.args) <= 2 and isinstance(type_, Literal) and type_.kind == "type"):
        raise _unknown(node)
    if len(node.args) == 1 and is_literal_word(str(type_.value)):
        raise NotExpressible("a type of this name needs its namespace", span=node.span)
    value = "".join([f"{write(arg, scopes)[0]}," for arg in node.args[:-1]])
    return f"{_SPELLINGS[node.fn].name}({value}{literal_text(type_)})", OPERAND


def _concat(node: Call, scopes: Scopes) -> Text:
    """`concat` takes two arguments (P2 5.1.1.5.1): a longer run is nested to the left."""
    first, *rest = [write(arg, scopes) for arg in node.args]
    text, level = first
    for other, _ in rest:
        text, level = f"concat({text},{other})", OPERAND
    return text, level


# ---- JSON: P2 5.1.1.14.1 ----


def _json_value(node: Expr, scopes: Scopes) -> str:
    if isinstance(node, Literal) and node.kind in ("string", "char"):
        return json.dumps(node.value, ensure_ascii=False)
    return write(node, scopes)[0]


def _list(node: Call, scopes: Scopes) -> Text:
    items: list[str] = []
    for item in node.args:
        items.append(_json_value(item, scopes))
    return f"[{','.join(items)}]", OPERAND


def _object(node: Call, scopes: Scopes) -> Text:
    members: list[str] = []
    for member in node.args:
        if not isinstance(member, Named):
            raise NotExpressible("a member of a JSON object has a name", span=member.span)
        members.append(f"{json.dumps(member.name, ensure_ascii=False)}:{_json_value(member.value, scopes)}")
    return "{" + ",".join(members) + "}", OPERAND


# ---- collections: P2 5.1.1.13, 5.1.1.15; Data Aggregation 6.2.4 ----


def _rows(source: Path | EntitySet, scopes: Scopes) -> str:
    if isinstance(source, Path):
        return path_text(source, scopes, _writer_of_arguments(scopes), ends=False)
    if source.name is None:
        return "$these"
    return f"$root/{name_text(source.name, source)}"


def _aggregate(node: Aggregate, scopes: Scopes) -> str:
    of_these = isinstance(node.source, EntitySet) and node.source.name is None
    if of_these and (node.condition is not None or node.function in ("any", "all")):
        raise NotExpressible("OData has no condition on all rows of the query", span=node.span)
    if node.function in ("any", "all") and node.argument is None:
        return f"{_rows(node.source, scopes)}/{node.function}({_lambda(node, scopes)})"
    own: Scopes = (OWN, *scopes)
    if node.function == "single" and node.argument is not None:
        return f"{_rows(node.source, scopes)}/{_single(node, own)}"
    if node.function == "count" and node.argument is None:
        return f"{_rows(node.source, scopes)}/$count{_count_options(node.condition, own)}"
    kept = "" if node.condition is None else f"/$filter({write(node.condition, own)[0]})"
    return f"{_rows(node.source, scopes)}{kept}/aggregate({_aggregated(node, own)})"


def _single(node: Aggregate, scopes: Scopes) -> str:
    """`$filter(Age gt 3)(ID=5)/Name`: one row by its key, if it passes the filter."""
    condition, argument = node.condition, node.argument
    key = condition.args[-1] if isinstance(condition, Call) and condition.fn == "bool.and" else None
    is_key = (
        isinstance(key, Call) and key.fn == "total.eq" and _is_name(key.args[0]) and _is_constant(key.args[1])
    )
    if not is_key or not isinstance(argument, Path) or argument.up:
        raise NotExpressible("OData takes a single row by a filter and its key", span=node.span)
    assert isinstance(condition, Call)
    assert isinstance(key, Call)
    kept = write(logical("bool.and", condition.args[:-1]), scopes)[0]
    name, value = (write(arg, scopes)[0] for arg in key.args)
    rest = f"/{write(argument, scopes)[0]}" if argument.steps else ""
    if "$" in name or rest.startswith("/$"):
        raise NotExpressible("OData has no such step of a path", span=argument.span)
    return f"$filter({kept})({name}={value}){rest}"


def _is_name(node: Expr) -> bool:
    return isinstance(node, Path) and len(node.steps) == 1 and isinstance(node.steps[0], str) and not node.up


def _is_constant(node: Expr) -> bool:
    return isinstance(node, (Literal, Parameter)) and not (isinstance(node, Literal) and node.kind == "null")


def _count_options(condition: Expr | None, scopes: Scopes) -> str:
    """`($filter=…;$search=…)`: both hold."""
    both = condition.args if isinstance(condition, Call) and condition.fn == "bool.and" else (condition,)
    texts = [part for part in both if isinstance(part, Call) and part.fn.startswith("search.")]
    kept = conjunction(*[part for part in both if part not in texts])
    options = [] if kept is None else [f"$filter={write(kept, scopes)[0]}"]
    if texts:
        options.append(f"$search={search_text(logical('search.and', texts))}")
    return f"({';'.join(options)})" if options else ""


def _aggregated(node: Aggregate, scopes: Scopes) -> str:
    """`Amount with sum`; what is not one method of one value is kept as in the transformation `aggregate`."""
    argument = node.argument
    if node.function == "aggregate" and isinstance(argument, Call):
        return aggregated_text(argument, lambda value: write(value, scopes)[0])
    method = _METHODS.get(node.function) or node.function.removeprefix("custom.")
    if argument is None or (method == node.function and node.function not in _METHODS):
        raise NotExpressible(f"OData has no '{node.function}' of a collection", span=node.span)
    if method not in METHODS and not is_qualified(method):
        raise NotExpressible(f"OData cannot write the method '{method[:60]}'", span=node.span)
    return f"{write(argument, scopes)[0]} with {method}"


def _lambda(node: Aggregate, scopes: Scopes) -> str:
    condition = node.condition
    if condition is None:
        return "" if node.function == "any" else "x:true"
    name = variable(condition, scopes)
    return f"{name}:{write(condition, (name, *scopes))[0]}"


#: Ids that are neither an infix operator nor a plain function call.
_SPECIAL: dict[str, Callable[[Call, Scopes], Text]] = {
    "null.is": _is_null,
    "bool.not": _not,
    "math.neg": _negative,
    "enum.has": _has,
    "total.in": _in,
    "logic.case": _case,
    "type.cast": _type_call,
    "type.isof": _type_call,
    "str.concat": _concat,
    "list": _list,
    "object": _object,
}
