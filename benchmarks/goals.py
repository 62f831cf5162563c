"""The figures that querykit promises, each with how it is measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import cached
import contenders as who
import growth
import startup
from database import database
from sqlalchemy import Connection
from texts import CONDITIONS, FILTERS, corpus, fresh, random_filters
from timing import Batch, Pair, Task, beside, over_texts

__all__ = ["GOALS", "Goal"]

#: Texts of a round: ours take a millisecond then. Less would measure the caches that the other has emptied.
_BATCH = 60


class Goal(NamedTuple):
    """
    Parameters
    ----------
    what, other: what is measured, and beside what.
    bound: the figure has to be at least (`is_most`: at most) so much.
    measure: gives the figure after so many rounds; None where it needs what is not there.
    unit: behind the figure.
    """

    what: str
    other: str
    bound: float
    measure: Callable[[int], float | None]
    is_most: bool = False
    unit: str = "×"

    def is_met(self, figure: float) -> bool:
        return figure <= self.bound if self.is_most else figure >= self.bound


def _fresh(template: str) -> Batch:
    return lambda: [fresh(template) for _ in range(_BATCH)]


def _filters(ours: Task, theirs: Task) -> Callable[[int], float]:
    """Over the five filters."""
    return lambda rounds: over_texts(
        [beside(ours, theirs, _fresh(template), rounds) for template in FILTERS.values()]
    )


def _corpus(theirs: Task) -> Callable[[int], float | None]:
    """Over the texts of the corpora that both read."""

    def measure(rounds: int) -> float | None:
        texts = [text for text in corpus() if who.reads(who.parse, text) and who.reads(theirs, text)]
        return beside(who.parse, theirs, lambda: texts, max(rounds // 4, 3)).ratio if texts else None

    return measure


def _never_seen(ours: Task, theirs: Task) -> Callable[[int], float]:
    return lambda rounds: beside(ours, theirs, _shared(random_filters(7)), rounds).ratio


def _shared(filters: Iterator[str]) -> Batch:
    """Batches of new texts, each given twice: to ours and to theirs."""
    pending: list[list[str]] = []

    def batch() -> Sequence[str]:
        if not pending:
            pending.append([next(filters) for _ in range(_BATCH)])
            return pending[0]
        return pending.pop()

    return batch


def _conditions(ours: Task, language: int) -> Callable[[int], float]:
    """The same conditions in another language beside ECQL."""
    return lambda rounds: over_texts(
        [
            beside(ours, who.parse_ecql, _fresh(texts[3]), rounds, _fresh(texts[language]))
            for texts in CONDITIONS.values()
        ]
    )


# ---- with a translator ----


@cache
def _connection() -> Connection:
    return database().connect()


def _translated(attribute: str) -> Task:
    asked = who.translator()

    def run(text: str) -> object:
        plan = asked.plan("$filter=" + text, entity="Account")
        return getattr(plan, attribute), plan.params

    return run


def _rows(rounds: int) -> float:
    connection = _connection()
    return _filters(who.rows(who.translator(), connection), who.rows_of_odata_query(connection))(rounds)


def _rows_beside_prebuilt(rounds: int) -> float:
    """How many times as long as executing the statement alone."""
    connection, asked = _connection(), who.translator()
    pairs: list[Pair] = []
    for template in FILTERS.values():
        alone = who.prebuilt(asked, connection, fresh(template))
        pairs.append(beside(alone, who.rows(asked, connection), _fresh(template), rounds))
    return over_texts(pairs)


def _startup(rounds: int) -> float:
    ours, theirs = startup.share_of_odata_query(max(rounds // 3, 5))
    return ours / theirs


GOALS = (
    Goal("text → AST, five filters", "odata-query", 10, _filters(who.parse, who.parse_odata_query)),
    Goal("text → AST, corpus", "odata-query", 9, _corpus(who.parse_odata_query)),
    Goal("text → AST, corpus", "odata-v4-query", 1.4, _corpus(who.parse_odata_v4_query)),
    Goal("text → AST, new shapes", "odata-query", 8, _never_seen(who.parse, who.parse_odata_query)),
    Goal("text → AST, five filters", "odatapy", 4, _filters(who.parse, who.parse_odatapy)),
    Goal(
        "text → AST, five filters",
        "Lark, same grammar",
        10,
        lambda rounds: _filters(who.parse, who.lark())(rounds),
    ),
    Goal(
        "text → AST, five filters",
        "passes of our tokenising expression",
        4,
        lambda rounds: _filters(who.pieces(), who.parse)(rounds),
        is_most=True,
        unit="",
    ),
    Goal(
        "known shape: text → SQL, values",
        "odata-query → compiled",
        100,
        lambda rounds: _filters(_translated("sql"), who.compiled_of_odata_query)(rounds),
    ),
    Goal(
        "known shape: text → Select, values",
        "odata-query → Select",
        50,
        lambda rounds: _filters(_translated("statement"), who.select_of_odata_query)(rounds),
    ),
    Goal("text → rows on SQLite", "odata-query", 5, _rows),
    Goal("known shape: text → rows", "a prebuilt Select", 1.4, _rows_beside_prebuilt, is_most=True),
    Goal(
        "new shapes: text → SQL, values",
        "odata-query → compiled",
        1.5,
        lambda rounds: _never_seen(_translated("sql"), who.compiled_of_odata_query)(rounds),
    ),
    Goal("criteria → AST", "pygeofilter, ECQL", 8, _conditions(who.parse_criteria, 1)),
    Goal("VTQL → AST", "pygeofilter, ECQL", 8, _conditions(who.parse_vtql, 2)),
    Goal("import and first parse", "odata-query", 0.2, _startup, is_most=True),
    *(
        Goal(
            f"a term of 10,000, {name}",
            "a term of 100",
            1.5,
            lambda rounds, name=name: growth.growth(name, max(rounds // 8, 2)),
            is_most=True,
        )
        for name in growth.SHAPES
    ),
    Goal(
        "memory of a cached plan",
        "–",
        8,
        lambda rounds: cached.bytes_of_a_plan() / 1024,
        is_most=True,
        unit=" kB",
    ),
    Goal("hits in a flood of shapes", "–", 0.95, lambda rounds: cached.hit_rate_in_a_flood(), unit=""),
)
