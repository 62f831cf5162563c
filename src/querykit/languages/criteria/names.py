"""Names and paths in brackets, read and written: `[Order.Customer]`, `[^.Name]`, `[<Manager>Level]`."""

from __future__ import annotations

import re
from typing import NamedTuple

from querykit.ast.nodes import Cast, Path, Step
from querykit.errors import NotExpressible, ParseError

__all__ = ["CLASS", "IDENTIFIER", "KEYWORDS", "Steps", "bare", "bracketed", "called", "path_text"]

#: Words that are no names without brackets or `@`, in any letter case.
KEYWORDS = ("and", "or", "not", "in", "is", "null", "like", "between", "true", "false")

#: A name that needs no brackets (keywords aside), and the name of a class: as in `criteria.lark`.
IDENTIFIER = re.compile(
    r"[^\W\d][\w\u0300-\u036F\u0591-\u05BD\u064B-\u065F\u0900-\u0DFF\u0E31-\u0E4E\u0EB1-\u0ECE]*"
)
CLASS = re.compile(r"[^\W\d][\w.+`]*")


class Steps(NamedTuple):
    """What one operand of a path says: the scopes it leaves, and the steps it takes from there."""

    up: int
    steps: tuple[Step, ...]


# A dot separates; `Customer!` is the reference itself, and a backslash takes a character as it is.
_SEGMENT = re.compile(
    r"(?:<\s*(?P<type>[^\W\d][\w.+`]*)\s*>)?(?P<name>(?:[^.\\!]|\\.|!(?!\.|\Z))*)!?(?P<end>\.|\Z)", re.DOTALL
)
_CALLED = re.compile(r"\[(?:[^\[\]\\]|\\[\s\S])+\]|[^\s/(]+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPECIAL = re.compile(r"[\\\[\].'<]")


def bare(word: str) -> Steps:
    """`Name`, `@Name`, `Customer!`. `This` is the object itself, and no step."""
    name = word.removeprefix("@").removesuffix("!")
    return Steps(0, () if name.casefold() == "this" else (name,))


def bracketed(text: str) -> Steps:
    """What stands between `[` and `]`.

    >>> bracketed(r"[^.Order.Due \\[date\\]]")
    Steps(up=1, steps=('Order', 'Due [date]'))
    """
    content, position, up = text[1:-1], 0, 0
    steps: list[Step] = []
    while True:
        match = _SEGMENT.match(content, position)
        assert match is not None  # the terminal lets no backslash stand at the end
        name = match["name"]
        if match["type"]:
            steps.append(Cast(match["type"]))
        if name == "^" and not match["type"] and position == 2 * up:
            up += 1
        elif not name or name == "^":
            raise ParseError(
                "a name is missing between the dots" if not name else "^ can only begin a path",
                code="name",
                hint="a dot, bracket or ^ that belongs to the name has a backslash before it",
            )
        elif name.casefold() != "this":
            steps.append(_ESCAPED.sub(r"\1", name))
        if not match["end"]:
            return Steps(up, tuple(steps))
        position = match.end()


def called(text: str) -> str:
    """The name before the bracket of a function, without what is ignored between them.

    >>> called("Len /* of what */ ("), called("[#TopItems](")
    ('Len', '[#TopItems]')
    """
    name = text.removesuffix("(")
    if name.isidentifier():
        return name
    match = _CALLED.match(text)
    assert match is not None  # the terminal begins so
    return match[0]


# --- Writing -------------------------------------------------------------------------------------------


def path_text(path: Path) -> str:
    """A path in one bracket.

    Raises
    ------
    NotExpressible: a step that picks a row by its key, or calls a function.

    >>> path_text(Path(("Order", "Due.Date"), 1))
    '[^.Order.Due\\\\.Date]'
    """
    return "[" + ".".join(["^"] * path.up + (_segments(path) or ["This"])) + "]"


def _segments(path: Path) -> list[str]:
    segments: list[str] = []
    cast = ""
    for step in path.steps:
        if isinstance(step, str):
            segments.append(cast + _escaped(step, path))
            cast = ""
        elif isinstance(step, Cast) and CLASS.fullmatch(step.type):
            if cast:
                segments.append(f"{cast}This")
            cast = f"<{step.type}>"
        else:
            raise NotExpressible(
                "criteria has no step of a path other than a property or a class",
                span=step.span or path.span if not isinstance(step, str) else path.span,
                hint="[<Class>][Key = …].Single(Property) picks a row by its key",
            )
    return [*segments, f"{cast}This"] if cast else segments


def _escaped(name: str, path: Path) -> str:
    if not name:
        raise NotExpressible("criteria has no empty names", span=path.span)
    text = _SPECIAL.sub(r"\\\g<0>", name)
    if name.endswith("!"):
        text = f"{text[:-1]}\\!"
    if name == "^" or name.isspace() or name.casefold() == "this":
        text = f"\\{text}"
    return text
