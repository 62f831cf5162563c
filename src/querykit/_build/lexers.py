"""One regular expression for each set of terminals that a state looks for: the lexing of Lark's contextual lexer."""

from __future__ import annotations

import re
from collections.abc import Iterable

from querykit._build.grammar import END, Automaton

__all__ = ["ignored", "lexer"]


def lexer(automaton: Automaton, wanted: Iterable[str]) -> tuple[str, list[str]]:
    """The alternatives in Lark's order, behind what is ignored; and the terminal of each group (empty for none).

    The end of the text is an alternative as well, so that a match says which terminal it is and nothing else.
    """
    terminals = [automaton.terminals[name] for name in wanted if name != END]
    terminals.sort(key=lambda terminal: terminal.rank)
    groups = [""]
    for terminal in terminals:
        groups += [terminal.name] + [""] * re.compile(terminal.regex).groups
    alternatives = [f"({terminal.regex})" for terminal in terminals] + [r"(\Z)"]
    return f"{ignored(automaton)}(?:{'|'.join(alternatives)})", [*groups, END]


def ignored(automaton: Automaton) -> str:
    """Without going back over it (`*+`): what was skipped is skipped, and blanks cost no more than their number."""
    regexes = [automaton.terminals[name].regex for name in automaton.ignored]
    if not regexes:
        return ""
    if len(regexes) == 1 and re.fullmatch(r"\[[^\]]*\]\+", regexes[0]):
        return regexes[0][:-1] + "*+"
    return f"(?:{'|'.join(regexes)})*+"
