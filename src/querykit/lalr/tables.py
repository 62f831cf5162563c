"""What the build step writes for a grammar: the LALR(1) automaton and its lexers, as tuples."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Production", "Tables"]


class Production(NamedTuple):
    """A right-hand side.

    Parameters
    ----------
    rule: its number.
    method: of the builder.
    size: how many symbols it has.
    values: a letter for each symbol that the builder gets: ``t`` a token, ``v`` a value, ``i`` values of a rule
        that is written inline (its name begins with ``_``).
    inline: it is of such a rule itself.
    single: of a ``?rule``: one value alone stands for itself.
    """

    rule: int
    method: str
    size: int
    values: str
    inline: bool
    single: bool


class Tables(NamedTuple):
    """
    Parameters
    ----------
    terminals: names; the last is the end of the text.
    productions: the fields of a `Production` each.
    states: terminal, action, terminal, action …; an action is a state to go to, or ``-1 - production``.
    gotos: rule, state, rule, state …
    kept: for each state that is entered over a token whether the builder gets the token.
    lexers: a regular expression and the terminal of each of its groups, in the order of Lark's alternatives.
    lexer_of: the lexer of each state; the last lexer knows all terminals.
    ignored: what may stand before any token, as a regular expression.
    starts: the state in which a start rule begins, and the one in which it ends.
    """

    terminals: tuple[str, ...]
    productions: tuple[tuple[int, str, int, str, bool, bool], ...]
    states: tuple[tuple[int, ...], ...]
    gotos: tuple[tuple[int, ...], ...]
    kept: tuple[bool, ...]
    lexers: tuple[tuple[str, tuple[int, ...]], ...]
    lexer_of: tuple[int, ...]
    ignored: str
    starts: dict[str, tuple[int, int]]
