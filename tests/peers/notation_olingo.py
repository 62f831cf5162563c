"""Olingo's printed trees: `<<a> eq <b>>` for conditions, `{a AND {NOT b}}` for values and searches."""

from __future__ import annotations

import re

from peer_terms import Term, op, path, term

from querykit.ast.nodes import Cast, Literal, Path, Step
from querykit.languages.odata import parse_filter

__all__ = ["read", "style"]

_NAME = re.compile(r"[A-Za-z_$@][\w.$/@-]*")
_INFIX = re.compile(r" ([a-z]+|[A-Z]+) ")
_ENUM = re.compile(r"[\w.]+<([\w,]+)>")


def style(path: Path) -> tuple[Step, ...]:
    """Olingo does not print a type at the start of a path."""
    return path.steps[1:] if path.steps and isinstance(path.steps[0], Cast) else path.steps


def read(text: str) -> Term:
    reader = _Reader(text)
    result = reader.node()
    assert reader.at == len(text), f"left over: {text[reader.at :]}"
    return result


class _Reader:
    """Goes over the text once; `depth` counts the lambdas around, whose variable is a name in lower case."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def node(self) -> Term:
        if self._take("{"):
            return self._operation("}")
        if self._take("<"):
            return self._operation(">")
        return self._leaf()

    def _operation(self, end: str) -> Term:
        """`not x`, `x op y`, `name(x,y)`, `name [x, y]`, or one leaf."""
        if (word := self._word(("not ", "NOT ", "MINUS ", "-"))) is not None:
            operand = self.node()
            self._expect(end)
            return op({"MINUS ": "neg", "-": "neg"}.get(word, word.strip()), operand)
        first = self.node()
        while (found := _INFIX.match(self.text, self.at)) is not None:
            self.at = found.end()
            name = found[1] if found[1] in ("AND", "OR") else found[1].lower()
            first = op(name, first, self.node())
        self._expect(end)
        return first

    def _leaf(self) -> Term:
        if (enum := _ENUM.match(self.text, self.at)) is not None:
            self.at = enum.end()
            return ("enum", enum[1])
        found = _NAME.match(self.text, self.at)
        if found is not None and self.text[found.end() : found.end() + 1] != "'":
            self.at = found.end()
            return self._named(found[0])
        return self._literal()

    def _named(self, name: str) -> Term:
        if name.endswith("/") and self._take("<"):
            return self._lambda(name[:-1])
        if self._take("("):
            return ("call", name, *self._arguments(")"))
        if self._take(" ["):
            return ("call", name, *self._arguments("]"))
        if name in ("null", "true", "false"):
            return term(parse_filter(name))
        if name.startswith("@"):
            return ("alias", name[1:])
        if name.startswith(("Edm.", "olingo.")):
            return ("type", name)
        return self._path(name)

    def _path(self, name: str) -> Term:
        steps = name.removeprefix("$it").lstrip("/").split("/")
        up = self.depth
        if self.depth and steps[0].islower():
            steps, up = steps[1:], 0
        return path(up, *(step.rpartition(".")[2] for step in steps if step))

    def _lambda(self, name: str) -> Term:
        source = self._path(name)
        function = "any" if self._take("ANY;") else "all"
        if function == "all":
            self._expect("ALL;")
        if self._take(">"):
            return (function, source)
        self.depth += 1
        condition = self.node()
        self.depth -= 1
        self._expect(">")
        return (function, source, condition)

    def _arguments(self, end: str) -> list[Term]:
        args = []
        while not self._take(end):
            args.append(self.node())
            self._word((", ", ","))
        return args

    def _literal(self) -> Term:
        """Written as in OData; up to what closes the node."""
        pattern = r"(?:[a-z]+)?'(?:[^']|'')*'|[^<>{}\[\], ]+"
        found = re.compile(pattern).match(self.text, self.at)
        assert found is not None, self.text[self.at :]
        self.at = found.end()
        literal = parse_filter(found[0])
        assert isinstance(literal, Literal), found[0]
        return term(literal)

    def _take(self, text: str) -> bool:
        if self.text.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def _word(self, words: tuple[str, ...]) -> str | None:
        return next((word for word in words if self._take(word)), None)

    def _expect(self, text: str) -> None:
        assert self._take(text), f"{text} expected at {self.text[self.at :]}"
