"""The tables of a grammar as the driver takes them; the same bytes whatever order Lark numbers its states in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from querykit._build.cutter import Cutting, cutter
from querykit._build.grammar import END, Automaton, Production
from querykit._build.kernels import kernels
from querykit._build.lexers import ignored, lexer
from querykit.lalr.tables import Tables

__all__ = ["tables"]


def tables(automaton: Automaton, cutting: Cutting | None = None) -> Tables:
    """
    Raises
    ------
    ValueError: a state would have to keep a token for one rule and to drop it for another.
    """
    order = _order(automaton)
    number = {state: index for index, state in enumerate(order)}
    terminals = (*automaton.terminals, END)
    rules = sorted({production.origin for production in automaton.productions})
    sets: dict[tuple[str, ...], int] = {}
    lexer_of = [sets.setdefault(tuple(sorted(automaton.actions[state])), len(sets)) for state in order]
    everything = tuple(name for name in automaton.terminals if name not in automaton.ignored)
    found = [lexer(automaton, wanted) for wanted in (*sets, everything)]
    index = {"": -1, **{name: place for place, name in enumerate(terminals)}}
    return Tables(
        terminals=terminals,
        productions=tuple(_production(item, rules) for item in automaton.productions),
        states=tuple(_actions(automaton.actions[state], index, number) for state in order),
        gotos=tuple(_gotos(automaton.goto[state], rules, number) for state in order),
        kept=_kept(automaton, order),
        lexers=tuple((text, tuple(index[name] for name in groups)) for text, groups in found),
        lexer_of=tuple(lexer_of),
        ignored=ignored(automaton),
        starts={
            rule: (number[state], number[automaton.ends[rule]])
            for rule, state in sorted(automaton.starts.items())
        },
        cutter=None if cutting is None else cutter(automaton, cutting, index),
    )


def _order(automaton: Automaton) -> list[int]:
    """States breadth first from the start rules: Lark's own numbers depend on the order of sets."""
    order = [state for _, state in sorted(automaton.starts.items())]
    seen = set(order)
    for state in order:  # grows while it is walked
        shifts = {
            name: target for name, (kind, target) in automaton.actions[state].items() if kind == "shift"
        }
        for _, target in sorted({**shifts, **automaton.goto[state]}.items()):
            if target not in seen:
                seen.add(target)
                order.append(target)
    return order


def _production(item: Production, rules: Sequence[str]) -> tuple[int, str, str, bool, bool]:
    letters = ["."] * len(item.symbols)
    for place in item.kept:
        symbol = item.symbols[place]
        letters[place] = "t" if symbol.terminal else "i" if symbol.name.startswith("_") else "v"
    return rules.index(item.origin), item.name, "".join(letters), item.inline, item.single


def _actions(
    row: Mapping[str, tuple[str, int]], index: Mapping[str, int], number: Mapping[int, int]
) -> tuple[int, ...]:
    flat: list[int] = []
    for name, (kind, target) in sorted(row.items()):
        flat += [index[name], number[target] if kind == "shift" else -1 - target]
    return tuple(flat)


def _gotos(row: Mapping[str, int], rules: Sequence[str], number: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(part for rule, target in sorted(row.items()) for part in (rules.index(rule), number[target]))


def _kept(automaton: Automaton, order: Sequence[int]) -> tuple[bool, ...]:
    """Does the builder get the token over which a state is entered?"""
    within = kernels(automaton)
    kept: list[bool] = []
    for state in order:
        found = {
            place - 1 in automaton.productions[item].kept
            for item, place in within.get(state, ())
            if place and automaton.productions[item].symbols[place - 1].terminal
        }
        if len(found) > 1:
            raise ValueError("a token is kept by one rule and dropped by another that begins alike")
        kept.append(found == {True})
    return tuple(kept)
