"""The tables of precedence in grammars/README.md are how the parsers bind: each operator beside each other one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import querykit
from querykit import ParseError
from querykit.ast.nodes import Expr

TEXT = (Path(__file__).parents[2] / "grammars" / "README.md").read_text(encoding="utf-8")


class Operator(NamedTuple):
    """`text` has an `x` for its operand where it has one only."""

    text: str
    rank: int
    repeats: bool

    @property
    def kind(self) -> str:
        if not re.search(r"\bx\b", self.text):
            return "binary"
        return "postfix" if self.text.startswith("x") else "prefix"

    def on(self, *operands: str) -> str:
        if self.kind == "binary":
            return f" {self.text} ".join(operands)
        return re.sub(r"\bx\b", lambda _: operands[0], self.text)


def tables() -> dict[str, list[Operator]]:
    """Chapter and heading -> the operators of the table below it."""
    found = {}
    for chapter in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        for section in re.split(r"^### ", chapter, flags=re.MULTILINE)[1:]:
            if section.startswith("Precedence"):
                title = f"{chapter.splitlines()[0]}: {section.splitlines()[0]}"
                found[title] = [operator for line in section.splitlines() for operator in row(line)]
    return found


def row(line: str) -> Iterator[Operator]:
    cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)][1:-1]
    if len(cells) == 4 and cells[0].isdecimal() and cells[0] != "1":
        for text in re.findall(r"`([^`]+)`", cells[2]):
            yield Operator(text.replace("\\|", "|"), int(cells[0]), cells[3] != "none")


def search(text: str) -> object:
    return querykit.parse(f"$search={text}", "odata").search


def criteria(text: str) -> Expr:
    return querykit.parse_filter(text, "criteria")


def odata(text: str) -> Expr:
    return querykit.parse_filter(text, "odata")


def vtql(text: str) -> Expr:
    return querykit.parse_filter(text, "vtql", mode="lenient")


#: Table -> its parser, and three operands.
PARSERS: dict[str, tuple[Callable[[str], object], tuple[str, str, str]]] = {
    "OData: Precedence": (odata, ("a", "b", "c")),
    "OData: Precedence in $search": (search, ("a", "b", "c")),
    "Criteria: Precedence": (criteria, ("a", "b", "c")),
    "VTQL: Precedence": (vtql, ("a = 1", "b = 2", "c = 3")),
}


def bindings(
    first: Operator, second: Operator, operands: tuple[str, str, str]
) -> Iterator[tuple[str, str | None]]:
    """Texts with `first` before `second`, and the same with brackets; None where it is no sentence."""
    a, b, c = operands
    tighter = second.rank < first.rank
    once = first.rank == second.rank and not first.repeats
    match first.kind, second.kind:
        case "binary", "binary":
            whole = first.on(a, f"({second.on(b, c)})") if tighter else second.on(f"({first.on(a, b)})", c)
            yield f"{first.on(a, b)} {second.text} {c}", None if once else whole
        case "binary", "postfix":
            whole = first.on(a, f"({second.on(b)})") if tighter else second.on(f"({first.on(a, b)})")
            yield second.on(first.on(a, b)), None if once else whole
        case "binary", "prefix" if tighter:
            yield first.on(a, second.on(b)), first.on(a, f"({second.on(b)})")
        case "prefix", "binary":
            whole = first.on(f"({second.on(a, b)})") if tighter else second.on(f"({first.on(a)})", b)
            yield f"{first.on(a)} {second.text} {b}", whole
        case "prefix", "postfix":
            whole = first.on(f"({second.on(a)})") if tighter else second.on(f"({first.on(a)})")
            yield second.on(first.on(a)), whole
        case "prefix", "prefix" if second.rank <= first.rank:
            yield first.on(second.on(a)), first.on(f"({second.on(a)})")
        case "postfix", "binary":
            yield (
                f"{first.on(a)} {second.text} {b}",
                None if tighter or once else second.on(f"({first.on(a)})", b),
            )
        case "postfix", "postfix":
            yield second.on(first.on(a)), None if tighter or once else second.on(f"({first.on(a)})")


def cases() -> Iterator[tuple[str, str, str | None]]:
    for table, operators in tables().items():
        for first, second in itertools.product(operators, repeat=2):
            for text, whole in bindings(first, second, PARSERS[table][1]):
                yield table, text, whole


def test_every_language_with_operators_has_a_table() -> None:
    assert tables().keys() == PARSERS.keys()
    assert all(tables().values())


@pytest.mark.parametrize("table", PARSERS)
def test_operators_bind_as_the_table_says(table: str) -> None:
    parse = PARSERS[table][0]
    wrong = []
    for _, text, whole in (case for case in cases() if case[0] == table):
        try:
            tree = parse(text)
            same = whole is not None and tree == parse(whole)
        except ParseError:
            same = whole is None
        if not same:
            wrong.append(f"{text}  is not  {whole or 'refused'}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("table", PARSERS)
def test_brackets_tell_the_ranks_apart(table: str) -> None:
    """Else the comparison above would prove nothing."""
    parse, (a, b, c) = PARSERS[table]
    binary = [operator for operator in tables()[table] if operator.kind == "binary"]
    for first, second in itertools.permutations(binary, 2):
        if first.rank < second.rank:
            left, right = second.on(f"({first.on(a, b)})", c), first.on(a, f"({second.on(b, c)})")
            assert parse(left) != parse(right)


def test_left_to_right_in_vtql() -> None:
    text = "a = 1 OR b = 2 AND c = 3"
    assert querykit.parse_filter(text, "vtql", precedence="left") == vtql("(a = 1 OR b = 2) AND c = 3")
