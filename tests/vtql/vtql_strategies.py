"""Random VTQL: trees as the parser makes them, of every shape that the language has."""

from __future__ import annotations

import string

from hypothesis import strategies as st

from querykit.ast.build import logical
from querykit.ast.nodes import Aggregate, Call, EntitySet, Expr, Literal, Path, Query, Selection, SortKey

#: Words that are special in some section, and may be a name in others.
KEYWORDS = (
    *("select", "from", "count", "where", "and", "or", "in", "like"),
    *("order", "orderby", "by", "limit", "asc", "desc"),
)

_COMPARISONS = [f"cmp.{name}" for name in ("eq", "ne", "lt", "le", "gt", "ge")]


def words(*reserved: str) -> st.SearchStrategy[str]:
    plain = st.from_regex(r"[A-Za-z0-9_]{1,8}", fullmatch=True)
    special = st.sampled_from(KEYWORDS).flatmap(
        lambda word: st.sampled_from([word, word.upper(), word.title()])
    )
    return (plain | special).filter(lambda word: word.lower() not in reserved)


def paths(*reserved: str) -> st.SearchStrategy[Path]:
    return words(*reserved).map(lambda word: Path((word,)))


fields = paths("where", "order", "orderby", "limit", "and", "or", "in", "like")
columns = paths("count", "from")
keys = paths("where", "order", "orderby", "limit", "asc", "desc")

characters = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
texts = st.text(characters | st.sampled_from("'\\%_;\n"), min_size=1, max_size=8).map(
    lambda text: Literal("string", text)
)
values = st.one_of(
    texts,
    st.integers(-(10**20), 10**20).map(lambda value: Literal("int", value)),
    st.booleans().map(lambda value: Literal("bool", value)),
)

tests: st.SearchStrategy[Expr] = st.one_of(
    st.builds(
        lambda fn, field, value: Call(fn, (field, value)), st.sampled_from(_COMPARISONS), fields, values
    ),
    st.builds(lambda field, value: Call("str.like", (field, value)), fields, texts),
    st.builds(
        lambda field, items: Call("cmp.in", (field, Call("list", tuple(items)))),
        fields,
        st.lists(values, max_size=3),
    ),
)


def _runs(fn: str, parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.lists(parts, min_size=1, max_size=3).map(lambda run: logical(fn, run))


conditions = _runs("bool.or", _runs("bool.and", tests))

_count = Selection(Aggregate("count", EntitySet(None)), "count")
_columns = st.lists(columns.map(Selection), min_size=1, max_size=3).map(tuple)


def _order(names: list[Path], descending: bool) -> tuple[SortKey, ...]:
    return tuple(SortKey(name, descending and place == len(names) - 1) for place, name in enumerate(names))


queries = st.builds(
    Query,
    entity=words(),
    filter=st.none() | conditions,
    order=st.builds(_order, st.lists(keys, max_size=3), st.booleans()),
    select=st.none() | st.just((_count,)) | _columns,
    top=st.integers(0, 100),
    skip=st.none() | st.integers(0, 10**6),
)

#: What a text may be made of, whether it makes sense or not.
pieces = st.sampled_from(
    [
        *KEYWORDS,
        "is",
        "not",
        "null",
        "offset",
        *string.punctuation,
        "a",
        "1",
        "'b'",
        "''",
        "-5",
        "5.5",
        "!=",
        "<=",
        "é",
        "\n",
        "\t",
        "  ",
    ]
)
