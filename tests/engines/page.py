"""docs/engines.md: what each engine says of each function, from the shapes and the lists of deviations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from engines.asked import written
from engines.calls import Call, calls
from engines.deviations import deviations
from engines.gathered import GATHERING, gatherings, said_by
from engines.registry import ENGINES
from querykit.errors import QueryError
from querykit.functions.catalog import CATALOG

__all__ = ["page"]

_HEAD = """\
# The same rows from every engine

Every function is asked of real databases with some {count:,} calls, among them null, empty texts, characters beyond the
BMP, blanks, patterns and quotes as text, negative and huge numbers, leap days, days before 1970 and the moments on
which clocks change. Each value is compared with that of `querykit.evaluate`. Random queries over random rows are
compared, too (`tests/differential`), and columns that ignore case are asked of the engines that have them.
`agg.sum` is the sum of a group, `related.sum` that of the rows related to one, as in `[Orders].Sum([Amount])`.

- **=** the same value for every call
- **=ⁿ** the same, but for the calls of note *n*
- **≈** some signatures only; the others, and **–** all, are refused (`NotExpressible`) before the database is asked

`python -m tests.engines` says which of them run on a machine and what the others want;
`QUERYKIT_ENGINES=all pytest tests/engines tests/differential` asks them. This page is written by
`python -m tests.engines page > docs/engines.md`; a test holds it to the tables.
"""

_TAIL = """
## Not among them

DataFusion and Polars have no dialect of their own. As SQL for PostgreSQL, with values in the place of the placeholders
and moments without a zone, Polars 2.1 answers all 29 questions of the demo with the rows of SQLite and DataFusion 55
answers 27: it takes no correlated subquery in ORDER BY, and no moment beyond the 64 bits of its nanoseconds (2262).
"""


def page() -> Iterator[str]:
    """The lines of the page."""
    notes: dict[str, int] = {}
    rows = list(_rows(notes))
    yield from _HEAD.format(count=len(_asked()) // 1000 * 1000).splitlines()
    yield ""
    names = [entry.kind for entry in ENGINES.values()]
    yield f"| function | {' | '.join(names)} |"
    yield "|" + " --- |" * (len(names) + 1)
    yield from rows
    yield ""
    yield "## Notes"
    yield ""
    yield from (f"{number}. {reason}" for reason, number in notes.items())
    yield from _TAIL.splitlines()


def _asked() -> tuple[Call, ...]:
    return (*calls(), *gatherings())


def _rows(notes: dict[str, int]) -> Iterator[str]:
    by_function: dict[str, list[Call]] = {}
    for call in _asked():
        by_function.setdefault(call.fn, []).append(call)
    order = {fn: place for place, fn in enumerate(CATALOG)}
    for fn in sorted(by_function, key=lambda fn: (order.get(fn, len(order)), fn)):
        cells = [_cell(engine, fn, by_function[fn], notes) for engine in ENGINES]
        yield f"| `{fn}` | {' | '.join(cells)} |"


def _cell(engine: str, fn: str, asked: Sequence[Call], notes: dict[str, int]) -> str:
    said = [_is_said(ENGINES[engine].dialect or engine, call) for call in _signatures(asked)]
    if not any(said):
        return "–"
    listed = _deviations(engine).get(fn, ())
    numbers = sorted(notes.setdefault(reason, len(notes) + 1) for reason in listed)
    raised = f"<sup>{', '.join(map(str, numbers))}</sup>" if numbers else ""
    return ("=" if all(said) else "≈") + raised


@cache
def _deviations(engine: str) -> Mapping[str, tuple[str, ...]]:
    """Function -> the reasons of its deviations."""
    found: dict[str, dict[str, None]] = {}
    for call, reason in deviations(engine).items():
        found.setdefault(call.partition("(")[0], {})[reason] = None
    return {fn: tuple(reasons) for fn, reasons in found.items()}


def _signatures(asked: Sequence[Call]) -> list[Call]:
    """One call of each signature, with values for all arguments where there is one."""
    found: dict[object, Call] = {}
    for call in asked:
        key = (call.types, *(isinstance(arg, tuple) for arg in call.args))
        if key not in found or None in found[key].flat:
            found[key] = call
    return list(found.values())


def _is_said(dialect: str, call: Call) -> bool:
    return any(_is_written(dialect, call, literals) for literals in (False, True))


def _is_written(dialect: str, call: Call, literals: bool) -> bool:
    try:
        if call.fn.startswith(GATHERING):
            said_by(dialect, call)
        else:
            written(call, dialect, 0, 0, literals=literals)
    except QueryError:
        return False
    return True
