"""What Lark makes of a grammar: terminals, productions and the LALR automaton, as plain data.

Read from `Lark.save`, the documented way to keep a parser: no attribute of Lark's own objects is touched.
"""

from __future__ import annotations

import io
import pickle
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lark import Lark

__all__ = ["Automaton", "Production", "Symbol", "Terminal", "read_grammar"]

END = "$END"


class Terminal(NamedTuple):
    """A terminal; `regex` has its flags inside, `rank` is Lark's order of alternatives (first wins)."""

    name: str
    regex: str
    literal: bool
    rank: tuple[int, int, int, str]


class Symbol(NamedTuple):
    name: str
    terminal: bool


class Production(NamedTuple):
    """One right-hand side.

    Parameters
    ----------
    name: the alias, else the rule; the builder's method.
    kept: indexes of the symbols whose values go to the builder.
    inline: the rule's name begins with `_`: its values go to the rule around it.
    single: a `?rule`: one value alone stands for itself.
    """

    origin: str
    name: str
    symbols: tuple[Symbol, ...]
    kept: tuple[int, ...]
    inline: bool
    single: bool

    @property
    def passes(self) -> bool:
        """Is the value just that of the one symbol?"""
        one = [self.symbols[index] for index in self.kept]
        return self.single and len(one) == 1 and not one[0].terminal and not one[0].name.startswith("_")


#: ("shift", state) or ("reduce", production number)
Action = tuple[str, int]


class Automaton(NamedTuple):
    """An LALR automaton; the states of `goto` and `actions` are Lark's numbers."""

    terminals: Mapping[str, Terminal]
    ignored: Sequence[str]
    productions: Sequence[Production]
    actions: Mapping[int, Mapping[str, Action]]
    goto: Mapping[int, Mapping[str, int]]
    starts: Mapping[str, int]
    ends: Mapping[str, int]


def read_grammar(text: str, starts: Sequence[str], *, strict: bool = False) -> Automaton:
    """
    Raises
    ------
    lark.exceptions.GrammarError: the grammar has conflicts (and, if `strict`, terminals that collide).
    """
    saved = io.BytesIO()
    Lark(
        text, parser="lalr", lexer="contextual", start=list(starts), maybe_placeholders=False, strict=strict
    ).save(saved)
    whole = pickle.loads(saved.getvalue())
    memo: Mapping[int, Mapping[str, Any]] = whole["memo"]
    parser = whole["data"]["parser"]
    rules = {key: _production(row) for key, row in memo.items() if row["__type__"] == "Rule"}
    productions = sorted(set(rules.values()))
    numbers = {production: number for number, production in enumerate(productions)}
    table = parser["parser"]
    symbols = table["tokens"]
    terminals = {row["name"]: _terminal(row) for row in memo.values() if row["__type__"] == "TerminalDef"}
    actions: dict[int, dict[str, Action]] = {}
    goto: dict[int, dict[str, int]] = {}
    for state, row in table["states"].items():
        actions[state], goto[state] = {}, {}
        for symbol, (kind, target) in row.items():
            name = symbols[symbol]
            if kind == 1:
                actions[state][name] = ("reduce", numbers[rules[target["@"]]])
            elif name in terminals or name == END:
                actions[state][name] = ("shift", target)
            else:
                goto[state][name] = target
    return Automaton(
        dict(sorted(terminals.items())),
        tuple(parser["lexer_conf"]["ignore"]),
        productions,
        actions,
        goto,
        table["start_states"],
        table["end_states"],
    )


def _terminal(row: Mapping[str, Any]) -> Terminal:
    pattern = row["pattern"]
    literal = pattern["__type__"] == "PatternStr"
    value: str = pattern["value"]
    regex = re.escape(value) if literal else value
    flags = "".join(sorted(pattern["flags"]))
    width = len(value) if literal else pattern["_width"][1]
    return Terminal(
        row["name"],
        f"(?{flags}:{regex})" if flags else regex,
        literal,
        (-row["priority"], -width, -len(value), row["name"]),
    )


def _production(row: Mapping[str, Any]) -> Production:
    options = row["options"]
    origin: str = row["origin"]["name"]
    symbols = tuple(Symbol(item["name"], item["__type__"] == "Terminal") for item in row["expansion"])
    kept = tuple(
        index
        for index, item in enumerate(row["expansion"])
        if options["keep_all_tokens"] or item["__type__"] != "Terminal" or not item["filter_out"]
    )
    single = bool(options["expand1"]) and row["alias"] is None
    return Production(origin, row["alias"] or origin, symbols, kept, origin.startswith("_"), single)
