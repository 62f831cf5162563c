"""querykit: query languages in, one AST, SQL that runs out.

    text --parse--> Query --to_sqlalchemy / to_sql / evaluate / fetch--> rows
                    Query --render--> text in another language

Importing this package imports nothing heavy: SQLAlchemy and sqlglot come in where they are used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from querykit.errors import (
    Forbidden,
    LimitExceeded,
    NotExpressible,
    ParseError,
    QueryError,
    TypeMismatch,
    UnknownName,
)
from querykit.limits import Limits

if TYPE_CHECKING:
    from querykit.api import (
        SQL,
        evaluate,
        fetch,
        fetch_async,
        parse,
        parse_filter,
        render,
        to_sql,
        to_sqlalchemy,
        translate,
    )
    from querykit.ast.nodes import Query
    from querykit.clock import Calendar
    from querykit.engine.translator import Translator
    from querykit.functions.custom import CustomFunction
    from querykit.policy import Policy
    from querykit.schema.model import Schema

__all__ = [
    "SQL",
    "Calendar",
    "CustomFunction",
    "Forbidden",
    "LimitExceeded",
    "Limits",
    "NotExpressible",
    "ParseError",
    "Policy",
    "Query",
    "QueryError",
    "Schema",
    "Translator",
    "TypeMismatch",
    "UnknownName",
    "__version__",
    "evaluate",
    "fetch",
    "fetch_async",
    "parse",
    "parse_filter",
    "render",
    "to_sql",
    "to_sqlalchemy",
    "translate",
]

__version__ = "0.1.0"

#: Public names that are imported when they are first used.
_LAZY = {
    **dict.fromkeys(
        (
            "SQL",
            "evaluate",
            "fetch",
            "fetch_async",
            "parse",
            "parse_filter",
            "render",
            "to_sql",
            "to_sqlalchemy",
            "translate",
        ),
        "querykit.api",
    ),
    "Calendar": "querykit.clock",
    "CustomFunction": "querykit.functions.custom",
    "Policy": "querykit.policy",
    "Query": "querykit.ast.nodes",
    "Schema": "querykit.schema.model",
    "Translator": "querykit.engine.translator",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
