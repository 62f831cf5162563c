"""From the steps of a path, as they are read, to the node that they mean."""

# No postponed annotations: a named tuple that has texts for them takes longer to make than a filter to read.
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from querykit.ast.build import logical
from querykit.ast.nodes import Call, Cast, EntitySet, Expr, Key, Literal, Named, Parameter, Path, Step
from querykit.errors import NotExpressible, ParseError
from querykit.lalr import NoPlace, span_of
from querykit.languages.odata.names import (
    INFIX_WORDS,
    SEGMENT_WORDS,
    check_qualified,
    is_identifier,
    is_qualified,
)
from querykit.languages.odata.scopes import OWN, Scoped
from querykit.languages.odata.spans import word_of
from querykit.source import Span

if TYPE_CHECKING:
    from querykit.functions.spelling import Spelling

__all__ = ["RESERVED", "Steps", "Written", "call_or_path", "collection", "is_constant", "spellings"]

#: Words before `(` that are no custom function, and what to write instead (P2 5.1.1.5, 5.1.1.13, 5.1.1.17).
RESERVED = {
    "any": "a collection comes before it: Orders/any(o:o/Total gt 100)",
    "all": "a collection comes before it: Orders/all(o:o/Total gt 100)",
    "substringof": "OData 4 writes contains(text,part)",
    "collection": "it is a type, for cast and isof",
    "case": "case has conditions and values: case(a gt 1:'big',true:'small')",
    **dict.fromkeys(INFIX_WORDS | {"not"}, "it is an operator: put blanks around it"),
}


class Written(NamedTuple):
    """A step as it is written.

    Parameters
    ----------
    kind: ``name`` (also `$it`, `$this`, `@term`), ``type``, ``call``, ``key`` or ``filter``.
    name: the text; empty for a key or filter.
    args: of a call, key or filter.
    span: of the step.
    """

    kind: str
    name: str
    args: tuple[Expr, ...]
    span: Span


class Steps:
    """A path that is being read: it grows in place, so that a long one costs no more per step than a short one."""

    __slots__ = ("rooted", "steps")

    def __init__(self, first: Written, rooted: bool = False) -> None:
        self.steps = [first]
        self.rooted = rooted

    def part(self, start: int, end: int | None) -> "Steps":
        """The steps of a part, which begins where the whole begins only if it has its first step."""
        steps = self.steps[start:end]
        part = Steps(steps[0], self.rooted and start == 0)
        part.steps += steps[1:]
        return part

    def to(self, end: int) -> Span:
        return self.steps[0].span[0], end

    @property
    def span(self) -> Span:
        return self.to(self.steps[-1].span[1])


#: A call as it was read: `contains(`, its arguments, its closing bracket.
CallText: TypeAlias = tuple[str, tuple[Expr, ...], str]


def step_of(read: Written | CallText) -> Written:
    """What was read as a call is a step of a path after all."""
    if isinstance(read, Written):
        return read
    word, args, close = read
    start, end = span_of(word)[0], span_of(close)[1]
    name = word_of(word)
    check_qualified(name, (start, start + len(name)))
    return Written("call", name, args, (start, end))


def steps_of(read: Path | Parameter | Steps | Written | CallText) -> Steps:
    """The steps, one by one, of what was read as names alone or as a call."""
    if isinstance(read, Steps):
        return read
    if isinstance(read, tuple):
        return Steps(step_of(read))
    if read.span is None:
        raise NoPlace
    names = read.steps if isinstance(read, Path) else (f"@{read.name}",)
    place, steps = read.span[0], []
    for step in names:
        name = step.type if isinstance(step, Cast) else str(step)
        kind = "type" if isinstance(step, Cast) else "name"
        steps.append(Written(kind, name, (), (place, place + len(name))))
        place += len(name) + 1
    path = Steps(steps[0])
    path.steps += steps[1:]
    return path


def rows_of(read: Path | Parameter | Steps | CallText) -> tuple[Path | EntitySet, Expr | None]:
    """The rows that a path leads to, and the condition of its `/$filter(…)` steps."""
    return (read, None) if isinstance(read, Path) else collection(steps_of(read))


@cache
def standard_functions() -> Mapping[str, Mapping[int, str]]:
    """The ids of the functions of the standard by name with bracket, and number of arguments."""
    found: dict[str, dict[int, str]] = {}
    for rows in spellings().values():
        for row in rows:
            for number in range(row.least, row.most + 1):
                found.setdefault(f"{row.name}(", {}).setdefault(number, row.id)
    return found


@cache
def spellings() -> Mapping[str, "tuple[Spelling, ...]"]:
    """The functions of the standard by case-folded name."""
    from querykit.functions.spelling import by_name

    return by_name("odata")


def is_custom(name: str) -> bool:
    """Is it no function of the standard, and can be one that the user registers?"""
    folded = name.casefold()
    known = spellings().get(folded) is not None or folded in RESERVED
    return not known and (is_identifier(name) or is_qualified(name))


def call_or_path(path: Steps) -> Expr:
    """The value of a path that ends here."""
    first = path.steps[0]
    if len(path.steps) == 1:
        if first.kind == "call":
            return _root_call(first) if path.rooted else _function(first)
        if first.name[0] == "@" and "." not in first.name and "#" not in first.name:
            return Parameter(first.name[1:], first.span)
    key = next(
        (index for index, step in enumerate(path.steps[1:], 1) if _is_key_of_filtered(path, index)), None
    )
    if key is not None:
        return _single(path, key)
    source, condition = collection(path)
    if condition is not None:
        raise NotExpressible(
            "rows of a filtered collection are no value here",
            code="unsupported_path",
            span=path.span,
            hint="after /$filter(…) comes /$count, /any(…), /all(…) or /aggregate(…)",
        )
    return source


def _is_key_of_filtered(path: Steps, index: int) -> bool:
    return path.steps[index].kind == "key" and path.steps[index - 1].kind == "filter"


def _single(path: Steps, key: int) -> Scoped:
    """`Products/$filter(c)(ID=5)/Name`: the name of the one that is kept and has the key (ABNF filterExpr)."""
    rows = path.part(0, key)
    source, kept = collection(rows)
    conditions = [] if kept is None else [kept]
    for arg in path.steps[key].args:
        if not isinstance(arg, Named):
            hint = "write the name of the key: (ID=5)"
            raise NotExpressible("a key has no name", code="unsupported_path", span=arg.span, hint=hint)
        conditions.append(Call("total.eq", (Path((arg.name,), 0, arg.span), arg.value), arg.span))
    rest, none = (
        collection(path.part(key + 1, None)) if path.steps[key + 1 :] else (Path((), 0, path.span), None)
    )
    if none is not None:
        raise NotExpressible("a second filter is not supported", code="unsupported_path", span=path.span)
    return Scoped(OWN, "single", source, logical("bool.and", conditions), rest, None, path.span)


def collection(path: Steps) -> tuple[Path | EntitySet, Expr | None]:
    """The rows that a path leads to, and the condition of its `/$filter(…)` steps."""
    conditions: list[Expr] = []
    steps: list[Step] = []
    for index, step in enumerate(path.steps):
        if step.kind == "filter":
            conditions += step.args
        elif conditions:
            raise NotExpressible(
                "a step after /$filter(…) is not supported", code="unsupported_path", span=step.span
            )
        elif index == 0 and path.rooted:
            steps += _rooted(step)
        else:
            steps += _steps(step, alone=len(path.steps) == 1)
    condition = logical("bool.and", conditions) if conditions else None
    if len(steps) == 1 and isinstance(steps[0], EntitySet):
        return EntitySet(steps[0].name, path.span), condition
    return Path(tuple(steps), 0, path.span), condition


def _steps(step: Written, alone: bool) -> tuple[Step, ...]:
    if step.kind == "name":
        return (step.name,)
    if step.kind == "type":
        return (Cast(step.name, step.span),)
    if step.kind == "key":
        return (Key(step.args, step.span),)
    if not alone and _is_keyed(step):
        return step.name, Key(step.args, step.span)
    if step.name.lower() in SEGMENT_WORDS and alone:
        raise ParseError(f"there is no collection before '{step.name}'", span=step.span)
    return (Call(f"custom.{step.name}", step.args, step.span),)


def _is_keyed(step: Written) -> bool:
    """Is `a(…)` a key rather than a function? Functions that stand in paths are qualified, keys are constants."""
    return "." not in step.name and bool(step.args) and all(map(is_constant, step.args))


def is_constant(arg: Expr) -> bool:
    """Can it be part of a key, `1` or `No=1`?"""
    return isinstance(arg.value if isinstance(arg, Named) else arg, (Literal, Parameter))


def _rooted(step: Written) -> tuple[Step, ...]:
    """`$root/Set`, `$root/Set(key)`; a function import needs no `$root` to be found."""
    if step.kind == "name":
        return (EntitySet(step.name, step.span),)
    if _is_keyed(step):
        return EntitySet(step.name, step.span), Key(step.args, step.span)
    return (Call(f"custom.{step.name}", step.args, step.span),)


def _root_call(step: Written) -> Expr:
    first, *rest = _rooted(step)
    return Path((first, *rest), 0, step.span) if rest else first  # type: ignore[return-value]  # a Call


def _function(step: Written) -> Expr:
    """A function of the standard, or one that the user registers."""
    rows = spellings().get(step.name.casefold())
    if rows is None:
        if step.name.casefold() in RESERVED:
            # A property can have the name of a lambda operator; then the bracket is the mistake
            start = step.span[0] + (len(step.name) if step.name.casefold() in SEGMENT_WORDS else 0)
            raise ParseError(
                f"there is no function '{step.name}'",
                span=(start, step.span[1]),
                hint=RESERVED[step.name.casefold()],
            )
        return Call(f"custom.{step.name}", step.args, step.span)
    for row in rows:
        if row.least <= len(step.args) <= row.most and not any(isinstance(arg, Named) for arg in step.args):
            return Call(row.id, step.args, step.span)
    raise _wrong_arguments(step, rows[0])


def _wrong_arguments(step: Written, row: "Spelling") -> ParseError:
    if any(isinstance(arg, Named) for arg in step.args):
        return ParseError(f"the arguments of {row.name} have no names", code="arguments", span=step.span)
    wanted = str(row.least) if row.least == row.most else f"{row.least} to {row.most}"
    return ParseError(
        f"{row.name} takes {wanted} argument{'' if wanted == '1' else 's'}, not {len(step.args)}",
        code="arguments",
        span=step.span,
    )
