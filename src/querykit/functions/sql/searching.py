"""Full-text search by an index of the database.

`search.fts5` and `search.tsvector` have three arguments: a condition that every dialect can say, one for the
evaluator, and one that asks the index. The dialect of the index takes the last, all others the first.
"""

from __future__ import annotations

from querykit.functions.sql.shape import Row, Sql, row

__all__ = ["ROWS"]


def _either(arity: int) -> tuple[int, ...]:
    return (0, 2)


ROWS: tuple[Row, ...] = (
    row("search.fts5", "{0}", sqlite="({2})").of(predicate=True, conditions=_either),
    row("search.tsvector", "{0}", postgres="({2})").of(predicate=True, conditions=_either),
    # SQLite FTS5, 3: a text in double quotes is a phrase, whatever is in it; a star behind it makes it a prefix.
    row("search.in_rows", None, sqlite="{0} IN {1}").of(predicate=True),
    row("agg.rows", None, sqlite="{0}"),
    row("fts5.phrase", None, sqlite=Sql("{0} MATCH {1}", ((1, "fts5_phrase"),))).of(predicate=True),
    row("fts5.prefix", None, sqlite=Sql("{0} MATCH {1}", ((1, "fts5_prefix"),))).of(predicate=True),
    # phraseto_tsquery takes every text for words; to_tsquery has prefixes, and a language that is quoted away.
    row("tsvector.phrase", None, postgres="{0} @@ PHRASETO_TSQUERY(CAST({1} AS REGCONFIG), {2})").of(
        predicate=True
    ),
    row(
        "tsvector.prefix",
        None,
        postgres=Sql("{0} @@ TO_TSQUERY(CAST({1} AS REGCONFIG), {2})", ((2, "tsquery_prefix"),)),
    ).of(predicate=True),
)
