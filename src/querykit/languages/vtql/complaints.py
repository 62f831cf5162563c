"""Better words for what the grammar refuses: what people write instead, and what VTQL has for it."""

from __future__ import annotations

import re
from typing import NamedTuple

from querykit.errors import ParseError

__all__ = ["explained"]

_CONTEXT = 64  # characters before and after the place that a row looks at

#: What Vtiger's lexer takes for a token; all else is an error of its own there.
_TOKEN = re.compile(r"[A-Za-z0-9_]+|[+-][0-9]+|'(?:[^']|'')+'|[(),*;=<>]|!=")


class _Complaint(NamedTuple):
    """When the text before and after the place looks so, this is meant; in all modes, or not in lenient mode."""

    before: str
    after: str
    message: str
    hint: str
    lenient: bool = True


#: The first row that fits is used.
_COMPLAINTS = tuple(
    (re.compile(rf"(?:{row.before})\s*\Z", re.IGNORECASE), re.compile(row.after, re.IGNORECASE), row)
    for row in (
        _Complaint("", "''", "an empty text cannot be written", "a text has one character at least", False),
        _Complaint(r"\b(?:where|and|or)", "'(?:[^']|'')+'", "a field comes first", "then the operator, then the value"),
        _Complaint("", "'", "the text is not closed", "an apostrophe is doubled within a text: 'it''s'"),
        _Complaint("'", r"\w[^'=<>!;,()]*'", "the text has ended", "an apostrophe is doubled within a text: 'it''s'"),
        _Complaint("", '["`“”‘’]', "this is no quotation mark of VTQL", "a text stands in apostrophes: 'Oslo'"),
        _Complaint(r"\d", r"\.\d", "there are no fractions", "put the number in apostrophes: '5.5'", False),
        _Complaint(r"[A-Za-z_]\w*", r"\.", "a name has no dots", "fields of related modules cannot be reached"),
        _Complaint("<", ">", "this is no operator of VTQL", "not equal is written !=", False),
        _Complaint("[=<>!]", "[=<>]", "this is no operator of VTQL", "VTQL compares with = != < <= > >="),
        _Complaint(r"\d{4}", r"-\d\d-\d\d", "a date is a text", "put it in apostrophes: '2010-01-31'"),
        _Complaint("", r"--|/\*|#", "there are no comments", "leave it out"),
        _Complaint("", "[-+/%]", "there is no arithmetic", "a sign stands right before its digits: -5"),
        _Complaint("", r"&&|\|\|", "this is no operator of VTQL", "conditions are joined with AND and OR"),
        _Complaint(r"\w", r"is\b", "null cannot be tested for", "a comparison with any value leaves null out", False),
        _Complaint(r"\w", r"not\b", "there is no NOT", "compare with != for each value", False),
        _Complaint(r"\w", r"between\b", "there is no BETWEEN", "write both bounds: a >= 1 AND a <= 5"),
        _Complaint(r"\b(?:where|and|or)", r"\(", "there are no brackets to group", "AND binds tighter than OR", False),
        _Complaint(r"\bin\s*\(", r"\)", "the list is empty", "it takes one value at least"),
        _Complaint(r"\bin\s[^()]*", r"(?:and|or)\b", "a list without brackets must be last", "IN ('a', 'b') AND …"),
        _Complaint(r"(?:[=<>]|\blike)\s*\([^()]*", ",", "only IN takes several values", "IN ('a', 'b')"),
        _Complaint(r"\b(?:asc|desc)", ",", "there is one direction", "it holds for the last key", False),
        _Complaint(",", r"count\s*\(", "count(*) stands first", "the fields after it are ignored"),
        _Complaint(r"\blimit", r"\(", "LIMIT takes no brackets", "LIMIT 5, 10"),
        _Complaint(r"\w", r"\(", "there are no functions", "SELECT count(*) is all that counts"),
        _Complaint(r"\bdistinct", "", "there is no DISTINCT", "rows are given as they are"),
        _Complaint("", r"offset\b", "there is no OFFSET", "it stands before the number of rows: LIMIT 5, 10", False),
        _Complaint("", r"(?:as|group|having|join)\b", "there is no such clause", "WHERE, ORDER BY, LIMIT"),
        _Complaint(";", "", "one statement ends here", "only one can be given"),
        _Complaint("", r"(?:insert|update|delete)\b", "VTQL only reads", "SELECT * FROM module;"),
    )
)  # fmt: skip


def explained(error: ParseError, text: str, mode: str) -> ParseError:
    """The error with Vtiger's kind of code, and the words of the first row that fits."""
    if error.span is None or error.code != "syntax":
        return error
    start = error.span[0]
    error.code = "vtql_syntax" if start >= len(text) or _TOKEN.match(text, start) else "vtql_lexical"
    before, after = text[max(0, start - _CONTEXT) : start], text[start : start + _CONTEXT]
    if not after or error.hint is None:
        return error
    for before_pattern, after_pattern, row in _COMPLAINTS:
        if mode == "lenient" and not row.lenient:
            continue
        if after_pattern.match(after) and before_pattern.search(before):
            return ParseError(row.message, code=error.code, span=error.span, hint=row.hint)
    return error
