"""The public names: programs outside are written against them."""

from __future__ import annotations

import inspect

import querykit

NAMES = """
    Calendar CustomFunction Forbidden LimitExceeded Limits NotExpressible ParseError Policy Query QueryError SQL
    Schema Translator TypeMismatch UnknownName __version__ evaluate fetch fetch_async parse parse_filter
    render to_sql to_sqlalchemy translate
"""

#: The parameters that may be given by position or by name, in order.
SIGNATURES = {
    "parse": "text language params limits",
    "parse_filter": "text language params limits",
    "render": "query language",
    "translate": "text source target entity params limits",
    "to_sqlalchemy": "query schema entity",
    "to_sql": "query schema dialect entity",
    "evaluate": "query rows schema entity",
    "fetch": "connection query schema entity",
    "fetch_async": "connection query schema entity",
}


def test_names() -> None:
    assert sorted(querykit.__all__) == sorted(NAMES.split())


def test_each_name_is_there() -> None:
    assert [name for name in NAMES.split() if not hasattr(querykit, name)] == []


def test_signatures() -> None:
    for name, parameters in SIGNATURES.items():
        given = inspect.signature(getattr(querykit, name)).parameters.values()
        found = [each.name for each in given if each.kind is each.POSITIONAL_OR_KEYWORD]
        assert found == parameters.split(), name
        assert inspect.getdoc(getattr(querykit, name)), name


def test_errors_are_value_errors_of_one_family() -> None:
    kinds = ("ParseError", "UnknownName", "TypeMismatch", "NotExpressible", "LimitExceeded", "Forbidden")
    assert issubclass(querykit.QueryError, ValueError)
    assert all(issubclass(getattr(querykit, name), querykit.QueryError) for name in kinds)
