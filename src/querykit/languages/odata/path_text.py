"""Paths as OData writes them: counted scopes become lambda variables, `$it` and `$this`."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, count

from querykit.ast.nodes import Call, Cast, EntitySet, Expr, Key, Literal, Node, Path, Step
from querykit.ast.walk import walk
from querykit.errors import NotExpressible
from querykit.languages.odata.literal_text import literal_text
from querykit.languages.odata.names import (
    FUNCTION_WORDS,
    SEGMENT_WORDS,
    is_identifier,
    is_literal_word,
    is_qualified,
)
from querykit.languages.odata.scopes import IT, OWN, THIS

__all__ = [
    "Scopes",
    "expanded_text",
    "name_text",
    "path_text",
    "plain_path_text",
    "selected_text",
    "variable",
]

Scopes = tuple[str | None, ...]
#: Writes the arguments of a key or a bound function.
Arguments = Callable[[tuple[Expr, ...]], str]


def variable(body: Node, scopes: Scopes) -> str:
    """A name for a lambda variable that neither a scope around it nor a path inside it uses."""
    taken = {scope for scope in scopes if scope is not OWN}
    # `_named` has made sure of a first step that is a name
    taken |= {node.steps[0] for node in walk(body) if isinstance(node, Path) and _named(node.steps[:1])}  # type: ignore[misc]
    return next(name for name in chain("xyzuvw", (f"x{number}" for number in count(1))) if name not in taken)


def _named(steps: tuple[Step, ...]) -> bool:
    return bool(steps) and isinstance(steps[0], str)


def path_text(path: Path, scopes: Scopes, arguments: Arguments, ends: bool = True) -> str:
    """A path in an expression that stands in these scopes, the innermost first.

    Parameters
    ----------
    ends: nothing like `/any(…)` or `/$count` comes after it.
    """
    parts = [part for part in (_prefix(path, scopes, ends),) if part]
    for index, step in enumerate(path.steps):
        if isinstance(step, Key):
            if index and _takes_key(path.steps[index - 1]):
                parts[-1] += f"({arguments(step.args)})"
            else:
                parts.append(_key_segment(step))
        else:
            parts.append(_step(step, path, arguments))
        name, bracket, _ = parts[-1].partition("(")
        if bracket and len(parts) > 1 and name.lower() in SEGMENT_WORDS and parts[-1].lower() != "all()":
            raise NotExpressible(f"'{name}(' has a meaning of its own after a slash", span=path.span)
    return "/".join(parts)


def _takes_key(step: Step) -> bool:
    return isinstance(step, (EntitySet, Call)) or (isinstance(step, str) and step[0] != "@")


def _key_segment(key: Key) -> str:
    """`a/Ns.T/1`: P2 4.3.6; after anything but a name a key in brackets would be read as arguments."""
    (value, *others) = key.args
    if others or not isinstance(value, Literal) or value.kind != "int":
        raise NotExpressible("OData writes a key after the name of a collection", span=key.span)
    return literal_text(value)


def _prefix(path: Path, scopes: Scopes, ends: bool) -> str:
    """What leads to the row that the path starts from; nothing where that is meant anyway."""
    if path.steps and isinstance(path.steps[0], EntitySet):
        return ""
    outermost = len(scopes) - 1
    if path.up > outermost:
        raise NotExpressible("the path leads out of the query", span=path.span)
    scope = scopes[path.up]
    if isinstance(scope, str):
        return scope
    own = scopes.index(OWN)
    if path.up == own and not _needs_prefix(path.steps, ends):
        return ""
    if path.up == outermost:
        return IT
    if path.up == own:
        return THIS
    raise NotExpressible("OData has no name for the row that the path starts from", span=path.span)


def _needs_prefix(steps: tuple[Step, ...], ends: bool) -> bool:
    """Would the path without a prefix be read as something else?"""
    if not steps:
        return True
    first = steps[0]
    if isinstance(first, Key) or (len(steps) == 1 and isinstance(first, Cast)):
        return True  # a type alone is no value
    alone = ends and len(steps) == 1
    if not isinstance(first, str):
        return alone and isinstance(first, Call)  # `f()` is a function of no row, `$it/f()` one of this row
    if len(steps) > 1 and isinstance(steps[1], Key):
        # `a(1)` alone would be a function
        return len(steps) == 2 or first.lower() in FUNCTION_WORDS
    parameter = first.startswith("@") and "." not in first and "#" not in first
    return alone and (parameter or is_literal_word(first))


def _step(step: Step, path: Path, arguments: Arguments) -> str:
    if isinstance(step, str):
        return _step_name(step, path)
    if isinstance(step, Cast):
        if not is_qualified(step.type):
            raise NotExpressible(f"OData writes a type with its namespace, not '{step.type}'", span=path.span)
        return step.type
    if isinstance(step, EntitySet) and step.name is not None:
        return f"$root/{name_text(step.name, path)}"
    if isinstance(step, Call) and step.fn.startswith("custom."):
        name = step.fn.removeprefix("custom.")
        if is_identifier(name) or is_qualified(name):
            return f"{name}({arguments(step.args)})"
    raise NotExpressible("OData has no such step of a path", span=path.span)


def _step_name(name: str, node: Node) -> str:
    """The name of a property, or of a term: `@Ns.Term#Tablet`."""
    term = name.removeprefix("@")
    if term != name and all(map(is_identifier, term.replace("#", ".").split("."))):
        return name
    return name_text(name, node)


def name_text(name: str, node: Node) -> str:
    """A name of the tree, if OData can write it."""
    if not is_identifier(name):
        raise NotExpressible(
            f"OData cannot write the name '{name[:60]}'",
            span=node.span,
            hint="letters, digits and _ make a name",
        )
    return name


def plain_path_text(path: Path) -> str:
    """A path of properties and types, as options name them: no scopes, keys or functions."""
    plain = all(isinstance(step, (str, Cast)) for step in path.steps)
    if not plain or not path.steps or path.up:
        raise NotExpressible("OData has no such property path", span=path.span)
    return "/".join([_step(step, path, _no_arguments) for step in path.steps])


def _no_arguments(args: tuple[Expr, ...]) -> str:
    raise AssertionError("a plain path has no steps with arguments")


def selected_text(path: Path) -> str:
    """A path of `$select`, which may be `*` or `Ns.*`, or end in a function with the names of its parameters."""
    *steps, last = path.steps or ("",)
    if isinstance(last, str) and not steps and (last == "*" or is_qualified(f"{last.removesuffix('.*')}.x")):
        return last
    if not isinstance(last, Call):
        return plain_path_text(path)
    names = [plain_path_text(arg) for arg in last.args if isinstance(arg, Path) and len(arg.steps) == 1]
    if not names or len(names) < len(last.args) or path.up:
        raise NotExpressible("OData selects a function by the names of its parameters", span=path.span)
    before = f"{plain_path_text(Path(tuple(steps), span=path.span))}/" if steps else ""
    return before + _step(last, path, lambda _: ",".join(names))


def expanded_text(path: Path) -> str:
    """A path of `$expand`, which may end in `*`, or be `$value`."""
    if path.steps in (("*",), ("$value",)):
        return str(path.steps[0])
    if path.steps and path.steps[-1] == "*":
        return f"{plain_path_text(Path(path.steps[:-1], path.up, path.span))}/*"
    return plain_path_text(path)
