"""Patterns in the language of an engine: LIKE with a backslash as its escape, or SQLite's GLOB.

GLOB compares code points, LIKE as the engine pleases (SQLite: without the case of ASCII letters), hence both.
A pattern is cut into tokens once; each writer joins them in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from querykit.errors import NotExpressible

__all__ = ["PATTERNS"]

#: A run (`%`), one character (`_`), a literal (its text), a set (its text, with the brackets).
_RUN, _ONE, _TEXT, _SET = "run", "one", "text", "set"
#: What a backslash takes its meaning from in LIKE.
_SPECIAL = "%_\\"


def _like_tokens(pattern: str) -> Iterator[tuple[str, str]]:
    """Of a `str.like` pattern: a backslash takes the next character as it is; at the end it is itself."""
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\" and at + 1 < len(pattern):
            at += 1
            yield _TEXT, pattern[at]
        else:
            yield _wildcard(char)
        at += 1


def _set_tokens(pattern: str) -> Iterator[tuple[str, str]]:
    """Of a `str.like_set` pattern: `[` up to the next `]` is a set, without one it is itself."""
    at = 0
    while at < len(pattern):
        char = pattern[at]
        end = pattern.find("]", at + 1) if char == "[" else -1
        if end >= 0:
            yield _SET, pattern[at : end + 1]
            at = end + 1
        else:
            yield _wildcard(char)
            at += 1


def _wildcard(char: str) -> tuple[str, str]:
    return {"%": (_RUN, ""), "_": (_ONE, "")}.get(char, (_TEXT, char))


def _text_tokens(text: str) -> Iterator[tuple[str, str]]:
    for char in text:
        yield _TEXT, char


def _as_like(tokens: Iterator[tuple[str, str]], special: str = _SPECIAL) -> str:
    """A LIKE pattern that is valid wherever only wildcards and the backslash may be escaped."""
    out: list[str] = []
    for kind, text in tokens:
        if kind == _SET:
            raise NotExpressible(
                f"the set {text[:32]} in a LIKE pattern cannot be said in this dialect",
                hint="write the alternatives out with or",
            )
        out.append({_RUN: "%", _ONE: "_"}.get(kind) or ("\\" + text if text in special else text))
    return "".join(out)


#: In GLOB a bracket right behind the first one is a member.
_EMPTY_SETS = {"[]": "[^\x01-\U0010ffff]", "[^]": "?"}


def _as_glob(tokens: Iterator[tuple[str, str]]) -> str:
    out: list[str] = []
    for kind, text in tokens:
        if kind == _SET:
            out.append(_EMPTY_SETS.get(text, text))
        else:
            out.append({_RUN: "*", _ONE: "?"}.get(kind) or (f"[{text}]" if text in "*?[" else text))
    return "".join(out)


def _like_text(text: str, special: str = _SPECIAL) -> str:
    """A text of letters and digits is a pattern already."""
    return text if text.isalnum() else _as_like(_text_tokens(text), special)


def _glob_text(text: str) -> str:
    return text if text.isalnum() else _as_glob(_text_tokens(text))


def _fts5_quoted(text: str) -> str:
    """A phrase (SQLite FTS5, 3.1 and 3.2); FTS5 reads no further than a NUL."""
    return '"' + text.replace('"', '""').replace("\0", " ") + '"'


def _tsquery_prefix(text: str) -> str:
    """Words in quotes, that follow one another, the last a prefix (PostgreSQL, 8.11.2); nothing of no words."""
    words = [word for word in text.split() if any(char.isalnum() for char in word)]
    quoted = ["'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words]
    return " <-> ".join(quoted) + ":*" if quoted else ""


#: T-SQL's LIKE has sets of its own: their bracket must be escaped too.
_TSQL = "%_\\["

#: Encoding of a text argument -> what becomes of the text.
PATTERNS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "like": lambda text: _as_like(_like_tokens(text)),
        "like_prefix": lambda text: _like_text(text) + "%",
        "like_suffix": lambda text: "%" + _like_text(text),
        "like_part": lambda text: "%" + _like_text(text) + "%",
        "like_set": lambda text: _as_like(_set_tokens(text)),
        "tsql_like": lambda text: _as_like(_like_tokens(text), _TSQL),
        "tsql_prefix": lambda text: _like_text(text, _TSQL) + "%",
        "tsql_suffix": lambda text: "%" + _like_text(text, _TSQL),
        "tsql_part": lambda text: "%" + _like_text(text, _TSQL) + "%",
        "part": lambda text: text,  # as it is, where no pattern is needed
        "glob": lambda text: _as_glob(_like_tokens(text)),
        "glob_prefix": lambda text: _glob_text(text) + "*",
        "glob_suffix": lambda text: "*" + _glob_text(text),
        "glob_set": lambda text: _as_glob(_set_tokens(text)),
        "fts5_phrase": _fts5_quoted,
        "fts5_prefix": lambda text: _fts5_quoted(text) + "*",
        "tsquery_prefix": _tsquery_prefix,
    }
)
