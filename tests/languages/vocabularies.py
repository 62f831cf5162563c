"""What each language has words for: `every_tree` narrowed to it, so that most of what is drawn can be said."""

from __future__ import annotations

from typing import NamedTuple

from every_query import FIELDS
from every_tree import KEYWORDS, NAMES, Vocabulary
from hypothesis import strategies as st

from querykit.functions.catalog import CATALOG
from querykit.functions.spelling import by_id
from querykit.languages.criteria.operators import WRITERS
from querykit.languages.odata.operators import BINARY

__all__ = ["SAYABLE", "Sayable"]


class Sayable(NamedTuple):
    """A language's vocabulary, the options of its requests, and how deep its expressions are drawn.

    `in_requests`: a smaller vocabulary for requests of many expressions, each of which must be sayable.
    """

    words: Vocabulary
    fields: tuple[str, ...] = FIELDS
    depth: int = 3
    in_requests: Vocabulary | None = None


_COMPARISONS = tuple(fn for fn in CATALOG if fn.startswith(("cmp.", "total.")))
_LOGIC = ("bool.and", "bool.or", "bool.not")
_PATTERNS = ("str.contains", "str.startswith", "str.endswith")
_NUMBERS = ("int", "byte", "int16", "int64", "uint32", "decimal", "double", "single")
_TEXTS = ("string", "char")
_MOMENTS = ("date", "time", "datetime")
_WORDS = st.sampled_from(KEYWORDS) | st.text("abXZ_1", min_size=1, max_size=4).filter(
    lambda name: not name[0].isdigit()
)
_IDS = st.sampled_from(["OrderID", "PersonID", "aID", "_ID"])

_ODATA = Vocabulary(
    _WORDS,
    ("null", "bool", *_NUMBERS, *_TEXTS, *_MOMENTS, "duration", "guid", "binary", "geo"),
    (
        *_COMPARISONS,
        *sorted(set(by_id("odata")) - {"geo.distance"}),
        *BINARY,
        "null.is",
        "null.coalesce",
        "bool.not",
        "math.neg",
        "logic.case",
        "list",
        "custom.",
    ),
    ("any", "all", "count", "sum", "avg", "min", "max"),
    ("parameter",),
    ("name", "cast"),
)
_ODATA_REQUESTS = _ODATA._replace(
    functions=tuple([fn for fn in _ODATA.functions if not fn.startswith("type.")]),
    steps=("name",),
)
_CRITERIA = Vocabulary(
    NAMES,
    ("null", "bool", *_NUMBERS, *_TEXTS, *_MOMENTS, "duration", "guid", "enum", "object"),
    (*sorted(set(by_id("criteria")) | set(WRITERS) - {"list"}), *_COMPARISONS, "str.like", "math.divby"),
    ("any", "all", "count", "sum", "avg", "min", "max", "single"),
    ("set",),
    ("name", "cast"),
)
_VTQL = Vocabulary(
    _WORDS,
    ("bool", "int", "string", "decimal", "date", "datetime"),
    (*(fn for fn in _COMPARISONS if fn != "total.ne"), *_LOGIC, *_PATTERNS),
    (),
    (),
    ("name",),
    flat=True,
)
_FETCHXML = _VTQL._replace(
    names=NAMES, functions=(*_COMPARISONS, *_LOGIC, *_PATTERNS, "null.is", "date.in_today", "str.like_set")
)
_RESENGO = Vocabulary(
    _IDS,
    ("int16",),
    ("cmp.eq", "cmp.in", "total.eq", "total.in", "bool.and"),
    (),
    (),
    ("name",),
    flat=True,
    keys=1,
    directions=(False, False, False, True),
)

#: By language.
SAYABLE: dict[str, Sayable] = {
    "odata": Sayable(_ODATA, tuple(name for name in FIELDS if name != "entity"), in_requests=_ODATA_REQUESTS),
    "criteria": Sayable(_CRITERIA, ("filter",)),
    "vtql": Sayable(_VTQL, ("entity", "filter", "order", "select", "top", "skip"), 2),
    "fetchxml": Sayable(_FETCHXML, ("entity", "filter", "order", "select", "top", "count"), 2),
    "logo": Sayable(_CRITERIA._replace(names=_WORDS), ("filter", "order", "top", "skip", "count"), 3),
    "resengo": Sayable(_RESENGO, ("filter", "top", "order"), 2),
}
