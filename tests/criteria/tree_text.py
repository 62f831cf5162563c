"""A tree as one short line, to be written in tables by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from querykit.ast.nodes import Aggregate, Call, Cast, EntitySet, Expr, Literal, Named, Parameter, Path, Step

_PLAIN: dict[str, Callable[[Any], str]] = {
    "int": str,
    "string": lambda value: "'" + value.replace("'", "''") + "'",
    "bool": lambda value: str(value).lower(),
}


def tree_text(node: Expr) -> str:
    """`(cmp.eq [^.Name] 'x')`, `(sum [Orders] where _ of [Amount])`, `decimal:1.0`, `?0`."""
    match node:
        case Literal(kind="null"):
            return "null"
        case Literal():
            if node.kind in _PLAIN:
                return _PLAIN[node.kind](node.value)
            return ":".join(filter(None, (node.kind, node.name, str(node.value))))
        case Parameter():
            return f"?{node.name}"
        case Path():
            return "[" + ".".join(["^"] * node.up + [_step(step) for step in node.steps]) + "]"
        case Call():
            return "(" + " ".join([node.fn, *map(tree_text, node.args)]) + ")"
        case EntitySet():
            return f"<{node.name or ''}>"
        case Aggregate():
            condition = tree_text(node.condition) if node.condition else "_"
            argument = f" of {tree_text(node.argument)}" if node.argument else ""
            return f"({node.function} {tree_text(node.source)} where {condition}{argument})"
        case Named():
            return f"{node.name}={tree_text(node.value)}"


def _step(step: Step) -> str:
    if isinstance(step, Cast):
        return f"<{step.type}>"
    return step.replace(".", "\\.") if isinstance(step, str) else tree_text(step)
