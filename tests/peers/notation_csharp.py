"""Rows as C# makes them: `new Product { UnitPrice = 5.9m, Category = new Category { … } }`."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["read"]

_TOKEN = re.compile(
    r'\s*(?:"(?P<text>[^"]*)"|(?P<number>\d+(?:\.\d+)?)[mdf]?|(?P<name>\w+)|(?P<sign>[{}\[\](),=.]))'
)


def read(text: str) -> Any:
    """The type of a row is under ``@odata.type``, as in JSON."""
    return _Reader(list(_TOKEN.finditer(text))).value()


class _Reader:
    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self.tokens = tokens
        self.at = 0

    def next(self) -> re.Match[str]:
        self.at += 1
        return self.tokens[self.at - 1]

    def take(self, *signs: str) -> bool:
        found = [token["sign"] for token in self.tokens[self.at : self.at + len(signs)]] == list(signs)
        self.at += len(signs) if found else 0
        return found

    def value(self) -> Any:
        token = self.next()
        if token["text"] is not None:
            return token["text"]
        if token["number"] is not None:
            return float(token["number"]) if "." in token["number"] else int(token["number"])
        if token["name"] == "null":
            return None
        assert token["name"] == "new", token
        return self.made()

    def made(self) -> Any:
        """What follows `new`: `Type()`, `Type { A = 1 }`, `Type[] { … }`, `[] { … }`."""
        name = None if self.take("[", "]") else self.next()["name"]
        if name is None or self.take("[", "]"):
            assert self.take("{")
            items = []
            while not self.take("}"):
                items.append(self.value())
                self.take(",")
            if self.take("."):  # .AsQueryable()
                self.at += 3
            return bytes(items) if name == "byte" else items
        row: dict[str, Any] = {"@odata.type": f"#{name}"}
        self.take("(", ")")
        if self.take("{"):
            while not self.take("}"):
                member = self.next()["name"]
                assert self.take("=")
                row[member] = self.value()
                self.take(",")
        return row
