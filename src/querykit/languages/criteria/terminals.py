"""What an error message calls the terminals of `criteria.lark`."""

from __future__ import annotations

__all__ = ["NAMES"]

_OPERANDS = (
    *("NAME", "ESCAPED", "BRACKETED", "CAST", "JOIN", "ROOT", "PARAMETER"),
    *("STRING", "CHAR", "NUMBER", "TRUE", "FALSE", "GUID", "MOMENT", "DAY_OR_TIME", "USER_VALUE"),
    *("NULL", "TILDE"),
)
_OPERATORS = (
    *("_OR", "_AND", "EQUALITY", "RELATION", "_IS", "IN", "BETWEEN"),
    *("_PIPE", "_AMPERSAND", "STAR", "SLASH", "PERCENT"),
)

NAMES: dict[str, str] = {
    **dict.fromkeys(_OPERANDS, "an operand"),
    **dict.fromkeys(_OPERATORS, "an operator"),
    "NOT": "Not",
    "BANG": "Not",
    "LIKE": "Like",
    "PLUS": "'+'",
    "MINUS": "'-'",
    "CARET": "'^'",
    "LPAR": "'('",
    "RPAR": "')'",
    "LSQB": "'['",
    "RSQB": "']'",
    "_COMMA": "','",
    "_DOT": "'.'",
}
