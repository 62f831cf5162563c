"""What an error message calls the terminals of `criteria.lark`."""

from __future__ import annotations

__all__ = ["NAMES"]

_OPERANDS = (
    *("NAME", "CALL", "GRID_CALL", "ESCAPED", "BRACKETED", "CAST", "JOIN", "ROOT", "PARAMETER"),
    *("STRING", "CHAR", "NUMBER", "TRUE", "FALSE", "GUID", "MOMENT", "DAY_OR_TIME", "USER_VALUE"),
    *("NULL", "_TILDE"),
)
_OPERATORS = (
    *("_OR", "_AND", "_EQ", "_NE", "_LT", "_LE", "_GT", "_GE", "_IS", "_IN", "_BETWEEN"),
    *("_PIPE", "_AMPERSAND", "STAR", "SLASH", "PERCENT"),
)

NAMES: dict[str, str] = {
    **dict.fromkeys(_OPERANDS, "an operand"),
    **dict.fromkeys(_OPERATORS, "an operator"),
    "_NOT": "Not",
    "_BANG": "Not",
    "_LIKE": "Like",
    "LIKE": "Like",
    "PLUS": "'+'",
    "MINUS": "'-'",
    "_CARET": "'^'",
    "_LPAR": "'('",
    "RPAR": "')'",
    "LSQB": "'['",
    "RSQB": "']'",
    "_COMMA": "','",
    "_DOT": "'.'",
}
