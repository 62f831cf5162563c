"""Better words for what the grammar refuses: what people write instead, and what VTQL has for it."""

from __future__ import annotations

import re

from querykit.errors import ParseError
from querykit.languages.complaints import Complaint, Complaints

__all__ = ["explained"]

#: What Vtiger's lexer takes for a token; all else is an error of its own there.
_TOKEN = re.compile(r"[A-Za-z0-9_]+|[+-][0-9]+|'(?:[^']|'')+'|[(),*;=<>]|!=")


#: All rows, and whether they are about the lenient mode as well.
_ROWS = tuple(
    (Complaint(*row[:4]), len(row) == 4)
    for row in (
        ("", "''", "an empty text cannot be written", "a text has one character at least", False),
        (r"\b(?:where|and|or)", "'(?:[^']|'')+'", "a field comes first", "then the operator, then the value"),
        ("", "'", "the text is not closed", "an apostrophe is doubled within a text: 'it''s'"),
        ("'", r"\w[^'=<>!;,()]*'", "the text has ended", "an apostrophe is doubled within a text: 'it''s'"),
        ("", '["`“”‘’]', "this is no quotation mark of VTQL", "a text stands in apostrophes: 'Oslo'"),
        (r"\d", r"\.\d", "there are no fractions", "put the number in apostrophes: '5.5'", False),
        (r"[A-Za-z_]\w*", r"\.", "a name has no dots", "fields of related modules cannot be reached"),
        ("<", ">", "this is no operator of VTQL", "not equal is written !=", False),
        ("[=<>!]", "[=<>]", "this is no operator of VTQL", "VTQL compares with = != < <= > >="),
        (r"\d{4}", r"-\d\d-\d\d", "a date is a text", "put it in apostrophes: '2010-01-31'"),
        ("", r"--|/\*|#", "there are no comments", "leave it out"),
        ("", "[-+/%]", "there is no arithmetic", "a sign stands right before its digits: -5"),
        ("", r"&&|\|\|", "this is no operator of VTQL", "conditions are joined with AND and OR"),
        (r"\w", r"is\b", "null cannot be tested for", "a comparison with any value leaves null out", False),
        (r"\w", r"not\b", "there is no NOT", "compare with != for each value", False),
        (r"\w", r"between\b", "there is no BETWEEN", "write both bounds: a >= 1 AND a <= 5"),
        (r"\b(?:where|and|or)", r"\(", "there are no brackets to group", "AND binds tighter than OR", False),
        (r"\bin\s*\(", r"\)", "the list is empty", "it takes one value at least"),
        (r"\bin\s[^()]*", r"(?:and|or)\b", "a list without brackets must be last", "IN ('a', 'b') AND …"),
        (r"(?:[=<>]|\blike)\s*\([^()]*", ",", "only IN takes several values", "IN ('a', 'b')"),
        (r"\b(?:asc|desc)", ",", "there is one direction", "it holds for the last key", False),
        (",", r"count\s*\(", "count(*) stands first", "the fields after it are ignored"),
        (r"\blimit", r"\(", "LIMIT takes no brackets", "LIMIT 5, 10"),
        (r"\w", r"\(", "there are no functions", "SELECT count(*) is all that counts"),
        (r"\bdistinct", "", "there is no DISTINCT", "rows are given as they are"),
        ("", r"offset\b", "there is no OFFSET", "it stands before the number of rows: LIMIT 5, 10", False),
        ("", r"(?:as|group|having|join)\b", "there is no such clause", "WHERE, ORDER BY, LIMIT"),
        (";", "", "one statement ends here", "only one can be given"),
        ("", r"(?:insert|update|delete)\b", "VTQL only reads", "SELECT * FROM module;"),
    )
)  # fmt: skip

_ALL = Complaints(row for row, _ in _ROWS)
_LENIENT = Complaints(row for row, lenient in _ROWS if lenient)


def explained(error: ParseError, text: str, mode: str) -> ParseError:
    """The error with Vtiger's kind of code, and the words of the first row that fits."""
    if error.span is None or error.code != "syntax":
        return error
    start = error.span[0]
    error.code = "vtql_syntax" if start >= len(text) or _TOKEN.match(text, start) else "vtql_lexical"
    if start >= len(text) or error.hint is None:
        return error
    found = (_LENIENT if mode == "lenient" else _ALL).about(text, start)
    if found is None:
        return error
    return ParseError(found.message, code=error.code, span=error.span, hint=found.hint)
