"""What has no goal: `python benchmarks/further.py`. Other libraries, threads, and where the time goes."""

from __future__ import annotations

import cProfile
import logging
import pstats
import threading
import time
from collections.abc import Callable, Sequence
from itertools import islice

import contenders as who
from texts import FILTERS, fresh, random_filters
from timing import Task, beside, over_texts

__all__ = ["main"]

#: The same conditions as Lucene and SQL write them.
_LUCENE = "name:a{n} AND revenue:[{n} TO *] AND (city:b{n} OR city:c{n})"
_SQL = "SELECT * FROM accounts WHERE name = 'a{n}' AND revenue >= {n} AND (city = 'b{n}' OR city = 'c{n}')"
_ODATA = "name eq 'a{n}' and revenue ge {n} and (city eq 'b{n}' or city eq 'c{n}')"


def _lucene(text: str) -> object:
    from luqum.parser import parser

    return parser.parse(text)


def _sqlglot(text: str) -> object:
    import sqlglot

    return sqlglot.parse_one(text, dialect="sqlite")


def _many(template: str) -> Callable[[], list[str]]:
    return lambda: [fresh(template) for _ in range(10)]


def libraries(rounds: int) -> None:
    for name, task, template in (("luqum, Lucene", _lucene, _LUCENE), ("sqlglot, SQL", _sqlglot, _SQL)):
        pair = beside(who.parse, task, _many(template), rounds, _many(_ODATA))
        print(f"text → AST beside {name:30}{pair.ratio:8.1f}×")
    asked = who.translator()

    def ours(text: str) -> object:
        plan = asked.plan("$filter=" + text, entity="Account")
        return plan.statement, plan.params

    known = [text for name, text in FILTERS.items() if who.reads(who.select_of_odatapy, fresh(text))]
    pairs = [beside(ours, who.select_of_odatapy, _many(text), rounds) for text in known]
    print(
        f"known shape → Select beside {'odatapy, ' + str(len(known)) + ' filters':24}{over_texts(pairs):8.1f}×"
    )


def threads(count: int = 8, texts: int = 4_000) -> None:
    """Threads share one translator: Python runs one at a time, and none waits for another's lock."""
    asked = who.translator()

    def work(number: int) -> None:
        for _ in range(number):
            for template in FILTERS.values():
                asked.plan("$filter=" + fresh(template), entity="Account").params  # noqa: B018 - it is computed

    work(3)
    alone = _seconds(lambda: work(texts))
    workers = [threading.Thread(target=work, args=(texts // count,)) for _ in range(count)]

    def together() -> None:
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    print(f"{count} threads, the same work: {_seconds(together) / alone:.2f} of the time of one")


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def profile(task: Task, title: str, made: Sequence[str]) -> None:
    """The functions with the most time of their own."""
    profiler = cProfile.Profile()
    profiler.enable()
    for text in made:
        task(text)
    profiler.disable()
    stats = pstats.Stats(profiler)
    total = stats.total_tt  # type: ignore[attr-defined]  # typeshed has none of its attributes
    print(f"\n{title}\n{'own time':>10}{'calls a text':>15}  function")
    rows = sorted(stats.stats.items(), key=lambda row: -row[1][2])  # type: ignore[attr-defined]  # as above
    for (path, _, name), (_, calls, own, _, _) in rows[:12]:
        print(f"{own / total:10.1%}{calls / len(made):15.1f}  {path.rpartition('/')[2]}:{name}")


def main(rounds: int = 30) -> None:
    logging.disable(logging.CRITICAL)
    libraries(rounds)
    threads()
    known_shapes = [fresh(template) for template in FILTERS.values() for _ in range(2_000)]
    profile(who.parse, "text → AST", known_shapes)
    asked = who.translator()

    def translated(text: str) -> object:
        plan = asked.plan("$filter=" + text, entity="Account")
        return plan.sql, plan.params

    profile(translated, "known shape: text → SQL, values", known_shapes)
    profile(translated, "new shape: text → SQL, values", list(islice(random_filters(8), 2_000)))


if __name__ == "__main__":
    main()
