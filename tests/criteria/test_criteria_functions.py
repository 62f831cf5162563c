"""Every function of the reference is read, printed, computed and compiled, or refused with the reason."""

from __future__ import annotations

import datetime as dt
import math
import os
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from criteria_tables import blocks
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

import querykit
from querykit.ast.nodes import Query, Selection
from querykit.errors import NotExpressible, QueryError
from querykit.functions.spelling import SPELLINGS
from querykit.functions.sql import DIALECTS
from querykit.languages.criteria import parse_filter, render_filter
from querykit.schema.model import Schema

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "criteria.md"
ROWS = [(call, "".join(lines)) for call, lines in blocks("functions.txt")]
COMPUTED = [call for call, refusal in ROWS if not refusal]
NOT_ON_SQLITE = ("Reverse([s])", "AddTicks([d], [n] * 10)")
#: Their classes are in the mapped schema only.
OF_CLASSES = ("IsInstanceOfType", "IsExactType", "Upcast")
#: A leap day, a Thursday; the clock stands there.
NOW = dt.datetime(2024, 2, 29, 10, 30, 15)


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __tablename__ = "thing"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    s: Mapped[str | None]
    n: Mapped[int | None]
    x: Mapped[float | None]
    m: Mapped[Decimal | None] = mapped_column(sa.Numeric(10, 2))
    d: Mapped[dt.datetime | None]
    day: Mapped[dt.date | None]
    t: Mapped[dt.time | None]
    b: Mapped[bool | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id"))
    parent: Mapped[Thing] = relationship(remote_side=[id])
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "thing"}


class Derived(Thing):
    __tablename__ = "derived"
    id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    extra: Mapped[str | None]
    __mapper_args__ = {"polymorphic_identity": "derived"}


SCHEMA = Schema.from_sqlalchemy(Base)
#: The same over plain tables, which SQL text can be made of.
PLAIN = Schema.from_sqlalchemy(Base.metadata)
FULL = {
    "s": "Abba b",
    "n": 2,
    "x": 2.5,
    "m": Decimal("1.50"),
    "d": dt.datetime(2024, 2, 29, 10, 45, 30),
    "day": dt.date(2024, 2, 29),
    "t": dt.time(10, 30),
    "b": True,
}
THINGS: list[dict[str, Any]] = [
    {"id": 1, "kind": "thing", **FULL},
    {"id": 2, "kind": "thing", "parent_id": 3},
    {"id": 3, "kind": "derived", **FULL, "s": "x", "n": 0, "d": dt.datetime(2024, 1, 31), "parent_id": 1},
]


@pytest.fixture(scope="module")
def engine() -> Iterator[sa.Engine]:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Thing(**THINGS[0]), Derived(**THINGS[2], extra="more"), Thing(**THINGS[1])])
        session.commit()
    yield engine
    engine.dispose()


def clock() -> dt.datetime:
    return NOW


def query_of(call: str) -> Query:
    """The value of a call for each row, in the order of the key."""
    selected = (Selection(parse_filter("[id]")), Selection(parse_filter(call), "value"))
    return Query(select=selected, order=querykit.parse("$orderby=id", "odata").order)


@pytest.mark.parametrize("call", [call for call, _ in ROWS])
def test_read_and_printed(call: str) -> None:
    expr = parse_filter(call)
    assert parse_filter(render_filter(expr)) == expr


@pytest.mark.parametrize("call", COMPUTED)
def test_value_in_memory_and_on_a_database(call: str, engine: sa.Engine) -> None:
    query = query_of(call)
    rows = {"Thing": THINGS, "Derived": [{**THINGS[2], "extra": "more"}]}
    evaluated = querykit.evaluate(query, rows, SCHEMA, "Thing", clock=clock)
    if call in NOT_ON_SQLITE:
        with pytest.raises(NotExpressible):
            querykit.fetch(engine, query, SCHEMA, "Thing", clock=clock)
        return
    fetched = querykit.fetch(engine, query, SCHEMA, "Thing", clock=clock)
    if call != "Rnd()":
        assert [_plain(row["value"]) for row in fetched] == [_plain(row["value"]) for row in evaluated]


def _plain(value: Any) -> Any:
    """Numbers to ten digits: SQLite's decimals are binary."""
    return (
        f"{float(value):.10g}"
        if isinstance(value, float | Decimal | int) and not isinstance(value, bool)
        else value
    )


@pytest.mark.parametrize("call", [call for call in COMPUTED if not call.startswith(OF_CLASSES)])
def test_each_dialect_says_it_or_refuses(call: str) -> None:
    assert [dialect for dialect in DIALECTS if _is_said(call, dialect)]


def _is_said(call: str, dialect: str) -> bool:
    try:
        querykit.to_sql(query_of(call), PLAIN, dialect, "thing", clock=clock)
    except NotExpressible:
        return False
    return True


@pytest.mark.parametrize(("call", "refusal"), [row for row in ROWS if row[1]])
def test_refused_with_the_reason(call: str, refusal: str, engine: sa.Engine) -> None:
    with pytest.raises(QueryError) as caught:
        querykit.fetch(engine, query_of(call), SCHEMA, "Thing")
    assert f"{caught.value.message}; {caught.value.hint}" == refusal


def test_every_spelling_has_rows() -> None:
    """With as few arguments as it takes, and with as many."""
    counts: dict[str, set[int]] = {}
    for call in COMPUTED:
        counts.setdefault(call.partition("(")[0], set()).add(len(_arguments(call)))
    for row in SPELLINGS["criteria"]:
        wanted = {row.least} if row.most > 9 else {row.least, row.most}
        assert wanted <= counts[row.name], row


def _arguments(call: str) -> list[str]:
    inside = re.sub(r"'[^']*'|#[^#]*#", "x", call.partition("(")[2][:-1])
    return inside.split(",") if inside.strip() else []


def test_every_function_of_the_reference_has_rows() -> None:
    if not REFERENCE.exists():
        if os.environ.get("CI"):
            pytest.fail("the reference is missing")
        pytest.skip("the reference is not beside the checkout")
    known = {call.partition("(")[0].casefold() for call, _ in ROWS}
    missing = [name for name in _documented() if name.casefold() not in known]
    assert not missing


def _documented() -> Iterator[str]:
    """Names in the first column of the tables of chapters 4.1 to 4.7."""
    text = REFERENCE.read_text(encoding="utf-8")
    chapters = text[text.index("### 4.1 ") : text.index("### 4.8 ")]
    for line in chapters.splitlines():
        if line.startswith("| `"):
            yield from re.findall(r"`([A-Z]\w+)(?:\([^`]*\))?`", line.split(" | ")[0])


def test_values_are_not_all_null() -> None:
    """The first row has a value for every call, so that the comparison says something."""
    nothing = [
        call
        for call in COMPUTED
        if querykit.evaluate(query_of(call), {"Thing": THINGS, "Derived": []}, SCHEMA, "Thing", clock=clock)[
            0
        ]["value"]
        is None
    ]
    assert nothing == ["Upcast(This, 'My.App.Derived', 'extra')"]


def test_nan_never_comes_out() -> None:
    for call in COMPUTED:
        for row in querykit.evaluate(
            query_of(call), {"Thing": THINGS, "Derived": []}, SCHEMA, "Thing", clock=clock
        ):
            assert not (isinstance(row["value"], float) and math.isnan(row["value"]))
