"""What the build step writes for a grammar: the LALR(1) automaton and its lexers, as tuples."""

# No postponed annotations: a named tuple that has texts for them takes longer to make than a filter to read.
from typing import NamedTuple

__all__ = ["Cutter", "Production", "Tables"]


class Production(NamedTuple):
    """A right-hand side.

    Parameters
    ----------
    rule: its number.
    method: of the builder.
    symbols: a letter for each: ``t`` a token, ``v`` a value, ``i`` values of a rule that is written inline (its name
        begins with ``_``), ``.`` a token that the builder does not get.
    inline: it is of such a rule itself.
    single: of a ``?rule``: one value alone stands for itself.
    """

    rule: int
    method: str
    symbols: str
    inline: bool
    single: bool

    @property
    def size(self) -> int:
        return len(self.symbols)

    @property
    def values(self) -> str:
        """The letters of what the builder gets."""
        return self.symbols.replace(".", "")


class Cutter(NamedTuple):
    """One expression that cuts a text into tokens, for the quick driver.

    Parameters
    ----------
    pieces: the expression for `findall`; an empty piece is the rest of a text that cannot be cut.
    known: the terminals that a text can be, by rank, for words and signs.
    quoted: the terminal of a piece that begins with a character.
    numbers, number_kinds: an expression for literals, and the terminal of each of its groups.
    names, name_kinds: the same for words that are no keywords; behind them the terminals of words that only the state
        tells apart.
    never: terminals that a piece alone does not tell.
    """

    pieces: str
    known: dict[str, tuple[int, ...]]
    quoted: dict[str, int]
    numbers: str
    number_kinds: tuple[int, ...]
    names: str
    name_kinds: tuple[int, ...]
    never: tuple[int, ...]


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
    cutter: how a text is cut in one pass; None where no expression serves all states.
    """

    terminals: tuple[str, ...]
    productions: tuple[tuple[int, str, str, bool, bool], ...]
    states: tuple[tuple[int, ...], ...]
    gotos: tuple[tuple[int, ...], ...]
    kept: tuple[bool, ...]
    lexers: tuple[tuple[str, tuple[int, ...]], ...]
    lexer_of: tuple[int, ...]
    ignored: str
    starts: dict[str, tuple[int, int]]
    cutter: Cutter | None = None
