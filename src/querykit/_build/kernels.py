"""The items of each state: within which productions it is, and where."""

from __future__ import annotations

from collections.abc import Mapping

from querykit._build.grammar import Automaton

__all__ = ["kernels"]


def kernels(automaton: Automaton) -> dict[int, set[tuple[int, int]]]:
    """For each state the productions that it is within, each with how many of its symbols are behind."""
    by_rule: dict[str, list[int]] = {}
    for number, production in enumerate(automaton.productions):
        by_rule.setdefault(production.origin, []).append(number)
    kernels: dict[int, set[tuple[int, int]]] = {}
    pending = [(state, {(number, 0) for number in by_rule[rule]}) for rule, state in automaton.starts.items()]
    while pending:
        state, items = pending.pop()
        if items <= kernels.get(state, set()):
            continue
        kernels.setdefault(state, set()).update(items)
        for name, beyond in _beyond(automaton, by_rule, kernels[state]).items():
            target = automaton.goto[state].get(name)
            if target is None:
                target = automaton.actions[state][name][1]
            pending.append((target, beyond))
    return kernels


def _beyond(
    automaton: Automaton, by_rule: Mapping[str, list[int]], kernel: set[tuple[int, int]]
) -> dict[str, set[tuple[int, int]]]:
    """The items beyond each symbol that can come next."""
    found: dict[str, set[tuple[int, int]]] = {}
    pending, seen = list(kernel), set(kernel)
    while pending:
        number, place = pending.pop()
        symbols = automaton.productions[number].symbols
        if place == len(symbols):
            continue
        name = symbols[place].name
        found.setdefault(name, set()).add((number, place + 1))
        for other in by_rule.get(name, ()):
            if (other, 0) not in seen:
                seen.add((other, 0))
                pending.append((other, 0))
    return found
