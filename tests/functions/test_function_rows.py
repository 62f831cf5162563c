"""Every row of the tables, and that the tables leave no function out."""

from __future__ import annotations

import math
from typing import Any

import function_rows
import pytest

from querykit import errors
from querykit.functions.catalog import CATALOG
from querykit.functions.python import CLOCKED, EVALUATION, aggregate, call, moment
from querykit.functions.python.comparison import order_key
from querykit.types import DATE, DATETIME

ROWS = function_rows.load()
NOW = function_rows.NOW


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.place)
def test_row(row: function_rows.Row) -> None:
    if row.error is not None:
        with pytest.raises(getattr(errors, row.error)):
            call(row.fn, row.args, NOW)
        return
    value = call(row.fn, row.args, NOW)
    assert same(value, row.expected), f"{row.fn}{row.args} == {value!r}, not {row.expected!r}"


def same(value: Any, expected: Any) -> bool:
    """Equal and of one type; floats to twelve digits, NaN is itself."""
    if type(value) is not type(expected):
        return False
    if isinstance(value, float):
        return math.isclose(value, expected, rel_tol=1e-12) or (math.isnan(value) and math.isnan(expected))
    return bool(value == expected)


def test_every_function_is_evaluated() -> None:
    """A row without overloads is in no plan: the binder makes something else of it, or refuses it."""
    rows = [row for row in CATALOG.values() if row.overloads]
    becomes = {overload.becomes for row in rows for overload in row.overloads if overload.becomes}
    assert {row.id for row in rows} | becomes <= set(EVALUATION)


def test_every_evaluation_has_rows() -> None:
    """All but the random number, whose value no row can state."""
    assert set(EVALUATION) - {row.fn for row in ROWS} == {"math.random"}


def test_clocked_functions_are_evaluated() -> None:
    assert set(EVALUATION) >= CLOCKED


def test_random_is_in_range_and_changes() -> None:
    values = {call("math.random", (), NOW) for _ in range(20)}
    assert all(0 <= value < 1 for value in values)
    assert len(values) > 1


def test_unknown_function_is_refused() -> None:
    with pytest.raises(errors.NotExpressible):
        call("custom.Discount", (1,), NOW)


@pytest.mark.parametrize(
    ("fn", "args"),
    [
        ("str.concat", ("x" * 600_000, "x" * 600_000)),
        ("str.replace", ("x" * 1_000, "x", "y" * 10_000)),
        ("str.insert", ("x" * 600_000, 0, "x" * 600_000)),
        ("str.matches", ("x" * 5_000_000, "x+y")),
        ("str.matches", ("x", "x" * 257)),
        ("str.like", ("x" * 100_000, "%" + "x" * 5_000 + "y")),
    ],
)
def test_texts_stay_bounded(fn: str, args: tuple[Any, ...]) -> None:
    with pytest.raises(errors.LimitExceeded):
        call(fn, args, NOW)


@pytest.mark.parametrize("fn", sorted(EVALUATION))
def test_only_query_errors_escape(fn: str) -> None:
    """Columns of type `any` hold what they like: no value of a wrong kind may escape as another error."""
    values = (
        "x",
        -1,
        10**30,
        b"x",
        (1, None),
        float("nan"),
        float("-inf"),
        {"a": 1},
        object(),
        NOW.moment,
        NOW.moment.date(),
    )
    codes = {_refusal(fn, (value,) * count) for value in values for count in (1, 2, 3)}
    assert codes <= {"", "bad_value", "bad_pattern", "unknown_type", "text_too_long", "pattern_too_costly"}


def _refusal(fn: str, args: tuple[Any, ...]) -> str:
    """The code of the error that a call causes, or nothing."""
    try:
        call(fn, args, NOW)
    except errors.QueryError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("function", "values", "expected"),
    [
        ("count", (), 0),
        ("sum", (), None),
        ("avg", (), None),
        ("min", (), None),
        ("max", (), None),
        ("count", (1, 1), 2),
        ("sum", (1, 2, 3), 6),
        ("min", ("b", "a", "B"), "B"),
        ("max", (1, 2.5, 2), 2.5),
        ("sum", (9223372036854775807, 1), None),
        ("avg", (1.0, 2.0), 1.5),
    ],
)
def test_aggregate(function: str, values: tuple[Any, ...], expected: Any) -> None:
    assert same(aggregate(function, values, order_key), expected)


def test_average_of_integers_is_exact() -> None:
    assert str(aggregate("avg", (1, 2), order_key)) == "1.5"


def test_aggregate_of_texts_is_refused() -> None:
    with pytest.raises(errors.TypeMismatch):
        aggregate("sum", ("a", "b"), order_key)


def test_moment_follows_the_type() -> None:
    assert moment("date.this_week", DATE, NOW).isoformat() == "2024-02-25"
    assert moment("date.this_week", DATETIME, NOW).isoformat() == "2024-02-25T00:00:00"
