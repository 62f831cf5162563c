"""The expression that cuts a text into tokens in one pass, and what a token can be by its text alone.

The automaton knows in each state which terminals can come. To ask it at each token costs a match object each time;
`findall` with one expression for all states costs a third. What it cuts is a proposal: the driver that uses it
(`querykit.lalr.quick`) gives up where a piece is not exactly what the state asks for, and the text is read again state
by state. So the expression here has to be right for most texts, and can be wrong for none: where it cuts another piece
than the grammar would, no terminal of the state may take that piece whole. tests/lalr holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from querykit._build.grammar import Automaton
from querykit.lalr.tables import Cutter

__all__ = ["CUTTINGS", "Cutting", "cutter"]


class Cutting(NamedTuple):
    """How the texts of a grammar are cut.

    Parameters
    ----------
    pieces: alternatives, in order; the first that matches is the piece.
    quoted: the terminal of a piece by its first character, where that tells.
    numbers: terminals of which pieces are that begin with a digit or sign, or look like nothing else.
    names: terminals of pieces that are words.
    by_state: terminals of words that only the state tells apart.
    words: texts of keywords that their expressions do not show to be such.
    never: terminals that need more of the text than the piece to be told.
    ignored: what is skipped behind a piece, as a set of characters.
    """

    pieces: tuple[str, ...]
    quoted: Mapping[str, str]
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    words: tuple[str, ...]
    never: tuple[str, ...] = ()
    ignored: str = ""
    by_state: tuple[str, ...] = ()


def _any_case(word: str) -> str:
    """A keyword in any letter case, as an expression that a first letter tells."""
    return "".join(f"[{char.upper()}{char}]" for char in word)


def _cases(*words: str) -> tuple[str, ...]:
    """The usual spellings of keywords."""
    return tuple(text for word in words for text in (word.lower(), word.capitalize(), word.upper()))


_LETTER = r"[^\x00-@\[-\^`{-\xa9]"
_NAME = rf"{_LETTER}[^\x00-\/:-@\[-\^`{{-\xa9]*+"
_STRING = "'[^']*(?:''[^']*)*'"
_BLANKS = r"[ \t\r\n]"
#: What a name of criteria can have that is neither letter nor digit.
_MARK = r"[\u0300-\u036F\u0591-\u05BD\u064B-\u065F\u0900-\u0DFF\u0E31-\u0E4E\u0EB1-\u0ECE]"
_CRITERIA_WORDS = ("and", "or", "not", "null", "in", "is", "like", "between", "true", "false")
#: No keyword stands here: a bracket behind one does not make it a function.
_BEFORE_BRACKET = "".join(rf"(?<!(?<!\w){_any_case(word)})" for word in _CRITERIA_WORDS)

CUTTINGS: Mapping[str, Cutting] = {
    "odata": Cutting(
        pieces=(
            # The plain forms of what most texts are made of, each as one of those below would cut it
            rf"(?![Nn][Oo][Tt]{_BLANKS})[A-Za-z_][A-Za-z0-9_]*+(?:\((?!{_BLANKS})|(?=[ ,/)]|\Z))",
            rf" [a-z]+ (?!{_BLANKS})",
            _STRING,
            r"[0-9][\w.+-]*+(?::[0-9][\w.+-]*+)*+",  # whatever it is, up to its end
            rf"\)|\/|[(,](?!{_BLANKS})",
            "{_NOT}",
            "{GUID}",
            rf"{_NAME}(?:\({_BLANKS}*|=|(?:\.{_NAME})*+(?:\({_BLANKS}*|{_STRING})?)",  # a name, a call, a prefixed literal
            rf"{_BLANKS}+[A-Za-z]+(?:{_BLANKS}+|(?=[,;)]|\Z))",  # an operator
            r"[+-][0-9][\w.+-]*+(?::[0-9][\w.+-]*+)*+",
            rf"{_BLANKS}*(?:\)|[,:]{_BLANKS}*)",
            rf"[(\[{{]{_BLANKS}*",
            r"\$(?:it|this|count|root)\b(?!=)",
            rf"@{_NAME}(?:[.#]{_NAME})*+",
            r"-INF(?![\w.\/('=])",
            rf"-{_BLANKS}*",
            rf"{_BLANKS}*[\]}}]",
            r'"[^"\\]*(?:\\.[^"\\]*)*"',
        ),
        quoted={"'": "STRING", '"': "JSON_STRING"},
        numbers=("DECIMAL", "DATE_TIME", "DATE", "GUID", "DOUBLE", "TIME", "INT"),
        names=("NAME", "CALL", "ARGUMENT"),
        words=("INF", "-INF", ", ", ": "),
        # What a search expression is made of, and what begins one.
        never=(
            *("SEARCH", "STEP_SEARCH", "SEARCH_WORD", "SEARCH_PHRASE", "SEARCH_INCOMPLETE", "SEARCH_NOT"),
            *("UNTERMINATED_PHRASE", "_SEARCH_AND", "_SEARCH_OR", "_SEARCH_NEXT"),
        ),
    ),
    "criteria": Cutting(
        pieces=(
            r"'[^']*+(?:''[^']*+)*+'(?!\w)",
            r"[-+*%~^(),.\]]|[=>!]=?|<[>=]?",
            # A condition behind a path; a name in brackets
            r"\[(?:(?<=[\w\]]\[)|[^\s\[\]\\][^\[\]\\]*+(?:\\[\s\S][^\[\]\\]*+)*+\](?!\s*+\())",
            r"[0-9]++(?:\.[0-9]++)?\w*+",
            # A call, a name; a keyword that no bracket follows
            rf"[^\W\d]\w*+(?:(?=\(){_BEFORE_BRACKET}\(|(?!\s*+\(|{_MARK}|!(?!=)))",
            r"\|\|?|&&?|\/(?!\*)",
            r"@[^\W\d]\w*+(?!!(?!=))",
            r"\[\s*+\]|\[\s*+<\s*+[^\W\d][\w.+`]*+\s*+>\s*+\]",
            r"\?(?:[^\W\d]\w*+)?",
            r"#[^#!][^#]*+#|##\w++#[^#]*+#|#![^#]*+(?<=!)#",
            r"\{[^{}]*+\}",
            "|".join(rf"{_any_case(word)}(?!\w)" for word in _CRITERIA_WORDS),
        ),
        quoted={"'": "STRING", "{": "GUID", "?": "PARAMETER", **dict.fromkeys("0123456789", "NUMBER")},
        numbers=("MOMENT", "DAY_OR_TIME", "USER_VALUE", "NUMBER"),
        names=("NAME", "CALL", "JOIN", "ROOT", "BRACKETED", "ESCAPED"),
        words=(
            *_cases(*_CRITERIA_WORDS),
            *("||", "&&", "=", "==", "<>", "!=", "<", ">", "<=", ">=", "!", "%", "&", "~"),
        ),
        ignored=r"\s",
    ),
    "vtql": Cutting(
        pieces=(
            r"[A-Za-z0-9_]++",
            r"'(?!'(?!'))[^']*+(?:''[^']*+)*+'",
            r"[*(),;=]|[<>]=?|!=",
            r"[+-][0-9]++",
        ),
        quoted=dict.fromkeys("'+-0123456789", "VALUE"),
        numbers=("VALUE",),
        names=(),
        words=(
            *_cases("select", "from", "count", "where", "and", "or", "in", "like"),
            *_cases("order", "orderby", "by", "limit", "asc", "desc"),
            *("!=", "<", "<=", ">", ">="),
        ),
        by_state=("MODULE", "COLUMN", "FIELD", "KEY", "VALUE", "NUMBER"),
        ignored=_BLANKS,
    ),
}


def cutter(automaton: Automaton, cutting: Cutting, index: Mapping[str, int]) -> Cutter:
    """
    Parameters
    ----------
    index: the number of each terminal.
    """
    regexes = {name: terminal.regex for name, terminal in automaton.terminals.items()}
    pieces = "|".join(
        regexes[piece.strip("{}")] if piece.startswith("{") else piece for piece in cutting.pieces
    )
    usable = [
        terminal
        for terminal in sorted(automaton.terminals.values(), key=lambda terminal: terminal.rank)
        if terminal.name not in cutting.never
    ]
    known: dict[str, tuple[int, ...]] = {}
    samples = {sample for terminal in usable for sample in _samples(terminal.regex)}
    for text in sorted({*samples, *cutting.words}):
        known[text] = tuple(index[terminal.name] for terminal in usable if re.fullmatch(terminal.regex, text))
    return Cutter(
        # What no alternative matches swallows the rest, and is an empty piece: `findall` would try at each character.
        pieces=rf"({pieces}){cutting.ignored and cutting.ignored + '*+'}|[\s\S]+",
        known=known,
        quoted={char: index[name] for char, name in sorted(cutting.quoted.items())},
        numbers=_alternatives(regexes, cutting.numbers),
        number_kinds=(0, *(index[name] for name in cutting.numbers)),
        names=_alternatives(regexes, cutting.names),
        name_kinds=(0, *(index[name] for name in (*cutting.names, *cutting.by_state))),
        never=tuple(sorted(index[name] for name in cutting.never)),
    )


def _alternatives(regexes: Mapping[str, str], names: Sequence[str]) -> str:
    return "|".join(f"({regexes[name]})" for name in names)


def _samples(regex: str) -> list[str]:
    """The text of a terminal that has one: a word or sign, with single blanks where it must have some."""
    text = re.sub(r"^\(\?i:(.*)\)$", r"\1", regex, flags=re.DOTALL)
    text = re.sub(r"\(\?[!=].*\)$|\\b(?:\(\?!=\))?$", "", text, flags=re.DOTALL)
    text = text.replace("[ \t\r\n]+", " ").replace("[ \t\r\n]*", "").replace(r"\b", "")
    plain = re.sub(r"\\([^\w])", r"\1", text)
    is_fixed = re.fullmatch(r"(?:\\[^\w]|[\w /=,:;'\"-])+", text)
    return [plain] if is_fixed and re.fullmatch(regex, plain) else []
