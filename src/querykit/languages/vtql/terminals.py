"""The words of `vtql.lark`: what error messages call its terminals, and what is no name in which section."""

from __future__ import annotations

__all__ = ["LENIENT_NAMES", "NAMES", "RESERVED"]

NAMES: dict[str, str] = {
    **dict.fromkeys(("COLUMN", "FIELD", "KEY"), "a field"),
    "VALUE": "a value",
    "MODULE": "a module",
    "NUMBER": "a number",
    **dict.fromkeys(("_EQ", "_NE", "_LT", "_LE", "_GT", "_GE"), "= != < <= > >="),
    "_LIKE": "LIKE",
    "DIRECTION": "ASC or DESC",
    "RPAR": "')'",
    "_LPAR": "'('",
    "_COMMA": "','",
    "STAR": "'*'",
    "_SEMICOLON": "';'",
    "_ORDER": "ORDER BY",
    "_ORDERBY": "ORDER BY",
    **{f"_{word}": word for word in ["SELECT", "FROM", "COUNT", "WHERE", "AND", "OR", "IN", "BY", "LIMIT"]},
}

LENIENT_NAMES: dict[str, str] = {
    **NAMES,
    "NULL": "NULL",
    **{f"_{word}": word for word in ["NOT", "IS", "OFFSET"]},
}

#: The words that end a section after the module wherever they stand.
_SECTIONS = frozenset({"where", "order", "orderby", "limit"})

#: Section -> the words that cannot be a name in it, in lower case.
RESERVED: dict[str, frozenset[str]] = {
    "select": frozenset({"count", "from"}),
    "from": frozenset(),
    "where": _SECTIONS | {"and", "or", "in", "like"},
    "order": _SECTIONS | {"asc", "desc"},
}
