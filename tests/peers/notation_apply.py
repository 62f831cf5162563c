"""Olingo's checks of `$apply`: a walk over its tree, `at(0) is(GroupBy.class) goAggregate(1) isAlias("a")`.

The corpus keeps the calls only, without the lines between, so a step goes from the nearest node around that
has such a child; `goUp()` then has nothing to do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from peer_terms import Term, term

from querykit.ast.nodes import Call, Cast, EntitySet, Expr, Literal, Named, Path, SortKey, Transformation

__all__ = ["failed"]

_CALL = re.compile(r'(\w+)\(((?:"[^"]*"|[^()"]|\([^()]*\))*)\)')
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_CLASSES = {"groupby": "GroupBy", "aggregate": "Aggregate", "filter": "Filter", "concat": "Concat"}
_CLASSES |= {"identity": "Identity", "compute": "Compute", "orderby": "OrderBy", "skip": "Skip", "top": "Top"}
_METHODS = {"sum": "SUM", "avg": "AVERAGE", "min": "MIN", "max": "MAX", "countdistinct": "COUNT_DISTINCT"}
#: Calls that go nowhere or say nothing that our tree could contradict.
_IDLE = {"goUp", "root", "isMember", "goUpFilterValidator", "isUriPathInfoKind", "isLiteralType"}


@dataclass
class Node:
    """What can be asked of a node (`facts`), and where one can go from it."""

    facts: dict[str, str] = field(default_factory=dict)
    roles: dict[str, list[Node]] = field(default_factory=dict)


def failed(script: str, steps: Sequence[Transformation]) -> list[str]:
    """The calls of a walk that do not go with our tree."""
    around: list[Node] = []
    _enter(around, _sequence(steps))
    wrong = []
    calls = list(_CALL.finditer(script))
    assert calls, script
    for found in calls:
        name, argument = found[1], "".join(_TEXT.findall(found[2])) or found[2]
        if name not in _IDLE and not _follows(around, name, argument):
            wrong.append(found[0])
    return wrong


def _follows(around: list[Node], name: str, argument: str) -> bool:
    if name.startswith("is") or (name == "goValue" and argument):
        return _holds(around, name, argument)
    role, index = _target(around, name, argument)
    while len(around) > 1 and len(around[-1].roles.get(role, ())) <= index:
        around.pop()
    if len(around[-1].roles.get(role, ())) <= index:
        return False
    _enter(around, around[-1].roles[role][index])
    return True


def _enter(around: list[Node], node: Node) -> None:
    """Of a sequence, or a path, its first item is meant until another is named."""
    around.append(node)
    if "at" in node.roles:
        around.append(node.roles["at"][0])


def _target(around: list[Node], name: str, argument: str) -> tuple[str, int]:
    if name == "first":
        return "at", 0
    if name in ("n", "next"):
        return "at", 1 + int(around[-1].facts["place"])
    return name, int(argument) if argument.isdigit() else 0


def _holds(around: list[Node], name: str, argument: str) -> bool:
    node = next((node for node in reversed(around) if name in node.facts), None)
    last = name in ("isStandardMethod", "isMethod", "isBinary", "isType", "isCustomFunction")
    said = argument.rpartition(".")[2] if last else argument.removesuffix(".class")
    return node is not None and said == node.facts[name]


# ---- our tree as such nodes ----


def _sequence(steps: Sequence[Transformation]) -> Node:
    return Node(roles={"at": [_placed(_step(step), index) for index, step in enumerate(steps)]})


def _placed(node: Node, index: int) -> Node:
    node.facts["place"] = str(index)
    return node


def _step(step: Transformation) -> Node:
    if step.name.startswith("custom."):
        return Node({"isCustomFunction": f"name{step.name.rpartition('.')[2]}"})
    node = Node({"is": _CLASSES.get(step.name, step.name)})
    branches = [_sequence(branch) for branch in step.branches]
    if step.name == "groupby":
        node.roles = {"goGroupBy": [_group(arg) for arg in step.args], "goGroupByOption": branches}
    elif step.name == "concat":
        node.roles = {"goConcat": branches}
    elif step.name in ("aggregate", "compute"):
        node.roles = {f"go{step.name.title()}": [_named(arg) for arg in step.args]}
    elif step.name == "search":
        node.facts["isSearch"] = _search(term(_expr(step.args[0])))
    elif step.name in ("orderby", "skip", "top"):
        role = {"orderby": "goOrderBy", "skip": "goSkip", "top": "goTop"}[step.name]
        node.roles = {role: [Node({"goValue": _shown(step.args)})]}
    elif step.name.startswith(("top", "bottom")):
        node.roles = {"goBottomTop": [_ranked(step)]}
    return node


def _expr(arg: Expr | SortKey) -> Expr:
    assert not isinstance(arg, SortKey)
    return arg


def _search(word: Term) -> str:
    return f"'{word[1]}'"


def _shown(args: Sequence[Expr | SortKey]) -> str:
    if isinstance(args[0], Literal):
        return str(args[0].value)
    keys = [arg for arg in args if isinstance(arg, SortKey)]
    shown = (f"{str(key.descending).lower()}<{'/'.join(term(key.expr)[2])}>" for key in keys)
    return f"<{','.join(shown)}>"


def _ranked(step: Transformation) -> Node:
    number, value = map(_expr, step.args)
    method = re.sub("^(top|bottom)", r"\1_", step.name).upper()
    literal = str(number.value) if isinstance(number, Literal) else ""
    return Node(
        {"isMethod": method}, {"goNumber": [Node({"isLiteral": literal})], "goValue": [_value(value)]}
    )


def _group(arg: Expr | SortKey) -> Node:
    if isinstance(arg, Call):  # rollup
        return Node({"is": "Rollup"}, {"goRollup": [_value(_expr(path)) for path in arg.args]})
    return _value(_expr(arg))


def _named(arg: Expr | SortKey) -> Node:
    """`x with sum as s`, `x as p`, or an aggregate that has a name of its own."""
    if not isinstance(arg, Named):
        custom = _expr(arg)
        inner = custom.args[0] if isinstance(custom, Call) else custom
        return Node({"isStandardMethod": "null", "isAlias": "null"}, {"goPath": [_path(inner)]})
    call = arg.value
    facts = {"isAlias": arg.name}
    if isinstance(call, Call) and call.fn == "agg.count":
        steps = (*(call.args[0].steps if call.args and isinstance(call.args[0], Path) else ()), "$count")
        return Node(facts, {"goPath": [_path(Path(steps))]})
    if isinstance(call, Call) and call.fn.startswith("agg."):
        facts["isStandardMethod"] = _METHODS.get(call.fn.removeprefix("agg."), call.fn)
        return Node(facts, {"goExpression": [_value(call.args[0])]})
    return Node(facts, {"goExpression": [_value(call)]})


def _value(expr: Expr) -> Node:
    if isinstance(expr, Path):
        return Node({}, {"goPath": [_path(expr)]})
    if isinstance(expr, Call) and len(expr.args) == 2:
        left, right = map(_value, expr.args)
        return Node({"isBinary": expr.fn.rpartition(".")[2].upper()}, {"left": [left], "right": [right]})
    return Node()


def _path(expr: Expr) -> Node:
    assert isinstance(expr, Path), expr
    return Node(roles={"at": [_placed(_path_step(step), index) for index, step in enumerate(expr.steps)]})


def _path_step(step: object) -> Node:
    if isinstance(step, Cast):
        return Node({"isType": f"name{step.type.rpartition('.')[2]}"})
    assert not isinstance(step, EntitySet)
    facts: dict[str, str] = dict.fromkeys(
        ("isPrimitiveProperty", "isNavProperty", "isComplexProperty"), str(step)
    )
    return Node({**facts, "isCount": ""} if step == "$count" else facts)
