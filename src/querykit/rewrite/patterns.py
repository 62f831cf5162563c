"""Between `like` patterns and the functions that say the same: one language has the one, another the other.

Nothing but the spelling changes: the results are null where the pattern's are, so they may stand under a
negation. What compares letter case, and how, is the target's business (the comparison follows the column).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from querykit.ast.nodes import Call, Expr, Literal

__all__ = ["escaped", "functions_to_like", "like_set_to_like", "like_to_functions", "matches_to_like"]


class _Piece(NamedTuple):
    """A part of a pattern: ``text``, ``run`` (any characters), ``one`` (any character) or ``set``."""

    kind: str
    text: str = ""


def like_to_functions(call: Call) -> Expr | None:
    """The call without a pattern, or None where the pattern is no literal (or the call no `like`).

    The result may hold `cmp.eq`, so this comes before `to_total`.

    >>> from querykit.ast.nodes import Path
    >>> like_to_functions(Call("str.like", (Path(("a",)), Literal("string", "x%"))))
    Call('str.startswith', (Path(('a',), 0), Literal('string', 'x', '')))
    >>> like_to_functions(Call("str.like", (Path(("a",)), Literal("string", "x%y")))).args[1].value
    '^x[\\\\s\\\\S]*y$'
    """
    pieces = _pieces(call)
    if pieces is None:
        return None
    operand, pattern = call.args
    shape = " ".join(piece.kind for piece in pieces)
    fn = _SHAPES.get(shape)
    if fn is None:
        return Call(
            "str.matches", (operand, Literal("string", _expression(pieces), span=pattern.span)), call.span
        )
    text = "".join(piece.text for piece in pieces)
    return Call(fn, (operand, Literal("string", text, span=pattern.span)), call.span)


#: `'%'` alone is true of every text and null of null: so is "begins with nothing".
_SHAPES = {
    "": "cmp.eq",
    "text": "cmp.eq",
    "text run": "str.startswith",
    "run text": "str.endswith",
    "run text run": "str.contains",
    "run": "str.startswith",
}

_WRITTEN = {"str.startswith": "{}%", "str.endswith": "%{}", "str.contains": "%{}%"}


def functions_to_like(call: Call) -> Call | None:
    """`str.startswith`, `str.contains`, `str.endswith` or `str.matches` of a literal as `str.like`, or None.

    >>> from querykit.ast.nodes import Path
    >>> functions_to_like(Call("str.contains", (Path(("a",)), Literal("string", "100%")))).args[1].value
    '%100\\\\%%'
    """
    if call.fn == "str.matches":
        return matches_to_like(call)
    if call.fn not in _WRITTEN or len(call.args) != 2:
        return None
    operand, part = call.args
    if not isinstance(part, Literal) or not isinstance(part.value, str):
        return None
    pattern = _WRITTEN[call.fn].format(escaped(part.value)) if part.value else "%"
    return Call("str.like", (operand, Literal("string", pattern, span=part.span)), call.span)


def like_set_to_like(call: Call) -> Call | None:
    """`str.like_set` as `str.like`, or None where the pattern has a set, or is no literal."""
    pieces = _pieces(call) if call.fn == "str.like_set" else None
    if pieces is None or any(piece.kind == "set" for piece in pieces):
        return None
    signs = {"run": "%", "one": "_"}
    pattern = "".join([signs.get(piece.kind, escaped(piece.text)) for piece in pieces])
    operand, given = call.args
    return Call("str.like", (operand, Literal("string", pattern, span=given.span)), call.span)


def matches_to_like(call: Call) -> Call | None:
    """`str.matches` of an expression such as `like_to_functions` writes, as `str.like`; None for all else.

    >>> from querykit.ast.nodes import Path
    >>> matches_to_like(Call("str.matches", (Path(("a",)), Literal("string", "^x[\\\\s\\\\S]*y")))).args[1].value
    'x%y%'
    """
    operand, expression = call.args
    if not isinstance(expression, Literal) or not isinstance(expression.value, str):
        return None
    inside = expression.value.removeprefix("^")
    start = "" if inside != expression.value else "%"
    # a dollar after an odd number of backslashes is a character
    last = re.search(r"(?<!\\)(?:\\\\)*(\$)\Z", inside)
    inside, end = (inside[:-1], "") if last else (inside, "%")
    pieces = list(_LIKE_EXPRESSION.finditer(inside))
    if "".join([piece[0] for piece in pieces]) != inside:
        return None
    parts = [_SIGNS.get(piece[0]) or escaped(piece["escaped"] or piece[0]) for piece in pieces]
    pattern = f"{start}{''.join(parts)}{end}"
    return Call("str.like", (operand, Literal("string", pattern, span=expression.span)), call.span)


#: The parts of an expression that are parts of a pattern; in between are characters that mean themselves.
_LIKE_EXPRESSION = re.compile(
    r"\[\\s\\S\]\*?|\\(?P<escaped>[\\^$.*+?()\[\]{}|/])|[^\\^$.*+?()\[\]{}|]", re.DOTALL
)
_SIGNS = {r"[\s\S]*": "%", r"[\s\S]": "_"}


def escaped(text: str) -> str:
    r"""The text as a part of a `str.like` pattern, with nothing special in it.

    >>> escaped("50%_\\")
    '50\\%\\_\\\\'
    """
    return re.sub(r"[%_\\]", r"\\\g<0>", text)


def _pieces(call: Call) -> list[_Piece] | None:
    split = {"str.like": _split_like, "str.like_set": _split_like_set}.get(call.fn)
    if split is None or len(call.args) != 2:
        return None
    pattern = call.args[1]
    if not isinstance(pattern, Literal) or not isinstance(pattern.value, str):
        return None
    return _merged(split(pattern.value))


_LIKE = re.compile(r"\\(?P<escaped>.)|(?P<run>%)|(?P<one>_)|(?P<text>[^%_\\]+|\\)", re.DOTALL)
_LIKE_SET = re.compile(r"\[(?P<set>[^\]]*)\]|(?P<run>%)|(?P<one>_)|(?P<text>[^%_\[]+|\[)", re.DOTALL)


def _split_like(pattern: str) -> Iterator[_Piece]:
    for match in _LIKE.finditer(pattern):
        kind = match.lastgroup or ""
        yield _Piece(
            "text" if kind == "escaped" else kind, match[kind] if kind in ("text", "escaped") else ""
        )


def _split_like_set(pattern: str) -> Iterator[_Piece]:
    end = pattern.rfind("]") + 1  # a bracket that nothing closes is a character, found without looking twice
    for match in _LIKE_SET.finditer(pattern, 0, end):
        kind = match.lastgroup or ""
        if kind == "set" and len(match[kind]) == 1:  # `[%]`: how such patterns escape
            kind, text = "text", match["set"]
        else:
            text = match[kind] if kind in ("text", "set") else ""
        yield _Piece(kind, text)
    for part in re.findall(r"%|_|[^%_]+", pattern[end:]):
        yield _Piece({"%": "run", "_": "one"}.get(part, "text"), "" if part in ("%", "_") else part)


def _merged(pieces: Iterator[_Piece]) -> list[_Piece]:
    """Texts side by side made one, and runs side by side."""
    merged: list[_Piece] = []
    texts: list[str] = []
    for piece in pieces:
        if piece.kind == "text":
            texts.append(piece.text)
            continue
        if texts:
            merged.append(_Piece("text", "".join(texts)))
            texts = []
        if piece.kind != "run" or not merged or merged[-1].kind != "run":
            merged.append(piece)
    if texts:
        merged.append(_Piece("text", "".join(texts)))
    return merged


def _expression(pieces: list[_Piece]) -> str:
    """An ECMAScript regular expression; it finds, so it is anchored."""
    signs = {"run": r"[\s\S]*", "one": r"[\s\S]"}
    parts = []
    for piece in pieces:
        if piece.kind == "text":
            parts.append(re.sub(r"[\\^$.*+?()\[\]{}|/]", r"\\\g<0>", piece.text))
        elif piece.kind == "set":
            parts.append(_set_expression(piece.text))
        else:
            parts.append(signs[piece.kind])
    return f"^{''.join(parts)}$".removeprefix(r"^[\s\S]*").removesuffix(r"[\s\S]*$")


def _set_expression(body: str) -> str:
    negated = body.startswith("^")
    inside = re.sub(r"[\\\]\[^]", r"\\\g<0>", body[negated:])
    return f"[{'^' if negated else ''}{inside}]"
